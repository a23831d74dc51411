/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_WATCH_H
#define MEMTOP_COMMANDS_WATCH_H

#include "base/exit_status.h"

struct options;

/*
 * The command `watch`: who waits for a reserve, told as it happens. STATUS_ALARM
 * if it ended by itself and has told of a stall or worse.
 */
enum exit_status watch_run(const struct options *options);

#endif
