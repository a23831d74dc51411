// SPDX-License-Identifier: GPL-2.0-only
#include "decode/stock_maps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/text.h"
#include "sample/roles.h"
#include "sample/sample.h"

/* The kernel's dev_t: include/linux/kdev_t.h */
#define KDEV_MINOR_BITS 20

/* ---- places --------------------------------------------------------------- */

/* A device of a pass, and where its parts begin. */
struct place {
	const struct stock_notes *notes;
	const struct stock_device *device;
	struct stock_numbers first;
};

struct places {
	struct place *all; /* owned; by number, then by address */
	size_t nr;
};

/*
 * Adds the parts of @table to @at; beyond the end if it has more than the maps.
 */
static void pass_table(const struct stock_notes *n,
		       const struct stock_table *table,
		       struct stock_numbers *at)
{
	at->targets += table->nr_targets;
	at->lower += table->nr_lower;
	for (uint32_t i = 0; i < table->nr_pools && at->pools + i < n->nr.pools;
	     i++)
		at->waits += n->pools[at->pools + i].nr_waits;
	at->pools += table->nr_pools;
}

static void pass_device(const struct stock_notes *n,
			const struct stock_device *device,
			struct stock_numbers *at)
{
	for (uint32_t i = 0;
	     i < device->nr_tables && at->tables + i < n->nr.tables; i++)
		pass_table(n, &n->tables[at->tables + i], at);
	at->tables += device->nr_tables;
}

static int compare_places(const void *pa, const void *pb)
{
	const struct stock_device *a = ((const struct place *)pa)->device;
	const struct stock_device *b = ((const struct place *)pb)->device;

	if (a->major != b->major)
		return a->major < b->major ? -1 : 1;
	if (a->minor != b->minor)
		return a->minor < b->minor ? -1 : 1;
	return compare_u64(a->md, b->md);
}

static bool is_within(const struct stock_numbers *at,
		      const struct stock_numbers *nr)
{
	return at->tables <= nr->tables && at->targets <= nr->targets &&
	       at->lower <= nr->lower && at->pools <= nr->pools &&
	       at->waits <= nr->waits;
}

/*
 * Removes a duplicate: a rotation of the tree can make the walk meet a device
 * twice.
 */
static void find_places(const struct stock_notes *n, struct places *ret)
{
	struct stock_numbers at = { 0 };
	size_t kept = 0;

	*ret = (struct places){ .all = xcalloc(n->nr.devices,
					       sizeof(*ret->all)) };
	for (size_t i = 0; i < n->nr.devices; i++) {
		ret->all[ret->nr] = (struct place){ n, &n->devices[i], at };
		pass_device(n, &n->devices[i], &at);
		if (is_within(&at, &n->nr))
			ret->nr++;
	}
	qsort(ret->all, ret->nr, sizeof(*ret->all), compare_places);
	for (size_t i = 0; i < ret->nr; i++) {
		if (kept &&
		    compare_places(&ret->all[kept - 1], &ret->all[i]) == 0)
			continue;
		ret->all[kept++] = ret->all[i];
	}
	ret->nr = kept;
}

/* ---- whether two passes are the same ------------------------------------------ */

static bool same_bytes(const void *a, const void *b, size_t nr, size_t size)
{
	return !nr || memcmp(a, b, nr * size) == 0;
}

/* Bytes after the end of a string are left from earlier strings. */
static bool same_devices(const struct stock_device *a,
			 const struct stock_device *b, size_t nr)
{
	for (; nr; nr--, a++, b++) {
		if (memcmp(a, b, offsetof(struct stock_device, name)) ||
		    strcmp(a->name, b->name) || strcmp(a->uuid, b->uuid) ||
		    a->blocks != b->blocks || a->unknown != b->unknown)
			return false;
	}
	return true;
}

static bool same_waits(const struct stock_wait *a, const struct stock_wait *b,
		       size_t nr)
{
	for (; nr; nr--, a++, b++) {
		if (a->switches != b->switches || a->tid != b->tid ||
		    strncmp(a->comm, b->comm, sizeof(a->comm)))
			return false;
	}
	return true;
}

bool stock_notes_same(const struct stock_notes *a, const struct stock_notes *b)
{
	const struct stock_numbers *nr = &a->nr;

	return a->finished && b->finished &&
	       memcmp(nr, &b->nr, sizeof(*nr)) == 0 &&
	       same_devices(a->devices, b->devices, nr->devices) &&
	       same_bytes(a->tables, b->tables, nr->tables,
			  sizeof(*a->tables)) &&
	       same_bytes(a->targets, b->targets, nr->targets,
			  sizeof(*a->targets)) &&
	       same_bytes(a->lower, b->lower, nr->lower, sizeof(*a->lower)) &&
	       same_bytes(a->pools, b->pools, nr->pools, sizeof(*a->pools)) &&
	       same_waits(a->waits, b->waits, nr->waits);
}

