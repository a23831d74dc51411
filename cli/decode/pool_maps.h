/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the maps of the BPF programs say, once they have been copied: from here
 * on there is no kernel.
 */
#ifndef MEMTOP_DECODE_POOL_MAPS_H
#define MEMTOP_DECODE_POOL_MAPS_H

#include <stdint.h>

#include "decode/event_maps.h"

struct memtop_pool;
struct sample;

/*
 * The elements of @p. When a pool is named, its level may be older than the last use
 * that was traced.
 */
uint32_t pool_maps_level(const struct memtop_pool *p);

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
