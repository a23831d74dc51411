// SPDX-License-Identifier: GPL-2.0-only
#include "model/stall.h"

#include <stdlib.h>
#include <string.h>

#include "model/graph.h"
#include "model/stall_state.h"
#include "util/alloc.h"
#include "util/compare.h"

/* Of all cycles together. A few each is usual. */
#define MAX_STEPS (1UL << 18)

/* Devices that a search for a cause looks at, from one on down. */
#define MAX_LOOKED_AT 4096

const char *const finding_kind_names[NR_FINDING_KINDS] = {
	[FINDING_WAIT] = "wait",
	[FINDING_STALL] = "stall",
	[FINDING_POSSIBLE_DEADLOCK] = "possible_deadlock",
	[FINDING_DEADLOCK] = "deadlock",
};

const char *const stall_cause_names[NR_CAUSES] = {
	[CAUSE_UNKNOWN] = "unknown",
	[CAUSE_SUSPENDED] = "suspended",
	[CAUSE_IN_FLIGHT] = "in_flight",
	[CAUSE_DEADLOCK] = "deadlock",
};

/* Spreads @value over all bits: the last step of the SplitMix64 generator. */
static uint64_t mix(uint64_t value)
{
	value ^= value >> 30;
	value *= 0xbf58476d1ce4e5b9;
	value ^= value >> 27;
	value *= 0x94d049bb133111eb;
	return value ^ value >> 31;
}

/* Of what stays the same while a wait lasts. */
static uint64_t id_of(const struct stall_wait *w)
{
	return mix(mix(mix(w->entry->id) + w->task->pid) + w->task->since_ns);
}

/* ---- shared along the stack ------------------------------------------------- */

/* Nodes of graph, to go on from. */
struct nodes {
	size_t *all; /* owned */
	size_t nr;
};

static void add_node(const struct stall_state *st, struct nodes *to, bool known,
		     struct sample_devno dev)
{
	if (known)
		to->all[to->nr++] = graph_find(&st->graph, dev);
}

/* Adds the devices that are known to use @p. The caller frees. */
static struct nodes find_users(const struct stall_state *st,
			       const struct stall_pool *p)
{
	struct nodes ret = { .all = xcalloc(p->nr_entries + p->nr_elements,
					    sizeof(size_t)) };

	for (size_t i = 0; i < p->nr_entries; i++) {
		const struct sample_pool *e = st->entries[p->first_entry + i];

		add_node(st, &ret, e->dev_known, e->dev);
	}
	for (size_t i = 0; i < p->nr_elements; i++) {
		const struct stall_element *e =
			&st->elements[p->first_element + i];

		add_node(st, &ret, e->dev_known, e->dev);
	}
	return ret;
}

static bool any_reached(const struct graph *g, const struct nodes *nodes)
{
	for (size_t i = 0; i < nodes->nr; i++) {
		if (nodes->all[i] != GRAPH_NONE &&
		    g->nodes[nodes->all[i]].reached)
			return true;
	}
	return false;
}

/*
 * Whether the pool that @w waits for is used above it as well; if it is not
 * known where @w is, above any of its users.
 */
static bool is_shared(struct stall_state *st, const struct stall_wait *w)
{
	struct nodes users = find_users(st, &st->pools[w->pool]);
	bool ret;

	if (w->dev_known)
		graph_reach(&st->graph, &w->node, 1, GRAPH_UP);
	else
		graph_reach(&st->graph, users.all, users.nr, GRAPH_UP);
	ret = any_reached(&st->graph, &users);
	free(users.all);
	return ret;
}

/* Whether @e's device is above those last gone up from, or not known. */
static bool may_be_above(const struct stall_state *st,
			 const struct stall_element *e)
{
	return !e->dev_known ||
	       (e->node != GRAPH_NONE && st->graph.nodes[e->node].reached);
}

/* ---- causes ----------------------------------------------------------------- */

static bool is_suspended(const struct stall_state *st, size_t node)
{
	return st->graph.nodes[node].device &&
	       st->graph.nodes[node].device->suspended;
}

/* The nearest suspended one at or below @node, which is known to have one. */
static size_t find_suspended(struct stall_state *st, size_t node)
{
	size_t nr;

	if (is_suspended(st, node))
		return node;
	nr = graph_reach(&st->graph, &node, 1, GRAPH_DOWN);
	for (size_t i = 0; i < nr; i++) {
		if (is_suspended(st, st->graph.order[i]))
			return st->graph.order[i];
	}
	return GRAPH_NONE;
}

/* The lowest one at or below @node that has I/O: there it is. */
static size_t find_busy(struct stall_state *st, size_t node)
{
	size_t nr = graph_reach(&st->graph, &node, 1, GRAPH_DOWN);

	if (nr > MAX_LOOKED_AT)
		nr = MAX_LOOKED_AT;
	while (nr) {
		const struct graph_node *n =
			&st->graph.nodes[st->graph.order[--nr]];

		if (n->in_flight && n->in_flight != MEMTOP_UNKNOWN)
			return st->graph.order[nr];
	}
	return GRAPH_NONE;
}

