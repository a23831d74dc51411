// SPDX-License-Identifier: GPL-2.0-only
#include "decode/pool_maps.h"

#include <linux/types.h>
#include <stdlib.h>
#include <string.h>

#include "decode/event_counts.h"
#include "memtop_record.h"
#include "base/alloc.h"
#include "sample/sample.h"

/*
 * The pass that names the pools that existed before the programs were attached.
 */
#define FIRST_PASS 1

/*
 * Whether @t, which is not being destroyed, may have unknown pools: it got some
 * after the pools were copied, or had some before the programs were attached. A
 * table that was created later is complete once a pass has named it.
 */
static bool is_torn(const struct pool_maps *maps, const struct memtop_table *t)
{
	return t->nr_pools || (!maps->kept && maps->pass == FIRST_PASS &&
			       t->pass != maps->pass);
}

/*
 * Marks incomplete tables in the copy as leaving. Returns how many tables of
 * devices in @s that are.
 */
static uint64_t drop_torn_tables(struct pool_maps *maps, struct sample *s)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < maps->pools.nr; i++) {
		const struct memtop_pool *p = map_copy_at(&maps->pools, i);
		struct memtop_table *t = map_copy_find(&maps->tables, p->table);

		if (t)
			t->nr_pools--;
	}
	for (size_t i = 0; i < maps->tables.nr; i++) {
		struct memtop_table *t = map_copy_at(&maps->tables, i);
		struct sample_device *device;

		if (t->slot == MEMTOP_SLOT_LEAVING || !is_torn(maps, t))
			continue;
		device = sample_find_device(
			s, (struct sample_devno){ t->major, t->minor });
		if (device)
			device->torn |= t->slot == MEMTOP_SLOT_LIVE;
		t->slot = MEMTOP_SLOT_LEAVING;
		nr += device != NULL;
	}
	return nr;
}

static uint64_t footprint_of(const struct memtop_pool *p)
{
	if (p->nr_caches && !p->cache_size)
		return MEMTOP_UNKNOWN;
	if (!p->nr_caches && !p->alloc_size)
		return MEMTOP_UNKNOWN;
	return (uint64_t)p->alloc_size + p->cache_size;
}

/* Numbers of uses wrap, so their difference is compared. */
uint32_t pool_maps_level(const struct memtop_pool *p)
{
	const uint32_t named = MEMTOP_LEVEL_USES(p->level);
	const uint32_t used = MEMTOP_LEVEL_USES(p->use.level);

	return (int32_t)(used - named) > 0 ? MEMTOP_LEVEL_NR(p->use.level) :
					     MEMTOP_LEVEL_NR(p->level);
}

static void fill_pool(struct sample_pool *out, const struct memtop_pool *p,
		      const struct memtop_table *table)
{
	uint64_t footprint = footprint_of(p);

	*out = (struct sample_pool){
		.id = p->id,
		.table_id = table ? p->table : MEMTOP_UNKNOWN,
		.dev_known = p->major != 0,
		.dev = { p->major, p->minor },
		.target_index = p->target < 0 ? SAMPLE_NO_TARGET :
						(uint32_t)p->target,
		.min = p->min_nr,
		.current = pool_maps_level(p),
		.lowest = p->lowest_nr,
		.object_bytes = p->object_size ? p->object_size :
						 MEMTOP_UNKNOWN,
		.footprint_bytes = footprint,
		.waits = MEMTOP_UNKNOWN,
		.sleeps = MEMTOP_UNKNOWN,
		.wait_ns = MEMTOP_UNKNOWN,
		.longest_wait_ns = MEMTOP_UNKNOWN,
		.counted_since_ns = MEMTOP_UNKNOWN,
		.takes = MEMTOP_UNKNOWN,
		.gives = MEMTOP_UNKNOWN,
		.drawn = MEMTOP_UNKNOWN,
		.last_activity_ns = MEMTOP_UNKNOWN,
	};
	if (table)
		out->slot = table->slot == MEMTOP_SLOT_LIVE ?
				    SAMPLE_SLOT_LIVE :
				    SAMPLE_SLOT_INACTIVE;
	if (p->nr_cached)
		out->cached_bytes = footprint == MEMTOP_UNKNOWN ?
					    MEMTOP_UNKNOWN :
					    p->nr_cached * footprint;
	memcpy(out->target_type, p->type, sizeof(out->target_type) - 1);
	memcpy(out->role, p->role, sizeof(out->role) - 1);
}

/*
 * Whether @p is memory that is in reserve now, of a device or without an owner.
 */
static bool pool_counts(const struct pool_maps *maps,
			const struct memtop_pool *p,
			const struct memtop_table *table,
			const struct sample *s)
{
	if (!pool_maps_current(maps, p->pass))
		return false;
	if (!p->table)
		return true;
	/* no entry: the map was full, and the slot is not known */
	if (!table || table->slot == MEMTOP_SLOT_LEAVING)
		return false;
	return sample_find_device(s, (struct sample_devno){ p->major,
							    p->minor }) != NULL;
}

uint64_t pool_maps_fill(struct pool_maps *maps, struct sample *s)
{
	uint64_t torn = drop_torn_tables(maps, s);

	s->pools = xcalloc(maps->pools.nr, sizeof(*s->pools));
	for (size_t i = 0; i < maps->pools.nr; i++) {
		const struct memtop_pool *p = map_copy_at(&maps->pools, i);
		const struct memtop_table *table =
			map_copy_find(&maps->tables, p->table);
		struct sample_pool *to = &s->pools[s->nr_pools];

		if (!pool_counts(maps, p, table, s))
			continue;
		fill_pool(to, p, table);
		if (maps->counts_known)
			event_counts_of(maps, &p->use, to);
		s->nr_pools++;
	}
	event_counts_fill(maps, s);
	return torn;
}

uint64_t pool_maps_incomplete(const struct pool_maps *maps)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < maps->tables.nr; i++) {
		const struct memtop_table *t = map_copy_at(&maps->tables, i);

		if (t->pass == maps->pass && t->slot != MEMTOP_SLOT_LEAVING &&
		    t->named < t->of)
			nr++;
	}
	return nr;
}

void pool_maps_release(struct pool_maps *maps)
{
	map_copy_release(&maps->histograms);
	map_copy_release(&maps->pools);
	map_copy_release(&maps->tables);
	map_copy_release(&maps->waits);
	map_copy_release(&maps->ops);
	map_copy_release(&maps->elements);
}
