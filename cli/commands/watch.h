/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_WATCH_H
#define MEMTOP_COMMANDS_WATCH_H

#include "base/exit_status.h"

struct options;

/*
 * The command `watch`: reports tasks that wait for a reserve as it happens.
 * Returns STATUS_STALL if it ended by itself and has reported a stall or worse.
 */
enum exit_status watch_run(const struct options *options);

#endif
