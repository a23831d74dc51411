// SPDX-License-Identifier: GPL-2.0-only
/* Determines which elements are out, and the I/O that they are used for. */
#include <stdlib.h>
#include <string.h>

#include "sample/roles.h"
#include "stall/stall_state.h"
#include "base/alloc.h"
#include "base/compare.h"

/* ---- missing elements ----------------------------------------------------- */

/* Whether tracing would have recorded the elements that @op took of @pool. */
static bool takes_seen(const struct stall_state *st, const struct stall_op *op,
		       const struct sample_pool *pool)
{
	uint64_t since = st->sample->watched_since_ns;

	return pool->holders_known && since != MEMTOP_UNKNOWN &&
	       op->op->since_ns != MEMTOP_UNKNOWN && op->op->since_ns >= since;
}

static int compare_sizes(const void *a, const void *b)
{
	const size_t *na = a, *nb = b;

	return (*na > *nb) - (*na < *nb);
}

/* A set of repairs, by their place. */
struct op_set {
	size_t *all; /* owned */
	size_t nr;
};

static void op_set_add(struct op_set *set, size_t op)
{
	set->all = xgrow(set->all, set->nr, sizeof(*set->all));
	set->all[set->nr++] = op;
}

static void op_set_sort(struct op_set *set)
{
	size_t kept = 0;

	if (set->nr)
		qsort(set->all, set->nr, sizeof(*set->all), compare_sizes);
	for (size_t i = 0; i < set->nr; i++) {
		if (!kept || set->all[kept - 1] != set->all[i])
			set->all[kept++] = set->all[i];
	}
	set->nr = kept;
}

static bool op_set_has(const struct op_set *set, size_t op)
{
	return set->nr &&
	       bsearch(&op, set->all, set->nr, sizeof(op), compare_sizes);
}

/* Adds @d's repairs to @set. Whether they are known. */
static bool add_device_ops(struct stall_state *st,
			   const struct sample_device *d, struct op_set *set)
{
	size_t device = (size_t)(d - st->sample->devices);

	if (!stall_spend(st, 1 + d->nr_ops))
		return false;
	for (size_t i = st->first_op[device]; i < st->first_op[device + 1]; i++)
		op_set_add(set, st->device_ops[i]);
	return d->ops_known;
}

/* Whether @d is known to have its own pool with the role of @pool. */
static bool has_own(const struct stall_state *st, const struct stall_pool *pool,
		    const struct sample_device *d)
{
	size_t node = graph_find(&st->graph, d->dev);

	return node != GRAPH_NONE &&
	       (st->own[node] >> role_recheck_order(pool->main->role) & 1);
}

/*
 * Fills @set with the repairs of all devices that use @pool. A pool without an
 * owner may be used by each device that has no such pool of its own. Returns
 * whether all are known.
 */
static bool find_users(struct stall_state *st, const struct stall_pool *pool,
		       struct op_set *set)
{
	const struct sample *s = st->sample;
	bool named = false, known = true;

	for (size_t i = 0; i < pool->nr_entries; i++) {
		const struct sample_pool *e =
			st->entries[pool->first_entry + i];
		const struct sample_device *d =
			e->dev_known ? sample_find_device(s, e->dev) : NULL;

		named |= e->dev_known;
		if (e->dev_known)
			known &= d && add_device_ops(st, d, set);
	}
	for (size_t i = 0; !named && i < s->nr_devices; i++) {
		if (!stall_spend(st, 1)) {
			known = false;
			break;
		}
		if (!has_own(st, pool, &s->devices[i]))
			known &= add_device_ops(st, &s->devices[i], set);
	}
	op_set_sort(set);
	return known;
}

/* Whether @op may have an element of @pool that was not traced. */
static bool may_hold(const struct stall_state *st,
		     const struct stall_pool *pool, const struct stall_op *op)
{
	unsigned int waits;

	if (op->op->kind != SAMPLE_RECHECK || takes_seen(st, op, pool->main))
		return false;
	if (op->wait == STALL_NONE)
		return true;
	/*
	 * it has the elements that are taken before the one that it waits for
	 */
	waits = role_recheck_order(
		st->pools[st->waits[op->wait].pool].main->role);
	return !waits || waits > role_recheck_order(pool->main->role);
}

