/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_REPORT_H
#define MEMTOP_COMMANDS_REPORT_H

#include "base/exit_status.h"

struct options;

/*
 * The command `report`: one sample, of the kernel or a recording, written to
 * stdout.
 */
enum exit_status report_run(const struct options *options);

#endif
