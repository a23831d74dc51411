// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the waiters that no order of events can serve. At first all are assumed
 * to be blocked. Then those are released for which an element is in the pool,
 * may be out unseen, or can come back, which lets more elements come back. The
 * rest is blocked.
 */
#include <stdlib.h>
#include <string.h>

#include "sample/roles.h"
#include "stall/stall_state.h"
#include "base/alloc.h"
#include "base/compare.h"

/* Limit of I/O ranges of one holder that are searched. */
#define MAX_IOS 16

/* ---- what must happen before an element comes back ------------------------- */

/* The place of a repair: its device, and the block on the one below. */
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
	/* reads never ask for blocks of the hash tree */
	return !op->op->metadata && op->wait != STALL_NONE &&
	       st->waits[op->wait].old;
}

static int compare_times(const void *a, const void *b)
{
	return compare_u64(*(const uint64_t *)a, *(const uint64_t *)b);
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
	st->stuck_since = xcalloc(nr, sizeof(*st->stuck_since));
	for (size_t i = 0; i < nr; i++) {
		uint64_t since = places[i].op->op->since_ns;

		st->stuck_ops[i] = places[i].at;
		if (since != MEMTOP_UNKNOWN)
			st->stuck_since[st->nr_stuck_since++] = since;
	}
	qsort(st->stuck_since, st->nr_stuck_since, sizeof(*st->stuck_since),
	      compare_times);
	free(places);
}