static void add_element(struct stall_state *st, size_t pool,
			const struct sample_task *task, size_t op)
{
	const struct stall_pool *p = &st->pools[pool];
	struct stall_element e = {
		.task = task,
		.pool = pool,
		.op = op,
		.wait = STALL_NONE,
	};

	if (op != STALL_NONE) {
		e.dev_known = true;
		e.dev = st->ops[op].device->dev;
	} else if (p->nr_entries == 1 && p->main->dev_known) {
		e.dev_known = true;
		e.dev = p->main->dev;
	}
	e.node = e.dev_known ? graph_find(&st->graph, e.dev) : GRAPH_NONE;
	st->elements =
		xgrow(st->elements, st->nr_elements, sizeof(*st->elements));
	st->elements[st->nr_elements++] = e;
}

/* Adds the listed elements, and their repairs to @listed. */
static void add_listed(struct stall_state *st, size_t pool,
		       struct op_set *listed)
{
	const struct sample_pool *main = st->pools[pool].main;

	for (size_t i = 0; main->holders_known && i < main->nr_holders; i++) {
		size_t op = stall_find_op(st, main->holders[i].op);

		add_element(st, pool, &main->holders[i], op);
		if (op != STALL_NONE)
			op_set_add(listed, op);
	}
	op_set_sort(listed);
}

/*
 * Adds the elements that repairs may have. Returns whether nothing else may
 * have any.
 */
static bool add_inferred(struct stall_state *st, size_t pool,
			 const struct op_set *listed)
{
	struct op_set users = { 0 };
	bool known = find_users(st, &st->pools[pool], &users);

	for (size_t i = 0; i < users.nr; i++) {
		if (op_set_has(listed, users.all[i]) ||
		    !may_hold(st, &st->pools[pool], &st->ops[users.all[i]]))
			continue;
		if (!st->room) {
			st->limited = true;
			known = false;
			break;
		}
		st->room--;
		add_element(st, pool, NULL, users.all[i]);
	}
	free(users.all);
	return known;
}

static void add_pool_elements(struct stall_state *st, size_t pool)
{
	struct stall_pool *p = &st->pools[pool];
	const struct sample_pool *main = p->main;
	struct op_set listed = { 0 };

	p->first_element = st->nr_elements;
	p->complete = main->holders_known && main->holders_whole;
	add_listed(st, pool, &listed);
	/* pools without waiters are not needed */
	if (!p->complete && p->nr_waits && role_recheck_order(main->role))
		p->complete = add_inferred(st, pool, &listed);
	free(listed.all);
	p->nr_elements = st->nr_elements - p->first_element;
	/* all missing elements must be listed, and none may be in the pool */
	if (main->min == MEMTOP_UNKNOWN || main->current == MEMTOP_UNKNOWN ||
	    main->min < main->current ||
	    p->nr_elements < main->min - main->current)
		p->complete = false;
	/* a buffer that leaves the reserve becomes a cached one */
	if (role_has(main->role, ROLE_TRAIT_CACHED))
		p->complete = false;
}

/* Finds which recheck pools each device has of its own. */
static void note_own(struct stall_state *st)
{
	st->own = xcalloc(st->graph.nr, sizeof(*st->own));
	for (size_t i = 0; i < st->sample->nr_pools; i++) {
		const struct sample_pool *pool = &st->sample->pools[i];
		size_t node = pool->dev_known ?
				      graph_find(&st->graph, pool->dev) :
				      GRAPH_NONE;

		if (node != GRAPH_NONE)
			st->own[node] |=
				(uint8_t)(1U << role_recheck_order(pool->role));
	}
}

uint32_t stall_holder_pid(const struct stall_state *st,
			  const struct stall_element *e)
{
	return e->task ? e->task->pid : st->ops[e->op].op->pid;
}

/* ---- I/O ------------------------------------------------------------------ */

/* The number of the repair that uses @e, listed or not; may be unknown. */
static uint64_t op_number(const struct stall_state *st,
			  const struct stall_element *e)
{
	return e->task ? e->task->op : st->ops[e->op].op->op;
}

