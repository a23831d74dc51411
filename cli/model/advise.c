// SPDX-License-Identifier: GPL-2.0-only
#include "model/advise.h"

#include <stdlib.h>
#include <string.h>

#include "model/quantity.h"
#include "model/reload.h"
#include "model/snapshot.h"
#include "util/alloc.h"
#include "util/text.h"

/* A recording can have loops, and chains of any length. */
#define MAX_DEPTH 64

const char *const advise_rule_names[NR_ADVISE_RULES] = {
	[ADVISE_PROGRESS] = "progress",	  [ADVISE_FLUSH] = "flush",
	[ADVISE_USED] = "used",		  [ADVISE_WAITED] = "waited",
	[ADVISE_ELSEWHERE] = "elsewhere",
};

static uint64_t most_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t capped(uint64_t value)
{
	return value > RELOAD_MOST ? RELOAD_MOST : value;
}

/* Whether @b tells more than @a, both of the same rule. */
static bool is_stronger(const struct advise_reason *b,
			const struct advise_reason *a)
{
	if (a->value != b->value)
		return b->value > a->value;
	if (b->seen == MEMTOP_UNKNOWN)
		return false;
	return a->seen == MEMTOP_UNKNOWN || b->seen > a->seen;
}

static void offer(struct advise_evidence *e, enum advise_rule rule,
		  const struct advise_reason *reason)
{
	if (is_stronger(reason, &e->reasons[rule]))
		e->reasons[rule] = *reason;
}

static void set_device(struct advise_reason *r, const struct sample *s,
		       struct sample_devno dev)
{
	const struct sample_device *device = sample_find_device(s, dev);

	r->dev_known = true;
	r->dev = dev;
	if (device)
		text_copy(r->name, sizeof(r->name), device->name);
}

static struct advise_reason reason_of(const struct sample *s,
				      const struct sample_pool *pool)
{
	struct advise_reason r = { .min = pool->min,
				   .longest_wait_ns = pool->longest_wait_ns };

	if (pool->dev_known)
		set_device(&r, s, pool->dev);
	text_copy(r.role, sizeof(r.role), pool->role);
	return r;
}

/*
 * A reserve that was found empty should have had more: for each that waited at
 * the same time, or, where that is not known, as many again.
 */
static void add_waits(struct advise_evidence *e, const struct sample *s,
		      const struct sample_pool *pool)
{
	struct advise_reason r = reason_of(s, pool);
	uint64_t waiting = pool->waiters_known ? pool->nr_waiters : 0;
	bool waited = pool->waits != MEMTOP_UNKNOWN && pool->waits;

	if (!waited && !waiting)
		return;
	r.seen = pool->waits == MEMTOP_UNKNOWN ? waiting :
						 most_of(pool->waits, waiting);
	if (!reload_sizes(pool->role)) {
		r.value = 1;
		offer(e, ADVISE_ELSEWHERE, &r);
		return;
	}
	r.value = quantity_add(pool->min, most_of(pool->min, waiting));
	r.value = capped(r.value);
	offer(e, ADVISE_WAITED, &r);
}

static void add_level(struct advise_evidence *e, const struct sample *s,
		      const struct sample_pool *pool)
{
	/* unknown is more than any number */
	uint64_t lowest = pool->lowest < pool->current ? pool->lowest :
							 pool->current;
	struct advise_reason r = reason_of(s, pool);

	if (lowest == MEMTOP_UNKNOWN || pool->min == MEMTOP_UNKNOWN) {
		e->levels_unknown = true;
		return;
	}
	if (lowest >= pool->min)
		return;
	r.seen = pool->min - lowest;
	r.value = capped(r.seen);
	offer(e, ADVISE_USED, &r);
}

static uint64_t flush_bios(const char *type)
{
	struct reload_range bios = reload_flush_bios(type);

	return bios.most == MEMTOP_UNKNOWN ? 1 : bios.most;
}

/*
 * A flush makes a clone for each target, and what has been made stays queued
 * until the last one is. The first needs none: it is part of the io.
 */
static void add_flush(struct advise_evidence *e, const struct sample *s,
		      const struct sample_device *device, enum sample_slot slot)
{
	struct advise_reason r = { .longest_wait_ns = MEMTOP_UNKNOWN };

	for (size_t i = 0; i < device->nr_targets; i++) {
		if (device->targets[i].slot == slot)
			r.seen += flush_bios(device->targets[i].type);
	}
	if (r.seen < 2)
		return;
	r.value = capped(r.seen - 1);
	set_device(&r, s, device->dev);
	text_copy(r.role, sizeof(r.role), "core.clone");
	offer(e, ADVISE_FLUSH, &r);
}

