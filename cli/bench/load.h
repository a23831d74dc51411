/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads from the devices of a bench, or writes to them, with fio. */
#ifndef MEMTOP_BENCH_LOAD_H
#define MEMTOP_BENCH_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/bench.h"

struct load_params {
	const char *devices; /* paths, with ':' between them */
	uint64_t nr_devices;
	uint64_t readable; /* bytes of each, from 0 on, that it uses */
	enum bench_load load;
	uint64_t jobs;
	uint64_t block_size; /* of a read or write */
	uint64_t runtime_ns;
	/*
	 * Called at intervals during the load; a result other than 0 ends it.
	 */
	int (*look)(void *context);
	void *context;
};

/*
 * Runs the load and fills in fio's results. Returns 0, or -errno, already
 * reported: -EINTR if a stop was requested, -ETIME if it exceeded its time by
 * far and was ended.
 */
int load_run(const struct load_params *params,
	     uint64_t figures[static NR_BENCH_FIGURES]);

#endif
