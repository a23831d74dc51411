/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_DOCTOR_H
#define MEMTOP_COMMANDS_DOCTOR_H

#include "base/exit_status.h"

struct options;

/*
 * The command `doctor`: what is possible here, and what to do for more. Fine
 * if one way to know the pools works.
 */
enum exit_status doctor_run(const struct options *options);

#endif
