/* SPDX-License-Identifier: GPL-2.0-only */
/* What fio's JSON says of reads. */
#ifndef MEMTOP_BENCH_FIO_H
#define MEMTOP_BENCH_FIO_H

#include "model/bench.h"

/*
 * Fills in throughput, latencies and errors from @text, of a group of jobs.
 * Returns 0, or -EINVAL if it is not fio's.
 */
int fio_parse(const char *text, uint64_t figures[static NR_BENCH_FIGURES]);

#endif
