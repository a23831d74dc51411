// SPDX-License-Identifier: GPL-2.0-only
#include "stall/stall_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"

/* ---- pools ---------------------------------------------------------------- */

static int compare_entries(const void *pa, const void *pb)
{
	const struct sample_pool *a = *(const struct sample_pool *const *)pa;
	const struct sample_pool *b = *(const struct sample_pool *const *)pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return compare_addresses(a, b);
}

/* Chooses the entry of a pool that has more elements listed. */
static bool tells_more(const struct sample_pool *a, const struct sample_pool *b)
{
	if (a->holders_known != b->holders_known)
		return a->holders_known;
	return a->nr_holders > b->nr_holders;
}

static void add_pools(struct stall_state *st)
{
	const struct sample *s = st->sample;

	st->entries = xcalloc(s->nr_pools, sizeof(*st->entries));
	st->pools = xcalloc(s->nr_pools, sizeof(*st->pools));
	for (size_t i = 0; i < s->nr_pools; i++)
		st->entries[i] = &s->pools[i];
	qsort(st->entries, s->nr_pools, sizeof(*st->entries), compare_entries);
	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *entry = st->entries[i];
		struct stall_pool *last =
			st->nr_pools ? &st->pools[st->nr_pools - 1] : NULL;

		if (!last || last->main->id != entry->id ||
		    entry->id == MEMTOP_UNKNOWN) {
			st->pools[st->nr_pools++] = (struct stall_pool){
				.main = entry,
				.first_entry = i,
				.nr_entries = 1,
				.component = STALL_NONE,
			};
			continue;
		}
		last->nr_entries++;
		if (tells_more(entry, last->main))
			last->main = entry;
	}
}

/* ---- repairs -------------------------------------------------------------- */

static int compare_ops(const void *pa, const void *pb)
{
	const struct stall_op *a = pa, *b = pb;

	return compare_u64(a->op->op, b->op->op);
}

static void add_ops(struct stall_state *st)
{
	const struct sample *s = st->sample;

	for (size_t i = 0; i < s->nr_devices; i++) {
		for (size_t j = 0; j < s->devices[i].nr_ops; j++) {
			st->ops = xgrow(st->ops, st->nr_ops, sizeof(*st->ops));
			st->ops[st->nr_ops++] = (struct stall_op){
				.op = &s->devices[i].ops[j],
				.device = &s->devices[i],
				.wait = STALL_NONE,
			};
		}
	}
	if (st->nr_ops)
		qsort(st->ops, st->nr_ops, sizeof(*st->ops), compare_ops);
}

/* Lists the repairs of each device. */
static void index_ops(struct stall_state *st)
{
	const struct sample *s = st->sample;
	size_t *next = xcalloc(s->nr_devices + 1, sizeof(*next)), at = 0;

	st->first_op = xcalloc(s->nr_devices + 1, sizeof(*st->first_op));
	st->device_ops = xcalloc(st->nr_ops, sizeof(*st->device_ops));
	for (size_t i = 0; i < s->nr_devices; i++) {
		st->first_op[i] = next[i] = at;
		at += s->devices[i].nr_ops;
	}
	st->first_op[s->nr_devices] = at;
	for (size_t i = 0; i < st->nr_ops; i++)
		st->device_ops[next[st->ops[i].device - s->devices]++] = i;
	free(next);
}

size_t stall_find_op(const struct stall_state *st, uint64_t number)
{
	const struct sample_op wanted = { .op = number };
	const struct stall_op key = { .op = &wanted };
	const struct stall_op *found;

	if (!st->nr_ops || number == MEMTOP_UNKNOWN)
		return STALL_NONE;
	found = bsearch(&key, st->ops, st->nr_ops, sizeof(key), compare_ops);
	return found ? (size_t)(found - st->ops) : STALL_NONE;
}

/* ---- waiters -------------------------------------------------------------- */

static uint64_t age_of(const struct sample *s, uint64_t since_ns)
{
	if (since_ns == MEMTOP_UNKNOWN || s->boottime_ns == MEMTOP_UNKNOWN)
		return MEMTOP_UNKNOWN;
	return since_ns < s->boottime_ns ? s->boottime_ns - since_ns : 0;
}

/* The waiter's device: its repair's, else the only one of its pool. */
static void place_wait(const struct stall_state *st, struct stall_wait *w)
{
	const struct stall_pool *pool = &st->pools[w->pool];

	if (w->op != STALL_NONE) {
		w->dev_known = true;
		w->dev = st->ops[w->op].device->dev;
	} else if (pool->nr_entries == 1 && pool->main->dev_known) {
		w->dev_known = true;
		w->dev = pool->main->dev;
	}
	w->node = w->dev_known ? graph_find(&st->graph, w->dev) : GRAPH_NONE;
}

static int compare_waits(const void *pa, const void *pb)
{
	const struct stall_wait *a = pa, *b = pb;

	if (a->pool != b->pool)
		return a->pool < b->pool ? -1 : 1;
	return compare_u64(a->task->pid, b->task->pid);
}

