/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies of the maps that the BPF programs keep of pools and their use. */
#ifndef MEMTOP_DECODE_EVENT_MAPS_H
#define MEMTOP_DECODE_EVENT_MAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/map_copy.h"

/* In the order in which they must be copied. */
struct pool_maps {
	/* Before the pools, so that no pool has fewer waits than durations. */
	struct map_copy histograms; /* struct memtop_histogram */
	/*
	 * Pools before tables: a table that is destroyed announces that before its
	 * pools are, so a table that exists in the later copy had all of its
	 * pools in the earlier one, or was getting more.
	 */
	struct map_copy pools; /* struct memtop_pool */
	struct map_copy tables; /* struct memtop_table */
	struct map_copy waits; /* struct memtop_wait */
	struct map_copy ops; /* struct memtop_op */
	struct map_copy elements; /* struct memtop_element */
	uint32_t pass; /* the one that was made before */
	/*
	 * No pass except the first one: the kernel is not queried again, and
	 * everything in the maps exists.
	 */
	bool kept;
	bool now_known; /* the waiting tasks and the blocks in repair */
	bool counts_known; /* events since the watch started: */
	uint64_t started; /* then, CLOCK_BOOTTIME, ns */
	bool lossy; /* some of them were lost, or did not fit */
};

/* Whether an object exists that was last named in @pass, or began in it. */
static inline bool pool_maps_current(const struct pool_maps *maps,
				     uint32_t pass)
{
	return maps->kept || pass == maps->pass;
}

#endif
