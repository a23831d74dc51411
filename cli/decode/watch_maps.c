// SPDX-License-Identifier: GPL-2.0-only
#include "decode/watch_maps.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/compare.h"
#include "sample/roles.h"
#include "sample/sample.h"
#include "sample/targets.h"
#include "sample/wait_histogram.h"

/* mempool_alloc() sleeps this long, then retries: io_schedule_timeout(5*HZ) */
#define RETRY_NS 5000000000ULL

/* ---- two sources ------------------------------------------------------------ */

static int compare_places(const struct sample_pool *a,
			  const struct sample_pool *b)
{
	int order = sample_compare_devno(a->dev, b->dev);

	if (!order)
		order = compare_u64(a->slot, b->slot);
	if (!order)
		order = compare_u64(a->target_index, b->target_index);
	return order ? order : strcmp(a->role, b->role);
}

/* By place, then in order: an index into the pools of a sample. */
struct by_place {
	const struct sample_pool **all; /* owned */
	size_t nr;
};

static int compare_by_place(const void *pa, const void *pb)
{
	const struct sample_pool *const *a = pa, *const *b = pb;

	return compare_places(*a, *b);
}

static void index_pools(const struct sample *s, struct by_place *ret)
{
	*ret = (struct by_place){ .all = xcalloc(s->nr_pools,
						 sizeof(*ret->all)) };
	for (size_t i = 0; i < s->nr_pools; i++) {
		if (s->pools[i].dev_known)
			ret->all[ret->nr++] = &s->pools[i];
	}
	if (ret->nr)
		qsort(ret->all, ret->nr, sizeof(*ret->all), compare_by_place);
}

/* Threads that wait according to the events, in order. */
struct pids {
	uint32_t *all; /* owned */
	size_t nr;
};

