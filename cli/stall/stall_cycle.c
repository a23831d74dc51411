// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds which of the blocked waiters wait for themselves in the end, and the
 * cycle. A pool leads to the waiters that must each be served before an element
 * of it comes back, and these lead to the pools that they wait for.
 */
#include <stdlib.h>

#include "stall/stall_state.h"
#include "base/alloc.h"

/* ---- pools that lead to each other ------------------------------------------ */

/*
 * Pools and needs share one numbering, in which needs follow pools. A pool
 * leads to the needs of its elements, a need to the pools of the blocked
 * waiters that must be served before it is met.
 */
struct frame {
	size_t node;
	size_t element; /* of a pool */
	size_t next; /* need of the element, or edge of the need */
};

/* Tarjan's algorithm, with an explicit stack. */
struct tarjan {
	struct stall_state *st;
	size_t *index; /* owned; of each node, from 1; 0: not visited */
	size_t *low; /* owned */
	bool *open; /* owned; on .stack */
	size_t *stack; /* owned */
	size_t nr_stack;
	struct frame *frames; /* owned */
	size_t nr_frames;
	size_t visited;
	size_t components;
};

static size_t nr_nodes(const struct stall_state *st)
{
	return st->nr_pools + st->nr_needs;
}

static void enter(struct tarjan *t, size_t node)
{
	t->index[node] = t->low[node] = ++t->visited;
	t->open[node] = true;
	t->stack[t->nr_stack++] = node;
	t->frames[t->nr_frames++] = (struct frame){ .node = node };
}

/* The next need of the pool of @f; false: no more. */
static bool next_need(const struct stall_state *st, struct frame *f,
		      size_t *need)
{
	const struct stall_pool *p = &st->pools[f->node];

	for (; f->element < p->nr_elements; f->element++, f->next = 0) {
		const struct stall_element *e =
			&st->elements[p->first_element + f->element];

		if (f->next < e->nr_needs) {
			*need = st->element_needs[e->first_need + f->next++];
			return true;
		}
	}
	return false;
}

/* The next edge of the need of @f to a blocked waiter. */
static bool next_edge(const struct stall_state *st, struct frame *f,
		      size_t *edge)
{
	const struct stall_need *need = &st->needs[f->node - st->nr_pools];

	while (f->next < need->nr_edges) {
		*edge = need->first_edge + f->next++;
		if (st->waits[st->edges[*edge].wait].blocked)
			return true;
	}
	return false;
}

/* The next node that the one of @f leads to. */
static bool next_node(const struct stall_state *st, struct frame *f,
		      size_t *node)
{
	size_t edge;

	if (f->node < st->nr_pools) {
		if (!next_need(st, f, node))
			return false;
		*node += st->nr_pools;
		return true;
	}
	if (!next_edge(st, f, &edge))
		return false;
	*node = st->waits[st->edges[edge].wait].pool;
	return true;
}

static size_t *component_of(struct stall_state *st, size_t node)
{
	return node < st->nr_pools ? &st->pools[node].component :
				     &st->needs[node - st->nr_pools].component;
}

static void leave(struct tarjan *t)
{
	size_t node = t->frames[--t->nr_frames].node, member;

	if (t->low[node] == t->index[node]) {
		do {
			member = t->stack[--t->nr_stack];
			t->open[member] = false;
			*component_of(t->st, member) = t->components;
		} while (member != node);
		t->components++;
	}
	if (t->nr_frames) {
		size_t parent = t->frames[t->nr_frames - 1].node;

		if (t->low[parent] > t->low[node])
			t->low[parent] = t->low[node];
	}
}

static void visit(struct tarjan *t, size_t start)
{
	enter(t, start);
	while (t->nr_frames) {
		struct frame *f = &t->frames[t->nr_frames - 1];
		size_t next;

		if (!next_node(t->st, f, &next)) {
			leave(t);
			continue;
		}
		if (!t->index[next])
			enter(t, next);
		else if (t->open[next] && t->low[f->node] > t->index[next])
			t->low[f->node] = t->index[next];
	}
}

