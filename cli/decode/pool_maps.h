/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the maps of the BPF programs say, once they have been copied: from here
 * on there is no kernel.
 */
#ifndef MEMTOP_DECODE_POOL_MAPS_H
#define MEMTOP_DECODE_POOL_MAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/map_copy.h"

struct sample;

/* Copies of the maps, in the order in which they have to be made. */
struct pool_maps {
	/*
	 * Pools first: a table that goes says so before its pools do, so one
	 * that is still there in the later copy had all of its pools in the
	 * earlier one, or was getting more.
	 */
	struct map_copy pools; /* struct memtop_pool */
	struct map_copy tables; /* struct memtop_table */
	struct map_copy waits; /* struct memtop_wait */
	struct map_copy ops; /* struct memtop_op */
	struct map_copy elements; /* struct memtop_element */
	uint32_t pass; /* the one that was made before */
	/*
	 * There was none but at the start, as the kernel is not asked again: what
	 * is in the maps is there.
	 */
	bool kept;
	bool now_known; /* who waits, and what is in repair */
	bool counts_known; /* what happened since we watch */
	bool lossy; /* some of that was not seen, or found no room */
};

/* Whether what was named in @pass last, or began in it, is there. */
static inline bool pool_maps_current(const struct pool_maps *maps,
				     uint32_t pass)
{
	return maps->kept || pass == maps->pass;
}

/*
 * Adds to @s, whose devices are filled in and sorted by number, the pools that
 * the pass named or that came since, with what is known of their use. Pools of
 * tables that are on their way out, or of devices that are not in @s, are left
 * out, and so are waits and repairs that the pass did not name. Returns how many
 * tables were left out as they can't be shown whole; such are marked so in
 * @maps.
 */
uint64_t pool_maps_fill(struct pool_maps *maps, struct sample *s);

/*
 * Of how many tables that are shown the kernel announced more pools in the pass
 * than it then named. With a full map that is counted there.
 */
uint64_t pool_maps_incomplete(const struct pool_maps *maps);

/* Frees what @maps owns, not @maps itself; fine on zeroed ones. */
void pool_maps_release(struct pool_maps *maps);

#endif