static void set_cause(struct finding *f, enum stall_cause cause,
		      const struct graph_node *node)
{
	f->cause = cause;
	f->cause_dev_known = true;
	f->cause_dev = node->dev;
	f->in_flight = node->in_flight;
}

/* Looks at and below @node. Whether that is the cause. */
static bool look_below(struct stall_state *st, size_t node, struct finding *f)
{
	size_t found;

	if (node == GRAPH_NONE)
		return false;
	if (st->suspended[node])
		found = find_suspended(st, node);
	else
		found = find_busy(st, node);
	if (found == GRAPH_NONE)
		return false;
	set_cause(f, st->suspended[node] ? CAUSE_SUSPENDED : CAUSE_IN_FLIGHT,
		  &st->graph.nodes[found]);
	return true;
}

/* Looks where the holders' I/O is, for want of a cause below the waiter. */
static void look_at_holders(struct stall_state *st, const struct stall_pool *p,
			    struct finding *f)
{
	/* they are much alike: a pool has a few, or many for one purpose */
	for (size_t i = 0; i < p->nr_elements && i < 16; i++) {
		const struct stall_element *e =
			&st->elements[p->first_element + i];
		struct stall_io io;
		size_t node;

		if (e->wait != STALL_NONE || !stall_element_ios(st, e, &io, 1))
			continue;
		node = graph_find(&st->graph, io.range.dev);
		if (look_below(st, node, f))
			return;
		f->cause = CAUSE_IN_FLIGHT;
		f->cause_dev_known = true;
		f->cause_dev = io.range.dev;
		if (node != GRAPH_NONE)
			f->in_flight = st->graph.nodes[node].in_flight;
		return;
	}
}

static void find_cause(struct stall_state *st, const struct stall_wait *w,
		       struct finding *f)
{
	if (!look_below(st, w->node, f))
		look_at_holders(st, &st->pools[w->pool], f);
}

/* ---- what it is ------------------------------------------------------------- */

/*
 * Whether @w may be one of a deadlock that can't be proven: what it waits for is
 * shared along the stack, and nothing of it is known to be held elsewhere than
 * above, or to come back.
 */
static bool is_possible(struct stall_state *st, const struct stall_wait *w)
{
	const struct stall_pool *p = &st->pools[w->pool];

	if (!p->stalled || !is_shared(st, w))
		return false;
	for (size_t i = 0; i < p->nr_elements; i++) {
		struct stall_element *e = &st->elements[p->first_element + i];

		if ((w->dev_known && !may_be_above(st, e)) ||
		    stall_goes_on(st, e))
			return false;
	}
	return true;
}

static enum finding_kind kind_of(struct stall_state *st,
				 const struct stall_wait *w,
				 const struct finding *f)
{
	if (w->blocked)
		return w->cyclic ? FINDING_DEADLOCK : FINDING_STALL;
	if (f->cause != CAUSE_SUSPENDED && is_possible(st, w))
		return FINDING_POSSIBLE_DEADLOCK;
	return st->pools[w->pool].stalled ? FINDING_STALL : FINDING_WAIT;
}

/* What is being found. */
struct finder {
	struct stall_state st;
	struct findings *to;
	size_t nr_steps;
	size_t *cycles; /* owned; of each finding, where its cycle begins */
};

static void add_step(struct finder *f, const struct cycle_step *step)
{
	struct findings *to = f->to;

	to->steps = xgrow(to->steps, f->nr_steps, sizeof(*to->steps));
	to->steps[f->nr_steps++] = *step;
}

/* Adds how the wait at the end of @edge keeps @w from being served. */
static void add_steps(struct finder *f, const struct stall_wait *w,
		      const struct stall_edge *edge)
{
	const struct stall_state *st = &f->st;
	const struct stall_element *e = &st->elements[edge->element];
	const struct stall_op *op;

	add_step(f, &(struct cycle_step){ .kind = STEP_WAITS,
					  .pool = w->entry,
					  .task = w->task });
	add_step(f, &(struct cycle_step){ .kind = STEP_HELD,
					  .pool = w->entry,
					  .task = e->task,
					  .op = e->op == STALL_NONE ?
							NULL :
							st->ops[e->op].op,
					  .dev_known = e->dev_known,
					  .dev = e->dev });
	if (edge->op == STALL_NONE)
		return;
	op = &st->ops[edge->op];
	add_step(f, &(struct cycle_step){ .kind = STEP_NEEDS,
					  .dev_known = true,
					  .dev = edge->io.dev,
					  .sector = edge->io.sector,
					  .sectors = edge->io.sectors });
	add_step(f, &(struct cycle_step){ .kind = STEP_WORKED_ON,
					  .task = st->waits[edge->wait].task,
					  .op = op->op,
					  .dev_known = true,
					  .dev = op->device->dev,
					  .sector = edge->block.sector,
					  .sectors = edge->block.sectors });
}

