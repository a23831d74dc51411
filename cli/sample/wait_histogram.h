/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Durations of waits, counted by powers of two. A sample lists the buckets that have
 * waits; a histogram has all of them.
 */
#ifndef MEMTOP_SAMPLE_WAIT_HISTOGRAM_H
#define MEMTOP_SAMPLE_WAIT_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sample_pool;

#define WAIT_HISTOGRAM_BUCKETS 32

struct wait_histogram {
	bool known; /* false: of at least one pool they are not counted */
	uint64_t waits[WAIT_HISTOGRAM_BUCKETS]; /* in each; a sum never wraps */
};

/* The longest wait in @bucket, in ns; MEMTOP_UNKNOWN: no limit. */
uint64_t wait_histogram_most(size_t bucket);

/* The bucket of a wait of @ns; of MEMTOP_UNKNOWN, the one without a limit. */
size_t wait_histogram_place(uint64_t ns);

/* A histogram of no pool: known, and empty. */
struct wait_histogram wait_histogram_none(void);

/* Adds the waits of @pool. */
void wait_histogram_add(struct wait_histogram *to,
			const struct sample_pool *pool);

/* The number of all waits in it; at most MEMTOP_UNKNOWN - 1. */
uint64_t wait_histogram_sum(const struct wait_histogram *h);

/*
 * Makes the histogram of @pool known: @waits has WAIT_HISTOGRAM_BUCKETS numbers. Frees
 * the one it had.
 */
void wait_histogram_set(struct sample_pool *pool, const uint64_t *waits);

/* Gives @pool a copy of the histogram of @from; @pool's own is not freed. */
void wait_histogram_copy(struct sample_pool *pool,
			 const struct sample_pool *from);

#endif
