/* SPDX-License-Identifier: GPL-2.0-only */
/* The results of fio for reads or writes, from its JSON. */
#ifndef MEMTOP_BENCH_FIO_H
#define MEMTOP_BENCH_FIO_H

#include <stdbool.h>

#include "model/bench.h"

/*
 * Fills in throughput, latencies and errors from @text, for a group of jobs
 * that read, or that write if @writes. Returns 0, or -EINVAL if it is not fio's
 * output.
 */
int fio_parse(const char *text, bool writes,
	      uint64_t figures[static NR_BENCH_FIGURES]);

#endif
