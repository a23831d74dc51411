// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stall rule against a search that tries every order, on random systems.
 *
 * The search uses no fixpoint: it returns one element or serves one waiter at a
 * time, and visits every state that can be reached. A task that is served in no
 * state is stuck.
 *
 * The test does find wrong rules. It failed with stall_block.c changed so that
 * a task's own wait keeps all its elements, or none; that a block at a distance
 * of one sector matches; that blocks of hash trees match; that repairs match
 * which began before the I/O; that I/O is followed down one step only; that a
 * returned element serves no waiter; that suspended devices are ignored. It
 * failed with stall_held.c changed so that a waiter is inferred to hold the
 * page that it waits for, or I/O of other repairs counts; with stall_state.c
 * changed so that young waiters are old, or unseen elements are never out; with
 * stall_cycle.c changed so that every task that leads to a cycle is in it.
 *
 * MEMTOP_SEED repeats a run, MEMTOP_SYSTEMS sets how many.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/text.h"
#include "base/times.h"
#include "fixtures.h"
#include "stall/stall.h"

#define NOW (100 * SECOND)
#define THRESHOLD SECOND
#define SYSTEMS 8000

#define MAX_DEVICES 4
#define MAX_TASKS 6
#define MAX_ELEMENTS 10
#define MAX_POOLS (6 * MAX_DEVICES)

/* ---- random numbers --------------------------------------------------------- */

struct dice {
	uint64_t state;
};

static uint32_t roll(struct dice *d, uint32_t sides)
{
	/* xorshift64* */
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return (uint32_t)((d->state * 0x2545f4914f6cdd1dULL) >> 33) % sides;
}

static bool chance(struct dice *d, uint32_t percent)
{
	return roll(d, 100) < percent;
}

/* ---- a system --------------------------------------------------------------- */

enum role { PAGE, IO, BIO, HASH_IO, HASH_BIO, OUTPUT, NR_ROLES };

static const char *const roles[NR_ROLES] = { "recheck.page", "recheck.io",
					     "recheck.bio",  "hash.io",
					     "hash.bio",     "fec.output" };

struct range {
	uint32_t dev; /* minor; MAX_DEVICES: a device outside of the system */
	uint64_t sector;
	uint64_t sectors;
};

struct pool {
	enum role role;
	uint64_t id;
	uint32_t free;
	bool used;
};

struct task {
	bool waits;
	bool young;
	uint32_t pool;
	bool io_known;
	struct range io; /* the element's pool that it waits for */
	bool repairs; /* is in a repair */
	bool metadata;
	bool hashes; /* has read its block */
	uint32_t dev;
	uint64_t op;
	struct range block; /* on the device below */
	uint64_t since;
};

struct element {
	uint32_t pool;
	uint32_t task;
	bool of_op; /* of the repair that its task is in */
	bool io_known;
	struct range io;
	uint64_t since;
};

struct system {
	uint32_t nr_devices;
	uint64_t shift[MAX_DEVICES]; /* where it begins on the device below */
	uint32_t lower[MAX_DEVICES]; /* MAX_DEVICES: outside */
	bool suspended[MAX_DEVICES];
	struct pool pools[MAX_POOLS];
	uint32_t pool_of[MAX_DEVICES][NR_ROLES];
	struct task tasks[MAX_TASKS];
	uint32_t nr_tasks;
	struct element elements[MAX_ELEMENTS];
	uint32_t nr_elements;
	bool full; /* there would have been more objects */
	bool plain; /* all are rechecks that have yet to read their block */
};

static struct range below(const struct system *y, const struct range *r)
{
	return (struct range){ y->lower[r->dev], r->sector + y->shift[r->dev],
			       r->sectors };
}

