// SPDX-License-Identifier: GPL-2.0-only
/* What samples show about the required size of reserves. */
#include <stdlib.h>
#include <string.h>

#include "model/advise.h"
#include "stall/graph.h"
#include "sample/quantity.h"
#include "sample/roles.h"
#include "model/part.h"
#include "model/reload.h"
#include "stall/stall.h"
#include "model/static_rules.h"
#include "base/alloc.h"
#include "base/compare.h"
#include "base/text.h"

/* Waits this long are stalls, the default of watch. */
#define THRESHOLD_NS UINT64_C(1000000000)

/* Facts about a pool from earlier samples. */
struct advise_pool {
	uint64_t id;
	uint64_t waits; /* in all, in the last sample */
	uint64_t counted; /* of those, the ones that are evidence */
	uint64_t excused; /* the lowest level that is not evidence */
	bool stuck; /* in the last sample */
	bool was_stuck; /* in any */
};

/* A sample while it is added. */
struct viewer {
	struct advise_evidence *e;
	const struct sample *s;
	struct graph graph;
	const bool *counts; /* by pool: it is evidence; NULL: all are */
	bool by_need; /* the kernel has kernel/fix */
	bool *stuck; /* owned; by pool: see mark_stuck() */
	bool *suspended; /* owned; by pool: for that reason */
};