/* ---- whether two passes agree ----------------------------------------------- */

static bool same_pools(const struct stock_pool *a, const struct stock_pool *b,
		       uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++, a++, b++) {
		/*
		 * levels change; the size of an element may become known later
		 */
		if (a->pool != b->pool || a->object_size != b->object_size ||
		    a->target != b->target || a->role != b->role ||
		    a->min_nr != b->min_nr)
			return false;
		if (a->footprint && b->footprint &&
		    a->footprint != b->footprint)
			return false;
	}
	return true;
}

static bool same_table(const struct place *a, const struct stock_numbers *at_a,
		       const struct place *b, const struct stock_numbers *at_b)
{
	const struct stock_table *ta = &a->notes->tables[at_a->tables];
	const struct stock_table *tb = &b->notes->tables[at_b->tables];

	if (ta->table != tb->table || ta->slot != tb->slot ||
	    ta->nr_targets != tb->nr_targets || ta->nr_lower != tb->nr_lower ||
	    ta->nr_pools != tb->nr_pools)
		return false;
	for (uint32_t i = 0; i < ta->nr_targets; i++) {
		if (strcmp(a->notes->targets[at_a->targets + i].type,
			   b->notes->targets[at_b->targets + i].type))
			return false;
	}
	for (uint32_t i = 0; i < ta->nr_lower; i++) {
		if (a->notes->lower[at_a->lower + i].dev !=
		    b->notes->lower[at_b->lower + i].dev)
			return false;
	}
	return same_pools(&a->notes->pools[at_a->pools],
			  &b->notes->pools[at_b->pools], ta->nr_pools);
}

static bool same_device(const struct place *a, const struct place *b)
{
	const struct stock_device *da = a->device, *db = b->device;
	struct stock_numbers at_a = a->first, at_b = b->first;

	if (da->torn || db->torn || da->md != db->md || da->cell != db->cell ||
	    da->suspended != db->suspended || da->nr_tables != db->nr_tables ||
	    strcmp(da->name, db->name) || strcmp(da->uuid, db->uuid))
		return false;
	for (uint32_t i = 0; i < da->nr_tables; i++) {
		if (!same_table(a, &at_a, b, &at_b))
			return false;
		pass_table(a->notes, &a->notes->tables[at_a.tables++], &at_a);
		pass_table(b->notes, &b->notes->tables[at_b.tables++], &at_b);
	}
	return true;
}

static const struct place *find_place(const struct places *places,
				      const struct place *like)
{
	return places->nr ? bsearch(like, places->all, places->nr,
				    sizeof(*like), compare_places) :
			    NULL;
}

static bool is_whole(const struct places *earlier, const struct place *place)
{
	const struct place *before = find_place(earlier, place);

	return before && same_device(before, place);
}

/* ---- numbers instead of addresses --------------------------------------------- */

static int compare_ids(const void *pa, const void *pb)
{
	const struct stock_id *a = pa, *b = pb;

	return compare_u64(a->address, b->address);
}

static struct stock_id *find_id(const struct stock_ids *ids, uint64_t address)
{
	const struct stock_id key = { .address = address };

	return ids->nr ? bsearch(&key, ids->known, ids->nr, sizeof(key),
				 compare_ids) :
			 NULL;
}

static void add_id(struct stock_ids *ids, struct stock_id id)
{
	ids->known[ids->nr++] = id;
}

/* Gives numbers to the tables and pools of @n; known ones keep theirs. */
static void number(const struct stock_notes *n, struct stock_ids *ids)
{
	struct stock_ids now = { .last = ids->last };
	size_t kept = 0;

	now.known = xcalloc(n->nr.tables + n->nr.pools, sizeof(*now.known));
	for (size_t i = 0; i < n->nr.tables; i++)
		add_id(&now,
		       (struct stock_id){ .address = n->tables[i].table });
	for (size_t i = 0; i < n->nr.pools; i++)
		add_id(&now, (struct stock_id){ .address = n->pools[i].pool,
						.lowest = n->pools[i].curr_nr,
						.queue = n->pools[i].queue });
	qsort(now.known, now.nr, sizeof(*now.known), compare_ids);
	for (size_t i = 0; i < now.nr; i++) {
		struct stock_id *id = &now.known[i];
		const struct stock_id *old = find_id(ids, id->address);

		if (kept && now.known[kept - 1].address == id->address)
			continue;
		id->id = old ? old->id : ++now.last;
		if (old && old->lowest < id->lowest)
			id->lowest = old->lowest;
		now.known[kept++] = *id;
	}
	now.nr = kept;
	stock_ids_release(ids);
	*ids = now;
}