/* The elements for I/O of a repair, by its number. */
static void index_ios(struct stall_state *st)
{
	struct stall_number *ops = xcalloc(st->nr_elements, sizeof(*ops));
	size_t nr = 0;

	for (size_t i = 0; i < st->nr_elements; i++) {
		const struct sample_task *task = st->elements[i].task;

		if (task && task->io_known && task->op != MEMTOP_UNKNOWN)
			ops[nr++] = (struct stall_number){ task->op, i };
	}
	st->io_elements = stall_index(ops, nr);
	st->nr_io_elements = nr;
	free(ops);
}

/* The first of .io_elements for repair @number, or its place. */
static size_t first_io(const struct stall_state *st, uint64_t number)
{
	size_t low = 0, high = st->nr_io_elements;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (st->elements[st->io_elements[middle]].task->op < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct stall_io io_of(const struct sample_task *task)
{
	return (struct stall_io){
		.range = { task->io_dev, task->io_sector, task->io_sectors },
		.since_ns = task->since_at_least ? MEMTOP_UNKNOWN :
						   task->since_ns,
	};
}

/*
 * Whether recheck @op may be reading its block, judged without elements. It
 * does that first; then it needs hashes, which are mostly cached.
 */
static bool may_read(const struct stall_state *st, const struct stall_op *op)
{
	uint64_t since = st->sample->watched_since_ns;
	size_t node = graph_find(&st->graph, op->device->dev);
	const struct sample_stack *stack;

	if (op->op->kind != SAMPLE_RECHECK)
		return false;
	/* the elements for its read would have been traced */
	if (since != MEMTOP_UNKNOWN && op->op->since_ns != MEMTOP_UNKNOWN &&
	    op->op->since_ns >= since &&
	    (st->io_seen_of_nobody || st->io_seen[node]))
		return false;
	stack = sample_find_stack(st->sample, op->op->pid);
	return !stack || (!strstr(stack->text, "dm_bufio_") &&
			  !strstr(stack->text, "verity_hash_for_block"));
}

size_t stall_element_ios(const struct stall_state *st,
			 const struct stall_element *e, struct stall_io *ret,
			 size_t room)
{
	uint64_t number = op_number(st, e);
	bool listed = false;
	size_t nr = 0;

	if (e->task && e->task->io_known && nr < room)
		ret[nr++] = io_of(e->task);
	if (number == MEMTOP_UNKNOWN)
		return nr;
	/* a repair waits for its I/O, one after another */
	for (size_t i = first_io(st, number); i < st->nr_io_elements; i++) {
		const struct sample_task *task =
			st->elements[st->io_elements[i]].task;

		if (task->op != number)
			break;
		listed = true;
		if (nr == room)
			break;
		if (task != e->task)
			ret[nr++] = io_of(task);
	}
	if (!listed && e->op != STALL_NONE && nr < room &&
	    may_read(st, &st->ops[e->op])) {
		const struct sample_op *op = st->ops[e->op].op;

		ret[nr++] = (struct stall_io){
			.range = { op->io_dev, op->io_sector, op->io_sectors },
			.since_ns = op->since_ns,
		};
	}
	return nr;
}

/* Finds the devices for which the elements of rechecks' I/O are traced. */
static void note_io_seen(struct stall_state *st)
{
	st->io_seen = xcalloc(st->graph.nr, sizeof(*st->io_seen));
	for (size_t i = 0; i < st->nr_pools; i++) {
		const struct stall_pool *p = &st->pools[i];

		if (!role_has(p->main->role, ROLE_TRAIT_RECHECK_SECOND) ||
		    !p->main->holders_known)
			continue;
		for (size_t j = 0; j < p->nr_entries; j++) {
			const struct sample_pool *e =
				st->entries[p->first_entry + j];
			size_t node = e->dev_known ?
					      graph_find(&st->graph, e->dev) :
					      GRAPH_NONE;

			if (!e->dev_known)
				st->io_seen_of_nobody = true;
			else if (node != GRAPH_NONE)
				st->io_seen[node] = true;
		}
	}
}

void stall_add_elements(struct stall_state *st)
{
	note_own(st);
	for (size_t i = 0; i < st->nr_pools; i++)
		add_pool_elements(st, i);
	index_ios(st);
	note_io_seen(st);
}
