/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decodes the counts of waits on a kernel without events about them, once they are in
 * memory: does not access the kernel.
 */
#ifndef MEMTOP_DECODE_WAIT_MAPS_H
#define MEMTOP_DECODE_WAIT_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/wait_histogram.h"

struct map_copy;
struct sample;
struct stock_ids;

/* A pool that was found, with the address of its wait queue. */
struct wait_pool {
	uint64_t id; /* its number */
	uint64_t queue;
	bool watched; /* the programs have its queue */
	bool counted; /* its counts are known */
	uint64_t since_ns; /* when watching began, CLOCK_BOOTTIME */
	uint64_t waits;
	uint64_t wait_ns;
	uint64_t longest_ns;
	uint64_t histogram[WAIT_HISTOGRAM_BUCKETS];
};

struct wait_pools {
	struct wait_pool *all; /* owned; by number */
	size_t nr;
};

/*
 * Makes @pools those of @ids that have a wait queue. Pools that were in it keep
 * everything else; new ones are not watched yet. @gone, which the caller releases, gets
 * those that are no longer in it.
 */
void wait_pools_update(struct wait_pools *pools, const struct stock_ids *ids,
		       struct wait_pools *gone);

/* Puts the counts of @queues, a copy of the map of that name, into @pools. */
void wait_pools_count(struct wait_pools *pools, const struct map_copy *queues);

/*
 * Fills in the counts of @s's pools. The beginning of a wait is that in @tasks, a copy
 * of the map of that name; it stays unknown without one.
 */
void wait_maps_fill(const struct wait_pools *pools,
		    const struct map_copy *tasks, struct sample *s);

/* Frees what @pools owns, not @pools itself; safe on a zeroed one. */
void wait_pools_release(struct wait_pools *pools);

#endif
