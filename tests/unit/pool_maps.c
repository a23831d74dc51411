// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <linux/types.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/times.h"
#include "decode/pool_maps.h"
#include "fixtures.h"
#include "memtop_record.h"

#define PASS 7

/* Maps, mostly filled by the test, and the sample made from them. */
struct world {
	struct pool_maps maps;
	struct sample sample;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w)
		return -1;
	w->maps.pass = PASS;
	w->maps.now_known = true;
	w->maps.counts_known = true;
	w->maps.histograms.size = sizeof(struct memtop_histogram);
	w->maps.pools.size = sizeof(struct memtop_pool);
	w->maps.tables.size = sizeof(struct memtop_table);
	w->maps.waits.size = sizeof(struct memtop_wait);
	w->maps.ops.size = sizeof(struct memtop_op);
	w->maps.elements.size = sizeof(struct memtop_element);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	pool_maps_release(&w->maps);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static void *add(struct map_copy *map, const void *value)
{
	map->values = xreallocarray(map->values, map->nr + 1, map->size);
	memcpy(map->values + map->nr * map->size, value, map->size);
	return map->values + map->nr++ * map->size;
}

static struct memtop_table *add_table(struct world *w, uint64_t number,
				      uint32_t minor)
{
	const struct memtop_table table = { .table = number,
					    .major = 254,
					    .minor = minor,
					    .slot = MEMTOP_SLOT_LIVE,
					    .pass = PASS };

	return add(&w->maps.tables, &table);
}

/* The table's place in its map is its number - 1. */
static struct memtop_pool *add_pool(struct world *w, uint64_t id,
				    uint64_t table)
{
	struct memtop_table *t = map_copy_at(&w->maps.tables, table - 1);
	const struct memtop_pool pool = { .id = id,
					  .table = table,
					  .major = t->major,
					  .minor = t->minor,
					  .min_nr = 16,
					  .level = MEMTOP_LEVEL(16, 0),
					  .lowest_nr = 16,
					  .alloc_size = 64,
					  .pass = PASS,
					  .type = "verity",
					  .role = "hash.io",
					  .use.lowest_nr = 16 };

	t->nr_pools++;
	t->named++;
	t->of++;
	return add(&w->maps.pools, &pool);
}

static struct memtop_task task_of(uint32_t tid)
{
	return (struct memtop_task){ .op = 5,
				     .since = 3 * SECOND,
				     .io_sector = 64,
				     .io_sectors = 8,
				     .io_major = 7,
				     .io_minor = 1,
				     .tid = tid,
				     .comm = "kworker/0:1H" };
}

static struct memtop_wait *add_wait(struct world *w, uint64_t tid,
				    uint64_t pool)
{
	const struct memtop_wait wait = { .tid = tid,
					  .pool = pool,
					  .task = task_of((uint32_t)tid),
					  .pass = PASS };

	return add(&w->maps.waits, &wait);
}

static struct memtop_op *add_op(struct world *w, uint64_t number,
				enum memtop_op_kind kind, uint32_t minor)
{
	const struct memtop_op op = { .op = number,
				      .block = 8,
				      .since = 2 * SECOND,
				      .io_sector = 64,
				      .io_sectors = 8,
				      .io_major = 7,
				      .io_minor = 1,
				      .major = 254,
				      .minor = minor,
				      .kind = kind,
				      .metadata = kind == MEMTOP_DECODE,
				      .tid = 99,
				      .pass = PASS,
				      .comm = "kverityd" };

	return add(&w->maps.ops, &op);
}

/* Two devices, a table with two pools each. */
static void two_devices(struct world *w)
{
	fixture_device(&w->sample, 0, "a");
	fixture_device(&w->sample, 1, "b");
	add_table(w, 1, 0);
	add_table(w, 2, 1);
	add_pool(w, 11, 1);
	add_pool(w, 12, 1);
	add_pool(w, 21, 2);
	add_pool(w, 22, 2);
}

/* Makes the sample; returns the number of torn tables. */
static uint64_t fill(struct world *w)
{
	return pool_maps_fill(&w->maps, &w->sample);
}

