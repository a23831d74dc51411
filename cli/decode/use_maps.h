/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happens to pools: waits, rechecks and error corrections, of copies of
 * the maps that the BPF programs keep of it.
 */
#ifndef MEMTOP_DECODE_USE_MAPS_H
#define MEMTOP_DECODE_USE_MAPS_H

#include "decode/event_maps.h"

struct memtop_use;
struct sample;
struct sample_pool;

/* Fills in @pool's counts, and whether all that is out of it will be known. */
void use_maps_count(const struct pool_maps *maps, const struct memtop_use *use,
		    struct sample_pool *pool);

/*
 * Adds to @s, whose devices are sorted by number and whose pools by id, what
 * @maps know of tasks that wait and of repairs. Counts and waiters that they do
 * not know stay as they are.
 */
void use_maps_fill(const struct pool_maps *maps, struct sample *s);

#endif
