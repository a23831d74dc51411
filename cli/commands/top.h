/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_TOP_H
#define MEMTOP_COMMANDS_TOP_H

#include "base/exit_status.h"

struct options;

/* The command `top`: the live view, or with --batch its contents as text. */
enum exit_status top_run(const struct options *options);

#endif