static void copies_are_sorted_and_each_key_is_there_once(void **state)
{
	const uint64_t values[][2] = { { 9, 1 }, { 2, 2 }, { UINT64_MAX, 3 },
				       { 9, 4 }, { 0, 5 }, { 2, 6 } };
	struct map_copy copy = { .size = sizeof(values[0]) };
	const uint64_t *found;

	(void)state;
	assert_null(map_copy_find(&copy, 9));
	map_copy_sort(&copy);
	assert_int_equal(copy.nr, 0);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		add(&copy, values[i]);
	map_copy_sort(&copy);
	assert_int_equal(copy.nr, 4);
	found = map_copy_find(&copy, UINT64_MAX);
	assert_non_null(found);
	assert_int_equal(found[1], 3);
	assert_null(map_copy_find(&copy, 1));
	found = map_copy_at(&copy, 0);
	assert_int_equal(found[0], 0);
	map_copy_release(&copy);
	map_copy_release(&copy);
}

static void what_exists_is_in_the_sample(void **state)
{
	struct world *w = *state;

	two_devices(w);
	assert_int_equal(fill(w), 0);
	assert_int_equal(pool_maps_incomplete(&w->maps), 0);
	assert_int_equal(w->sample.nr_pools, 4);
	assert_int_equal(w->sample.pools[2].id, 21);
	assert_int_equal(w->sample.pools[2].dev.minor, 1);
	assert_int_equal(w->sample.pools[2].slot, SAMPLE_SLOT_LIVE);
	assert_int_equal(w->sample.pools[2].footprint_bytes, 64);
}

static void what_the_pass_did_not_name_is_gone(void **state)
{
	struct world *w = *state;
	struct memtop_pool *pool;

	two_devices(w);
	pool = map_copy_at(&w->maps.pools, 1);
	pool->pass = PASS - 1;
	/* one pool without a table, one of a device that is not listed */
	add_table(w, 3, 9);
	add_pool(w, 31, 3);
	pool = add_pool(w, 32, 3);
	pool->table = pool->major = 0;
	((struct memtop_table *)map_copy_at(&w->maps.tables, 2))->nr_pools--;
	assert_int_equal(fill(w), 0);
	assert_int_equal(w->sample.nr_pools, 4);
	assert_int_equal(w->sample.pools[1].id, 21);
	assert_int_equal(w->sample.pools[3].id, 32);
	assert_false(w->sample.pools[3].dev_known);
}

static void a_table_that_got_pools_meanwhile_is_torn(void **state)
{
	struct world *w = *state;

	two_devices(w);
	((struct memtop_table *)map_copy_at(&w->maps.tables, 1))->nr_pools++;
	add_wait(w, 100, 21);
	assert_int_equal(fill(w), 1);
	assert_int_equal(pool_maps_incomplete(&w->maps), 0);
	assert_int_equal(w->sample.nr_pools, 2);
	assert_int_equal(w->sample.pools[1].id, 12);
}

static void a_table_of_before_that_no_pass_has_named_is_torn(void **state)
{
	struct world *w = *state;
	struct memtop_table *t;

	/* the second one was being loaded when the programs were attached */
	two_devices(w);
	t = map_copy_at(&w->maps.tables, 1);
	t->pass = 0;
	assert_int_equal(fill(w), 0);
	sample_release(&w->sample);
	memset(&w->sample, 0, sizeof(w->sample));

	fixture_device(&w->sample, 0, "a");
	fixture_device(&w->sample, 1, "b");
	w->maps.pass = 1;
	t = map_copy_at(&w->maps.tables, 0);
	t->pass = 1;
	t->nr_pools = 2;
	t = map_copy_at(&w->maps.tables, 1);
	t->nr_pools = 2;
	for (size_t i = 0; i < w->maps.pools.nr; i++)
		((struct memtop_pool *)map_copy_at(&w->maps.pools, i))->pass =
			1;
	assert_int_equal(fill(w), 1);
	assert_int_equal(w->sample.nr_pools, 2);
	assert_int_equal(w->sample.pools[1].id, 12);
}

static void a_torn_table_of_no_device_is_no_loss(void **state)
{
	struct world *w = *state;

	two_devices(w);
	add_table(w, 3, 9);
	add_pool(w, 31, 3);
	((struct memtop_table *)map_copy_at(&w->maps.tables, 2))->nr_pools++;
	assert_int_equal(fill(w), 0);
	assert_int_equal(w->sample.nr_pools, 4);
}

static void a_table_that_leaves_is_no_loss(void **state)
{
	struct world *w = *state;
	struct memtop_table *t;

	two_devices(w);
	t = map_copy_at(&w->maps.tables, 0);
	t->slot = MEMTOP_SLOT_LEAVING;
	t->nr_pools = 1;
	t->rechecks = 3;
	assert_int_equal(fill(w), 0);
	assert_int_equal(w->sample.nr_pools, 2);
	assert_int_equal(w->sample.pools[0].id, 21);
	assert_int_equal(w->sample.devices[0].rechecks, 0);
}

