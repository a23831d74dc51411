/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_DOCTOR_H
#define MEMTOP_COMMANDS_DOCTOR_H

#include "base/exit_status.h"

struct options;

/*
 * The command `doctor`: what works on this machine, and what to do about the
 * rest. Succeeds if one source works.
 */
enum exit_status doctor_run(const struct options *options);

#endif