/* A pool that is listed twice may list its waiters twice. */
static void drop_duplicates(struct stall_state *st)
{
	size_t kept = 0;

	if (st->nr_waits)
		qsort(st->waits, st->nr_waits, sizeof(*st->waits),
		      compare_waits);
	for (size_t i = 0; i < st->nr_waits; i++) {
		if (kept &&
		    compare_waits(&st->waits[kept - 1], &st->waits[i]) == 0)
			continue;
		st->waits[kept++] = st->waits[i];
	}
	st->nr_waits = kept;
}

static void add_pool_waits(struct stall_state *st, size_t pool)
{
	const struct stall_pool *p = &st->pools[pool];

	for (size_t i = 0; i < p->nr_entries; i++) {
		const struct sample_pool *entry =
			st->entries[p->first_entry + i];

		for (size_t j = 0; j < entry->nr_waiters; j++) {
			struct stall_wait w = {
				.entry = entry,
				.task = &entry->waiters[j],
				.pool = pool,
			};

			w.age_ns = age_of(st->sample, w.task->since_ns);
			w.old = w.age_ns != MEMTOP_UNKNOWN &&
				w.age_ns >= st->threshold_ns;
			w.op = stall_find_op(st, w.task->op);
			place_wait(st, &w);
			st->waits = xgrow(st->waits, st->nr_waits,
					  sizeof(*st->waits));
			st->waits[st->nr_waits++] = w;
		}
	}
}

static int compare_numbers(const void *pa, const void *pb)
{
	const struct stall_number *a = pa, *b = pb;
	int order = compare_u64(a->number, b->number);

	return order ? order : compare_u64(a->at, b->at);
}

size_t *stall_index(struct stall_number *numbers, size_t nr)
{
	size_t *ret = xcalloc(nr, sizeof(*ret));

	qsort(numbers, nr, sizeof(*numbers), compare_numbers);
	for (size_t i = 0; i < nr; i++)
		ret[i] = numbers[i].at;
	return ret;
}

static void index_pids(struct stall_state *st)
{
	struct stall_number *pids = xcalloc(st->nr_waits, sizeof(*pids));

	for (size_t i = 0; i < st->nr_waits; i++)
		pids[i] = (struct stall_number){ st->waits[i].task->pid, i };
	st->by_pid = stall_index(pids, st->nr_waits);
	free(pids);
}

size_t stall_find_wait(const struct stall_state *st, uint32_t pid)
{
	size_t low = 0, high = st->nr_waits;

	/* of interrupts, which do not wait, or of unknown tasks */
	if (!pid)
		return STALL_NONE;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (st->waits[st->by_pid[middle]].task->pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == st->nr_waits || st->waits[st->by_pid[low]].task->pid != pid)
		return STALL_NONE;
	return st->by_pid[low];
}

static void add_waits(struct stall_state *st)
{
	for (size_t i = 0; i < st->nr_pools; i++)
		add_pool_waits(st, i);
	drop_duplicates(st);
	for (size_t i = 0; i < st->nr_waits; i++) {
		struct stall_pool *p = &st->pools[st->waits[i].pool];

		if (!p->nr_waits++)
			p->first_wait = i;
	}
	index_pids(st);
	for (size_t i = 0; i < st->nr_ops; i++)
		st->ops[i].wait = stall_find_wait(st, st->ops[i].op->pid);
}

/* ---- places where tasks are stuck ----------------------------------------- */

/* Sets @flags of the nodes at @from and of all above. */
static void spread_up(struct stall_state *st, const size_t *from, size_t nr,
		      bool *flags)
{
	graph_reach(&st->graph, from, nr, GRAPH_UP);
	for (size_t i = 0; i < st->graph.nr; i++)
		flags[i] |= st->graph.nodes[i].reached;
	for (size_t i = 0; i < nr; i++) {
		if (from[i] != GRAPH_NONE)
			flags[from[i]] = true;
	}
}

/*
 * Searches up from all suspended devices at once: the first one reached is the
 * nearest.
 */
static void note_suspended(struct stall_state *st)
{
	const struct graph *g = &st->graph;
	size_t *queue = xcalloc(g->nr, sizeof(*queue)), nr = 0;

	st->suspended = xcalloc(g->nr, sizeof(*st->suspended));
	st->suspended_by = xcalloc(g->nr, sizeof(*st->suspended_by));
	for (size_t i = 0; i < g->nr; i++) {
		const struct sample_device *d = g->nodes[i].device;

		if (!d || !d->suspended)
			continue;
		st->suspended[i] = true;
		st->suspended_by[i] = i;
		queue[nr++] = i;
	}
	for (size_t i = 0; i < nr; i++) {
		const struct graph_node *node = &g->nodes[queue[i]];

		for (size_t j = 0; j < node->nr_up; j++) {
			size_t up = g->up[node->first_up + j];

			if (st->suspended[up])
				continue;
			st->suspended[up] = true;
			st->suspended_by[up] = st->suspended_by[queue[i]];
			queue[nr++] = up;
		}
	}
	free(queue);
}

/*
 * Whether the block that @w works on can be distinguished from other I/O of its
 * device.
 */