static void add_element(struct system *y, uint32_t task, enum role role,
			bool of_op, const struct range *io, uint64_t since)
{
	struct task *t = &y->tasks[task];
	struct element *e = &y->elements[y->nr_elements];

	if (y->nr_elements == MAX_ELEMENTS) {
		y->full = true;
		return;
	}
	y->nr_elements++;
	*e = (struct element){ .pool = y->pool_of[t->dev][role],
			       .task = task,
			       .of_op = of_op,
			       .since = since };
	if (io) {
		e->io_known = true;
		e->io = *io;
	}
}

static void wait_for(struct system *y, struct task *t, enum role role,
		     const struct range *io)
{
	t->waits = true;
	t->pool = y->pool_of[t->dev][role];
	if (io) {
		t->io_known = true;
		t->io = *io;
	}
}

/* A block of @dev, one of few, so that other tasks work on the same ones. */
static struct range some_block(struct dice *d, uint32_t dev)
{
	return (struct range){ dev, 8 * roll(d, 3), 8 };
}

/* A recheck at one of its steps: page, io, bio, reading, hashing. */
static void make_recheck(struct dice *d, struct system *y, uint32_t task)
{
	struct task *t = &y->tasks[task];
	uint32_t step = roll(d, y->plain ? 4 : 5);
	struct range block = some_block(d, t->dev);

	t->repairs = true;
	t->metadata = chance(d, 10);
	t->hashes = step == 4;
	t->block = below(y, &block);
	if (step > 0)
		add_element(y, task, PAGE, true, NULL, t->since);
	if (step == 2 || step == 3)
		add_element(y, task, IO, true, &t->block, t->since);
	if (step == 3)
		add_element(y, task, BIO, true, &t->block, t->since);
	if (step < 3)
		wait_for(y, t, (enum role)(PAGE + step),
			 step ? &t->block : NULL);
}

/* A task that reads hashes: has some reads in flight, may need more. */
static void make_prefetch(struct dice *d, struct system *y, uint32_t task)
{
	struct task *t = &y->tasks[task];
	struct range block = some_block(d, t->dev);
	struct range first = below(y, &block), next = first;

	next.sector += 8 * roll(d, 2);
	add_element(y, task, chance(d, 50) ? HASH_IO : HASH_BIO, false, &first,
		    t->since);
	if (chance(d, 70))
		wait_for(y, t, chance(d, 50) ? HASH_IO : HASH_BIO, &next);
}

/* A correction that holds its elements, and may need any other. */
static void make_decode(struct dice *d, struct system *y, uint32_t task)
{
	struct task *t = &y->tasks[task];

	if (chance(d, 70))
		add_element(y, task, OUTPUT, false, NULL, t->since);
	if (chance(d, 80))
		wait_for(y, t, (enum role)roll(d, NR_ROLES), NULL);
}

static void make_pools(struct dice *d, struct system *y)
{
	uint32_t nr = 0;

	for (uint32_t role = 0; role < NR_ROLES; role++) {
		bool shared = chance(d, 60);

		for (uint32_t dev = 0; dev < y->nr_devices; dev++) {
			if (dev && shared) {
				y->pool_of[dev][role] = y->pool_of[0][role];
				continue;
			}
			y->pools[nr] = (struct pool){ .role = (enum role)role,
						      .id = nr + 1,
						      .free = chance(d, 8) };
			y->pool_of[dev][role] = nr++;
		}
	}
}

static void try_system(struct dice *d, struct system *y)
{
	*y = (struct system){ .nr_devices = 1 + roll(d, MAX_DEVICES),
			      .nr_tasks = 1 + roll(d, MAX_TASKS),
			      .plain = chance(d, 30) };
	for (uint32_t i = 0; i < y->nr_devices; i++) {
		y->lower[i] = i ? roll(d, i) : MAX_DEVICES;
		if (chance(d, 80) && i)
			y->lower[i] = i - 1;
		y->shift[i] = chance(d, 30) ? 8 * roll(d, 2) : 0;
		y->suspended[i] = chance(d, 4);
	}
	make_pools(d, y);
	for (uint32_t i = 0; i < y->nr_tasks; i++) {
		struct task *t = &y->tasks[i];

		t->dev = roll(d, y->nr_devices);
		/*
		 * mostly from a device to the one below, so that the I/O can be
		 * its own
		 */
		t->since = 50 * SECOND - 8 * t->dev * SECOND + roll(d, 10);
		if (chance(d, 10))
			t->since = 20 * SECOND + roll(d, 30) * SECOND;
		t->op = 100 + i;
		t->young = chance(d, 5);
		switch (y->plain ? 2 : roll(d, 6)) {
		case 0:
			make_prefetch(d, y, i);
			break;
		case 1:
			make_decode(d, y, i);
			break;
		default:
			make_recheck(d, y, i);
		}
	}
}

