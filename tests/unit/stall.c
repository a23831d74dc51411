// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/times.h"
#include "fixtures.h"
#include "stall/stall.h"

#define NOW (100 * SECOND)
#define THRESHOLD SECOND

/*
 * top (254:2) and bottom (254:1), both verity, one on the other, on low (254:0),
 * a dm-delay on a loop device. Hash trees are on loop devices of their own.
 */
enum { LOW, BOTTOM, TOP };

/* Pools, by their use. A shared one has no owner. */
enum {
	SHARED_PAGE = 1,
	TOP_PAGE,
	TOP_IO,
	TOP_BIO,
	BOTTOM_PAGE,
	BOTTOM_IO,
	BOTTOM_BIO,
	BOTTOM_HASH_IO,
	BOTTOM_HASH_BIO,
};

/* Threads. */
enum { TOPS_WORKER = 42, BOTTOMS_WORKER = 57, OTHER_WORKER = 58 };

struct world {
	struct sample sample;
	struct findings found;
};

static struct sample_devno dm(uint32_t minor)
{
	return (struct sample_devno){ 254, minor };
}

static struct sample_link *add_link(struct sample *s, uint32_t upper,
				    enum sample_link_kind kind,
				    struct sample_devno lower)
{
	s->links = xreallocarray(s->links, s->nr_links + 1, sizeof(*s->links));
	s->links[s->nr_links] = (struct sample_link){
		.upper = dm(upper),
		.lower = lower,
		.kind = kind,
		.mapped = kind == SAMPLE_LINK_DATA,
		.start = 0,
		.sectors = 1 << 20,
		.lower_start = kind == SAMPLE_LINK_DATA ? 0 : MEMTOP_UNKNOWN,
		.in_flight = MEMTOP_UNKNOWN,
	};
	return &s->links[s->nr_links++];
}

