/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decodes the use of pools: waits, rechecks and error corrections, from copies
 * of the BPF programs' maps.
 */
#ifndef MEMTOP_DECODE_EVENT_COUNTS_H
#define MEMTOP_DECODE_EVENT_COUNTS_H

#include "decode/event_maps.h"

struct memtop_use;
struct sample;
struct sample_pool;

/*
 * Fills in @pool's counts, and whether all of its missing elements are known.
 */
void event_counts_of(const struct pool_maps *maps, const struct memtop_use *use,
		     struct sample_pool *pool);

/*
 * Adds waiting tasks and repairs from @maps to @s, whose devices are sorted by
 * number and whose pools by id. Counts and waiters that are not in @maps stay
 * unchanged.
 */
void event_counts_fill(const struct pool_maps *maps, struct sample *s);

#endif