static void find_components(struct stall_state *st)
{
	struct tarjan t = {
		.st = st,
		.index = xcalloc(nr_nodes(st), sizeof(*t.index)),
		.low = xcalloc(nr_nodes(st), sizeof(*t.low)),
		.open = xcalloc(nr_nodes(st), sizeof(*t.open)),
		.stack = xcalloc(nr_nodes(st), sizeof(*t.stack)),
		.frames = xcalloc(nr_nodes(st), sizeof(*t.frames)),
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
	st->search.edge = xcalloc(st->nr_pools, sizeof(size_t));
	st->search.element = xcalloc(st->nr_needs, sizeof(size_t));
	st->search.queue = xcalloc(nr_nodes(st), sizeof(size_t));
	st->culprits = xcalloc(st->nr_pools, sizeof(size_t));
	for (size_t i = 0; i < st->nr_pools; i++)
		st->search.edge[i] = st->culprits[i] = STALL_NONE;
	for (size_t i = 0; i < st->nr_needs; i++)
		st->search.element[i] = STALL_NONE;
	/* its pool is in a cycle with the pools that lead to it */
	for (size_t i = 0; i < st->nr_edges; i++) {
		const struct stall_edge *edge = &st->edges[i];
		struct stall_wait *w = &st->waits[edge->wait];
		size_t component = st->needs[edge->need].component;

		if (w->blocked && component != STALL_NONE &&
		    st->pools[w->pool].component == component)
			w->cyclic = true;
	}
}

/* ---- the way back ----------------------------------------------------------- */

/* Adds to the queue of @s the needs of @pool within its component. */
static void look_at_pool(struct stall_state *st, size_t pool,
			 struct stall_search *s)
{
	struct frame f = { .node = pool };
	size_t need;

	while (next_need(st, &f, &need) && stall_spend(st, 1)) {
		if (st->needs[need].component != st->pools[pool].component ||
		    s->element[need] != STALL_NONE)
			continue;
		s->element[need] = st->pools[pool].first_element + f.element;
		s->queue[s->nr++] = st->nr_pools + need;
	}
}

/*
 * Adds the pools to which @need leads. Returns the edge that leads to @wait, or
 * STALL_NONE.
 */
static size_t look_at_need(struct stall_state *st, size_t need, size_t wait,
			   struct stall_search *s)
{
	struct frame f = { .node = st->nr_pools + need };
	size_t edge;

	while (next_edge(st, &f, &edge) && stall_spend(st, 1)) {
		size_t to = st->waits[st->edges[edge].wait].pool;

		if (st->edges[edge].wait == wait)
			return edge;
		if (st->pools[to].component != st->needs[need].component ||
		    s->edge[to] != STALL_NONE || to == st->waits[wait].pool)
			continue;
		s->edge[to] = edge;
		s->queue[s->nr++] = to;
	}
	return STALL_NONE;
}

/* The element by which the search reached the need of @edge. */
static size_t element_before(const struct stall_state *st,
			     const struct stall_search *s, size_t edge)
{
	return s->element[st->edges[edge].need];
}

/* The steps from the pool @start to the edge @last, which is included. */
static struct stall_hop *trace_back(const struct stall_state *st,
				    const struct stall_search *s, size_t start,
				    size_t last, size_t *nr)
{
	struct stall_hop *hops;
	size_t edge = last, pool;

	for (*nr = 1;; ++*nr) {
		pool = st->elements[element_before(st, s, edge)].pool;
		if (pool == start)
			break;
		edge = s->edge[pool];
	}
	hops = xcalloc(*nr, sizeof(*hops));
	edge = last;
	for (size_t i = *nr; i-- > 0;) {
		hops[i] =
			(struct stall_hop){ element_before(st, s, edge), edge };
		edge = s->edge[st->elements[hops[i].element].pool];
	}
	return hops;
}

static void search_forget(const struct stall_state *st, struct stall_search *s)
{
	for (size_t i = 0; i < s->nr; i++) {
		if (s->queue[i] < st->nr_pools)
			s->edge[s->queue[i]] = STALL_NONE;
		else
			s->element[s->queue[i] - st->nr_pools] = STALL_NONE;
	}
	s->nr = 0;
}

struct stall_hop *stall_find_cycle(struct stall_state *st, size_t wait,
				   size_t *nr)
{
	size_t start = st->waits[wait].pool, last = STALL_NONE;
	struct stall_search *s = &st->search;
	struct stall_hop *ret = NULL;

	*nr = 0;
	s->queue[s->nr++] = start;
	for (size_t i = 0; i < s->nr && last == STALL_NONE; i++) {
		if (s->queue[i] < st->nr_pools)
			look_at_pool(st, s->queue[i], s);
		else
			last = look_at_need(st, s->queue[i] - st->nr_pools,
					    wait, s);
	}
	if (last != STALL_NONE)
		ret = trace_back(st, s, start, last, nr);
	search_forget(st, s);
	return ret;
}

/* The first blocked waiter that @pool leads to; STALL_NONE. */
static size_t first_waiter(const struct stall_state *st, size_t pool)
{
	struct frame f = { .node = pool };
	size_t need, edge;

	while (next_need(st, &f, &need)) {
		struct frame of_need = { .node = st->nr_pools + need };

		if (next_edge(st, &of_need, &edge))
			return st->edges[edge].wait;
	}
	return STALL_NONE;
}

size_t stall_find_culprit(struct stall_state *st, size_t wait)
{
	size_t start = st->waits[wait].pool, pool = start, culprit, next;

	/* each step leads to a blocked pool, so one pool is met twice */
	do {
		culprit = st->culprits[pool];
		if (culprit == STALL_NONE)
			culprit = first_waiter(st, pool);
		if (culprit == STALL_NONE || st->waits[culprit].cyclic)
			break;
		pool = st->waits[culprit].pool;
	} while (pool != start);
	if (culprit == STALL_NONE || !st->waits[culprit].cyclic)
		return STALL_NONE;
	/* all pools on the path have the same cycle */
	for (pool = start; st->culprits[pool] == STALL_NONE; pool = next) {
		size_t first = first_waiter(st, pool);

		st->culprits[pool] = culprit;
		if (st->waits[first].cyclic)
			break;
		next = st->waits[first].pool;
	}
	return culprit;
}