void stock_ids_release(struct stock_ids *ids)
{
	free(ids->known);
	*ids = (struct stock_ids){ 0 };
}

/* ---- the sample ----------------------------------------------------------------- */

static enum sample_slot slot_of(const struct stock_table *table)
{
	return table->slot == STOCK_LIVE ? SAMPLE_SLOT_LIVE :
					   SAMPLE_SLOT_INACTIVE;
}

static void add_targets(const struct place *place,
			const struct stock_table *table,
			const struct stock_numbers *at, struct sample_device *d)
{
	d->targets = xreallocarray(d->targets,
				   d->nr_targets + table->nr_targets,
				   sizeof(*d->targets));
	for (uint32_t i = 0; i < table->nr_targets; i++) {
		struct sample_target *t = &d->targets[d->nr_targets++];

		*t = (struct sample_target){ .slot = slot_of(table),
					     .index = i };
		text_copy(t->type, sizeof(t->type),
			  place->notes->targets[at->targets + i].type);
	}
}

static void add_lower(const struct place *place,
		      const struct stock_table *table,
		      const struct stock_numbers *at, struct sample_device *d)
{
	if (table->slot != STOCK_LIVE || !table->nr_lower)
		return;
	d->lower = xcalloc(table->nr_lower, sizeof(*d->lower));
	for (uint32_t i = 0; i < table->nr_lower; i++) {
		uint32_t dev = place->notes->lower[at->lower + i].dev;

		d->lower[d->nr_lower++] = (struct sample_devno){
			.major = dev >> KDEV_MINOR_BITS,
			.minor = dev & ((1U << KDEV_MINOR_BITS) - 1),
		};
	}
}

static void add_waiters(const struct stock_wait *waits, uint32_t nr, bool known,
			struct sample_pool *pool)
{
	pool->waiters_known = known;
	pool->waiters = nr ? xcalloc(nr, sizeof(*pool->waiters)) : NULL;
	for (uint32_t i = 0; i < nr; i++) {
		struct sample_task *task = &pool->waiters[pool->nr_waiters++];

		*task = (struct sample_task){ .pid = waits[i].tid,
					      .since_ns = MEMTOP_UNKNOWN,
					      .switches = waits[i].switches,
					      .op = MEMTOP_UNKNOWN,
					      .io_sector = MEMTOP_UNKNOWN,
					      .io_sectors = MEMTOP_UNKNOWN };
		text_copy(task->comm, sizeof(task->comm), waits[i].comm);
	}
}

static uint64_t known(uint64_t value)
{
	return value ? value : MEMTOP_UNKNOWN;
}

/* @type: of its target, if it is one's */
static void fill_pool(const struct stock_pool *from, const struct stock_id *id,
		      const char *type, struct sample_pool *to)
{
	to->id = id->id;
	to->min = from->unknown & STOCK_NO_MIN ? MEMTOP_UNKNOWN : from->min_nr;
	to->current = to->lowest = MEMTOP_UNKNOWN;
	if (!(from->unknown & STOCK_NO_LEVEL)) {
		to->current = from->curr_nr;
		to->lowest = id->lowest;
	}
	to->object_bytes = known(from->object_size);
	to->footprint_bytes = known(from->footprint);
	if (from->unknown & STOCK_NO_CACHED)
		to->cached_bytes = MEMTOP_UNKNOWN;
	else if (from->nr_cached)
		to->cached_bytes = from->footprint ?
					   from->nr_cached * from->footprint :
					   MEMTOP_UNKNOWN;
	to->waits = to->sleeps = MEMTOP_UNKNOWN;
	to->wait_ns = to->longest_wait_ns = MEMTOP_UNKNOWN;
	to->counted_since_ns = MEMTOP_UNKNOWN;
	to->takes = to->gives = to->drawn = MEMTOP_UNKNOWN;
	to->last_activity_ns = MEMTOP_UNKNOWN;
	to->target_index = SAMPLE_NO_TARGET;
	if (from->target != ~0U) {
		to->target_index = from->target;
		text_copy(to->target_type, sizeof(to->target_type), type);
	}
	if (from->role < NR_POOL_ROLES)
		text_copy(to->role, sizeof(to->role),
			  role_row(from->role)->name);
}

