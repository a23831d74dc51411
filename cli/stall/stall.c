// SPDX-License-Identifier: GPL-2.0-only
#include "stall/stall.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "stall/graph.h"
#include "stall/stall_state.h"

/* Limit of devices that a search for a cause visits, from one on down. */
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

/* A hash of the properties that stay the same while a wait lasts. */
static uint64_t id_of(const struct stall_wait *w)
{
	return mix(mix(mix(w->entry->id) + w->task->pid) + w->task->since_ns);
}

/* Facts about a pool and about the devices of its waiters. */
struct pool_view {
	size_t pool; /* the current pool; STALL_NONE: none yet */
	bool goes_on; /* an element of it is known to come back */
	bool elsewhere; /* an element is out for a device without a node */
	size_t nr_holding; /* nodes for which an element of it is out */
	bool shared; /* one user is above another; computed on demand */
	bool shared_known;
};

/* Results for a node, for the view's pool: */
enum node_answer {
	NODE_NOT_ASKED,
	NODE_POSSIBLE,
	NODE_IMPOSSIBLE,
};

struct node_note {
	size_t user_of; /* the last pool that it is a user of */
	size_t holding_of; /* the last pool that has an element out for it */
	size_t judged_for; /* the last pool that .answer is for */
	enum node_answer answer;
	bool cause_known;
	size_t cause; /* the node below that is the cause; GRAPH_NONE */
};

/* The result while it is computed. */
struct finder {
	struct stall_state st;
	struct findings *to;
	size_t nr_steps;
	size_t most_steps; /* of all cycles together */
	size_t *cycles; /* owned; of each finding, where its cycle begins */
	/* Owned; of each wait where its cycle begins, and how long it is: */
	size_t *cycle_at;
	size_t *cycle_steps;
	size_t *of_component; /* owned; a wait with a cycle, of each */
	struct pool_view view;
	struct node_note *notes; /* owned; by node of the graph */
};

/* ---- shared along the stack ------------------------------------------------- */

static void note_user(struct finder *f, bool known, size_t node)
{
	if (known && node != GRAPH_NONE)
		f->notes[node].user_of = f->view.pool;
}

static void note_element(struct finder *f, struct stall_element *e)
{
	struct pool_view *view = &f->view;

	note_user(f, e->dev_known, e->node);
	view->goes_on |= stall_goes_on(&f->st, e);
	if (!e->dev_known)
		return;
	if (e->node == GRAPH_NONE) {
		view->elsewhere = true;
	} else if (f->notes[e->node].holding_of != view->pool) {
		f->notes[e->node].holding_of = view->pool;
		view->nr_holding++;
	}
}

/* Switches to @pool, unless it is the current one. */
static void look_at_pool(struct finder *f, size_t pool)
{
	const struct stall_pool *p = &f->st.pools[pool];

	if (f->view.pool == pool)
		return;
	f->view = (struct pool_view){ .pool = pool };
	for (size_t i = 0; i < p->nr_entries; i++) {
		const struct sample_pool *e = f->st.entries[p->first_entry + i];

		note_user(f, e->dev_known, graph_find(&f->st.graph, e->dev));
	}
	for (size_t i = 0; i < p->nr_elements; i++)
		note_element(f, &f->st.elements[p->first_element + i]);
}

/*
 * Searches from @from as far as the budget permits. Returns the number of
 * visited nodes.
 */
static size_t reach(struct stall_state *st, const size_t *from, size_t nr,
		    enum graph_direction direction)
{
	size_t steps, met;

	if (!stall_spend(st, 1))
		return 0;
	met = graph_reach_within(&st->graph, from, nr, direction, st->steps,
				 &steps);
	stall_spend(st, steps);
	if (!st->steps)
		st->limited = true;
	return met;
}

/*
 * Whether the view's pool is used above @node as well, and no element of it is
 * out for a device that is not above.
 */
static bool is_possible_at(struct finder *f, size_t node)
{
	const struct stall_state *st = &f->st;
	size_t met = reach(&f->st, &node, 1, GRAPH_UP), holding = 0;
	bool shared = false;

	for (size_t i = 0; i < met; i++) {
		const struct node_note *note = &f->notes[st->graph.order[i]];

		shared |= note->user_of == f->view.pool;
		holding += note->holding_of == f->view.pool;
	}
	return shared && !f->view.elsewhere && holding == f->view.nr_holding;
}

/* Whether one user of the view's pool is above another one of them. */
static bool is_shared(struct finder *f)
{
	size_t *users, nr = 0, met;

	if (f->view.shared_known)
		return f->view.shared;
	f->view.shared_known = true;
	if (!stall_spend(&f->st, f->st.graph.nr))
		return false;
	users = xcalloc(f->st.graph.nr, sizeof(*users));
	for (size_t i = 0; i < f->st.graph.nr; i++) {
		if (f->notes[i].user_of == f->view.pool)
			users[nr++] = i;
	}
	met = reach(&f->st, users, nr, GRAPH_UP);
	for (size_t i = 0; i < met; i++)
		f->view.shared |= f->notes[f->st.graph.order[i]].user_of ==
				  f->view.pool;
	free(users);
	return f->view.shared;
}