static void make_system(struct dice *d, struct system *y)
{
	do {
		try_system(d, y);
	} while (y->full);
}

/* ---- the search ------------------------------------------------------------- */

struct search {
	const struct system *y;
	bool seen[1 << MAX_TASKS][1 << MAX_ELEMENTS];
	uint32_t served; /* in any state, one bit each */
};

static bool overlaps(const struct range *a, const struct range *b)
{
	return a->dev == b->dev && a->sector < b->sector + b->sectors &&
	       b->sector < a->sector + a->sectors;
}

static bool is_held_up(const struct system *y, uint32_t dev)
{
	while (dev != MAX_DEVICES) {
		if (y->suspended[dev])
			return true;
		dev = y->lower[dev];
	}
	return false;
}

/* Whether I/O to @r waits for @t's repair, on its device or any below. */
static bool waits_for(const struct system *y, struct range r,
		      const struct task *t)
{
	for (; r.dev != MAX_DEVICES; r = below(y, &r)) {
		struct range down = below(y, &r);

		if (t->dev == r.dev && overlaps(&down, &t->block))
			return true;
	}
	return false;
}

static bool reaches(const struct system *y, struct range r,
		    const struct range *to)
{
	while (true) {
		if (overlaps(&r, to))
			return true;
		if (r.dev == MAX_DEVICES)
			return false;
		r = below(y, &r);
	}
}

/* Whether @t's own wait keeps its elements. */
static bool keeps(const struct system *y, const struct element *e,
		  const struct task *t)
{
	enum role role = y->pools[e->pool].role;

	if (role == PAGE || role == OUTPUT || e->of_op)
		return true;
	return !t->repairs && t->io_known && reaches(y, e->io, &t->io);
}

/* Whether it waits for task number @i itself. */
static bool needs(const struct system *y, const struct element *e, uint32_t i,
		  uint32_t waiting)
{
	const struct task *own = &y->tasks[e->task], *t = &y->tasks[i];

	/* it has yet to send its I/O, and no other task works on that block */
	if (own->waits && keeps(y, e, own))
		return i == e->task && waiting >> i & 1;
	if (!t->repairs || t->metadata)
		return false;
	for (uint32_t j = 0; j < y->nr_elements; j++) {
		const struct element *f = &y->elements[j];

		if (f != e && !(e->of_op && f->of_op && f->task == e->task))
			continue;
		if (f->io_known && f->io.dev != MAX_DEVICES &&
		    !is_held_up(y, f->io.dev) && t->since >= f->since &&
		    waits_for(y, f->io, t))
			return true;
	}
	return false;
}

static bool comes_back(const struct system *y, const struct element *e,
		       uint32_t waiting)
{
	for (uint32_t i = 0; i < y->nr_tasks; i++) {
		if (waiting >> i & 1 && needs(y, e, i, waiting))
			return false;
	}
	return true;
}

/* Elements in @pool, or held by tasks that were served and so continue. */
static bool has_some(const struct system *y, uint32_t pool, uint32_t out)
{
	if (y->pools[pool].free)
		return true;
	for (uint32_t i = 0; i < y->nr_elements; i++) {
		if (y->elements[i].pool == pool && !(out >> i & 1))
			return true;
	}
	/* all elements are unknown: the pool may have any number */
	for (uint32_t i = 0; i < y->nr_elements; i++) {
		if (y->elements[i].pool == pool)
			return false;
	}
	return true;
}

