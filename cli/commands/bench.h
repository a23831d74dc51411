/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_BENCH_H
#define MEMTOP_COMMANDS_BENCH_H

#include "base/exit_status.h"

struct options;

/* The command `bench`: compares values of reserved_bio_based_ios under load. */
enum exit_status bench_run(const struct options *options);

#endif