static void a_table_of_which_too_little_was_named_is_counted(void **state)
{
	struct world *w = *state;
	struct memtop_table *t;

	two_devices(w);
	t = map_copy_at(&w->maps.tables, 0);
	t->of = 5;
	t = map_copy_at(&w->maps.tables, 1);
	t->of = 5;
	t->pass = PASS - 1;
	assert_int_equal(fill(w), 0);
	assert_int_equal(pool_maps_incomplete(&w->maps), 1);
}

static void what_is_not_traced_is_unknown(void **state)
{
	struct world *w = *state;

	two_devices(w);
	w->maps.now_known = false;
	w->maps.counts_known = false;
	add_wait(w, 100, 11);
	add_op(w, 5, MEMTOP_RECHECK, 0);
	fill(w);
	assert_false(w->sample.pools[0].waiters_known);
	assert_int_equal(w->sample.pools[0].nr_waiters, 0);
	assert_true(w->sample.pools[0].waits == MEMTOP_UNKNOWN);
	assert_false(w->sample.pools[0].holders_known);
	assert_true(w->sample.pools[0].takes == MEMTOP_UNKNOWN);
	assert_true(w->sample.pools[0].longest_wait_ns == MEMTOP_UNKNOWN);
	assert_false(w->sample.devices[0].ops_known);
	assert_true(w->sample.devices[0].rechecking == MEMTOP_UNKNOWN);
	assert_true(w->sample.devices[0].failed_rechecks == MEMTOP_UNKNOWN);
}

/* As when a single sample is taken. */
static void what_goes_on_may_be_known_alone(void **state)
{
	struct world *w = *state;

	two_devices(w);
	w->maps.counts_known = false;
	add_wait(w, 100, 11);
	add_op(w, 5, MEMTOP_RECHECK, 0);
	fill(w);
	assert_true(w->sample.pools[0].waiters_known);
	assert_int_equal(w->sample.pools[0].nr_waiters, 1);
	assert_true(w->sample.pools[0].waits == MEMTOP_UNKNOWN);
	assert_int_equal(w->sample.devices[0].rechecking, 1);
	assert_int_equal(w->sample.devices[0].decoding, 0);
	assert_true(w->sample.devices[0].rechecks == MEMTOP_UNKNOWN);
}

static void who_waits_is_known(void **state)
{
	struct world *w = *state;
	const struct sample_task *waiter;
	struct memtop_wait *wait;

	two_devices(w);
	add_wait(w, 100, 21);
	wait = add_wait(w, 101, 21);
	wait->task.op = 0;
	wait->task.io_sectors = 0;
	/*
	 * a pool without an owner: its wait is over, and the event of its end
	 * was lost
	 */
	add_wait(w, 102, 21)->pass = PASS - 1;
	add_wait(w, 103, 77);
	fill(w);
	assert_int_equal(w->sample.pools[0].nr_waiters, 0);
	assert_int_equal(w->sample.pools[2].nr_waiters, 2);

	waiter = &w->sample.pools[2].waiters[0];
	assert_int_equal(waiter->pid, 100);
	assert_string_equal(waiter->comm, "kworker/0:1H");
	assert_int_equal(waiter->since_ns, 3 * SECOND);
	assert_int_equal(waiter->op, 5);
	assert_true(waiter->io_known);
	assert_int_equal(waiter->io_dev.major, 7);
	assert_int_equal(waiter->io_sector, 64);
	assert_int_equal(waiter->io_sectors, 8);
	waiter = &w->sample.pools[2].waiters[1];
	assert_true(waiter->op == MEMTOP_UNKNOWN);
	assert_false(waiter->io_known);
	assert_true(waiter->io_sector == MEMTOP_UNKNOWN);
}