static int compare_pids(const void *pa, const void *pb)
{
	const uint32_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static void list_waiters(const struct sample *s, struct pids *ret)
{
	size_t nr = 0;

	for (size_t i = 0; i < s->nr_pools; i++)
		nr += s->pools[i].nr_waiters;
	*ret = (struct pids){ .all = xcalloc(nr, sizeof(*ret->all)) };
	for (size_t i = 0; i < s->nr_pools; i++) {
		for (size_t j = 0; j < s->pools[i].nr_waiters; j++)
			ret->all[ret->nr++] = s->pools[i].waiters[j].pid;
	}
	if (nr)
		qsort(ret->all, nr, sizeof(*ret->all), compare_pids);
}

/*
 * Tasks on the queue without an event for their beginning, because the map was
 * full.
 */
static void add_waiters(const struct pids *known, struct sample_pool *to,
			const struct sample_pool *from)
{
	for (size_t i = 0; i < from->nr_waiters; i++) {
		if (known->nr &&
		    bsearch(&from->waiters[i].pid, known->all, known->nr,
			    sizeof(*known->all), compare_pids))
			continue;
		to->waiters = xreallocarray(to->waiters, to->nr_waiters + 1,
					    sizeof(*to->waiters));
		to->waiters[to->nr_waiters++] = from->waiters[i];
	}
}

static void take_levels(struct sample_pool *to, const struct sample_pool *from)
{
	to->current = from->current;
	if (to->lowest > from->lowest)
		to->lowest = from->lowest;
	if (to->object_bytes == MEMTOP_UNKNOWN)
		to->object_bytes = from->object_bytes;
	if (to->footprint_bytes == MEMTOP_UNKNOWN)
		to->footprint_bytes = from->footprint_bytes;
	to->cached_bytes = from->cached_bytes;
}

/* The events' pool of this role without an owner; NULL: none, or several. */
static struct sample_pool *find_nobodys(struct sample *events, size_t nr,
					const char *role)
{
	struct sample_pool *found = NULL;

	for (size_t i = 0; i < nr; i++) {
		struct sample_pool *pool = &events->pools[i];

		if (pool->dev_known || strcmp(pool->role, role) != 0)
			continue;
		if (found)
			return NULL;
		found = pool;
	}
	return found;
}

static bool is_shared(const struct sample *stock,
		      const struct sample_pool *pool)
{
	for (size_t i = 0; i < stock->nr_pools; i++) {
		const struct sample_pool *other = &stock->pools[i];

		if (other->id == pool->id &&
		    sample_compare_devno(other->dev, pool->dev) != 0)
			return true;
	}
	return false;
}

/*
 * Numbers of the walk's own pools begin above all that the events can use,
 * which have 32 bits times the pools of a group.
 */
#define STOCK_IDS (1ULL << 48)

/* The roles of clients of dm-io and dm-bufio without a name in the events. */
static const enum pool_role nameless[] = { POOL_OTHER_IO, POOL_OTHER_BIO,
					   POOL_OTHER_BVEC, POOL_OTHER_BUFFER };

/* Both sources while they are merged. */
struct merge {
	struct sample *events;
	size_t nr; /* of the pools that were from the events */
	const struct sample *stock;
	struct pids known;
	size_t next[ARRAY_SIZE(nameless)]; /* the next pool to try */
};

static bool is_walked(const struct sample_pool *pool)
{
	return pool->dev_known &&
	       target_reserves(pool->target_type) == TARGET_WALKED;
}

/*
 * The walk has named the pool @from, which the events list without a device. If
 * there are several, it cannot be known which one: one of the same kind is left
 * out, so that pools that the walk does not name are still counted, and none
 * twice.
 */
static void leave_out_nameless(struct merge *m, const struct sample_pool *from)
{
	bool buffers = role_has(from->role, ROLE_TRAIT_CACHED);
	size_t kind = buffers			 ? 3 :
		      role_is_bio(from->role)	 ? 1 :
		      role_is_biovec(from->role) ? 2 :
						   0;

	/* of a target's pools, only those of its clients */
	if (!buffers && !role_is_sized_by_parameter(from->role))
		return;
	for (size_t i = m->next[kind]; i < m->nr; i++) {
		struct sample_pool *pool = &m->events->pools[i];

		m->next[kind] = i + 1;
		if (pool->dev_known ||
		    strcmp(pool->role, role_row(nameless[kind])->name) != 0)
			continue;
		/* removed by drop_left_out() */
		pool->role[0] = 0;
		return;
	}
}

static void drop_left_out(struct merge *m)
{
	struct sample *s = m->events;
	size_t kept = 0;

	for (size_t i = 0; i < s->nr_pools; i++) {
		struct sample_pool *pool = &s->pools[i];

		if (i < m->nr && !pool->dev_known && !pool->role[0]) {
			free(pool->waiters);
			free(pool->holders);
			free(pool->wait_histogram);
			continue;
		}
		s->pools[kept++] = *pool;
	}
	s->nr_pools = kept;
}

/* A pool that the events do not list for @from's device. */
static void add_pool(struct merge *m, const struct sample_pool *from)
{
	struct sample *events = m->events;
	struct sample_pool *nobodys = find_nobodys(events, m->nr, from->role);
	struct sample_pool to = *from;

	if (is_walked(from))
		leave_out_nameless(m, from);
	to.id = STOCK_IDS + from->id;
	to.waiters = to.holders = NULL;
	to.nr_waiters = to.nr_holders = 0;
	wait_histogram_copy(&to, from);
	if (nobodys && is_shared(m->stock, from)) {
		to.id = nobodys->id;
		to.last_activity_ns = nobodys->last_activity_ns;
		/* its waiters are listed once, at the pool without an owner */
		take_levels(nobodys, from);
	} else {
		add_waiters(&m->known, &to, from);
	}
	events->pools = xreallocarray(events->pools, events->nr_pools + 1,
				      sizeof(*events->pools));
	events->pools[events->nr_pools++] = to;
}

/*
 * Merges the walk's data about pools that the events know, too; leaves the
 * others in @theirs.
 */
static void complete_pools(const struct merge *m, struct by_place *theirs)
{
	struct by_place ours;
	size_t at = 0, left = 0;

	index_pools(m->events, &ours);
	for (size_t i = 0; i < theirs->nr; i++) {
		const struct sample_pool *from = theirs->all[i];
		bool known = false;

		while (at < ours.nr && compare_places(ours.all[at], from) < 0)
			at++;
		for (size_t j = at; j < ours.nr; j++) {
			struct sample_pool *to =
				&m->events->pools[ours.all[j] -
						  m->events->pools];

			if (compare_places(to, from))
				break;
			/*
			 * of several in one place, all have the data of the
			 * first
			 */
			if (!i || compare_places(theirs->all[i - 1], from)) {
				take_levels(to, from);
				add_waiters(&m->known, to, from);
			}
			known = true;
		}
		if (!known)
			theirs->all[left++] = from;
	}
	theirs->nr = left;
	free(ours.all);
}

void watch_maps_merge(struct sample *events, const struct sample *stock)
{
	struct merge m = { .events = events,
			   .nr = events->nr_pools,
			   .stock = stock };
	struct by_place theirs;

	list_waiters(events, &m.known);
	index_pools(stock, &theirs);
	complete_pools(&m, &theirs);
	/* afterwards, because adding pools moves the events' pools */
	for (size_t i = 0; i < theirs.nr; i++)
		add_pool(&m, theirs.all[i]);
	drop_left_out(&m);
	free(theirs.all);
	free(m.known.all);
}

bool watch_maps_need_walk(const struct sample *events)
{
	for (size_t i = 0; i < events->nr_devices; i++) {
		const struct sample_device *d = &events->devices[i];

		for (size_t j = 0; j < d->nr_targets; j++) {
			if (target_reserves(d->targets[j].type) ==
			    TARGET_WALKED)
				return true;
		}
	}
	return false;
}

/*
 * The place of the number of the table in @slot of @d, in a list of three a
 * device.
 */
static size_t place_of(const struct sample *s, const struct sample_device *d,
		       enum sample_slot slot)
{
	return (size_t)(d - s->devices) * 3 + (size_t)slot;
}

/* The events' numbers of tables, which the caller frees; 0: no pool has it. */
static uint64_t *list_tables(const struct sample *events)
{
	uint64_t *tables = xcalloc(events->nr_devices * 3, sizeof(*tables));

	for (size_t i = 0; i < events->nr_pools; i++) {
		const struct sample_pool *pool = &events->pools[i];
		const struct sample_device *d =
			pool->dev_known ?
				sample_find_device(events, pool->dev) :
				NULL;

		if (d)
			tables[place_of(events, d, pool->slot)] =
				pool->table_id;
	}
	return tables;
}

void watch_maps_add_walked(struct sample *events, const struct sample *stock)
{
	struct merge m = { .events = events,
			   .nr = events->nr_pools,
			   .stock = stock };
	uint64_t *tables = list_tables(events);

	for (size_t i = 0; i < stock->nr_pools; i++) {
		const struct sample_pool *from = &stock->pools[i];
		const struct sample_device *d;

		if (!is_walked(from))
			continue;
		d = sample_find_device(events, from->dev);
		/* its table is newer, or was not complete */
		if (!d || d->torn || !tables[place_of(events, d, from->slot)])
			continue;
		add_pool(&m, from);
		events->pools[events->nr_pools - 1].table_id =
			tables[place_of(events, d, from->slot)];
	}
	drop_left_out(&m);
	free(tables);
}

/* ---- memory --------------------------------------------------------------------- */

struct known_wait {
	uint64_t pool;
	uint32_t pid;
	uint64_t since; /* when it was first seen */
	uint64_t switches; /* its switches at that time */
};

struct known_pool {
	uint64_t id;
	uint64_t current;
	uint64_t waiters; /* a sum over the waiters' pids */
	uint64_t moved;
};

static int compare_waits(const void *pa, const void *pb)
{
	const struct known_wait *a = pa, *b = pb;

	if (a->pool != b->pool)
		return a->pool < b->pool ? -1 : 1;
	return compare_u64(a->pid, b->pid);
}

static int compare_pools(const void *pa, const void *pb)
{
	const struct known_pool *a = pa, *b = pb;

	return compare_u64(a->id, b->id);
}

/* A waiter runs once for each retry, and once at the beginning. */
static bool goes_on(const struct known_wait *before, uint64_t now,
		    uint64_t switches)
{
	uint64_t retries = (now - before->since) / RETRY_NS + 1;

	return before->switches && switches >= before->switches &&
	       switches - before->switches <= retries;
}

static void apply_wait(const struct watch_memory *old,
		       struct watch_memory *fresh, uint64_t now, uint64_t pool,
		       struct sample_task *task)
{
	struct known_wait wait = {
		.pool = pool,
		.pid = task->pid,
		.since = now,
		.switches = task->switches,
	};
	const struct known_wait *before =
		old->nr_waits ? bsearch(&wait, old->waits, old->nr_waits,
					sizeof(wait), compare_waits) :
				NULL;

	if (before && now >= before->since &&
	    goes_on(before, now, task->switches))
		wait = *before;
	task->since_ns = wait.since;
	task->since_at_least = true;
	fresh->waits =
		xgrow(fresh->waits, fresh->nr_waits, sizeof(*fresh->waits));
	fresh->waits[fresh->nr_waits++] = wait;
}

static void apply_pool(const struct watch_memory *old,
		       struct watch_memory *fresh, uint64_t now,
		       struct sample_pool *pool)
{
	struct known_pool mark = { .id = pool->id, .current = pool->current };
	const struct known_pool *before;

	for (size_t i = 0; i < pool->nr_waiters; i++)
		mark.waiters += (uint64_t)pool->waiters[i].pid *
				(pool->waiters[i].pid | 1);
	before = old->nr_pools ? bsearch(&mark, old->pools, old->nr_pools,
					 sizeof(mark), compare_pools) :
				 NULL;
	if (before)
		mark.moved = before->current == mark.current &&
					     before->waiters == mark.waiters ?
				     before->moved :
				     now;
	pool->last_activity_ns = mark.moved;
	fresh->pools[fresh->nr_pools++] = mark;
}

void watch_memory_apply(struct watch_memory *memory, struct sample *s)
{
	struct watch_memory fresh = { 0 };

	fresh.pools = xcalloc(s->nr_pools, sizeof(*fresh.pools));
	for (size_t i = 0; i < s->nr_pools; i++) {
		struct sample_pool *pool = &s->pools[i];

		if (pool->last_activity_ns == MEMTOP_UNKNOWN)
			apply_pool(memory, &fresh, s->boottime_ns, pool);
		for (size_t j = 0; j < pool->nr_waiters; j++) {
			if (pool->waiters[j].since_ns == MEMTOP_UNKNOWN)
				apply_wait(memory, &fresh, s->boottime_ns,
					   pool->id, &pool->waiters[j]);
		}
	}
	if (fresh.nr_waits)
		qsort(fresh.waits, fresh.nr_waits, sizeof(*fresh.waits),
		      compare_waits);
	if (fresh.nr_pools)
		qsort(fresh.pools, fresh.nr_pools, sizeof(*fresh.pools),
		      compare_pools);
	watch_memory_release(memory);
	*memory = fresh;
}

void watch_memory_release(struct watch_memory *memory)
{
	free(memory->waits);
	free(memory->pools);
	*memory = (struct watch_memory){ 0 };
}