static void try_all(struct search *s, uint32_t waiting, uint32_t out)
{
	const struct system *y = s->y;

	if (s->seen[waiting][out])
		return;
	s->seen[waiting][out] = true;
	for (uint32_t i = 0; i < y->nr_elements; i++) {
		if (out >> i & 1 && comes_back(y, &y->elements[i], waiting))
			try_all(s, waiting, out & ~(1U << i));
	}
	for (uint32_t i = 0; i < y->nr_tasks; i++) {
		const struct task *t = &y->tasks[i];

		if (!(waiting >> i & 1) ||
		    (!t->young && !has_some(y, t->pool, out)))
			continue;
		s->served |= 1U << i;
		/* it returns its elements before anything else happens */
		try_all(s, waiting & ~(1U << i), out);
	}
}

static uint32_t all_waiting(const struct system *y)
{
	uint32_t ret = 0;

	for (uint32_t i = 0; i < y->nr_tasks; i++)
		ret |= (uint32_t)y->tasks[i].waits << i;
	return ret;
}

/* The tasks that are never served, one bit each. */
static uint32_t search_stuck(const struct system *y, struct search *s)
{
	uint32_t waiting = all_waiting(y);

	memset(s, 0, sizeof(*s));
	s->y = y;
	try_all(s, waiting, (1U << y->nr_elements) - 1);
	return waiting & ~s->served;
}

/* Those of @stuck that wait for themselves in the end, one bit each. */
static uint32_t search_cyclic(const struct system *y, uint32_t stuck)
{
	bool leads[MAX_TASKS][MAX_TASKS] = { { false } };
	uint32_t ret = 0, i, j, k;

	for (k = 0; k < y->nr_elements; k++) {
		for (i = 0; i < y->nr_tasks; i++) {
			for (j = 0; j < y->nr_tasks; j++)
				leads[i][j] |= stuck >> i & stuck >> j & 1 &&
					       y->tasks[i].pool ==
						       y->elements[k].pool &&
					       needs(y, &y->elements[k], j,
						     all_waiting(y));
		}
	}
	for (k = 0; k < y->nr_tasks; k++) {
		for (i = 0; i < y->nr_tasks; i++) {
			for (j = 0; j < y->nr_tasks; j++)
				leads[i][j] |= leads[i][k] && leads[k][j];
		}
	}
	for (i = 0; i < y->nr_tasks; i++)
		ret |= (uint32_t)leads[i][i] << i;
	return ret;
}

/* ---- the same as a sample --------------------------------------------------- */

static struct sample_devno devno(uint32_t dev)
{
	return dev == MAX_DEVICES ? (struct sample_devno){ 8, 0 } :
				    (struct sample_devno){ 254, dev };
}

static void sample_io(struct sample_task *t, bool known, const struct range *io)
{
	t->io_known = known;
	if (known) {
		t->io_dev = devno(io->dev);
		t->io_sector = io->sector;
		t->io_sectors = io->sectors;
	}
}

static struct sample_task *sample_task(struct sample_task **list, size_t *nr,
				       uint32_t task, uint64_t since,
				       uint64_t op)
{
	*list = xreallocarray(*list, *nr + 1, sizeof(**list));
	(*list)[*nr] = (struct sample_task){
		.pid = 1 + task,
		.since_ns = since,
		.op = op,
		.io_sector = MEMTOP_UNKNOWN,
		.io_sectors = MEMTOP_UNKNOWN,
	};
	return &(*list)[(*nr)++];
}

static void sample_devices(const struct system *y, struct sample *s)
{
	s->links_known = true;
	s->links = xcalloc(y->nr_devices, sizeof(*s->links));
	for (uint32_t i = 0; i < y->nr_devices; i++) {
		struct sample_device *d = fixture_device(s, i, "x");

		d->ops_known = true;
		d->suspended = y->suspended[i];
		s->links[s->nr_links++] = (struct sample_link){
			.upper = devno(i),
			.lower = devno(y->lower[i]),
			.kind = SAMPLE_LINK_DATA,
			.mapped = true,
			.sectors = 1 << 20,
			.lower_start = y->shift[i],
			.in_flight = MEMTOP_UNKNOWN,
		};
	}
}