static void add_device(struct sample *s, uint32_t minor, const char *name,
		       const char *type, struct sample_devno lower)
{
	struct sample_device *d = fixture_device(s, minor, name);

	fixture_target(d, SAMPLE_SLOT_LIVE, type);
	d->ops_known = true;
	add_link(s, minor, SAMPLE_LINK_DATA, lower);
	if (strcmp(type, "verity") == 0)
		add_link(s, minor, SAMPLE_LINK_HASH,
			 (struct sample_devno){ 7, minor });
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct sample *s;

	if (!w)
		return -1;
	s = &w->sample;
	s->boottime_ns = NOW;
	s->watched_since_ns = 10 * SECOND;
	s->links_known = true;
	add_device(s, LOW, "low", "delay", (struct sample_devno){ 7, 0 });
	add_device(s, BOTTOM, "bottom", "verity", dm(LOW));
	add_device(s, TOP, "top", "verity", dm(BOTTOM));
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	findings_release(&w->found);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static struct sample_pool *pool_of(struct world *w, uint64_t id)
{
	for (size_t i = 0; i < w->sample.nr_pools; i++) {
		if (w->sample.pools[i].id == id)
			return &w->sample.pools[i];
	}
	fail_msg("no pool %lu", id);
	return NULL;
}

/* Of @min elements, all of which are out; no activity since @moved. */
static struct sample_pool *add_pool(struct world *w, uint64_t id,
				    uint32_t minor, const char *role,
				    uint64_t min, uint64_t moved)
{
	struct sample_pool *p =
		fixture_pool(&w->sample, minor, minor, role, min, 4096);

	p->id = id;
	p->current = 0;
	p->waiters_known = true;
	p->holders_known = true;
	p->last_activity_ns = moved;
	return p;
}

static void add_task(struct sample_task **list, size_t *nr, uint32_t pid,
		     uint64_t since, uint64_t op)
{
	struct sample_task *t;

	*list = xreallocarray(*list, *nr + 1, sizeof(**list));
	t = &(*list)[(*nr)++];
	*t = (struct sample_task){
		.pid = pid,
		.since_ns = since,
		.op = op,
		.io_sector = MEMTOP_UNKNOWN,
		.io_sectors = MEMTOP_UNKNOWN,
	};
	text_copy(t->comm, sizeof(t->comm), "kworker/0:1");
}

static void add_wait(struct world *w, uint64_t pool, uint32_t pid,
		     uint64_t since, uint64_t op)
{
	struct sample_pool *p = pool_of(w, pool);

	add_task(&p->waiters, &p->nr_waiters, pid, since, op);
}

static struct sample_task *add_holder(struct world *w, uint64_t pool,
				      uint32_t pid, uint64_t since, uint64_t op)
{
	struct sample_pool *p = pool_of(w, pool);

	add_task(&p->holders, &p->nr_holders, pid, since, op);
	return &p->holders[p->nr_holders - 1];
}

static void set_io(struct sample_task *t, struct sample_devno dev,
		   uint64_t sector)
{
	t->io_known = true;
	t->io_dev = dev;
	t->io_sector = sector;
	t->io_sectors = 8;
}

/* @pid rechecks @block of 254:@minor, from @below. */
static struct sample_op *add_op(struct world *w, uint32_t minor,
				uint64_t number, uint32_t pid, uint64_t since,
				uint64_t block)
{
	struct sample_device *d = &w->sample.devices[minor];
	struct sample_op *o;

	d->ops = xreallocarray(d->ops, d->nr_ops + 1, sizeof(*d->ops));
	o = &d->ops[d->nr_ops++];
	*o = (struct sample_op){
		.op = number,
		.kind = SAMPLE_RECHECK,
		.pid = pid,
		.since_ns = since,
		.block = block,
		.io_dev = dm(minor - 1),
		.io_sector = 8 * block,
		.io_sectors = 8,
	};
	text_copy(o->comm, sizeof(o->comm), "kworker/0:1");
	return o;
}

static const struct finding *find(struct world *w)
{
	findings_release(&w->found);
	stall_find(&w->sample, THRESHOLD, &w->found);
	return w->found.nr ? &w->found.all[0] : NULL;
}

static void assert_found(struct world *w, enum finding_kind kind,
			 enum stall_cause cause)
{
	const struct finding *f = find(w);

	assert_non_null(f);
	assert_string_equal(finding_kind_names[f->kind],
			    finding_kind_names[kind]);
	assert_string_equal(stall_cause_names[f->cause],
			    stall_cause_names[cause]);
}

static void assert_device(struct sample_devno dev, uint32_t minor)
{
	assert_int_equal(dev.major, 254);
	assert_int_equal(dev.minor, minor);
}

/*
 * One page for both. top rechecks its block 1 and has the page. The read needs
 * bottom's block 1, which bottom's worker rechecks, and the worker waits.
 */
static void share_a_page(struct world *w)
{
	add_pool(w, SHARED_PAGE, 0, "recheck.page", 1, 0)->dev_known = false;
	add_pool(w, TOP_IO, TOP, "recheck.io", 16, 0)->current = 15;
	add_pool(w, BOTTOM_IO, BOTTOM, "recheck.io", 16, 0)->current = 16;
	add_op(w, TOP, 1, TOPS_WORKER, 80 * SECOND, 1);
	add_op(w, BOTTOM, 2, BOTTOMS_WORKER, 81 * SECOND, 1);
	add_holder(w, SHARED_PAGE, TOPS_WORKER, 80 * SECOND, 1);
	set_io(add_holder(w, TOP_IO, TOPS_WORKER, 80 * SECOND, 1), dm(BOTTOM),
	       8);
	add_wait(w, SHARED_PAGE, BOTTOMS_WORKER, 81 * SECOND, 2);
}

static void assert_cycle_of_shared_page(const struct finding *f)
{
	assert_int_equal(f->nr_steps, 4);
	assert_int_equal(f->cycle[0].kind, STEP_WAITS);
	assert_int_equal(f->cycle[0].task->pid, BOTTOMS_WORKER);
	assert_int_equal(f->cycle[0].pool->id, SHARED_PAGE);
	assert_int_equal(f->cycle[1].kind, STEP_HELD);
	assert_int_equal(f->cycle[1].op->pid, TOPS_WORKER);
	assert_device(f->cycle[1].dev, TOP);
	assert_int_equal(f->cycle[2].kind, STEP_NEEDS);
	assert_device(f->cycle[2].dev, BOTTOM);
	assert_int_equal(f->cycle[2].sector, 8);
	assert_int_equal(f->cycle[2].sectors, 8);
	assert_int_equal(f->cycle[3].kind, STEP_WORKED_ON);
	assert_int_equal(f->cycle[3].op->op, 2);
	assert_int_equal(f->cycle[3].task->pid, BOTTOMS_WORKER);
	assert_device(f->cycle[3].dev, BOTTOM);
}

/* ---- the reference scenarios ------------------------------------------------ */

static void a_shared_page_deadlocks(void **state)
{
	struct world *w = *state;
	const struct finding *f;

	share_a_page(w);
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	assert_int_equal(w->found.nr, 1);
	f = &w->found.all[0];
	assert_true(f->dev_known);
	assert_device(f->dev, BOTTOM);
	assert_string_equal(f->device->name, "bottom");
	assert_int_equal(f->pool->id, SHARED_PAGE);
	assert_int_equal(f->waiter->pid, BOTTOMS_WORKER);
	assert_int_equal(f->age_ns, 19 * SECOND);
	assert_false(f->since_at_least);
	assert_true(f->holders_complete);
	assert_int_equal(f->nr_holders, 1);
	assert_int_equal(f->holders[0].task->pid, TOPS_WORKER);
	assert_device(f->holders[0].dev, TOP);
	assert_true(f->holders[0].blocked);
	assert_false(f->holders[0].inferred);
	assert_cycle_of_shared_page(f);
}

/* The same, for a watch that started afterwards: only repairs are known. */
static void a_late_comer_infers_who_has_the_page(void **state)
{
	struct world *w = *state;
	const struct finding *f;

	share_a_page(w);
	w->sample.watched_since_ns = 90 * SECOND;
	pool_of(w, SHARED_PAGE)->nr_holders = 0;
	pool_of(w, TOP_IO)->nr_holders = 0;
	pool_of(w, SHARED_PAGE)->waiters[0].since_at_least = true;
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	f = &w->found.all[0];
	assert_true(f->since_at_least);
	assert_true(f->holders_complete);
	assert_int_equal(f->nr_holders, 1);
	assert_null(f->holders[0].task);
	assert_int_equal(f->holders[0].op->pid, TOPS_WORKER);
	assert_true(f->holders[0].inferred);
	assert_cycle_of_shared_page(f);
}

/* Not even taken elements are known, as in a single sample. */
static void one_look_infers_it_too(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	w->sample.watched_since_ns = MEMTOP_UNKNOWN;
	for (size_t i = 0; i < w->sample.nr_pools; i++) {
		w->sample.pools[i].nr_holders = 0;
		w->sample.pools[i].holders_known = false;
		w->sample.pools[i].last_activity_ns = MEMTOP_UNKNOWN;
	}
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
}

static void a_stack_tells_that_the_block_was_read(void **state)
{
	struct world *w = *state;

	one_look_infers_it_too(state);
	w->sample.nr_stacks = 1;
	w->sample.stacks = xcalloc(1, sizeof(*w->sample.stacks));
	w->sample.stacks[0] = (struct sample_stack){
		.pid = TOPS_WORKER,
		.text = xstrdup("io_schedule+0x42/0x70\n"
				"sync_io+0x9a/0x110 [dm_mod]\n"
				"verity_recheck+0x5a/0x1b0 [dm_verity]"),
	};
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	free(w->sample.stacks[0].text);
	w->sample.stacks[0].text =
		xstrdup("dm_bufio_read+0x1c/0x60 [dm_bufio]\n"
			"verity_hash_for_block+0x5a/0x1b0 [dm_verity]");
	find(w);
	assert_int_not_equal(w->found.all[0].kind, FINDING_DEADLOCK);
}

/* Devices with a recheck page of their own never take one of a shared pool. */
static void who_has_its_own_page_is_no_holder(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	w->sample.watched_since_ns = 90 * SECOND;
	pool_of(w, SHARED_PAGE)->nr_holders = 0;
	add_pool(w, TOP_PAGE, TOP, "recheck.page", 1, 0);
	find(w);
	assert_int_not_equal(w->found.all[0].kind, FINDING_DEADLOCK);
	assert_false(w->found.all[0].holders_complete);
}

/* 1b: top's read is slow; the waiter works on another block. */
static void a_slow_holder_is_a_stall(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	w->sample.devices[BOTTOM].ops[0].io_sector = 800;
	w->sample.links[1].in_flight = 2;
	assert_found(w, FINDING_STALL, CAUSE_IN_FLIGHT);
	assert_true(w->found.all[0].cause_dev_known);
	assert_device(w->found.all[0].cause_dev, LOW);
	assert_int_equal(w->found.all[0].in_flight, 2);
	assert_false(w->found.all[0].holders[0].blocked);
	assert_int_equal(w->found.all[0].nr_steps, 0);
}

/* 2: a client with one io and one bio for both. */
static void a_shared_client_deadlocks(void **state)
{
	struct world *w = *state;

	add_pool(w, TOP_IO, 0, "recheck.io", 1, 0)->dev_known = false;
	add_pool(w, TOP_BIO, 0, "recheck.bio", 1, 0)->dev_known = false;
	add_pool(w, TOP_PAGE, TOP, "recheck.page", 1, 0);
	add_pool(w, BOTTOM_PAGE, BOTTOM, "recheck.page", 1, 0);
	add_op(w, TOP, 1, TOPS_WORKER, 80 * SECOND, 1);
	add_op(w, BOTTOM, 2, BOTTOMS_WORKER, 81 * SECOND, 1);
	set_io(add_holder(w, TOP_IO, TOPS_WORKER, 80 * SECOND, 1), dm(BOTTOM),
	       8);
	set_io(add_holder(w, TOP_BIO, TOPS_WORKER, 80 * SECOND, 1), dm(BOTTOM),
	       8);
	add_holder(w, TOP_PAGE, TOPS_WORKER, 80 * SECOND, 1);
	add_holder(w, BOTTOM_PAGE, BOTTOMS_WORKER, 81 * SECOND, 2);
	add_wait(w, TOP_IO, BOTTOMS_WORKER, 81 * SECOND, 2);
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	assert_int_equal(w->found.all[0].nr_steps, 4);

	/* seen late, top's recheck may hold the io, and cannot return it */
	w->sample.watched_since_ns = 90 * SECOND;
	pool_of(w, TOP_IO)->nr_holders = 0;
	pool_of(w, TOP_BIO)->nr_holders = 0;
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	assert_true(w->found.all[0].holders[0].inferred);
}

/* 2: one task has the io and waits for the bio that the other one has. */
static void holding_and_waiting_deadlocks(void **state)
{
	struct world *w = *state;

	add_pool(w, TOP_IO, 0, "recheck.io", 1, 0)->dev_known = false;
	add_pool(w, TOP_BIO, 0, "recheck.bio", 1, 0)->dev_known = false;
	pool_of(w, TOP_IO)->holders_whole = true;
	pool_of(w, TOP_BIO)->holders_whole = true;
	add_op(w, TOP, 1, TOPS_WORKER, 80 * SECOND, 1);
	add_op(w, TOP, 2, OTHER_WORKER, 80 * SECOND, 5);
	set_io(add_holder(w, TOP_IO, TOPS_WORKER, 80 * SECOND, 1), dm(BOTTOM),
	       8);
	set_io(add_holder(w, TOP_BIO, OTHER_WORKER, 80 * SECOND, 2), dm(BOTTOM),
	       40);
	add_wait(w, TOP_BIO, TOPS_WORKER, 80 * SECOND, 1);
	add_wait(w, TOP_IO, OTHER_WORKER, 80 * SECOND, 2);
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	assert_int_equal(w->found.nr, 2);
	assert_int_equal(w->found.all[1].kind, FINDING_DEADLOCK);
	/* waits, held, waits, held: no I/O is needed */
	assert_int_equal(w->found.all[0].nr_steps, 4);
	assert_int_equal(w->found.all[0].cycle[0].task->pid,
			 w->found.all[0].waiter->pid);
	assert_int_equal(w->found.all[0].cycle[2].kind, STEP_WAITS);
}

/*
 * 3: a snapshot's writeback is the reader; the waits are those of scenario 1.
 */
static void a_snapshot_on_top_changes_nothing(void **state)
{
	struct world *w = *state;

	add_device(&w->sample, 3, "snap", "snapshot", dm(TOP));
	w->sample.links[w->sample.nr_links - 1].mapped = false;
	share_a_page(w);
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	assert_cycle_of_shared_page(&w->found.all[0]);
}

/* A snapshot between them: the place of its blocks is not known. */
static void what_can_t_be_matched_is_possible(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	add_device(&w->sample, 3, "snap", "snapshot", dm(BOTTOM));
	w->sample.links[w->sample.nr_links - 1].mapped = false;
	w->sample.links[3].lower = dm(3);
	pool_of(w, TOP_IO)->holders[0].io_dev = dm(3);
	assert_found(w, FINDING_POSSIBLE_DEADLOCK, CAUSE_IN_FLIGHT);
	assert_int_equal(w->found.all[0].nr_steps, 0);
}

static void blocks_of_the_hash_tree_are_not_matched(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	w->sample.devices[BOTTOM].ops[0].metadata = true;
	assert_found(w, FINDING_POSSIBLE_DEADLOCK, CAUSE_IN_FLIGHT);
}

/* 4: separate pages: bottom's task waits for another task of bottom. */
static void own_pages_do_not_deadlock(void **state)
{
	struct world *w = *state;

	add_pool(w, TOP_PAGE, TOP, "recheck.page", 1, 80 * SECOND);
	add_pool(w, BOTTOM_PAGE, BOTTOM, "recheck.page", 1, 81 * SECOND);
	add_op(w, TOP, 1, TOPS_WORKER, 80 * SECOND, 1);
	add_op(w, BOTTOM, 2, BOTTOMS_WORKER, 81 * SECOND, 1);
	add_op(w, BOTTOM, 3, OTHER_WORKER, 81 * SECOND, 2);
	add_holder(w, TOP_PAGE, TOPS_WORKER, 80 * SECOND, 1);
	add_holder(w, BOTTOM_PAGE, OTHER_WORKER, 81 * SECOND, 3);
	add_wait(w, BOTTOM_PAGE, BOTTOMS_WORKER, 81 * SECOND, 2);
	assert_found(w, FINDING_STALL, CAUSE_IN_FLIGHT);

	/* there is activity: elements come and go */
	pool_of(w, BOTTOM_PAGE)->last_activity_ns = NOW - THRESHOLD / 2;
	assert_found(w, FINDING_WAIT, CAUSE_IN_FLIGHT);
}

/* 5: the device below is suspended while the reserve is exhausted. */
static void a_suspended_device_is_the_cause(void **state)
{
	struct world *w = *state;

	own_pages_do_not_deadlock(state);
	pool_of(w, BOTTOM_PAGE)->last_activity_ns = 81 * SECOND;
	w->sample.devices[LOW].suspended = true;
	w->sample.links[1].in_flight = 2;
	assert_found(w, FINDING_STALL, CAUSE_SUSPENDED);
	assert_device(w->found.all[0].cause_dev, LOW);
	w->sample.devices[BOTTOM].suspended = true;
	assert_found(w, FINDING_STALL, CAUSE_SUSPENDED);
	assert_device(w->found.all[0].cause_dev, BOTTOM);
}

static void a_suspended_device_is_no_deadlock(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	w->sample.devices[LOW].suspended = true;
	assert_found(w, FINDING_STALL, CAUSE_SUSPENDED);
}

/* 6: a slow device below; the I/O of the holders is on it. */
static void a_slow_device_is_the_cause(void **state)
{
	struct world *w = *state;

	add_pool(w, BOTTOM_HASH_IO, BOTTOM, "hash.io", 1, 81 * SECOND);
	pool_of(w, BOTTOM_HASH_IO)->holders_whole = true;
	set_io(add_holder(w, BOTTOM_HASH_IO, OTHER_WORKER, 81 * SECOND,
			  MEMTOP_UNKNOWN),
	       (struct sample_devno){ 7, BOTTOM }, 64);
	add_wait(w, BOTTOM_HASH_IO, BOTTOMS_WORKER, 82 * SECOND,
		 MEMTOP_UNKNOWN);
	w->sample.links[2].in_flight = 1;
	assert_found(w, FINDING_STALL, CAUSE_IN_FLIGHT);
	assert_int_equal(w->found.all[0].cause_dev.major, 7);
	assert_int_equal(w->found.all[0].in_flight, 1);
}

/* ---- holders ---------------------------------------------------------------- */

/* A prefetch has sent one read, and needs an io for the next. */
static void io_that_was_sent_comes_back_by_itself(void **state)
{
	struct world *w = *state;
	struct sample_task *wait;

	a_slow_device_is_the_cause(state);
	pool_of(w, BOTTOM_HASH_IO)->holders[0].pid = BOTTOMS_WORKER;
	wait = &pool_of(w, BOTTOM_HASH_IO)->waiters[0];
	set_io(wait, (struct sample_devno){ 7, BOTTOM }, 72);
	assert_found(w, FINDING_STALL, CAUSE_IN_FLIGHT);
	assert_false(w->found.all[0].holders[0].blocked);
}

/* It has the io of a read and waits for the bio of the same read. */
static void io_that_was_not_sent_does_not(void **state)
{
	struct world *w = *state;

	for (uint32_t i = 0; i < 2; i++) {
		const struct sample_devno dev = { 7, BOTTOM };
		uint64_t has = i ? BOTTOM_HASH_BIO : BOTTOM_HASH_IO;
		uint64_t wants = i ? BOTTOM_HASH_IO : BOTTOM_HASH_BIO;

		if (!i) {
			add_pool(w, has, BOTTOM, "hash.io", 1, 0);
			add_pool(w, wants, BOTTOM, "hash.bio", 1, 0);
		}
		pool_of(w, has)->holders_whole = true;
		set_io(add_holder(w, has, 50 + i, 80 * SECOND, MEMTOP_UNKNOWN),
		       dev, 64 + 8 * i);
		add_wait(w, wants, 50 + i, 81 * SECOND, MEMTOP_UNKNOWN);
		set_io(&pool_of(w, wants)->waiters[0], dev, 64 + 8 * i);
	}
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	assert_int_equal(w->found.nr, 2);

	/* elements taken before the watch started may be out as well */
	pool_of(w, BOTTOM_HASH_IO)->holders_whole = false;
	find(w);
	assert_int_not_equal(w->found.all[0].kind, FINDING_DEADLOCK);
}

/*
 * The task works on the block since before the read was sent: for another read.
 */
static void work_that_began_earlier_is_not_for_it(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	w->sample.devices[BOTTOM].ops[0].since_ns = 79 * SECOND;
	find(w);
	assert_int_not_equal(w->found.all[0].kind, FINDING_DEADLOCK);
}

/*
 * What a recheck takes for its read is traced, and it holds nothing of the
 * pool.
 */
static void a_recheck_that_does_not_read_needs_no_block(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	pool_of(w, TOP_IO)->nr_holders = 0;
	find(w);
	assert_int_not_equal(w->found.all[0].kind, FINDING_DEADLOCK);
}

static void any_element_that_comes_back_serves(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	add_op(w, TOP, 3, OTHER_WORKER, 80 * SECOND, 100);
	add_holder(w, SHARED_PAGE, OTHER_WORKER, 80 * SECOND, 3);
	set_io(add_holder(w, TOP_IO, OTHER_WORKER, 80 * SECOND, 3), dm(BOTTOM),
	       800);
	assert_int_equal(find(w)->kind, FINDING_STALL);
	assert_true(w->found.all[0].holders[0].blocked);
	assert_false(w->found.all[0].holders[1].blocked);
}

static void an_element_in_the_pool_serves(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	pool_of(w, SHARED_PAGE)->current = 1;
	assert_int_equal(find(w)->kind, FINDING_WAIT);
	pool_of(w, SHARED_PAGE)->current = MEMTOP_UNKNOWN;
	assert_int_not_equal(find(w)->kind, FINDING_DEADLOCK);
}

static void what_is_out_unseen_may_come_back(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	pool_of(w, SHARED_PAGE)->min = 2;
	assert_int_not_equal(find(w)->kind, FINDING_DEADLOCK);
	assert_false(w->found.all[0].holders_complete);

	pool_of(w, SHARED_PAGE)->min = 1;
	w->sample.devices[TOP].ops_known = false;
	assert_int_not_equal(find(w)->kind, FINDING_DEADLOCK);
}

static void buffers_are_never_known_to_be_all_out(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	text_copy(pool_of(w, SHARED_PAGE)->role, SAMPLE_ROLE_LEN,
		  "hash.buffer");
	pool_of(w, SHARED_PAGE)->holders_whole = true;
	assert_int_not_equal(find(w)->kind, FINDING_DEADLOCK);
}

static void the_young_may_be_served_yet(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	pool_of(w, SHARED_PAGE)->waiters[0].since_ns = NOW - THRESHOLD + 1;
	assert_null(find(w));
	pool_of(w, SHARED_PAGE)->waiters[0].since_ns = NOW - THRESHOLD;
	assert_int_equal(find(w)->kind, FINDING_DEADLOCK);
	pool_of(w, SHARED_PAGE)->waiters[0].since_ns = NOW + SECOND;
	assert_null(find(w));
}

static void what_waits_behind_a_deadlock_is_a_stall(void **state)
{
	struct world *w = *state;

	share_a_page(w);
	add_op(w, BOTTOM, 3, OTHER_WORKER, 70 * SECOND, 100);
	add_wait(w, SHARED_PAGE, OTHER_WORKER, 70 * SECOND, 3);
	assert_found(w, FINDING_DEADLOCK, CAUSE_DEADLOCK);
	assert_int_equal(w->found.nr, 2);
	assert_int_equal(w->found.all[0].waiter->pid, BOTTOMS_WORKER);
	assert_int_equal(w->found.all[1].waiter->pid, OTHER_WORKER);
	assert_int_equal(w->found.all[1].kind, FINDING_STALL);
	assert_int_equal(w->found.all[1].cause, CAUSE_DEADLOCK);
	assert_cycle_of_shared_page(&w->found.all[1]);
}

/* ---- samples without events ------------------------------------------------- */

/*
 * The pool is listed for both devices, its one waiter twice; the begin is not
 * known.
 */
static void look_without_events(struct world *w)
{
	w->sample.source = SAMPLE_STOCK;
	for (uint32_t i = BOTTOM; i <= TOP; i++) {
		struct sample_pool *p =
			add_pool(w, 77, i, "recheck.page", 1, 0);

		p->holders_known = false;
		add_task(&p->waiters, &p->nr_waiters, BOTTOMS_WORKER,
			 50 * SECOND, MEMTOP_UNKNOWN);
		p->waiters[0].since_at_least = true;
		w->sample.devices[i].ops_known = false;
	}
}

static void shared_and_stuck_is_possible_without_events(void **state)
{
	struct world *w = *state;

	look_without_events(w);
	assert_found(w, FINDING_POSSIBLE_DEADLOCK, CAUSE_UNKNOWN);
	assert_int_equal(w->found.nr, 1);
	assert_false(w->found.all[0].dev_known);
	assert_true(w->found.all[0].since_at_least);
}

static void shared_beside_each_other_is_not(void **state)
{
	struct world *w = *state;

	look_without_events(w);
	for (size_t i = 0; i < w->sample.nr_links; i++)
		w->sample.links[i].lower = (struct sample_devno){ 8, 0 };
	assert_found(w, FINDING_STALL, CAUSE_UNKNOWN);
}

static void nobody_looked_whether_it_moves(void **state)
{
	struct world *w = *state;

	look_without_events(w);
	for (size_t i = 0; i < w->sample.nr_pools; i++)
		w->sample.pools[i].last_activity_ns = MEMTOP_UNKNOWN;
	assert_found(w, FINDING_WAIT, CAUSE_UNKNOWN);
}

static void a_wait_of_unknown_age_is_told(void **state)
{
	struct world *w = *state;

	look_without_events(w);
	for (size_t i = 0; i < w->sample.nr_pools; i++)
		w->sample.pools[i].waiters[0].since_ns = MEMTOP_UNKNOWN;
	find(w);
	assert_int_equal(w->found.nr, 1);
	assert_true(w->found.all[0].age_ns == MEMTOP_UNKNOWN);
}

static void it_has_to_be_watched_for_as_long(void **state)
{
	struct world *w = *state;

	own_pages_do_not_deadlock(state);
	pool_of(w, BOTTOM_PAGE)->last_activity_ns = 0;
	w->sample.watched_since_ns = NOW - THRESHOLD / 2;
	assert_int_equal(find(w)->kind, FINDING_WAIT);
	w->sample.watched_since_ns = NOW - THRESHOLD;
	assert_int_equal(find(w)->kind, FINDING_STALL);
}

/* ---- findings --------------------------------------------------------------- */

static void whoever_waits_is_listed(void **state)
{
	struct world *w = *state;

	add_pool(w, SHARED_PAGE, 0, "recheck.page", 1, 0)->dev_known = false;
	add_pool(w, TOP_IO, TOP, "recheck.io", 16, 0);
	add_op(w, BOTTOM, 2, BOTTOMS_WORKER, 81 * SECOND, 1);
	add_wait(w, SHARED_PAGE, BOTTOMS_WORKER, NOW - SECOND / 2, 2);
	add_wait(w, TOP_IO, TOPS_WORKER, MEMTOP_UNKNOWN, MEMTOP_UNKNOWN);
	find(w);
	assert_int_equal(w->found.nr, 1);
	assert_int_equal(w->found.nr_waits, 2);
	assert_true(w->found.waits[0].dev_known);
	assert_device(w->found.waits[0].dev, BOTTOM);
	assert_int_equal(w->found.waits[0].age_ns, SECOND / 2);
	assert_true(w->found.waits[1].dev_known);
	assert_device(w->found.waits[1].dev, TOP);
	assert_int_equal(w->found.waits[1].age_ns, MEMTOP_UNKNOWN);
}

static void a_wait_keeps_its_number(void **state)
{
	struct world *w = *state;
	uint64_t id;

	share_a_page(w);
	id = find(w)->id;
	w->sample.boottime_ns += SECOND;
	pool_of(w, SHARED_PAGE)->current = 1;
	assert_true(find(w)->id == id);
	pool_of(w, SHARED_PAGE)->waiters[0].since_ns += 1;
	assert_true(find(w)->id != id);
	pool_of(w, SHARED_PAGE)->waiters[0].since_ns -= 1;
	pool_of(w, SHARED_PAGE)->waiters[0].pid++;
	assert_true(find(w)->id != id);
}

static void the_gravest_and_oldest_comes_first(void **state)
{
	struct world *w = *state;
	enum finding_kind worst;

	share_a_page(w);
	add_pool(w, BOTTOM_HASH_IO, BOTTOM, "hash.io", 1, NOW);
	add_wait(w, BOTTOM_HASH_IO, 60, 30 * SECOND, MEMTOP_UNKNOWN);
	add_wait(w, BOTTOM_HASH_IO, 61, 20 * SECOND, MEMTOP_UNKNOWN);
	add_wait(w, BOTTOM_HASH_IO, 62, MEMTOP_UNKNOWN, MEMTOP_UNKNOWN);
	find(w);
	assert_int_equal(w->found.nr, 4);
	assert_int_equal(w->found.all[0].waiter->pid, BOTTOMS_WORKER);
	assert_int_equal(w->found.all[1].waiter->pid, 61);
	assert_int_equal(w->found.all[2].waiter->pid, 60);
	assert_int_equal(w->found.all[3].waiter->pid, 62);
	assert_true(findings_worst(&w->found, &worst));
	assert_int_equal(worst, FINDING_DEADLOCK);
}

static void nothing_is_found_in_nothing(void **state)
{
	struct world *w = *state;
	struct sample empty = { 0 };
	enum finding_kind worst;

	stall_find(&empty, 0, &w->found);
	assert_int_equal(w->found.nr, 0);
	assert_false(findings_worst(&w->found, &worst));
	assert_null(find(w));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_shared_page_deadlocks),
		TEST(a_late_comer_infers_who_has_the_page),
		TEST(one_look_infers_it_too),
		TEST(a_stack_tells_that_the_block_was_read),
		TEST(who_has_its_own_page_is_no_holder),
		TEST(a_slow_holder_is_a_stall),
		TEST(a_shared_client_deadlocks),
		TEST(holding_and_waiting_deadlocks),
		TEST(a_snapshot_on_top_changes_nothing),
		TEST(what_can_t_be_matched_is_possible),
		TEST(blocks_of_the_hash_tree_are_not_matched),
		TEST(own_pages_do_not_deadlock),
		TEST(a_suspended_device_is_the_cause),
		TEST(a_suspended_device_is_no_deadlock),
		TEST(a_slow_device_is_the_cause),
		TEST(io_that_was_sent_comes_back_by_itself),
		TEST(io_that_was_not_sent_does_not),
		TEST(work_that_began_earlier_is_not_for_it),
		TEST(a_recheck_that_does_not_read_needs_no_block),
		TEST(any_element_that_comes_back_serves),
		TEST(an_element_in_the_pool_serves),
		TEST(what_is_out_unseen_may_come_back),
		TEST(buffers_are_never_known_to_be_all_out),
		TEST(the_young_may_be_served_yet),
		TEST(what_waits_behind_a_deadlock_is_a_stall),
		TEST(shared_and_stuck_is_possible_without_events),
		TEST(shared_beside_each_other_is_not),
		TEST(nobody_looked_whether_it_moves),
		TEST(a_wait_of_unknown_age_is_told),
		TEST(it_has_to_be_watched_for_as_long),
		TEST(whoever_waits_is_listed),
		TEST(a_wait_keeps_its_number),
		TEST(the_gravest_and_oldest_comes_first),
		TEST(nothing_is_found_in_nothing),
	};

	return cmocka_run_group_tests_name("stall", tests, NULL, NULL);
}