void advise_add(struct advise_evidence *e, const struct sample *s)
{
	const struct advise_reason progress = {
		.value = 1, .longest_wait_ns = MEMTOP_UNKNOWN
	};

	if (!e->nr_samples)
		e->first_ns = s->boottime_ns;
	e->nr_samples++;
	e->last_ns = s->boottime_ns;
	e->reasons[ADVISE_PROGRESS] = progress;
	e->waits_unknown = false;
	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];

		add_waits(e, s, pool);
		if (!reload_sizes(pool->role))
			continue;
		add_level(e, s, pool);
		e->waits_unknown |= pool->waits == MEMTOP_UNKNOWN;
	}
	for (size_t i = 0; i < s->nr_devices; i++) {
		add_flush(e, s, &s->devices[i], SAMPLE_SLOT_LIVE);
		add_flush(e, s, &s->devices[i], SAMPLE_SLOT_INACTIVE);
	}
}

/* How many elements @pool has with the value, at most. */
static uint64_t elements_then(struct advice *advice,
			      const struct reload *reload,
			      const struct sample_pool *pool)
{
	struct reload_range then = reload_elements(reload, pool, advice->value);

	advice->at_least |= then.least != then.most;
	/* sized by what only the target or another parameter says */
	if (then.most == MEMTOP_UNKNOWN)
		return most_of(advice->value, pool->min);
	return then.most;
}

static void add_pool(struct advice *advice, struct advise_table *table,
		     const struct reload *reload, const struct snap_pool *pool)
{
	uint64_t min = pool->raw->min, expected;
	uint64_t then = elements_then(advice, reload, pool->raw);

	table->now = quantity_add(table->now, pool->reserved);
	table->then = quantity_add(
		table->then, quantity_mul(then, pool->raw->footprint_bytes));
	if (!reload_sizes(pool->raw->role))
		return;
	table->least = min < table->least ? min : table->least;
	table->most = most_of(table->most, min);
	table->reload |=
		reload_changes(reload, pool->raw, advice->value, &expected);
}

static bool has_fec(const struct snap_entry *entry)
{
	for (size_t i = 0; i < entry->nr_pools; i++) {
		if (entry->pools[i].group == ROLE_FEC)
			return true;
	}
	return false;
}

static void add_table(struct advice *advice, const struct reload *reload,
		      const struct snap_entry *entry)
{
	struct advise_table table = { .entry = entry, .least = UINT64_MAX };

	for (size_t i = 0; i < entry->nr_pools; i++)
		add_pool(advice, &table, reload, &entry->pools[i]);
	if (table.least == UINT64_MAX)
		return;
	advice->tables[advice->nr_tables++] = table;
	advice->nr_reload += table.reload;
	advice->nr_fec += has_fec(entry);
}

/* Sums over all pools, one that has several devices once. */
static void add_totals(struct advice *advice, const struct reload *reload,
		       const struct snapshot *snap)
{
	bool *seen = xcalloc(snap->nr_pools + 1, sizeof(*seen));

	for (size_t i = 0; i < snap->nr_pools; i++) {
		const struct snap_pool *pool = &snap->pools[i];
		uint64_t then = elements_then(advice, reload, pool->raw);

		if (seen[pool->identity])
			continue;
		seen[pool->identity] = true;
		advice->nr_shared += pool->nr_shared != 0;
		advice->now = quantity_add(advice->now, pool->reserved);
		advice->then = quantity_add(
			advice->then,
			quantity_mul(then, pool->raw->footprint_bytes));
	}
	free(seen);
}

/* How many devices of @s are on each other, at most. */
static uint64_t depth_of(const struct sample *s)
{
	uint64_t *depths = xcalloc(s->nr_devices + 1, sizeof(*depths));
	uint64_t depth = s->nr_devices != 0;
	bool grown = true;

	while (grown && depth < MAX_DEPTH) {
		grown = false;
		for (size_t i = 0; i < s->nr_devices; i++) {
			const struct sample_device *upper = &s->devices[i];

			for (size_t j = 0; j < upper->nr_lower; j++) {
				const struct sample_device *lower =
					sample_find_device(s, upper->lower[j]);
				uint64_t below =
					lower ? depths[lower - s->devices] + 1 :
						0;

				if (below <= depths[i])
					continue;
				depths[i] = below;
				depth = most_of(depth, below + 1);
				grown = true;
			}
		}
	}
	free(depths);
	return depth;
}

void advise_decide(const struct advise_evidence *e, const struct snapshot *snap,
		   uint64_t asked, struct advice *ret)
{
	struct reload reload;

	*ret = (struct advice){ .sample = snap->sample, .evidence = *e };
	for (size_t rule = 0; rule < NR_ADVISE_RULES; rule++)
		ret->least = most_of(ret->least, e->reasons[rule].value);
	ret->value = asked ? asked : ret->least;
	ret->tables = xcalloc(snap->nr_entries + 1, sizeof(*ret->tables));
	reload_init(snap->sample, &reload);
	for (size_t i = 0; i < snap->nr_entries; i++)
		add_table(ret, &reload, &snap->entries[i]);
	add_totals(ret, &reload, snap);
	reload_release(&reload);
	ret->depth = depth_of(snap->sample);
}

void advice_release(struct advice *advice)
{
	free(advice->tables);
	advice->tables = NULL;
}
