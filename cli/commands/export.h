/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_EXPORT_H
#define MEMTOP_COMMANDS_EXPORT_H

#include "base/exit_status.h"

struct options;

/*
 * The command `export`: metrics over HTTP until a signal comes, or once to a
 * file.
 */
enum exit_status export_run(const struct options *options);

#endif
