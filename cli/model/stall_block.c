// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which waiters no order can serve. All are taken to be blocked at first; then
 * those are not for whom something is in, may be out unseen, or can come back;
 * with that more can come back. What is left is blocked.
 */
#include <stdlib.h>
#include <string.h>

#include "model/roles.h"
#include "model/stall_state.h"
#include "util/alloc.h"
#include "util/compare.h"

/* I/O of one holder, and blocks of one I/O that are looked at. */
#define MAX_IOS 16
#define MAX_BLOCKS 64

/* ---- what an element can't come back before -------------------------------- */

/* Where a repair works: its device, and the block on the one below. */
static int compare_places(const struct stall_op *a, const struct stall_op *b)
{
	int order = sample_compare_devno(a->device->dev, b->device->dev);

	if (!order)
		order = sample_compare_devno(a->op->io_dev, b->op->io_dev);
	if (!order)
		order = compare_u64(a->op->io_sector, b->op->io_sector);
	return order;
}

struct op_place {
	const struct stall_op *op;
	size_t at;
};

static int compare_op_places(const void *pa, const void *pb)
{
	const struct op_place *a = pa, *b = pb;
	int order = compare_places(a->op, b->op);

	return order ? order : compare_u64(a->at, b->at);
}

static bool is_stuck(const struct stall_state *st, const struct stall_op *op)
{
	/* blocks of the hash tree are not those that are asked for */
	return !op->op->metadata && op->wait != STALL_NONE &&
	       st->waits[op->wait].old;
}

static void index_stuck_ops(struct stall_state *st)
{
	struct op_place *places = xcalloc(st->nr_ops, sizeof(*places));
	size_t nr = 0;

	for (size_t i = 0; i < st->nr_ops; i++) {
		if (!is_stuck(st, &st->ops[i]))
			continue;
		places[nr++] = (struct op_place){ &st->ops[i], i };
		if (st->longest_op < st->ops[i].op->io_sectors)
			st->longest_op = st->ops[i].op->io_sectors;
	}
	qsort(places, nr, sizeof(*places), compare_op_places);
	st->stuck_ops = xcalloc(nr, sizeof(*st->stuck_ops));
	st->nr_stuck_ops = nr;
	for (size_t i = 0; i < nr; i++)
		st->stuck_ops[i] = places[i].at;
	free(places);
}