static void add_pools(const struct place *place,
		      const struct stock_table *table,
		      const struct stock_numbers *at,
		      const struct stock_ids *ids, struct sample *s)
{
	const struct stock_wait *waits = &place->notes->waits[at->waits];

	s->pools = xreallocarray(s->pools, s->nr_pools + table->nr_pools,
				 sizeof(*s->pools));
	for (uint32_t i = 0; i < table->nr_pools; i++) {
		const struct stock_pool *from =
			&place->notes->pools[at->pools + i];
		struct sample_pool *to = &s->pools[s->nr_pools++];

		const char *type =
			from->target < table->nr_targets ?
				place->notes
					->targets[at->targets + from->target]
					.type :
				"";

		*to = (struct sample_pool){ 0 };
		fill_pool(from, find_id(ids, from->pool), type, to);
		to->table_id = find_id(ids, table->table)->id;
		to->dev_known = true;
		to->dev = (struct sample_devno){ place->device->major,
						 place->device->minor };
		to->slot = slot_of(table);
		add_waiters(waits, from->nr_waits,
			    !(from->unknown & STOCK_NO_WAITS), to);
		waits += from->nr_waits;
	}
}

static uint32_t gaps_of(const struct stock_device *device)
{
	uint32_t gaps = 0;

	if (device->unknown & STOCK_NO_SUSPENDED)
		gaps |= SAMPLE_NO_SUSPENDED;
	if (device->unknown & STOCK_NO_TABLES)
		gaps |= SAMPLE_NO_TARGETS | SAMPLE_NO_RESERVES;
	if (device->unknown & STOCK_NO_LOWER)
		gaps |= SAMPLE_NO_LOWER;
	if (device->unknown & STOCK_NO_RESERVES)
		gaps |= SAMPLE_NO_RESERVES;
	return gaps;
}

static void add_device(const struct place *place, bool whole,
		       const struct stock_ids *ids, struct sample *s)
{
	struct stock_numbers at = place->first;
	struct sample_device *d;

	s->devices = xreallocarray(s->devices, s->nr_devices + 1,
				   sizeof(*s->devices));
	d = &s->devices[s->nr_devices++];
	*d = sample_device_new((struct sample_devno){ place->device->major,
						      place->device->minor });
	d->suspended = place->device->suspended;
	d->gaps = gaps_of(place->device);
	d->torn = !whole;
	if (whole && place->device->blocks != STOCK_BLOCKS_UNKNOWN)
		d->corrupted = place->device->blocks == STOCK_BLOCKS_BAD;
	if (place->device->unknown & STOCK_NO_NAME)
		snprintf(d->name, sizeof(d->name), "%u:%u",
			 place->device->major, place->device->minor);
	else
		text_copy(d->name, sizeof(d->name), place->device->name);
	text_copy(d->uuid, sizeof(d->uuid), place->device->uuid);
	for (uint32_t i = 0; whole && i < place->device->nr_tables; i++) {
		const struct stock_table *table =
			&place->notes->tables[at.tables];

		add_targets(place, table, &at, d);
		add_lower(place, table, &at, d);
		add_pools(place, table, &at, ids, s);
		at.tables++;
		pass_table(place->notes, table, &at);
	}
}

/*
 * Whether one of the first @nr devices of @s, which are in order, is that of
 * @place.
 */
static bool is_in(const struct sample *s, size_t nr, const struct place *place)
{
	const struct sample_device key = { .dev = { place->device->major,
						    place->device->minor } };

	return nr && bsearch(&key, s->devices, nr, sizeof(key),
			     sample_compare_devices);
}

static void sort_devices(struct sample *s)
{
	if (s->nr_devices)
		qsort(s->devices, s->nr_devices, sizeof(*s->devices),
		      sample_compare_devices);
}

size_t stock_maps_add(const struct stock_notes *earlier,
		      const struct stock_notes *later, struct stock_ids *ids,
		      struct sample *s)
{
	size_t had = s->nr_devices, missing = 0;
	struct places before, after;

	number(later, ids);
	find_places(earlier, &before);
	find_places(later, &after);
	for (size_t i = 0; i < after.nr; i++) {
		const struct place *place = &after.all[i];

		if (is_in(s, had, place))
			continue;
		if (is_whole(&before, place))
			add_device(place, true, ids, s);
		else
			missing++;
	}
	/* removed, or not met this time */
	for (size_t i = 0; i < before.nr; i++)
		missing += !is_in(s, had, &before.all[i]) &&
			   !find_place(&after, &before.all[i]);
	/* an incomplete pass may have missed any */
	missing += !earlier->finished || !later->finished;
	sort_devices(s);
	free(before.all);
	free(after.all);
	return missing;
}

size_t stock_maps_end(const struct stock_notes *later, struct sample *s)
{
	size_t had = s->nr_devices;
	struct places after;

	find_places(later, &after);
	for (size_t i = 0; i < after.nr; i++) {
		if (!is_in(s, had, &after.all[i]))
			add_device(&after.all[i], false, NULL, s);
	}
	free(after.all);
	sort_devices(s);
	return s->nr_devices - had;
}
