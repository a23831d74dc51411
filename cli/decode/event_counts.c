// SPDX-License-Identifier: GPL-2.0-only
#include "decode/event_counts.h"

#include <linux/types.h>
#include <stdlib.h>
#include <string.h>

#include "memtop_record.h"
#include "base/alloc.h"
#include "base/compare.h"
#include "sample/roles.h"
#include "sample/sample.h"
#include "sample/wait_histogram.h"

/*
 * Whether each taking and returning of an element of @pool is an event: for
 * verity's pools, also without an owner. Other pools are used with each bio,
 * and have events for their level only.
 */
static bool is_told_whole(const struct sample_pool *pool)
{
	if (*pool->target_type)
		return strcmp(pool->target_type, "verity") == 0;
	return role_has(pool->role, ROLE_TRAIT_TOLD);
}

/* A pool without an entry has had no wait. */
static void fill_histogram(const struct pool_maps *maps,
			   struct sample_pool *pool)
{
	const struct memtop_histogram *h =
		map_copy_find(&maps->histograms, pool->id);
	uint64_t waits[WAIT_HISTOGRAM_BUCKETS] = { 0 };

	_Static_assert(sizeof(waits) == sizeof(h->waits), "the same buckets");
	if (h)
		memcpy(waits, h->waits, sizeof(waits));
	wait_histogram_set(pool, waits);
}

void event_counts_of(const struct pool_maps *maps, const struct memtop_use *use,
		     struct sample_pool *pool)
{
	if (pool->lowest > use->lowest_nr)
		pool->lowest = use->lowest_nr;
	pool->waits = use->waits;
	pool->sleeps = use->sleeps;
	pool->wait_ns = use->wait_ns;
	pool->longest_wait_ns = use->longest_wait_ns;
	pool->counted_since_ns = maps->started;
	fill_histogram(maps, pool);
	pool->last_activity_ns = use->last_activity;
	pool->drawn = use->drawn;
	pool->holders_known = is_told_whole(pool);
	if (pool->holders_known) {
		pool->holders_whole = use->whole && !maps->lossy;
		pool->takes = use->takes;
		pool->gives = use->gives;
	}
}

static int compare_ids(const void *a, const void *b)
{
	const struct sample_pool *pa = a, *pb = b;

	return compare_u64(pa->id, pb->id);
}

static struct sample_pool *find_pool(const struct sample *s, uint64_t id)
{
	struct sample_pool key = { .id = id };

	return s->nr_pools ? bsearch(&key, s->pools, s->nr_pools, sizeof(key),
				     compare_ids) :
			     NULL;
}

/* Appends @task to a list. */
static void add_task(struct sample_task **list, size_t *nr,
		     const struct memtop_task *task)
{
	bool io_known = task->io_sectors != 0;
	struct sample_task *to;

	*list = xgrow(*list, *nr, sizeof(**list));
	to = &(*list)[(*nr)++];
	*to = (struct sample_task){
		.pid = task->tid,
		.since_ns = task->since,
		.op = task->op ? task->op : MEMTOP_UNKNOWN,
		.io_known = io_known,
		.io_dev = { task->io_major, task->io_minor },
		.io_sector = io_known ? task->io_sector : MEMTOP_UNKNOWN,
		.io_sectors = io_known ? task->io_sectors : MEMTOP_UNKNOWN,
	};
	memcpy(to->comm, task->comm, sizeof(to->comm) - 1);
}

static void fill_waiters(const struct pool_maps *maps, struct sample *s)
{
	for (size_t i = 0; i < s->nr_pools; i++)
		s->pools[i].waiters_known = true;
	for (size_t i = 0; i < maps->waits.nr; i++) {
		const struct memtop_wait *wait = map_copy_at(&maps->waits, i);
		struct sample_pool *pool = find_pool(s, wait->pool);

		if (pool && pool_maps_current(maps, wait->pass))
			add_task(&pool->waiters, &pool->nr_waiters,
				 &wait->task);
	}
}

static void fill_holders(const struct pool_maps *maps, struct sample *s)
{
	for (size_t i = 0; i < maps->elements.nr; i++) {
		const struct memtop_element *e =
			map_copy_at(&maps->elements, i);
		struct sample_pool *pool = find_pool(s, e->pool);

		if (pool && pool->holders_known)
			add_task(&pool->holders, &pool->nr_holders, &e->task);
	}
}

static void add_op(struct sample_device *d, const struct memtop_op *op)
{
	struct sample_op *o;

	d->ops = xgrow(d->ops, d->nr_ops, sizeof(*d->ops));
	o = &d->ops[d->nr_ops++];
	*o = (struct sample_op){
		.op = op->op,
		.kind = op->kind == MEMTOP_RECHECK ? SAMPLE_RECHECK :
						     SAMPLE_DECODE,
		.pid = op->tid,
		.since_ns = op->since,
		.metadata = op->metadata,
		.block = op->block,
		.io_dev = { op->io_major, op->io_minor },
		.io_sector = op->io_sector,
		.io_sectors = op->io_sectors,
	};
	memcpy(o->comm, op->comm, sizeof(o->comm) - 1);
	if (o->kind == SAMPLE_RECHECK)
		d->rechecking++;
	else
		d->decoding++;
}

static void fill_ops(const struct pool_maps *maps, struct sample *s)
{
	for (size_t i = 0; i < s->nr_devices; i++) {
		s->devices[i].rechecking = 0;
		s->devices[i].decoding = 0;
		s->devices[i].ops_known = true;
	}
	for (size_t i = 0; i < maps->ops.nr; i++) {
		const struct memtop_op *op = map_copy_at(&maps->ops, i);
		struct sample_device *d = sample_find_device(
			s, (struct sample_devno){ op->major, op->minor });

		if (d && pool_maps_current(maps, op->pass))
			add_op(d, op);
	}
}

static void count_ops(const struct pool_maps *maps, struct sample *s)
{
	for (size_t i = 0; i < s->nr_devices; i++) {
		struct sample_device *d = &s->devices[i];

		d->rechecks = d->failed_rechecks = 0;
		d->decodes = d->failed_decodes = 0;
	}
	for (size_t i = 0; i < maps->tables.nr; i++) {
		const struct memtop_table *t = map_copy_at(&maps->tables, i);
		struct sample_device *d = sample_find_device(
			s, (struct sample_devno){ t->major, t->minor });

		if (!d || t->slot == MEMTOP_SLOT_LEAVING)
			continue;
		d->rechecks += t->rechecks;
		d->failed_rechecks += t->failed_rechecks;
		d->decodes += t->decodes;
		d->failed_decodes += t->failed_decodes;
	}
}

void event_counts_fill(const struct pool_maps *maps, struct sample *s)
{
	if (maps->counts_known) {
		count_ops(maps, s);
		fill_holders(maps, s);
	}
	if (maps->now_known) {
		fill_waiters(maps, s);
		fill_ops(maps, s);
	}
}