/* How many of them began before @since_ns. */
static size_t count_older(const struct stall_state *st, uint64_t since_ns)
{
	size_t low = 0, high = st->nr_stuck_since;

	if (since_ns == MEMTOP_UNKNOWN)
		return 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (st->stuck_since[middle] < since_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first of .stuck_ops that may overlap @range, seen from @upper. */
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

/* The needs while they are built: for each wait, the last need that has it. */
struct maker {
	struct stall_state *st;
	size_t *last; /* owned */
};

/* Adds @edge to the last need; one for each wait is enough. */
static void add_edge(struct maker *m, const struct stall_edge *edge)
{
	struct stall_state *st = m->st;

	if (m->last[edge->wait] == edge->need)
		return;
	m->last[edge->wait] = edge->need;
	if (!st->room) {
		st->limited = true;
		return;
	}
	st->room--;
	st->edges = xgrow(st->edges, st->nr_edges, sizeof(*st->edges));
	st->edges[st->nr_edges++] = *edge;
	st->needs[edge->need].nr_edges++;
}

/* A repair that began before the I/O works for another one. */
static bool is_earlier(const struct sample_op *op, uint64_t since_ns)
{
	return op->since_ns != MEMTOP_UNKNOWN && since_ns != MEMTOP_UNKNOWN &&
	       op->since_ns < since_ns;
}

/* Adds the stuck repairs of @upper that work on a block of @range below it. */
static void add_blocks(struct maker *m, struct sample_devno upper,
		       const struct graph_range *range, struct stall_edge *edge)
{
	struct stall_state *st = m->st;
	uint64_t since_ns = st->needs[edge->need].since_ns;

	for (size_t i = first_stuck_op(st, upper, range);
	     i < st->nr_stuck_ops && stall_spend(st, 1); i++) {
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
		    is_earlier(op->op, since_ns))
			continue;
		edge->op = st->stuck_ops[i];
		edge->wait = op->wait;
		add_edge(m, edge);
	}
}

static void map_io(struct stall_state *st, const struct graph_range *io,
		   struct graph_ranges *ret)
{
	graph_map(&st->graph, io, ret);
	stall_spend(st, ret->steps);
}

static void add_io_edges(struct maker *m, size_t number)
{
	struct stall_state *st = m->st;
	const struct graph_range io = st->needs[number].io;
	size_t node = graph_find(&st->graph, io.dev);
	struct graph_ranges r;

	/* that device may hold it as well, and a resume releases it */
	if (node == GRAPH_NONE || st->suspended[node] || !stall_spend(st, 1))
		return;
	map_io(st, &io, &r);
	st->limited |= r.cut;
	for (size_t i = 1; i < r.nr; i++) {
		struct stall_edge edge = { .need = number,
					   .io = r.all[r.from[i]] };

		add_blocks(m, r.all[r.from[i]].dev, &r.all[i], &edge);
	}
}

/* Whether @range is @io or a part to which it is mapped below. */
static bool is_part(struct stall_state *st, const struct graph_range *io,
		    const struct graph_range *range)
{
	struct graph_ranges r;

	if (!stall_spend(st, 1))
		return false;
	map_io(st, io, &r);
	for (size_t i = 0; i < r.nr; i++) {
		if (graph_overlap(&r.all[i], range))
			return true;
	}
	return false;
}

/*
 * Whether the task of @e must continue before the element comes back. A page,
 * and the elements of a correction, are returned by the task itself. Elements
 * for I/O are returned when that ends, by any task; their task is needed only
 * until the I/O has been sent, and may since have continued with other I/O.
 */
static bool keeps(struct stall_state *st, const struct stall_element *e,
		  const struct stall_wait *own)
{
	const struct sample_task *task = e->task, *waiter = own->task;

	if (!task ||
	    role_has(st->pools[e->pool].main->role, ROLE_TRAIT_OF_TASK))
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

static void find_own_wait(struct stall_state *st, struct stall_element *e)
{
	size_t own = stall_find_wait(st, stall_holder_pid(st, e));

	if (own != STALL_NONE && keeps(st, e, &st->waits[own]))
		e->wait = own;
}

/* ---- needs ------------------------------------------------------------------- */

/* A need of an element, which others may share. */
struct asked {
	struct stall_need need;
	size_t element;
	size_t at; /* the place among all elements' */
};

struct asked_list {
	struct asked *all; /* owned */
	size_t nr;
};

static int compare_needs(const struct stall_need *a, const struct stall_need *b)
{
	int order = compare_u64(a->wait, b->wait);

	if (!order)
		order = sample_compare_devno(a->io.dev, b->io.dev);
	if (!order)
		order = compare_u64(a->io.sector, b->io.sector);
	if (!order)
		order = compare_u64(a->io.sectors, b->io.sectors);
	return order ? order : compare_u64(a->after, b->after);
}

static int compare_asked(const void *pa, const void *pb)
{
	const struct asked *a = pa, *b = pb;
	int order = compare_needs(&a->need, &b->need);

	return order ? order : compare_u64(a->at, b->at);
}

static void ask(struct stall_state *st, size_t element,
		const struct stall_need *need, struct asked_list *to)
{
	struct stall_element *e = &st->elements[element];

	to->all = xgrow(to->all, to->nr, sizeof(*to->all));
	if (!e->nr_needs++)
		e->first_need = to->nr;
	to->all[to->nr] = (struct asked){ *need, element, to->nr };
	to->nr++;
}

/* Collects the needs of @element: what must end before it comes back. */
static void ask_for(struct stall_state *st, size_t element,
		    struct asked_list *to)
{
	struct stall_element *e = &st->elements[element];
	struct stall_io ios[MAX_IOS];
	size_t nr;

	find_own_wait(st, e);
	if (e->wait != STALL_NONE) {
		const struct stall_need need = { .wait = e->wait };

		/* its I/O has not begun */
		ask(st, element, &need, to);
		return;
	}
	nr = stall_element_ios(st, e, ios, MAX_IOS);
	st->limited |= nr == MAX_IOS;
	for (size_t i = 0; i < nr; i++) {
		const struct stall_need need = {
			.wait = STALL_NONE,
			.io = ios[i].range,
			.since_ns = ios[i].since_ns,
			.after = count_older(st, ios[i].since_ns),
		};

		ask(st, element, &need, to);
	}
}

/* Merges equal needs. */
static void merge_needs(struct stall_state *st, struct asked_list *asked)
{
	if (asked->nr)
		qsort(asked->all, asked->nr, sizeof(*asked->all),
		      compare_asked);
	st->needs = xcalloc(asked->nr, sizeof(*st->needs));
	st->element_needs = xcalloc(asked->nr, sizeof(*st->element_needs));
	for (size_t i = 0; i < asked->nr; i++) {
		const struct asked *a = &asked->all[i];

		if (!i || compare_needs(&a[-1].need, &a->need)) {
			st->needs[st->nr_needs] = a->need;
			st->needs[st->nr_needs++].component = STALL_NONE;
		}
		st->element_needs[a->at] = st->nr_needs - 1;
	}
}

static void add_needs(struct stall_state *st)
{
	struct maker m = { st, xcalloc(st->nr_waits, sizeof(size_t)) };
	struct asked_list asked = { 0 };

	for (size_t i = 0; i < st->nr_elements; i++)
		ask_for(st, i, &asked);
	merge_needs(st, &asked);
	free(asked.all);
	for (size_t i = 0; i < st->nr_waits; i++)
		m.last[i] = STALL_NONE;
	for (size_t i = 0; i < st->nr_needs; i++) {
		struct stall_need *need = &st->needs[i];
		const struct stall_edge own = { .need = i,
						.wait = need->wait,
						.op = STALL_NONE };

		need->first_edge = st->nr_edges;
		if (need->wait == STALL_NONE)
			add_io_edges(&m, i);
		else if (st->waits[need->wait].old)
			add_edge(&m, &own);
	}
	free(m.last);
}

bool stall_is_held_up(const struct stall_state *st,
		      const struct stall_element *e)
{
	for (size_t i = 0; i < e->nr_needs; i++) {
		if (st->needs[st->element_needs[e->first_need + i]].nr_edges)
			return true;
	}
	return false;
}

/* ---- served waits ----------------------------------------------------------- */

/* An index of references, by number. */
struct index {
	size_t *first; /* owned; of each number, and the end */
	size_t *all; /* owned */
};

/* Begins an index of @nr numbers: counts the references of each. */
static void index_begin(struct index *ret, size_t nr, size_t nr_all)
{
	/* [i + 1] is the next free place of i, in the end the end of i */
	ret->first = xcalloc(nr + 2, sizeof(*ret->first));
	ret->all = xcalloc(nr_all, sizeof(*ret->all));
}

static void index_sum(struct index *index, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		index->first[i + 2] += index->first[i + 1];
}

static void index_add(struct index *index, size_t from, size_t to)
{
	index->all[index->first[from + 1]++] = to;
}

static void index_release(struct index *index)
{
	free(index->first);
	free(index->all);
}

/* Needs by the waits that must be served first. */
static void index_waits(const struct stall_state *st, struct index *ret)
{
	index_begin(ret, st->nr_waits, st->nr_edges);
	for (size_t i = 0; i < st->nr_edges; i++)
		ret->first[st->edges[i].wait + 2]++;
	index_sum(ret, st->nr_waits);
	for (size_t i = 0; i < st->nr_edges; i++)
		index_add(ret, st->edges[i].wait, st->edges[i].need);
}

/* Elements by their needs. */
static void index_needs(const struct stall_state *st, struct index *ret)
{
	size_t nr = 0;

	for (size_t i = 0; i < st->nr_elements; i++)
		nr += st->elements[i].nr_needs;
	index_begin(ret, st->nr_needs, nr);
	for (size_t i = 0; i < nr; i++)
		ret->first[st->element_needs[i] + 2]++;
	index_sum(ret, st->nr_needs);
	for (size_t i = 0; i < st->nr_elements; i++) {
		const struct stall_element *e = &st->elements[i];

		for (size_t j = 0; j < e->nr_needs; j++)
			index_add(ret, st->element_needs[e->first_need + j], i);
	}
}

/* Pools to which an element can come back, still to be processed. */
struct work {
	struct stall_state *st;
	struct index waits;
	struct index needs;
	size_t *pools; /* owned */
	size_t nr;
};

static void open_pool(struct work *work, size_t pool)
{
	struct stall_state *st = work->st;

	if (!st->pools[pool].blocked)
		return;
	st->pools[pool].blocked = false;
	work->pools[work->nr++] = pool;
}

/* Everything that @need waits for has been served. */
static void meet(struct work *work, size_t need)
{
	struct stall_state *st = work->st;
	const struct index *by = &work->needs;

	for (size_t i = by->first[need]; i < by->first[need + 1]; i++) {
		struct stall_element *e = &st->elements[by->all[i]];

		if (--e->blocking == 0)
			open_pool(work, e->pool);
	}
}

static void serve(struct work *work, size_t wait)
{
	struct stall_state *st = work->st;
	const struct index *by = &work->waits;

	if (!st->waits[wait].blocked)
		return;
	st->waits[wait].blocked = false;
	for (size_t i = by->first[wait]; i < by->first[wait + 1]; i++) {
		if (--st->needs[by->all[i]].blocking == 0)
			meet(work, by->all[i]);
	}
}

static void count_blocking(struct stall_state *st)
{
	for (size_t i = 0; i < st->nr_edges; i++) {
		if (st->waits[st->edges[i].wait].blocked)
			st->needs[st->edges[i].need].blocking++;
	}
	for (size_t i = 0; i < st->nr_elements; i++) {
		struct stall_element *e = &st->elements[i];

		for (size_t j = 0; j < e->nr_needs; j++) {
			size_t need = st->element_needs[e->first_need + j];

			e->blocking += st->needs[need].blocking != 0;
		}
	}
}

static void serve_all(struct stall_state *st)
{
	struct work work = { .st = st };

	work.pools = xcalloc(st->nr_pools, sizeof(size_t));
	index_waits(st, &work.waits);
	index_needs(st, &work.needs);
	count_blocking(st);
	for (size_t i = 0; i < st->nr_elements; i++) {
		if (!st->elements[i].blocking)
			open_pool(&work, st->elements[i].pool);
	}
	while (work.nr) {
		const struct stall_pool *p = &st->pools[work.pools[--work.nr]];

		for (size_t i = 0; i < p->nr_waits; i++)
			serve(&work, p->first_wait + i);
	}
	free(work.pools);
	index_release(&work.waits);
	index_release(&work.needs);
}

void stall_block(struct stall_state *st)
{
	for (size_t i = 0; i < st->nr_waits; i++) {
		struct stall_wait *w = &st->waits[i];

		/* a younger waiter may be served at any moment */
		w->blocked = w->old && st->pools[w->pool].blocked;
	}
	index_stuck_ops(st);
	add_needs(st);
	serve_all(st);
}

/* ---- I/O that can complete -------------------------------------------------- */

/* Whether no task is stuck where unmatched I/O to @node may go. */
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

		/* matched, or not relevant */
		if (link->mapped || (link->start != MEMTOP_UNKNOWN &&
				     link->sectors != MEMTOP_UNKNOWN &&
				     !graph_overlap(&part, range)))
			continue;
		if (st->stuck[st->graph.lower[n->first_down + i]])
			return false;
	}
	return !n->device || n->device->ops_known || !st->stuck[node];
}