static void who_holds_elements_is_known(void **state)
{
	struct world *w = *state;
	const struct memtop_element elements[] = {
		{ .number = 1, .pool = 21, .task = task_of(100), .nr = 1 },
		{ .number = 2, .pool = 12, .task = task_of(101), .nr = 1 },
		{ .number = 3, .pool = 21, .task = task_of(0), .nr = 2 },
		/* its pool is gone, and the event of its return was lost */
		{ .number = 4, .pool = 77, .task = task_of(102), .nr = 1 },
	};
	const struct sample_pool *pool;
	struct memtop_pool *core;

	two_devices(w);
	((struct memtop_pool *)map_copy_at(&w->maps.pools, 2))->use =
		(struct memtop_use){ .takes = 9, .gives = 7, .lowest_nr = 16 };
	/* pools that each bio uses have no events for single elements */
	core = map_copy_at(&w->maps.pools, 1);
	memset(core->type, 0, sizeof(core->type));
	memcpy(core->role, "core.io", sizeof("core.io"));
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		add(&w->maps.elements, &elements[i]);
	fill(w);

	pool = &w->sample.pools[2];
	assert_true(pool->holders_known);
	assert_int_equal(pool->takes, 9);
	assert_int_equal(pool->gives, 7);
	assert_int_equal(pool->nr_holders, 2);
	assert_int_equal(pool->holders[0].pid, 100);
	assert_int_equal(pool->holders[0].since_ns, 3 * SECOND);
	assert_int_equal(pool->holders[1].pid, 0);
	assert_true(w->sample.pools[0].holders_known);
	assert_int_equal(w->sample.pools[0].takes, 0);
	assert_int_equal(w->sample.pools[0].nr_holders, 0);
	assert_false(w->sample.pools[1].holders_known);
	assert_int_equal(w->sample.pools[1].nr_holders, 0);
	assert_true(w->sample.pools[1].takes == MEMTOP_UNKNOWN);
	assert_int_equal(w->sample.pools[1].waits, 0);
}

/*
 * Elements of a pool that was created before may have been taken before the
 * start.
 */
static void whether_all_holders_are_known_is_known(void **state)
{
	struct world *w = *state;
	struct memtop_pool *pool;

	two_devices(w);
	pool = map_copy_at(&w->maps.pools, 0);
	pool->use.whole = 1;
	/* such a pool has no events for single elements */
	pool = map_copy_at(&w->maps.pools, 1);
	pool->use.whole = 1;
	memset(pool->type, 0, sizeof(pool->type));
	memcpy(pool->role, "core.io", sizeof("core.io"));
	fill(w);
	assert_true(w->sample.pools[0].holders_whole);
	assert_false(w->sample.pools[1].holders_whole);
	assert_false(w->sample.pools[2].holders_whole);
	assert_true(w->sample.pools[2].holders_known);
}

static void with_losses_not_all_holders_are_known(void **state)
{
	struct world *w = *state;

	two_devices(w);
	((struct memtop_pool *)map_copy_at(&w->maps.pools, 0))->use.whole = 1;
	w->maps.lossy = true;
	fill(w);
	assert_true(w->sample.pools[0].holders_known);
	assert_false(w->sample.pools[0].holders_whole);
}

static void what_is_in_repair_is_known(void **state)
{
	struct world *w = *state;
	const struct sample_device *d;

	two_devices(w);
	add_op(w, 5, MEMTOP_RECHECK, 1);
	add_op(w, 6, MEMTOP_DECODE, 1);
	add_op(w, 7, MEMTOP_DECODE, 1);
	add_op(w, 8, MEMTOP_DECODE, 1)->pass = PASS - 1;
	add_op(w, 9, MEMTOP_DECODE, 9);
	fill(w);
	assert_int_equal(w->sample.devices[0].nr_ops, 0);
	assert_true(w->sample.devices[0].ops_known);
	d = &w->sample.devices[1];
	assert_int_equal(d->nr_ops, 3);
	assert_int_equal(d->rechecking, 1);
	assert_int_equal(d->decoding, 2);
	assert_int_equal(d->ops[0].op, 5);
	assert_int_equal(d->ops[0].kind, SAMPLE_RECHECK);
	assert_false(d->ops[0].metadata);
	assert_int_equal(d->ops[1].kind, SAMPLE_DECODE);
	assert_true(d->ops[1].metadata);
	assert_int_equal(d->ops[1].pid, 99);
	assert_int_equal(d->ops[1].block, 8);
	assert_string_equal(d->ops[1].comm, "kverityd");
}

static uint64_t level_with(struct world *w, uint64_t named, uint64_t used)
{
	struct memtop_pool *pool;

	two_devices(w);
	pool = map_copy_at(&w->maps.pools, 0);
	pool->level = named;
	pool->use.level = used;
	fill(w);
	return w->sample.pools[0].current;
}

static void a_level_is_that_of_the_last_use(void **state)
{
	/*
	 * the event with 16 arrived last, but its level was read before that
	 * use
	 */
	assert_int_equal(
		level_with(*state, MEMTOP_LEVEL(16, 6), MEMTOP_LEVEL(3, 7)), 3);
}