/* ---- causes ----------------------------------------------------------------- */

/* The lowest node at or below @node with I/O in flight: the slow device. */
static size_t find_busy(struct stall_state *st, size_t node)
{
	size_t nr = reach(st, &node, 1, GRAPH_DOWN);

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

/* The node at or below @node that is the cause of a wait there; GRAPH_NONE. */
static size_t find_below(struct finder *f, size_t node)
{
	struct node_note *note = &f->notes[node];

	if (!note->cause_known)
		note->cause = f->st.suspended[node] ? f->st.suspended_by[node] :
						      find_busy(&f->st, node);
	note->cause_known = true;
	return note->cause;
}

/* Checks @node and the nodes below. Returns whether the cause is there. */
static bool look_below(struct finder *f, size_t node, struct finding *to)
{
	const struct stall_state *st = &f->st;
	size_t found = node == GRAPH_NONE ? GRAPH_NONE : find_below(f, node);

	if (found == GRAPH_NONE)
		return false;
	set_cause(to, st->suspended[node] ? CAUSE_SUSPENDED : CAUSE_IN_FLIGHT,
		  &st->graph.nodes[found]);
	return true;
}

/*
 * Searches the devices with the holders' I/O, if there is no cause below the
 * waiter.
 */
static void look_at_holders(struct finder *f, const struct stall_pool *p,
			    struct finding *to)
{
	const struct stall_state *st = &f->st;

	/* holders are similar: a pool has a few, or many for one purpose */
	for (size_t i = 0; i < p->nr_elements && i < 16; i++) {
		const struct stall_element *e =
			&st->elements[p->first_element + i];
		struct stall_io io;
		size_t node;

		if (e->wait != STALL_NONE || !stall_element_ios(st, e, &io, 1))
			continue;
		node = graph_find(&st->graph, io.range.dev);
		if (look_below(f, node, to))
			return;
		to->cause = CAUSE_IN_FLIGHT;
		to->cause_dev_known = true;
		to->cause_dev = io.range.dev;
		if (node != GRAPH_NONE)
			to->in_flight = st->graph.nodes[node].in_flight;
		return;
	}
}

static void find_cause(struct finder *f, const struct stall_wait *w,
		       struct finding *to)
{
	if (!look_below(f, w->node, to))
		look_at_holders(f, &f->st.pools[w->pool], to);
}

/* ---- kind of a finding ------------------------------------------------------ */

/*
 * Whether @w may be part of a deadlock that cannot be proven: its pool is
 * shared along the stack, and no element of it is known to be held anywhere but
 * above, or to come back.
 */
static bool is_possible(struct finder *f, const struct stall_wait *w)
{
	struct node_note *note;

	if (!f->st.pools[w->pool].stalled)
		return false;
	look_at_pool(f, w->pool);
	if (f->view.goes_on)
		return false;
	/* above any of its users, if it is not known which one waits */
	if (!w->dev_known)
		return is_shared(f);
	if (w->node == GRAPH_NONE)
		return false;
	note = &f->notes[w->node];
	if (note->judged_for != w->pool)
		note->answer = is_possible_at(f, w->node) ? NODE_POSSIBLE :
							    NODE_IMPOSSIBLE;
	note->judged_for = w->pool;
	return note->answer == NODE_POSSIBLE;
}

static enum finding_kind kind_of(struct finder *f, const struct stall_wait *w,
				 const struct finding *to)
{
	if (w->blocked)
		return w->cyclic ? FINDING_DEADLOCK : FINDING_STALL;
	if (to->cause != CAUSE_SUSPENDED && is_possible(f, w))
		return FINDING_POSSIBLE_DEADLOCK;
	return f->st.pools[w->pool].stalled ? FINDING_STALL : FINDING_WAIT;
}

static void add_step(struct finder *f, const struct cycle_step *step)
{
	struct findings *to = f->to;

	to->steps = xgrow(to->steps, f->nr_steps, sizeof(*to->steps));
	to->steps[f->nr_steps++] = *step;
}

/* Adds why the wait at the end of @hop prevents that @w is served. */
static void add_steps(struct finder *f, const struct stall_wait *w,
		      const struct stall_hop *hop)
{
	const struct stall_state *st = &f->st;
	const struct stall_element *e = &st->elements[hop->element];
	const struct stall_edge *edge = &st->edges[hop->edge];
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

/*
 * Adds the cycle that @wait is in, if there is room. Returns whether it is
 * listed.
 */
static bool add_cycle(struct finder *f, size_t wait)
{
	const struct stall_wait *w = &f->st.waits[wait];
	size_t nr, begin = f->nr_steps;
	struct stall_hop *hops;

	if (f->cycle_steps[wait])
		return true;
	if (f->nr_steps >= f->most_steps) {
		f->st.limited = true;
		return false;
	}
	hops = stall_find_cycle(&f->st, wait, &nr);
	for (size_t i = 0; i < nr; i++) {
		add_steps(f, w, &hops[i]);
		w = &f->st.waits[f->st.edges[hops[i].edge].wait];
	}
	free(hops);
	f->cycle_at[wait] = begin;
	f->cycle_steps[wait] = f->nr_steps - begin;
	return nr != 0;
}

/*
 * The cycle that @culprit is in; if there is no room, another one of the same
 * deadlock.
 */
static void set_cycle(struct finder *f, size_t culprit, size_t finding)
{
	size_t pool = f->st.waits[culprit].pool;
	size_t *other = &f->of_component[f->st.pools[pool].component];

	if (add_cycle(f, culprit)) {
		if (*other == STALL_NONE)
			*other = culprit;
	} else if (*other != STALL_NONE) {
		culprit = *other;
	}
	f->cycles[finding] = f->cycle_at[culprit];
	f->to->all[finding].nr_steps = f->cycle_steps[culprit];
}

/* One holder for each element, in their order. */
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
			.blocked = stall_is_held_up(st, e),
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
	size_t place = f->to->nr++, culprit = wait;
	struct finding *to = &f->to->all[place];

	*to = describe(f, w);
	if (!w->blocked)
		find_cause(f, w, to);
	to->kind = kind_of(f, w, to);
	if (!w->blocked)
		return;
	to->cause = CAUSE_DEADLOCK;
	if (!w->cyclic)
		culprit = stall_find_culprit(&f->st, wait);
	if (culprit != STALL_NONE)
		set_cycle(f, culprit, place);
}

/* The most severe first, those of unknown age last. */
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

static void finder_begin(struct finder *f)
{
	const struct stall_state *st = &f->st;

	f->view.pool = STALL_NONE;
	f->most_steps = st->room + 16 * st->nr_waits;
	f->cycles = xcalloc(st->nr_waits, sizeof(*f->cycles));
	f->cycle_at = xcalloc(st->nr_waits, sizeof(*f->cycle_at));
	f->cycle_steps = xcalloc(st->nr_waits, sizeof(*f->cycle_steps));
	f->of_component =
		xcalloc(st->nr_pools + st->nr_needs, sizeof(*f->of_component));
	for (size_t i = 0; i < st->nr_pools + st->nr_needs; i++)
		f->of_component[i] = STALL_NONE;
	f->notes = xcalloc(st->graph.nr, sizeof(*f->notes));
	for (size_t i = 0; i < st->graph.nr; i++)
		f->notes[i] = (struct node_note){ .user_of = STALL_NONE,
						  .holding_of = STALL_NONE,
						  .judged_for = STALL_NONE };
}

static void finder_release(struct finder *f)
{
	free(f->cycles);
	free(f->cycle_at);
	free(f->cycle_steps);
	free(f->of_component);
	free(f->notes);
	stall_state_release(&f->st);
}

void stall_find(const struct sample *s, uint64_t threshold_ns,
		struct findings *ret)
{
	struct finder f = { .to = ret };

	*ret = (struct findings){ 0 };
	/* all lists below are about these findings */
	if (!sample_anybody_waits(s))
		return;
	stall_state_build(s, threshold_ns, &f.st);
	stall_add_elements(&f.st);
	stall_state_conclude(&f.st);
	stall_block(&f.st);
	stall_find_cyclic(&f.st);
	add_holders(&f.st, ret);
	list_waits(&f.st, ret);
	ret->all = xcalloc(f.st.nr_waits, sizeof(*ret->all));
	finder_begin(&f);
	for (size_t i = 0; i < f.st.nr_waits; i++) {
		const struct stall_wait *w = &f.st.waits[i];

		if (w->old || w->age_ns == MEMTOP_UNKNOWN)
			look_at(&f, i);
	}
	/* now that they are at their final places */
	for (size_t i = 0; i < ret->nr; i++)
		ret->all[i].cycle =
			ret->all[i].nr_steps ? &ret->steps[f.cycles[i]] : NULL;
	ret->limited = f.st.limited;
	if (ret->nr)
		qsort(ret->all, ret->nr, sizeof(*ret->all), compare_findings);
	finder_release(&f);
}

void findings_release(struct findings *f)
{
	free(f->all);
	free(f->waits);
	free(f->holders);
	free(f->steps);
	*f = (struct findings){ 0 };
}

bool finding_is_stall(enum finding_kind kind)
{
	return kind > FINDING_WAIT;
}

bool findings_worst(const struct findings *f, enum finding_kind *ret)
{
	if (!f->nr)
		return false;
	*ret = f->all[0].kind;
	return true;
}
