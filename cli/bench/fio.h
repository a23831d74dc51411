/* SPDX-License-Identifier: GPL-2.0-only */
/* What fio's JSON says of reads or writes. */
#ifndef MEMTOP_BENCH_FIO_H
#define MEMTOP_BENCH_FIO_H

#include <stdbool.h>

#include "model/bench.h"

/*
 * Fills in throughput, latencies and errors from @text, of a group of jobs
 * that read, or that write if @writes. Returns 0, or -EINVAL if it is not fio's.
 */
int fio_parse(const char *text, bool writes,
	      uint64_t figures[static NR_BENCH_FIGURES]);

#endif
