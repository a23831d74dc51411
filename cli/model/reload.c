// SPDX-License-Identifier: GPL-2.0-only
#include "model/reload.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sample/roles.h"
#include "sample/targets.h"

static uint64_t greater(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

bool reload_is_by_need(const struct sample *s)
{
	bool any = false;

	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];

		if (strcmp(pool->target_type, "verity") != 0)
			continue;
		if (role_is_biovec(pool->role))
			return false;
		any |= role_is_bio(pool->role);
	}
	return any;
}

bool reload_sizes_pool(const struct sample_pool *pool, bool by_need)
{
	if (by_need && strcmp(pool->target_type, "verity") == 0)
		return false;
	return role_is_sized_by_parameter(pool->role);
}

uint64_t reload_parameter(uint64_t value)
{
	if (value == MEMTOP_UNKNOWN)
		return value;
	if (!value)
		return RELOAD_DEFAULT;
	return value > RELOAD_MOST ? RELOAD_MOST : value;
}

struct reload_range reload_flush_bios(const char *type)
{
	const struct target_row *row = target_find(type);

	return row ? (struct reload_range){ row->least_flush,
					    row->most_flush } :
		     (struct reload_range){ 0, MEMTOP_UNKNOWN };
}

static void add_target(struct reload_floor *floor, const char *type)
{
	struct reload_range bios = reload_flush_bios(type);

	/* another parameter sizes request-based tables */
	if (strcmp(type, "multipath") == 0)
		floor->of_requests = true;
	else if (strcmp(type, "error") != 0)
		floor->of_bios = true;
	floor->other_than_verity |= strcmp(type, "verity") != 0;
	floor->bios.least = greater(floor->bios.least, bios.least);
	/* unknown is more than any number */
	floor->bios.most = greater(floor->bios.most, bios.most);
}

/*
 * A striped target has one or more stripes on each device below it. Only the
 * devices below the live table are known, so the table must have no other
 * target.
 */
static void add_stripes(struct reload_floor *floor,
			const struct sample_device *d)
{
	size_t live = 0;
	bool striped = false;

	for (size_t i = 0; i < d->nr_targets; i++) {
		if (d->targets[i].slot != SAMPLE_SLOT_LIVE)
			continue;
		live++;
		striped = strcmp(d->targets[i].type, "striped") == 0;
	}
	if (live == 1 && striped)
		floor->bios.least = greater(floor->bios.least, d->nr_lower);
}

void reload_init(const struct sample *s, struct reload *ret)
{
	*ret = (struct reload){
		.sample = s,
		.floors = xcalloc(2 * s->nr_devices, sizeof(*ret->floors)),
		.by_need = reload_is_by_need(s),
	};
	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *d = &s->devices[i];

		for (size_t j = 0; j < d->nr_targets; j++) {
			const struct sample_target *t = &d->targets[j];
			bool inactive = t->slot == SAMPLE_SLOT_INACTIVE;

			if (t->slot != SAMPLE_SLOT_UNKNOWN)
				add_target(&ret->floors[2 * i + inactive],
					   t->type);
		}
		add_stripes(&ret->floors[2 * i], d);
	}
}

void reload_release(struct reload *r)
{
	free(r->floors);
	*r = (struct reload){ 0 };
}

/* The requirements of the targets of @pool's table; NULL: not known. */
static const struct reload_floor *floor_of(const struct reload *r,
					   const struct sample_pool *pool)
{
	const struct sample_device *d =
		pool->dev_known && pool->slot != SAMPLE_SLOT_UNKNOWN ?
			sample_find_device(r->sample, pool->dev) :
			NULL;
	const struct reload_floor *floor;

	if (!d)
		return NULL;
	floor = &r->floors[2 * (size_t)(d - r->sample->devices) +
			   (pool->slot == SAMPLE_SLOT_INACTIVE)];
	return floor->of_bios && !floor->of_requests ? floor : NULL;
}

struct reload_range reload_elements(const struct reload *r,
				    const struct sample_pool *pool,
				    uint64_t value)
{
	static const struct reload_range unknown = { 0, MEMTOP_UNKNOWN };
	struct reload_range floor = { 0, 0 };
	const struct reload_floor *core;

	if (!reload_sizes_pool(pool, r->by_need) ||
	    target_keeps(pool->target_type, pool->role))
		return (struct reload_range){ pool->min, pool->min };
	value = reload_parameter(value);
	if (value == MEMTOP_UNKNOWN)
		return unknown;
	if (role_group(pool->role) == ROLE_CORE) {
		core = floor_of(r, pool);
		if (!core)
			return unknown;
		floor = core->bios;
		/* a table whose bios never go to two devices has one clone */
		if (r->by_need && !floor.least &&
		    role_has(pool->role, ROLE_TRAIT_CLONE))
			return (struct reload_range){
				1, core->other_than_verity ? value : 1
			};
		/* the targets required no more when the pool was created */
		if (floor.most > pool->min)
			floor.most = greater(pool->min, floor.least);
	}
	return (struct reload_range){ greater(value, floor.least),
				      greater(value, floor.most) };
}

bool reload_changes(const struct reload *r, const struct sample_pool *pool,
		    uint64_t value, uint64_t *expected)
{
	struct reload_range then = reload_elements(r, pool, value);

	*expected = then.least;
	if (pool->min == MEMTOP_UNKNOWN || then.most == MEMTOP_UNKNOWN)
		return false;
	if (pool->min > then.most)
		*expected = then.most;
	return pool->min < then.least || pool->min > then.most;
}