static void sample_ops(const struct system *y, struct sample *s)
{
	for (uint32_t i = 0; i < y->nr_tasks; i++) {
		const struct task *t = &y->tasks[i];
		struct sample_device *d = &s->devices[t->dev];

		if (!t->repairs)
			continue;
		d->ops = xreallocarray(d->ops, d->nr_ops + 1, sizeof(*d->ops));
		d->ops[d->nr_ops++] = (struct sample_op){
			.op = t->op,
			.kind = SAMPLE_RECHECK,
			.pid = 1 + i,
			.since_ns = t->since,
			.metadata = t->metadata,
			.io_dev = devno(t->block.dev),
			.io_sector = t->block.sector,
			.io_sectors = t->block.sectors,
		};
	}
}

static struct sample_pool *sample_pool(struct sample *s, uint64_t id)
{
	for (size_t i = 0; i < s->nr_pools; i++) {
		if (s->pools[i].id == id)
			return &s->pools[i];
	}
	return NULL;
}

static void sample_pools(const struct system *y, struct sample *s)
{
	for (uint32_t dev = 0; dev < y->nr_devices; dev++) {
		for (uint32_t role = 0; role < NR_ROLES; role++) {
			const struct pool *from =
				&y->pools[y->pool_of[dev][role]];
			bool again = sample_pool(s, from->id);
			struct sample_pool *p =
				fixture_pool(s, dev, dev, roles[role], 1, 1);

			p->id = from->id;
			p->current = from->free;
			/*
			 * its elements are listed at the first of its entries
			 */
			p->holders_known = !again;
			p->holders_whole = !again;
		}
	}
	for (uint32_t i = 0; i < y->nr_tasks; i++) {
		const struct task *t = &y->tasks[i];
		struct sample_pool *p;

		if (!t->waits)
			continue;
		p = sample_pool(s, y->pools[t->pool].id);
		sample_io(sample_task(&p->waiters, &p->nr_waiters, i,
				      t->young ? NOW : 60 * SECOND,
				      t->repairs ? t->op : MEMTOP_UNKNOWN),
			  t->io_known, &t->io);
	}
	for (uint32_t i = 0; i < y->nr_elements; i++) {
		const struct element *e = &y->elements[i];
		struct sample_pool *p = sample_pool(s, y->pools[e->pool].id);

		sample_io(sample_task(&p->holders, &p->nr_holders, e->task,
				      e->since,
				      e->of_op ? y->tasks[e->task].op :
						 MEMTOP_UNKNOWN),
			  e->io_known, &e->io);
	}
}

static void make_sample(const struct system *y, struct sample *s)
{
	*s = (struct sample){ .boottime_ns = NOW };
	sample_devices(y, s);
	sample_ops(y, s);
	sample_pools(y, s);
}

/*
 * As for a watch that started late: rechecks are known to be in progress,
 * without elements and with their stacks.
 */
static void forget_takes(const struct system *y, struct sample *s)
{
	s->watched_since_ns = 70 * SECOND;
	s->stacks = xcalloc(y->nr_tasks, sizeof(*s->stacks));
	for (uint32_t i = 0; i < y->nr_tasks; i++) {
		if (y->tasks[i].hashes)
			s->stacks[s->nr_stacks++] = (struct sample_stack){
				.pid = 1 + i,
				.text = xstrdup(
					"verity_hash_for_block+0x1/0x2"),
			};
	}
	for (size_t i = 0; i < s->nr_pools; i++) {
		struct sample_pool *p = &s->pools[i];

		p->holders_whole = false;
		if (strncmp(p->role, "recheck.", 8) == 0)
			p->nr_holders = 0;
	}
}

