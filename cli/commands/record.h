/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_RECORD_H
#define MEMTOP_COMMANDS_RECORD_H

#include "base/exit_status.h"

struct options;

/* The command `record`: samples of the kernel, written to a file. */
enum exit_status record_run(const struct options *options);

#endif