/* Whether each step of the path of @io is known, and no task is stuck on it. */
static bool is_under_way(struct stall_state *st, const struct graph_range *io)
{
	struct graph_ranges r;

	if (!stall_spend(st, 1))
		return false;
	map_io(st, io, &r);
	for (size_t i = 0; i < r.nr; i++) {
		size_t node = graph_find(&st->graph, r.all[i].dev);

		if (node == GRAPH_NONE ||
		    !stall_spend(st, st->graph.nodes[node].nr_down) ||
		    !is_clear(st, node, &r.all[i]))
			return false;
	}
	return !r.cut;
}

static bool will_be_met(struct stall_state *st, const struct stall_need *need)
{
	for (size_t i = 0; i < need->nr_edges; i++) {
		size_t wait = st->edges[need->first_edge + i].wait;

		if (st->pools[st->waits[wait].pool].stalled)
			return false;
	}
	if (need->wait != STALL_NONE)
		return !st->pools[st->waits[need->wait].pool].stalled;
	return is_under_way(st, &need->io);
}

static bool goes_on(struct stall_state *st, const struct stall_element *e)
{
	for (size_t i = 0; i < e->nr_needs; i++) {
		struct stall_need *need =
			&st->needs[st->element_needs[e->first_need + i]];

		if (need->fate == FATE_NOT_ASKED)
			need->fate = will_be_met(st, need) ? FATE_GOES_ON :
							     FATE_NOT_KNOWN;
		if (need->fate != FATE_GOES_ON)
			return false;
	}
	return e->nr_needs && e->nr_needs < MAX_IOS;
}

bool stall_goes_on(struct stall_state *st, struct stall_element *e)
{
	if (e->fate == FATE_NOT_ASKED)
		e->fate = !e->blocking && !st->stuck_somewhere &&
					  goes_on(st, e) ?
				  FATE_GOES_ON :
				  FATE_NOT_KNOWN;
	return e->fate == FATE_GOES_ON;
}
