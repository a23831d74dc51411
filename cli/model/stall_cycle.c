// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which of the blocked waiters wait for themselves in the end, and how. A pool
 * leads to those that each have to be served before an element of it comes
 * back, and they to the pools that they wait for.
 */
#include <stdlib.h>

#include "model/stall_state.h"
#include "util/alloc.h"

/* ---- pools that lead to each other ------------------------------------------ */

/* A pool whose edges are being followed. */
struct frame {
	size_t pool;
	size_t element;
	size_t edge;
};

/* Tarjan's algorithm, with its stack beside the machine's. */
struct tarjan {
	struct stall_state *st;
	size_t *index; /* owned; of each pool, from 1; 0: not visited */
	size_t *low; /* owned */
	bool *open; /* owned; on .stack */
	size_t *stack; /* owned */
	size_t nr_stack;
	struct frame *frames; /* owned */
	size_t nr_frames;
	size_t visited;
	size_t components;
};

static void enter(struct tarjan *t, size_t pool)
{
	t->index[pool] = t->low[pool] = ++t->visited;
	t->open[pool] = true;
	t->stack[t->nr_stack++] = pool;
	t->frames[t->nr_frames++] = (struct frame){ .pool = pool };
}

/* The next edge of a blocked waiter; false: there is no more. */
static bool next_edge(const struct stall_state *st, struct frame *f,
		      size_t *edge)
{
	const struct stall_pool *p = &st->pools[f->pool];

	for (; f->element < p->nr_elements; f->element++, f->edge = 0) {
		const struct stall_element *e =
			&st->elements[p->first_element + f->element];

		while (f->edge < e->nr_edges) {
			*edge = e->first_edge + f->edge++;
			if (st->waits[st->edges[*edge].wait].blocked)
				return true;
		}
	}
	return false;
}

static void leave(struct tarjan *t)
{
	size_t pool = t->frames[--t->nr_frames].pool, member;

	if (t->low[pool] == t->index[pool]) {
		do {
			member = t->stack[--t->nr_stack];
			t->open[member] = false;
			t->st->pools[member].component = t->components;
		} while (member != pool);
		t->components++;
	}
	if (t->nr_frames) {
		size_t parent = t->frames[t->nr_frames - 1].pool;

		if (t->low[parent] > t->low[pool])
			t->low[parent] = t->low[pool];
	}
}

static void visit(struct tarjan *t, size_t start)
{
	enter(t, start);
	while (t->nr_frames) {
		struct frame *f = &t->frames[t->nr_frames - 1];
		size_t edge, next;

		if (!next_edge(t->st, f, &edge)) {
			leave(t);
			continue;
		}
		next = t->st->waits[t->st->edges[edge].wait].pool;
		if (!t->index[next])
			enter(t, next);
		else if (t->open[next] && t->low[f->pool] > t->index[next])
			t->low[f->pool] = t->index[next];
	}
}

static void find_components(struct stall_state *st)
{
	struct tarjan t = {
		.st = st,
		.index = xcalloc(st->nr_pools, sizeof(*t.index)),
		.low = xcalloc(st->nr_pools, sizeof(*t.low)),
		.open = xcalloc(st->nr_pools, sizeof(*t.open)),
		.stack = xcalloc(st->nr_pools, sizeof(*t.stack)),
		.frames = xcalloc(st->nr_pools, sizeof(*t.frames)),
	};

	for (size_t i = 0; i < st->nr_pools; i++) {
		if (st->pools[i].blocked && !t.index[i])
			visit(&t, i);
	}
	free(t.index);
	free(t.low);
	free(t.open);
	free(t.stack);
	free(t.frames);
}

void stall_find_cyclic(struct stall_state *st)
{
	find_components(st);
	st->search.by = xcalloc(st->nr_pools, sizeof(size_t));
	st->search.queue = xcalloc(st->nr_pools, sizeof(size_t));
	for (size_t i = 0; i < st->nr_pools; i++)
		st->search.by[i] = STALL_NONE;
	/* its pool leads to the one that leads to it */
	for (size_t i = 0; i < st->nr_edges; i++) {
		const struct stall_edge *edge = &st->edges[i];
		struct stall_wait *w = &st->waits[edge->wait];
		const struct stall_pool *p =
			&st->pools[st->elements[edge->element].pool];

		if (w->blocked && p->blocked &&
		    st->pools[w->pool].component == p->component)
			w->cyclic = true;
	}
}

/* ---- the way back ----------------------------------------------------------- */

static size_t pool_of(const struct stall_state *st, size_t edge)
{
	return st->elements[st->edges[edge].element].pool;
}

/*
 * Follows the edges of @pool within its component. Returns the one that leads
 * to @wait; STALL_NONE.
 */
static size_t look_from(struct stall_state *st, size_t pool, size_t wait,
			struct stall_search *s)
{
	struct frame f = { .pool = pool };
	size_t edge;

	while (next_edge(st, &f, &edge) && st->budget) {
		size_t to = st->waits[st->edges[edge].wait].pool;

		st->budget--;
		if (st->edges[edge].wait == wait)
			return edge;
		if (st->pools[to].component != st->pools[pool].component ||
		    s->by[to] != STALL_NONE || to == st->waits[wait].pool)
			continue;
		s->by[to] = edge;
		s->queue[s->nr++] = to;
	}
	return STALL_NONE;
}

/* The edges from @start to @last, that of the end included. */
static size_t *trace_back(const struct stall_state *st,
			  const struct stall_search *s, size_t start,
			  size_t last, size_t *nr)
{
	size_t *edges, at;

	*nr = 1;
	for (at = pool_of(st, last); at != start; at = pool_of(st, s->by[at]))
		++*nr;
	edges = xcalloc(*nr, sizeof(*edges));
	edges[*nr - 1] = last;
	at = pool_of(st, last);
	for (size_t i = *nr - 1; i > 0; i--) {
		edges[i - 1] = s->by[at];
		at = pool_of(st, s->by[at]);
	}
	return edges;
}

size_t *stall_find_cycle(struct stall_state *st, size_t wait, size_t *nr)
{
	size_t start = st->waits[wait].pool, last = STALL_NONE, *ret = NULL;
	struct stall_search *s = &st->search;

	*nr = 0;
	s->nr = 0;
	s->queue[s->nr++] = start;
	for (size_t i = 0; i < s->nr && last == STALL_NONE; i++)
		last = look_from(st, s->queue[i], wait, s);
	if (last != STALL_NONE)
		ret = trace_back(st, s, start, last, nr);
	for (size_t i = 0; i < s->nr; i++)
		s->by[s->queue[i]] = STALL_NONE;
	return ret;
}

size_t stall_find_culprit(const struct stall_state *st, size_t wait)
{
	/* each step leads on to a pool that is blocked, so one is met again */
	for (size_t i = 0; i <= st->nr_pools; i++) {
		struct frame f = { .pool = st->waits[wait].pool };
		size_t edge;

		if (!next_edge(st, &f, &edge))
			break;
		wait = st->edges[edge].wait;
		if (st->waits[wait].cyclic)
			return wait;
	}
	return STALL_NONE;
}