static void a_level_that_was_named_after_the_last_use_is_newer(void **state)
{
	assert_int_equal(level_with(*state, MEMTOP_LEVEL(16, 7),
				    MEMTOP_LEVEL(3, 7)),
			 16);
}

static void the_number_of_uses_may_wrap(void **state)
{
	assert_int_equal(level_with(*state, MEMTOP_LEVEL(16, UINT32_MAX),
				    MEMTOP_LEVEL(3, 1)),
			 3);
}

static void what_happened_is_counted(void **state)
{
	struct world *w = *state;
	const struct memtop_use use = { .waits = 4,
					.sleeps = 3,
					.wait_ns = 9 * SECOND,
					.longest_wait_ns = 5 * SECOND,
					.drawn = 8,
					.lowest_nr = 2 };
	struct memtop_histogram histogram = { .waits = { 3, [31] = 1 } };
	struct memtop_pool *pool;
	struct memtop_table *t;

	two_devices(w);
	pool = map_copy_at(&w->maps.pools, 0);
	histogram.pool = pool->id;
	pool->use = use;
	/* the passes may have read lower levels than the events of uses */
	pool = map_copy_at(&w->maps.pools, 1);
	pool->lowest_nr = 1;
	t = map_copy_at(&w->maps.tables, 0);
	t->rechecks = 6;
	t->failed_rechecks = 5;
	t->decodes = 4;
	t->failed_decodes = 3;
	w->maps.started = 9;
	add(&w->maps.histograms, &histogram);
	fill(w);
	assert_int_equal(w->sample.pools[0].lowest, 2);
	assert_true(w->sample.pools[0].wait_histogram_known);
	assert_int_equal(w->sample.pools[0].nr_wait_histogram, 2);
	assert_int_equal(w->sample.pools[0].wait_histogram[0].up_to_ns, 1024);
	assert_int_equal(w->sample.pools[0].wait_histogram[0].waits, 3);
	assert_int_equal(w->sample.pools[0].wait_histogram[1].up_to_ns,
			 MEMTOP_UNKNOWN);
	assert_int_equal(w->sample.pools[0].wait_histogram[1].waits, 1);
	assert_true(w->sample.pools[1].wait_histogram_known);
	assert_int_equal(w->sample.pools[1].nr_wait_histogram, 0);
	assert_int_equal(w->sample.pools[0].waits, 4);
	assert_int_equal(w->sample.pools[0].sleeps, 3);
	assert_int_equal(w->sample.pools[0].wait_ns, 9 * SECOND);
	assert_int_equal(w->sample.pools[0].longest_wait_ns, 5 * SECOND);
	assert_int_equal(w->sample.pools[0].counted_since_ns, 9);
	assert_int_equal(w->sample.pools[0].drawn, 8);
	assert_int_equal(w->sample.pools[1].lowest, 1);
	assert_int_equal(w->sample.pools[1].waits, 0);
	assert_int_equal(w->sample.devices[0].rechecks, 6);
	assert_int_equal(w->sample.devices[0].failed_rechecks, 5);
	assert_int_equal(w->sample.devices[0].decodes, 4);
	assert_int_equal(w->sample.devices[0].failed_decodes, 3);
	assert_int_equal(w->sample.devices[1].rechecks, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_are_sorted_and_each_key_is_there_once),
		TEST(what_exists_is_in_the_sample),
		TEST(what_the_pass_did_not_name_is_gone),
		TEST(a_table_that_got_pools_meanwhile_is_torn),
		TEST(a_table_of_before_that_no_pass_has_named_is_torn),
		TEST(a_torn_table_of_no_device_is_no_loss),
		TEST(a_table_that_leaves_is_no_loss),
		TEST(a_table_of_which_too_little_was_named_is_counted),
		TEST(what_is_not_traced_is_unknown),
		TEST(what_goes_on_may_be_known_alone),
		TEST(who_waits_is_known),
		TEST(who_holds_elements_is_known),
		TEST(whether_all_holders_are_known_is_known),
		TEST(with_losses_not_all_holders_are_known),
		TEST(what_is_in_repair_is_known),
		TEST(what_happened_is_counted),
		TEST(a_level_is_that_of_the_last_use),
		TEST(a_level_that_was_named_after_the_last_use_is_newer),
		TEST(the_number_of_uses_may_wrap),
	};

	return cmocka_run_group_tests_name("pool_maps", tests, NULL, NULL);
}