static bool has_block(const struct stall_state *st, const struct stall_wait *w)
{
	return w->op != STALL_NONE && !st->ops[w->op].op->metadata;
}

static void note_stuck(struct stall_state *st)
{
	size_t *from = xcalloc(st->nr_waits, sizeof(*from)), nr = 0;

	st->stuck = xcalloc(st->graph.nr, sizeof(*st->stuck));
	st->unmatched = xcalloc(st->graph.nr, sizeof(*st->unmatched));
	for (size_t i = 0; i < st->nr_waits; i++) {
		const struct stall_wait *w = &st->waits[i];

		if (!w->old)
			continue;
		if (w->node == GRAPH_NONE) {
			st->stuck_somewhere |= !w->dev_known;
			continue;
		}
		from[nr++] = w->node;
		st->unmatched[w->node] |= !has_block(st, w);
	}
	spread_up(st, from, nr, st->stuck);
	free(from);
}

/* ---- all steps ------------------------------------------------------------ */

/*
 * Whether an element of @p is known to have been taken or returned within the
 * threshold.
 */
static bool has_moved(const struct stall_state *st, const struct stall_pool *p,
		      bool *known)
{
	const struct sample *s = st->sample;
	uint64_t last = 0;

	*known = false;
	for (size_t i = 0; i < p->nr_entries; i++) {
		uint64_t moved =
			st->entries[p->first_entry + i]->last_activity_ns;

		/* not since the watch started: at the latest then */
		if (moved == 0)
			moved = s->watched_since_ns;
		if (moved == MEMTOP_UNKNOWN || s->boottime_ns == MEMTOP_UNKNOWN)
			continue;
		*known = true;
		if (last < moved)
			last = moved;
	}
	return *known && age_of(s, last) < st->threshold_ns;
}

/*
 * Whether the current state shows that there was no activity: no element is in
 * the pool, all missing elements are known, and all were out before the
 * threshold began.
 */
static bool looks_stalled(const struct stall_state *st,
			  const struct stall_pool *p)
{
	if (p->main->current != 0 || !p->complete || !p->nr_elements)
		return false;
	for (size_t i = 0; i < p->nr_elements; i++) {
		const struct stall_element *e =
			&st->elements[p->first_element + i];
		uint64_t age = age_of(st->sample,
				      e->task ? e->task->since_ns :
						st->ops[e->op].op->since_ns);

		if (age == MEMTOP_UNKNOWN || age < st->threshold_ns)
			return false;
	}
	return true;
}

static bool is_empty(const struct stall_state *st, const struct stall_pool *p)
{
	for (size_t i = 0; i < p->nr_entries; i++) {
		uint64_t current = st->entries[p->first_entry + i]->current;

		if (current && current != MEMTOP_UNKNOWN)
			return false;
	}
	return true;
}

static void note_stalled(struct stall_state *st)
{
	for (size_t i = 0; i < st->nr_pools; i++) {
		struct stall_pool *p = &st->pools[i];
		bool known, moved = has_moved(st, p, &known);

		p->stalled = is_empty(st, p) &&
			     (known ? !moved : looks_stalled(st, p));
		/* a first guess, which stall_block() refines */
		p->blocked = p->complete && is_empty(st, p) && p->nr_elements;
	}
}

/* In proportion to the sample, and enough for all real ones. */
static void set_limits(struct stall_state *st)
{
	size_t nr = st->graph.nr + st->graph.nr_links + st->nr_pools +
		    st->nr_waits + st->nr_ops;

	for (size_t i = 0; i < st->nr_pools; i++)
		nr += st->pools[i].main->nr_holders;
	st->steps = (1UL << 16) + 256 * nr;
	st->room = (1UL << 14) + 8 * nr;
}

bool stall_spend(struct stall_state *st, size_t nr)
{
	if (st->steps < nr) {
		st->steps = 0;
		st->limited = true;
		return false;
	}
	st->steps -= nr;
	return true;
}

void stall_state_build(const struct sample *s, uint64_t threshold_ns,
		       struct stall_state *ret)
{
	*ret = (struct stall_state){
		.sample = s,
		.threshold_ns = threshold_ns,
	};
	graph_build(s, &ret->graph);
	add_pools(ret);
	add_ops(ret);
	index_ops(ret);
	add_waits(ret);
	set_limits(ret);
}

void stall_state_conclude(struct stall_state *st)
{
	note_suspended(st);
	note_stuck(st);
	note_stalled(st);
}

void stall_state_release(struct stall_state *st)
{
	graph_release(&st->graph);
	free(st->entries);
	free(st->pools);
	free(st->waits);
	free(st->by_pid);
	free(st->ops);
	free(st->device_ops);
	free(st->first_op);
	free(st->stuck_ops);
	free(st->stuck_since);
	free(st->elements);
	free(st->io_elements);
	free(st->needs);
	free(st->element_needs);
	free(st->edges);
	free(st->suspended);
	free(st->suspended_by);
	free(st->stuck);
	free(st->unmatched);
	free(st->io_seen);
	free(st->own);
	free(st->search.edge);
	free(st->search.element);
	free(st->search.queue);
	free(st->culprits);
	*st = (struct stall_state){ 0 };
}
