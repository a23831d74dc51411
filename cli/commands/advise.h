/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_ADVISE_H
#define MEMTOP_COMMANDS_ADVISE_H

#include "base/exit_status.h"

struct options;

/* The command `advise`: how large the reserves should be. Changes nothing. */
enum exit_status advise_run(const struct options *options);

#endif
