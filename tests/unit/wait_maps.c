// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <linux/types.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "decode/map_copy.h"
#include "decode/stock_maps.h"
#include "decode/wait_maps.h"
#include "sample/sample.h"

#include "waits_record.h"

static struct map_copy copy_of(const void *values, size_t nr, size_t size)
{
	struct map_copy copy = { .values = xcalloc(nr, size),
				 .size = size,
				 .nr = nr };

	memcpy(copy.values, values, nr * size);
	return copy;
}

/* By address, as in a pass: a table, two mempools, and a pool that is none. */
static struct stock_id known[] = {
	{ .address = 0x100, .id = 1 },
	{ .address = 0x200, .id = 4, .queue = 0x220 },
	{ .address = 0x300, .id = 3, .queue = 0x320 },
	{ .address = 0x400, .id = 2 },
};
static const struct stock_ids ids = { .known = known, .nr = 4, .last = 4 };

static void only_mempools(void **state)
{
	struct wait_pools pools = { 0 }, gone;

	(void)state;
	wait_pools_update(&pools, &ids, &gone);
	assert_int_equal(gone.nr, 0);
	assert_int_equal(pools.nr, 2);
	assert_int_equal(pools.all[0].id, 3);
	assert_int_equal(pools.all[0].queue, 0x320);
	assert_int_equal(pools.all[1].id, 4);
	assert_false(pools.all[1].watched);
	wait_pools_release(&gone);
	wait_pools_release(&pools);
}

static void come_and_go(void **state)
{
	/* 3 has gone; its address has another pool now, 5; 6 is new */
	struct stock_id later[] = {
		{ .address = 0x200, .id = 4, .queue = 0x220 },
		{ .address = 0x300, .id = 5, .queue = 0x320 },
		{ .address = 0x600, .id = 6, .queue = 0x620 },
	};
	const struct stock_ids now = { .known = later, .nr = 3, .last = 6 };
	struct wait_pools pools = { 0 }, gone;

	(void)state;
	wait_pools_update(&pools, &ids, &gone);
	wait_pools_release(&gone);
	for (size_t i = 0; i < pools.nr; i++) {
		pools.all[i].watched = pools.all[i].counted = true;
		pools.all[i].waits = 7;
	}
	wait_pools_update(&pools, &now, &gone);
	assert_int_equal(gone.nr, 1);
	assert_int_equal(gone.all[0].id, 3);
	assert_true(gone.all[0].watched);
	assert_int_equal(pools.nr, 3);
	assert_int_equal(pools.all[0].id, 4);
	assert_true(pools.all[0].counted);
	assert_int_equal(pools.all[0].waits, 7);
	for (size_t i = 1; i < 3; i++) {
		assert_false(pools.all[i].watched);
		assert_int_equal(pools.all[i].waits, 0);
	}
	wait_pools_release(&gone);
	wait_pools_update(&pools, &(struct stock_ids){ 0 }, &gone);
	assert_int_equal(gone.nr, 3);
	assert_int_equal(pools.nr, 0);
	wait_pools_release(&gone);
	wait_pools_release(&pools);
}

#define NR_TASKS 5

/* Pool 3 is counted, pool 4 watched since now; pool 2 is not a mempool. */
static void fill(void **state)
{
	static const struct waits_queue queues[] = {
		{ .queue = 0x220, .waits = 1, .wait_ns = 5, .longest_ns = 5 },
		{ .queue = 0x320,
		  .waits = 3,
		  .wait_ns = 90,
		  .longest_ns = 50,
		  .histogram = { 1, 0, 2 } },
	};
	static const struct waits_task tasks[] = {
		{ .tid = 10, .queue = 0x320, .since = 1000 },
		/* it runs at the moment: that was an earlier wait */
		{ .tid = 11, .queue = 0x320, .since = 1100, .ended = 1200 },
		/* it waits for another pool */
		{ .tid = 12, .queue = 0x220, .since = 1300 },
		/* it began before it was watched */
		{ .tid = 13, .queue = 0x320, .since = 0 },
	};
	static const uint64_t since[NR_TASKS] = { 1000, MEMTOP_UNKNOWN,
						  MEMTOP_UNKNOWN,
						  MEMTOP_UNKNOWN,
						  MEMTOP_UNKNOWN };
	struct map_copy queue_map =
		copy_of(queues, 2, sizeof(struct waits_queue));
	struct map_copy task_map = copy_of(tasks, 4, sizeof(struct waits_task));
	struct wait_pools pools = { 0 }, gone;
	struct sample_task waiters[NR_TASKS];
	struct sample_pool of[] = {
		{ .id = 2, .waits = MEMTOP_UNKNOWN },
		{ .id = 3,
		  .waits = MEMTOP_UNKNOWN,
		  .waiters = waiters,
		  .nr_waiters = NR_TASKS },
		{ .id = 4, .waits = MEMTOP_UNKNOWN },
		{ .id = 9, .waits = MEMTOP_UNKNOWN },
	};
	struct sample s = { .pools = of, .nr_pools = 4 };

	(void)state;
	for (uint32_t i = 0; i < NR_TASKS; i++)
		waiters[i] = (struct sample_task){ .pid = 10 + i,
						   .since_ns = MEMTOP_UNKNOWN };
	wait_pools_update(&pools, &ids, &gone);
	pools.all[0].watched = pools.all[0].counted = true;
	pools.all[0].since_ns = 900;
	pools.all[1].watched = true;
	wait_pools_count(&pools, &queue_map);
	wait_maps_fill(&pools, &task_map, &s);

	assert_int_equal(of[1].waits, 3);
	assert_int_equal(of[1].sleeps, 3);
	assert_int_equal(of[1].wait_ns, 90);
	assert_int_equal(of[1].longest_wait_ns, 50);
	assert_int_equal(of[1].counted_since_ns, 900);
	assert_true(of[1].wait_histogram_known);
	assert_int_equal(of[1].nr_wait_histogram, 2);
	assert_int_equal(of[1].wait_histogram[0].up_to_ns, 1024);
	assert_int_equal(of[1].wait_histogram[0].waits, 1);
	assert_int_equal(of[1].wait_histogram[1].up_to_ns, 4096);
	assert_int_equal(of[1].wait_histogram[1].waits, 2);
	assert_false(of[0].wait_histogram_known);
	assert_false(of[2].wait_histogram_known);
	assert_int_equal(of[0].waits, MEMTOP_UNKNOWN);
	assert_int_equal(of[2].waits, MEMTOP_UNKNOWN);
	assert_int_equal(of[3].waits, MEMTOP_UNKNOWN);
	for (size_t i = 0; i < NR_TASKS; i++)
		assert_int_equal(waiters[i].since_ns, since[i]);
	/* a copy without its entry leaves the counts as they were */
	map_copy_release(&queue_map);
	wait_pools_count(&pools, &queue_map);
	assert_int_equal(pools.all[0].waits, 3);

	free(of[1].wait_histogram);
	map_copy_release(&task_map);
	wait_pools_release(&gone);
	wait_pools_release(&pools);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_mempools),
		cmocka_unit_test(come_and_go),
		cmocka_unit_test(fill),
	};

	return cmocka_run_group_tests_name("wait_maps", tests, NULL, NULL);
}