/* Something that the proof needs is not known. */
static void forget_something(struct dice *d, struct sample *s)
{
	struct sample_pool *p = &s->pools[roll(d, (uint32_t)s->nr_pools)];

	switch (roll(d, 5)) {
	case 0:
		s->links[roll(d, (uint32_t)s->nr_links)].mapped = false;
		break;
	case 1:
		p->current = MEMTOP_UNKNOWN;
		break;
	case 2:
		p->min = 100;
		break;
	case 3:
		for (size_t i = 0; i < p->nr_waiters; i++)
			p->waiters[i].since_ns = MEMTOP_UNKNOWN;
		break;
	default:
		for (size_t i = 0; i < p->nr_holders; i++)
			p->holders[i].io_known = false;
	}
}

/* ---- to find a fault --------------------------------------------------------- */

static void show_range(const char *name, const struct range *r)
{
	fprintf(stderr, " %s=%u:%lu+%lu", name, r->dev,
		(unsigned long)r->sector, (unsigned long)r->sectors);
}

static void show_task(const struct system *y, uint32_t i)
{
	const struct task *t = &y->tasks[i];

	fprintf(stderr, "# task %u dev=%u since=%lu", i, t->dev,
		(unsigned long)t->since);
	if (t->repairs)
		show_range(t->metadata ? "metadata" : "block", &t->block);
	if (t->waits)
		fprintf(stderr, "%s waits=%s/%u", t->young ? " young" : "",
			roles[y->pools[t->pool].role], t->pool);
	if (t->io_known)
		show_range("io", &t->io);
	fprintf(stderr, "\n");
}

static void show(const struct system *y)
{
	for (uint32_t i = 0; i < y->nr_devices; i++)
		fprintf(stderr, "# device %u on %u shift=%lu%s\n", i,
			y->lower[i], (unsigned long)y->shift[i],
			y->suspended[i] ? " suspended" : "");
	for (uint32_t i = 0; i < y->nr_tasks; i++)
		show_task(y, i);
	for (uint32_t i = 0; i < y->nr_elements; i++) {
		const struct element *e = &y->elements[i];
		const struct pool *p = &y->pools[e->pool];

		fprintf(stderr, "# element of %s/%u free=%u task=%u%s",
			roles[p->role], e->pool, p->free, e->task,
			e->of_op ? " op" : "");
		if (e->io_known)
			show_range("io", &e->io);
		fprintf(stderr, "\n");
	}
}

/* ---- the comparison --------------------------------------------------------- */

struct counts {
	uint32_t systems;
	uint32_t deadlocks;
	uint32_t behind;
	uint32_t late; /* rechecks only, which a late watch gets as well */
};

/* Whether step @b can follow @a. */
static bool follows(const struct cycle_step *a, const struct cycle_step *b)
{
	switch (a->kind) {
	case STEP_WAITS:
		return b->kind == STEP_HELD && b->pool == a->pool;
	case STEP_HELD:
		if (b->kind == STEP_WAITS)
			return (a->task ? a->task->pid : a->op->pid) ==
			       b->task->pid;
		return b->kind == STEP_NEEDS && b->sectors;
	case STEP_NEEDS:
		return b->kind == STEP_WORKED_ON && b->op->pid == b->task->pid;
	case STEP_WORKED_ON:
		return b->kind == STEP_WAITS && b->task == a->task;
	}
	return false;
}

static void check_cycle(const struct finding *f)
{
	bool own = f->kind != FINDING_DEADLOCK;

	assert_true(f->nr_steps >= 2);
	assert_int_equal(f->cycle[0].kind, STEP_WAITS);
	for (size_t i = 0; i < f->nr_steps; i++) {
		const struct cycle_step *next =
			&f->cycle[i + 1 < f->nr_steps ? i + 1 : 0];

		assert_true(follows(&f->cycle[i], next));
		own |= f->cycle[i].kind == STEP_WAITS &&
		       f->cycle[i].task == f->waiter;
	}
	assert_true(own);
}