/* Adds the cycle that @wait is in. Returns how many steps it has. */
static size_t add_cycle(struct finder *f, size_t wait)
{
	const struct stall_wait *w = &f->st.waits[wait];
	size_t nr, *edges, begin = f->nr_steps;

	if (f->nr_steps > MAX_STEPS)
		return 0;
	edges = stall_find_cycle(&f->st, wait, &nr);
	for (size_t i = 0; i < nr; i++) {
		add_steps(f, w, &f->st.edges[edges[i]]);
		w = &f->st.waits[f->st.edges[edges[i]].wait];
	}
	free(edges);
	return f->nr_steps - begin;
}

/* One for each element, in their order. */
static void add_holders(const struct stall_state *st, struct findings *to)
{
	to->holders = xcalloc(st->nr_elements, sizeof(*to->holders));
	for (size_t i = 0; i < st->nr_elements; i++) {
		const struct stall_element *e = &st->elements[i];

		to->holders[i] = (struct finding_holder){
			.task = e->task,
			.op = e->op == STALL_NONE ? NULL : st->ops[e->op].op,
			.dev_known = e->dev_known,
			.dev = e->dev,
			.inferred = !e->task,
			.blocked = e->nr_edges != 0,
		};
	}
}

static struct finding describe(const struct finder *f,
			       const struct stall_wait *w)
{
	const struct stall_pool *p = &f->st.pools[w->pool];

	return (struct finding){
		.id = id_of(w),
		.pool = w->entry,
		.waiter = w->task,
		.dev_known = w->dev_known,
		.dev = w->dev,
		.device = w->dev_known ?
				  sample_find_device(f->st.sample, w->dev) :
				  NULL,
		.age_ns = w->age_ns,
		.since_at_least = w->task->since_at_least,
		.in_flight = MEMTOP_UNKNOWN,
		.holders = &f->to->holders[p->first_element],
		.nr_holders = p->nr_elements,
		.holders_complete = p->complete,
	};
}

static void look_at(struct finder *f, size_t wait)
{
	const struct stall_wait *w = &f->st.waits[wait];
	struct finding *to = &f->to->all[f->to->nr];
	size_t culprit = wait;

	*to = describe(f, w);
	if (!w->blocked)
		find_cause(&f->st, w, to);
	to->kind = kind_of(&f->st, w, to);
	f->cycles[f->to->nr++] = f->nr_steps;
	if (!w->blocked)
		return;
	to->cause = CAUSE_DEADLOCK;
	if (!w->cyclic)
		culprit = stall_find_culprit(&f->st, wait);
	if (culprit != STALL_NONE)
		to->nr_steps = add_cycle(f, culprit);
	/* it is not said without its cycle */
	if (!to->nr_steps)
		to->kind = FINDING_STALL;
}

/* Of the gravest first, those of unknown age last. */
static int compare_findings(const void *pa, const void *pb)
{
	const struct finding *a = pa, *b = pb;
	uint64_t age_a = a->age_ns + 1, age_b = b->age_ns + 1;

	if (a->kind != b->kind)
		return a->kind > b->kind ? -1 : 1;
	/* the unknown one is 0 now */
	if (age_a != age_b)
		return age_a > age_b ? -1 : 1;
	if (a->pool->id != b->pool->id)
		return a->pool->id < b->pool->id ? -1 : 1;
	return compare_u64(a->waiter->pid, b->waiter->pid);
}

static void list_waits(const struct stall_state *st, struct findings *to)
{
	to->waits = xcalloc(st->nr_waits, sizeof(*to->waits));
	to->nr_waits = st->nr_waits;
	for (size_t i = 0; i < st->nr_waits; i++)
		to->waits[i] = (struct finding_wait){
			.dev_known = st->waits[i].dev_known,
			.dev = st->waits[i].dev,
			.age_ns = st->waits[i].age_ns,
		};
}

void stall_find(const struct sample *s, uint64_t threshold_ns,
		struct findings *ret)
{
	struct finder f = { .to = ret };

	*ret = (struct findings){ 0 };
	/* all that follows is about those */
	if (!sample_anybody_waits(s))
		return;
	stall_state_build(s, threshold_ns, &f.st);
	stall_block(&f.st);
	stall_find_cyclic(&f.st);
	add_holders(&f.st, ret);
	list_waits(&f.st, ret);
	ret->all = xcalloc(f.st.nr_waits, sizeof(*ret->all));
	f.cycles = xcalloc(f.st.nr_waits, sizeof(*f.cycles));
	for (size_t i = 0; i < f.st.nr_waits; i++) {
		const struct stall_wait *w = &f.st.waits[i];

		if (w->old || w->age_ns == MEMTOP_UNKNOWN)
			look_at(&f, i);
	}
	/* now that they stay where they are */
	for (size_t i = 0; i < ret->nr; i++)
		ret->all[i].cycle =
			ret->all[i].nr_steps ? &ret->steps[f.cycles[i]] : NULL;
	qsort(ret->all, ret->nr, sizeof(*ret->all), compare_findings);
	free(f.cycles);
	stall_state_release(&f.st);
}

void findings_release(struct findings *f)
{
	free(f->all);
	free(f->waits);
	free(f->holders);
	free(f->steps);
	*f = (struct findings){ 0 };
}

bool findings_worst(const struct findings *f, enum finding_kind *ret)
{
	if (!f->nr)
		return false;
	*ret = f->all[0].kind;
	return true;
}