static uint64_t greater(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Whether there shall be evidence about @pool. */
static bool counts(const struct viewer *v, const struct sample_pool *pool)
{
	return !v->counts || v->counts[pool - v->s->pools];
}

/* Of levels; unknown is more than any number. */
static uint64_t lower(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t capped(uint64_t value)
{
	return value > RELOAD_MOST ? RELOAD_MOST : value;
}

/* Whether @b requires more than @a, both of the same rule. */
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

static int compare_ids(const void *pa, const void *pb)
{
	const struct advise_pool *a = pa, *b = pb;

	return compare_u64(a->id, b->id);
}

/* The facts about the pool @id; NULL: none. */
static struct advise_pool *find_known(const struct advise_evidence *e,
				      uint64_t id)
{
	const struct advise_pool key = { .id = id };

	if (id == MEMTOP_UNKNOWN || !e->nr_sorted)
		return NULL;
	return bsearch(&key, e->pools, e->nr_sorted, sizeof(key), compare_ids);
}

/* ---- waits that no number of elements prevents ------------------------------- */

static void add_deadlock(struct viewer *v, const struct finding *f)
{
	struct advise_reason r = reason_of(v->s, f->pool);

	if (f->dev_known)
		set_device(&r, v->s, f->dev);
	r.value = 1;
	r.seen = 1;
	r.kind = f->kind;
	r.longest_wait_ns = f->age_ns;
	offer(v->e, ADVISE_DEADLOCK, &r);
}

/* Records that @pool, which serves @dev, also serves @upper, which is on it. */
static void note_shared(struct viewer *v, const struct sample_pool *pool,
			bool dev_known, struct sample_devno dev,
			struct sample_devno upper)
{
	struct advise_reason r = reason_of(v->s, pool);
	const struct sample_device *device = sample_find_device(v->s, upper);

	if (dev_known)
		set_device(&r, v->s, dev);
	r.value = 1;
	r.seen = 1;
	r.longest_wait_ns = MEMTOP_UNKNOWN;
	r.cause_known = true;
	r.cause = upper;
	text_copy(r.cause_name, sizeof(r.cause_name),
		  device ? device->name : "");
	offer(v->e, ADVISE_SHARED, &r);
}

/* Whether an element is out for another device than the waiter's. */
static bool has_holder_elsewhere(const struct finding *f)
{
	for (size_t i = 0; i < f->nr_holders; i++) {
		const struct finding_holder *h = &f->holders[i];

		if (h->dev_known && sample_compare_devno(h->dev, f->dev) != 0)
			return true;
	}
	return false;
}

/* For a pool without an owner, its tasks show which devices it serves. */
static void look_at_holders(struct viewer *v, const struct finding *f)
{
	size_t node = f->dev_known ? graph_find(&v->graph, f->dev) : GRAPH_NONE;

	if (node == GRAPH_NONE || !has_holder_elsewhere(f) ||
	    v->e->reasons[ADVISE_SHARED].value)
		return;
	graph_reach(&v->graph, &node, 1, GRAPH_UP);
	for (size_t i = 0; i < f->nr_holders; i++) {
		const struct finding_holder *h = &f->holders[i];
		size_t at = h->dev_known ? graph_find(&v->graph, h->dev) :
					   GRAPH_NONE;

		if (at == GRAPH_NONE || at == node ||
		    !v->graph.nodes[at].reached)
			continue;
		note_shared(v, f->pool, true, f->dev, h->dev);
		return;
	}
}

/*
 * Marks pools whose waits have a cause, and in @from the nodes of their
 * devices.
 */
static size_t look_at_findings(struct viewer *v, size_t *from)
{
	struct findings found;
	size_t nr = 0;

	if (!sample_anybody_waits(v->s))
		return 0;
	stall_find(v->s, THRESHOLD_NS, &found);
	for (size_t i = 0; i < found.nr; i++) {
		const struct finding *f = &found.all[i];
		bool dead = f->kind >= FINDING_POSSIBLE_DEADLOCK ||
			    f->cause == CAUSE_DEADLOCK;
		size_t node = f->dev_known && dead ?
				      graph_find(&v->graph, f->dev) :
				      GRAPH_NONE;

		if (counts(v, f->pool))
			look_at_holders(v, f);
		if (dead && counts(v, f->pool))
			add_deadlock(v, f);
		if (!dead && f->cause != CAUSE_SUSPENDED)
			continue;
		v->stuck[f->pool - v->s->pools] = true;
		v->suspended[f->pool - v->s->pools] |= !dead;
		if (node != GRAPH_NONE && nr < v->graph.nr)
			from[nr++] = node;
	}
	findings_release(&found);
	return nr;
}

/* Marks the pools of the devices @from, by node, and of those above. */
static void mark_above(struct viewer *v, const size_t *from, size_t nr,
		       bool *marks)
{
	bool *at = xcalloc(v->graph.nr, sizeof(*at));

	graph_reach(&v->graph, from, nr, GRAPH_UP);
	for (size_t i = 0; i < nr; i++)
		at[from[i]] = true;
	for (size_t i = 0; i < v->s->nr_pools; i++) {
		const struct sample_pool *pool = &v->s->pools[i];
		size_t node = pool->dev_known ?
				      graph_find(&v->graph, pool->dev) :
				      GRAPH_NONE;

		if (node != GRAPH_NONE)
			marks[i] |= at[node] || v->graph.nodes[node].reached;
	}
	free(at);
}

/*
 * Elements out of a device's reserves, and their waiters, are no evidence about
 * the size while the device or one below it is suspended, or while a task that
 * works for either is in a deadlock.
 */
static void mark_stuck(struct viewer *v)
{
	size_t *from = xcalloc(v->graph.nr, sizeof(*from));
	size_t nr = look_at_findings(v, from);

	if (nr)
		mark_above(v, from, nr, v->stuck);
	nr = 0;
	for (size_t i = 0; i < v->graph.nr; i++) {
		if (v->graph.nodes[i].device &&
		    v->graph.nodes[i].device->suspended)
			from[nr++] = i;
	}
	if (nr)
		mark_above(v, from, nr, v->suspended);
	for (size_t i = 0; i < v->s->nr_pools; i++)
		v->stuck[i] |= v->suspended[i];
	free(from);
}

/* The nearest suspended device at or below @dev; NULL: none. */
static const struct sample_device *find_suspended(struct viewer *v,
						  struct sample_devno dev)
{
	size_t node = graph_find(&v->graph, dev), nr;

	if (node == GRAPH_NONE)
		return NULL;
	if (v->graph.nodes[node].device &&
	    v->graph.nodes[node].device->suspended)
		return v->graph.nodes[node].device;
	nr = graph_reach(&v->graph, &node, 1, GRAPH_DOWN);
	for (size_t i = 0; i < nr; i++) {
		const struct graph_node *n = &v->graph.nodes[v->graph.order[i]];

		if (n->device && n->device->suspended)
			return n->device;
	}
	return NULL;
}

/* Records the waits that do not count because a device is suspended. */
static void add_suspended(struct viewer *v, const struct sample_pool *pool)
{
	struct advise_reason r = reason_of(v->s, pool);
	const struct sample_device *cause;

	r.value = 1;
	r.seen = pool->waiters_known ? pool->nr_waiters : 0;
	r.longest_wait_ns = MEMTOP_UNKNOWN;
	if (!r.seen && !(pool->current < pool->min))
		return;
	if (!is_stronger(&r, &v->e->reasons[ADVISE_SUSPENDED]))
		return;
	cause = pool->dev_known ? find_suspended(v, pool->dev) : NULL;
	if (cause) {
		r.cause_known = true;
		r.cause = cause->dev;
		text_copy(r.cause_name, sizeof(r.cause_name), cause->name);
	}
	offer(v->e, ADVISE_SUSPENDED, &r);
}

static void add_shared(struct viewer *v)
{
	struct static_hits hits;

	static_rules_find(v->s, &hits);
	for (size_t i = 0; i < hits.nr; i++) {
		const struct static_hit *hit = &hits.all[i];

		if (hit->rule == STATIC_SHARED && counts(v, hit->pool))
			note_shared(v, hit->pool, hit->dev_known, hit->dev,
				    hit->upper);
	}
	static_hits_release(&hits);
}

/* ---- evidence for a larger value ---------------------------------------------- */

/*
 * An exhausted reserve needed more elements: one for each task that waited at
 * the same time or, if that is not known, as many again.
 */
static void add_waits(struct viewer *v, const struct sample_pool *pool,
		      const struct advise_pool *known)
{
	struct advise_reason r = reason_of(v->s, pool);
	uint64_t waiting = 0;

	if (!known->stuck && pool->waiters_known)
		waiting = pool->nr_waiters;
	r.seen = greater(known->counted, waiting);
	if (!r.seen)
		return;
	if (known->was_stuck)
		r.longest_wait_ns = MEMTOP_UNKNOWN;
	if (!reload_sizes_pool(pool, v->by_need)) {
		r.value = 1;
		offer(v->e, ADVISE_ELSEWHERE, &r);
		return;
	}
	r.value = quantity_add(pool->min, greater(pool->min, waiting));
	r.value = capped(r.value);
	offer(v->e, ADVISE_WAITED, &r);
}

static void add_level(struct viewer *v, const struct sample_pool *pool,
		      const struct advise_pool *known)
{
	uint64_t lowest = pool->lowest < known->excused ? pool->lowest :
							  MEMTOP_UNKNOWN;
	struct advise_reason r = reason_of(v->s, pool);

	if (lower(pool->lowest, pool->current) == MEMTOP_UNKNOWN ||
	    pool->min == MEMTOP_UNKNOWN) {
		v->e->levels_unknown = true;
		return;
	}
	lowest = lower(lowest, pool->current);
	if (known->stuck || lowest >= pool->min)
		return;
	r.seen = pool->min - lowest;
	r.value = capped(r.seen);
	offer(v->e, ADVISE_USED, &r);
}

/*
 * Counts continue from sample to sample. Their increase between two samples is
 * evidence if the pool was stuck in neither.
 */
static void update_known(struct advise_pool *known,
			 const struct sample_pool *pool, bool stuck)
{
	bool touched = stuck || known->stuck;

	if (pool->waits != MEMTOP_UNKNOWN) {
		if (!touched)
			known->counted += pool->waits > known->waits ?
						  pool->waits - known->waits :
						  0;
		known->waits = pool->waits;
	}
	if (touched)
		known->excused = lower(known->excused, pool->lowest);
	known->stuck = stuck;
	known->was_stuck |= stuck;
}

static void add_pool(struct viewer *v, const struct sample_pool *pool)
{
	size_t nr = (size_t)(pool - v->s->pools);
	struct advise_pool fresh = { .id = pool->id,
				     .excused = MEMTOP_UNKNOWN };
	struct advise_pool *known = find_known(v->e, pool->id);
	struct advise_evidence *e = v->e;

	if (!known) {
		known = &fresh;
		if (pool->id != MEMTOP_UNKNOWN) {
			e->pools =
				xgrow(e->pools, e->nr_pools, sizeof(*e->pools));
			known = &e->pools[e->nr_pools++];
			*known = fresh;
		}
	}
	update_known(known, pool, v->stuck[nr]);
	add_waits(v, pool, known);
	if (v->suspended[nr])
		add_suspended(v, pool);
	if (!reload_sizes_pool(pool, v->by_need))
		return;
	add_level(v, pool, known);
	e->waits_unknown |= pool->waits == MEMTOP_UNKNOWN;
}

static uint64_t flush_bios(const char *type)
{
	struct reload_range bios = reload_flush_bios(type);

	return bios.most == MEMTOP_UNKNOWN ? 1 : bios.most;
}

/*
 * A flush makes a clone for each target, and all stay queued until the last one
 * is made. The first needs none: it is part of the io.
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
	text_copy(r.role, sizeof(r.role), role_row(POOL_CORE_CLONE)->name);
	offer(e, ADVISE_FLUSH, &r);
}

uint64_t advise_time(const struct advise_evidence *e)
{
	if (e->last_ns == MEMTOP_UNKNOWN || e->last_ns <= e->first_ns)
		return e->before_ns;
	return e->before_ns + (e->last_ns - e->first_ns);
}

void advise_new_run(struct advise_evidence *e)
{
	e->before_ns = advise_time(e);
	e->first_ns = MEMTOP_UNKNOWN;
	e->last_ns = MEMTOP_UNKNOWN;
	e->nr_pools = 0;
	e->nr_sorted = 0;
	free(e->pools);
	e->pools = NULL;
}

/* @devices: those whose flushes count. */
static void add_sample(struct advise_evidence *e, const struct sample *s,
		       const struct sample *devices, const bool *which)
{
	const struct advise_reason progress = {
		.value = 1, .longest_wait_ns = MEMTOP_UNKNOWN
	};
	struct viewer v = {
		.e = e, .s = s, .counts = which, .by_need = reload_is_by_need(s)
	};

	if (!e->nr_samples || e->first_ns == MEMTOP_UNKNOWN)
		e->first_ns = s->boottime_ns;
	e->nr_samples++;
	e->last_ns = s->boottime_ns;
	e->reasons[ADVISE_PROGRESS] = progress;
	e->waits_unknown = false;
	graph_build(s, &v.graph);
	v.stuck = xcalloc(s->nr_pools, sizeof(*v.stuck));
	v.suspended = xcalloc(s->nr_pools, sizeof(*v.suspended));
	mark_stuck(&v);
	add_shared(&v);
	for (size_t i = 0; i < s->nr_pools; i++) {
		if (counts(&v, &s->pools[i]))
			add_pool(&v, &s->pools[i]);
	}
	if (e->nr_pools)
		sort_unsorted(e->pools, e->nr_pools, sizeof(*e->pools),
			      compare_ids);
	e->nr_sorted = e->nr_pools;
	for (size_t i = 0; i < devices->nr_devices; i++) {
		add_flush(e, s, &devices->devices[i], SAMPLE_SLOT_LIVE);
		add_flush(e, s, &devices->devices[i], SAMPLE_SLOT_INACTIVE);
	}
	free(v.suspended);
	free(v.stuck);
	graph_release(&v.graph);
}

void advise_add(struct advise_evidence *e, const struct sample *s)
{
	add_sample(e, s, s, NULL);
}

void advise_add_part(struct advise_evidence *e, const struct part *part)
{
	add_sample(e, part->whole, &part->sample, part->pools);
}

bool advise_is_stuck(const struct advise_evidence *e, uint64_t id)
{
	const struct advise_pool *known = find_known(e, id);

	return known && known->stuck;
}

void advise_evidence_release(struct advise_evidence *e)
{
	free(e->pools);
	*e = (struct advise_evidence){ 0 };
}