/* The stuck tasks, and those of them in a cycle, one bit each. */
static uint32_t collect(const struct findings *found, uint32_t *cyclic)
{
	uint32_t ret = 0;

	*cyclic = 0;
	for (size_t i = 0; i < found->nr; i++) {
		const struct finding *f = &found->all[i];
		uint32_t bit = 1U << (f->waiter->pid - 1);

		if (f->kind == FINDING_DEADLOCK)
			assert_int_equal(f->cause, CAUSE_DEADLOCK);
		if (f->cause != CAUSE_DEADLOCK)
			continue;
		check_cycle(f);
		ret |= bit;
		if (f->kind == FINDING_DEADLOCK)
			*cyclic |= bit;
	}
	return ret;
}

/* Nothing is found stuck that is not. Returns the stuck tasks. */
static uint32_t check_less(const struct sample *s, uint32_t stuck)
{
	struct findings found;
	uint32_t cyclic, less;

	stall_find(s, THRESHOLD, &found);
	less = collect(&found, &cyclic);
	findings_release(&found);
	assert_int_equal(less & ~stuck, 0);
	return less;
}

static void check_system(struct dice *d, struct search *search,
			 struct counts *counts)
{
	struct findings found;
	uint32_t stuck, in_cycle, found_stuck, found_cyclic;
	struct system y;
	struct sample s;

	make_system(d, &y);
	stuck = search_stuck(&y, search);
	in_cycle = search_cyclic(&y, stuck);
	make_sample(&y, &s);
	stall_find(&s, THRESHOLD, &found);
	found_stuck = collect(&found, &found_cyclic);
	if (found_stuck != stuck || found_cyclic != in_cycle)
		show(&y);
	assert_int_equal(found_stuck, stuck);
	assert_int_equal(found_cyclic, in_cycle);
	/* a stuck task waits for a task that waits for itself */
	assert_int_equal(!stuck, !in_cycle);
	findings_release(&found);
	counts->systems++;
	counts->deadlocks += in_cycle != 0;
	counts->behind += stuck != in_cycle;
	if (y.plain || chance(d, 50))
		forget_takes(&y, &s);
	else
		forget_something(d, &s);
	found_stuck = check_less(&s, stuck);
	if (y.plain) {
		if (found_stuck != stuck)
			show(&y);
		assert_int_equal(found_stuck, stuck);
		counts->late += stuck != 0;
	}
	sample_release(&s);
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	uint64_t ret;

	return text && text_to_u64(text, 1, UINT64_MAX, &ret) == 0 ? ret :
								     otherwise;
}

static void a_deadlock_is_served_in_no_order(void **state)
{
	uint64_t seed = from_environment("MEMTOP_SEED", (uint64_t)time(NULL));
	uint64_t nr = from_environment("MEMTOP_SYSTEMS", SYSTEMS);
	struct search *search = xcalloc(1, sizeof(*search));
	struct dice d = { .state = seed * 0x9e3779b97f4a7c15ULL | 1 };
	struct counts counts = { 0 };

	(void)state;
	fprintf(stderr, "# MEMTOP_SEED=%lu\n", (unsigned long)seed);
	for (uint64_t i = 0; i < nr; i++)
		check_system(&d, search, &counts);
	free(search);
	fprintf(stderr,
		"# %u systems, %u with a deadlock, %u with waits behind one; a late comer is told of %u\n",
		counts.systems, counts.deadlocks, counts.behind, counts.late);
	/* or the test would have shown little */
	if (nr >= SYSTEMS) {
		assert_true(counts.deadlocks > nr / 50);
		assert_true(counts.systems - counts.deadlocks > nr / 10);
		assert_true(counts.behind > nr / 200);
		assert_true(counts.late > nr / 400);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deadlock_is_served_in_no_order),
	};

	return cmocka_run_group_tests_name("stall_random", tests, NULL, NULL);
}