/* The first of .stuck_ops that may reach into @range, seen from @upper. */
static size_t first_stuck_op(const struct stall_state *st,
			     struct sample_devno upper,
			     const struct graph_range *range)
{
	const struct sample_device device = { .dev = upper };
	const struct sample_op op = {
		.io_dev = range->dev,
		.io_sector = range->sector > st->longest_op ?
				     range->sector - st->longest_op :
				     0,
	};
	const struct stall_op key = { .op = &op, .device = &device };
	size_t low = 0, high = st->nr_stuck_ops;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_places(&st->ops[st->stuck_ops[middle]], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_edge(struct stall_state *st, const struct stall_edge *edge)
{
	struct stall_element *e = &st->elements[edge->element];

	st->edges = xgrow(st->edges, st->nr_edges, sizeof(*st->edges));
	if (!e->nr_edges++)
		e->first_edge = st->nr_edges;
	st->edges[st->nr_edges++] = *edge;
}

/* A repair that began before I/O did works for somebody else's. */
static bool is_earlier(const struct sample_op *op, const struct stall_io *io)
{
	return op->since_ns != MEMTOP_UNKNOWN &&
	       io->since_ns != MEMTOP_UNKNOWN && op->since_ns < io->since_ns;
}

/* Adds the stuck repairs of @upper that work on a block of @range below it. */
static void add_blocks(struct stall_state *st, struct sample_devno upper,
		       const struct graph_range *range,
		       const struct stall_io *io, struct stall_edge *edge)
{
	size_t at = first_stuck_op(st, upper, range);

	for (size_t i = at; i < st->nr_stuck_ops && i - at < MAX_BLOCKS; i++) {
		const struct stall_op *op = &st->ops[st->stuck_ops[i]];

		if (sample_compare_devno(op->device->dev, upper) ||
		    sample_compare_devno(op->op->io_dev, range->dev) ||
		    (op->op->io_sector > range->sector &&
		     op->op->io_sector - range->sector >= range->sectors))
			break;
		edge->block = (struct graph_range){ op->op->io_dev,
						    op->op->io_sector,
						    op->op->io_sectors };
		if (!graph_overlap(&edge->block, range) ||
		    is_earlier(op->op, io))
			continue;
		edge->op = st->stuck_ops[i];
		edge->wait = op->wait;
		add_edge(st, edge);
	}
}

static void add_io(struct stall_state *st, size_t element,
		   const struct stall_io *io)
{
	size_t node = graph_find(&st->graph, io->range.dev);
	struct graph_ranges r;

	/* where it may be held as well, and is let go by a resume */
	if (node == GRAPH_NONE || st->suspended[node])
		return;
	graph_map(&st->graph, &io->range, &r);
	for (size_t i = 1; i < r.nr; i++) {
		struct stall_edge edge = { .element = element,
					   .io = r.all[r.from[i]] };

		add_blocks(st, r.all[r.from[i]].dev, &r.all[i], io, &edge);
	}
}

/* Whether @range is @io or what becomes of a part of it below. */
static bool is_part(const struct stall_state *st, const struct graph_range *io,
		    const struct graph_range *range)
{
	struct graph_ranges r;

	graph_map(&st->graph, io, &r);
	for (size_t i = 0; i < r.nr; i++) {
		if (graph_overlap(&r.all[i], range))
			return true;
	}
	return false;
}

static bool is_given_by_task(const char *role)
{
	return role_has_kind(role, "page") || strncmp(role, "fec.", 4) == 0;
}

/*
 * Whether the task of @e has to go on for it to come back. A page, and what a
 * correction works with, is given back by the task itself. What is for I/O is
 * given back when that ends, by whoever; the task is needed until it has been
 * sent, and it may have gone on to other I/O since.
 */
static bool keeps(const struct stall_state *st, const struct stall_element *e,
		  const struct stall_wait *own)
{
	const struct sample_task *task = e->task, *waiter = own->task;

	if (!task || is_given_by_task(st->pools[e->pool].main->role))
		return true;
	if (task->op != MEMTOP_UNKNOWN)
		return task->op == waiter->op;
	if (!task->io_known || !waiter->io_known)
		return false;
	return is_part(st,
		       &(struct graph_range){ task->io_dev, task->io_sector,
					      task->io_sectors },
		       &(struct graph_range){ waiter->io_dev, waiter->io_sector,
					      waiter->io_sectors });
}

static void find_own_wait(const struct stall_state *st, struct stall_element *e)
{
	size_t own = stall_find_wait(st, stall_holder_pid(st, e));

	if (own != STALL_NONE && keeps(st, e, &st->waits[own]))
		e->wait = own;
}

static void add_edges(struct stall_state *st, size_t element)
{
	struct stall_element *e = &st->elements[element];
	struct stall_io ios[MAX_IOS];
	size_t nr;

	find_own_wait(st, e);
	if (e->wait != STALL_NONE) {
		const struct stall_edge edge = { .element = element,
						 .wait = e->wait,
						 .op = STALL_NONE };

		/* its I/O has yet to begin */
		if (st->waits[e->wait].old)
			add_edge(st, &edge);
		return;
	}
	nr = stall_element_ios(st, e, ios, MAX_IOS);
	for (size_t i = 0; i < nr; i++)
		add_io(st, element, &ios[i]);
}

/* ---- who is served ---------------------------------------------------------- */

/* Edges by the wait that they are of. */
struct by_wait {
	size_t *first; /* owned; of each wait, and the end */
	size_t *edges; /* owned */
};

static void index_edges(const struct stall_state *st, struct by_wait *ret)
{
	ret->first = xcalloc(st->nr_waits + 2, sizeof(*ret->first));
	ret->edges = xcalloc(st->nr_edges, sizeof(*ret->edges));
	for (size_t i = 0; i < st->nr_edges; i++)
		ret->first[st->edges[i].wait + 2]++;
	for (size_t i = 0; i < st->nr_waits; i++)
		ret->first[i + 2] += ret->first[i + 1];
	/* [i + 1] is where the next one of i goes, then where i ends */
	for (size_t i = 0; i < st->nr_edges; i++)
		ret->edges[ret->first[st->edges[i].wait + 1]++] = i;
}

/* Pools of which something can come back, to be looked at. */
struct work {
	size_t *pools; /* owned */
	size_t nr;
};

static void open_pool(struct stall_state *st, size_t pool, struct work *work)
{
	if (!st->pools[pool].blocked)
		return;
	st->pools[pool].blocked = false;
	work->pools[work->nr++] = pool;
}

static void serve(struct stall_state *st, const struct by_wait *by, size_t wait,
		  struct work *work)
{
	if (!st->waits[wait].blocked)
		return;
	st->waits[wait].blocked = false;
	for (size_t i = by->first[wait]; i < by->first[wait + 1]; i++) {
		struct stall_element *e =
			&st->elements[st->edges[by->edges[i]].element];

		if (--e->blocking == 0)
			open_pool(st, e->pool, work);
	}
}

static void serve_all(struct stall_state *st)
{
	struct work work = { .pools = xcalloc(st->nr_pools, sizeof(size_t)) };
	struct by_wait by;

	index_edges(st, &by);
	for (size_t i = 0; i < st->nr_elements; i++) {
		struct stall_element *e = &st->elements[i];

		for (size_t j = 0; j < e->nr_edges; j++) {
			if (st->waits[st->edges[e->first_edge + j].wait].blocked)
				e->blocking++;
		}
		if (!e->blocking)
			open_pool(st, e->pool, &work);
	}
	while (work.nr) {
		const struct stall_pool *p = &st->pools[work.pools[--work.nr]];

		for (size_t i = 0; i < p->nr_waits; i++)
			serve(st, &by, p->first_wait + i, &work);
	}
	free(work.pools);
	free(by.first);
	free(by.edges);
}

void stall_block(struct stall_state *st)
{
	for (size_t i = 0; i < st->nr_waits; i++) {
		struct stall_wait *w = &st->waits[i];

		/* a younger one may well be served in a moment */
		w->blocked = w->old && st->pools[w->pool].blocked;
	}
	index_stuck_ops(st);
	for (size_t i = 0; i < st->nr_elements; i++)
		add_edges(st, i);
	serve_all(st);
}

/* ---- what goes on ----------------------------------------------------------- */

/* Whether nobody is stuck where I/O that came to @node may go unmatched. */
static bool is_clear(const struct stall_state *st, size_t node,
		     const struct graph_range *range)
{
	const struct graph_node *n = &st->graph.nodes[node];

	if (st->unmatched[node] || st->suspended[node])
		return false;
	for (size_t i = 0; i < n->nr_down; i++) {
		const struct sample_link *link =
			&st->graph.links[n->first_down + i];
		const struct graph_range part = { n->dev, link->start,
						  link->sectors };

		/* matched, or of no concern */
		if (link->mapped || (link->start != MEMTOP_UNKNOWN &&
				     link->sectors != MEMTOP_UNKNOWN &&
				     !graph_overlap(&part, range)))
			continue;
		if (st->stuck[st->graph.lower[n->first_down + i]])
			return false;
	}
	return !n->device || n->device->ops_known || !st->stuck[node];
}

/* Whether each step of the way of @io is known, and nobody is stuck on it. */
static bool is_under_way(const struct stall_state *st,
			 const struct stall_io *io)
{
	struct graph_ranges r;

	graph_map(&st->graph, &io->range, &r);
	for (size_t i = 0; i < r.nr; i++) {
		size_t node = graph_find(&st->graph, r.all[i].dev);

		if (node == GRAPH_NONE || !is_clear(st, node, &r.all[i]))
			return false;
	}
	return !r.cut;
}

static bool goes_on(const struct stall_state *st, const struct stall_element *e)
{
	struct stall_io ios[MAX_IOS];
	size_t nr;

	for (size_t i = 0; i < e->nr_edges; i++) {
		size_t wait = st->edges[e->first_edge + i].wait;

		if (st->pools[st->waits[wait].pool].stalled)
			return false;
	}
	if (e->wait != STALL_NONE)
		return !st->pools[st->waits[e->wait].pool].stalled;
	nr = stall_element_ios(st, e, ios, MAX_IOS);
	for (size_t i = 0; i < nr; i++) {
		if (!is_under_way(st, &ios[i]))
			return false;
	}
	return nr && nr < MAX_IOS;
}

bool stall_goes_on(const struct stall_state *st, struct stall_element *e)
{
	if (e->fate == FATE_NOT_ASKED)
		e->fate = !e->blocking && !st->stuck_somewhere &&
					  goes_on(st, e) ?
				  FATE_GOES_ON :
				  FATE_NOT_KNOWN;
	return e->fate == FATE_GOES_ON;
}
