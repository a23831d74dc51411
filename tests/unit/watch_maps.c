// SPDX-License-Identifier: GPL-2.0-only
#include "decode/watch_maps.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/times.h"
#include "sample/sample.h"
#include "unit.h"

static const struct sample_devno dev1 = { 253, 1 }, dev2 = { 253, 2 };

static struct sample_pool *add(struct sample *s, uint64_t id,
			       struct sample_devno dev, const char *role)
{
	struct sample_pool *pool;

	s->pools = xreallocarray(s->pools, s->nr_pools + 1, sizeof(*s->pools));
	pool = &s->pools[s->nr_pools++];
	*pool = (struct sample_pool){
		.id = id,
		.dev_known = dev.major != 0,
		.dev = dev,
		.slot = SAMPLE_SLOT_LIVE,
		.min = 4,
		.current = 4,
		.lowest = 4,
		.last_activity_ns = MEMTOP_UNKNOWN,
		.waiters_known = true,
	};
	strcpy(pool->role, role);
	return pool;
}

static struct sample_task *wait_for(struct sample_pool *pool, uint32_t pid,
				    uint64_t since)
{
	struct sample_task *task;

	pool->waiters = xreallocarray(pool->waiters, pool->nr_waiters + 1,
				      sizeof(*pool->waiters));
	task = &pool->waiters[pool->nr_waiters++];
	*task = (struct sample_task){ .pid = pid, .since_ns = since };
	return task;
}

/* ---- two sources --------------------------------------------------------- */

static void levels_are_those_of_the_walk(void **state)
{
	struct sample events = { 0 }, stock = { 0 };
	struct sample_pool *pool = add(&events, 7, dev1, "core.io");

	(void)state;
	pool->last_activity_ns = 5;
	pool->footprint_bytes = MEMTOP_UNKNOWN;
	pool = add(&stock, 1, dev1, "core.io");
	pool->current = 1;
	pool->lowest = 0;
	pool->footprint_bytes = 256;
	watch_maps_merge(&events, &stock);
	assert_int_equal(events.nr_pools, 1);
	assert_int_equal(events.pools[0].id, 7);
	assert_int_equal(events.pools[0].current, 1);
	assert_int_equal(events.pools[0].lowest, 0);
	assert_int_equal(events.pools[0].footprint_bytes, 256);
	assert_int_equal(events.pools[0].last_activity_ns, 5);
	sample_release(&events);
	sample_release(&stock);
}

static void other_places_are_others(void **state)
{
	struct sample events = { 0 }, stock = { 0 };

	(void)state;
	add(&events, 7, dev1, "core.io");
	add(&stock, 1, dev2, "core.io");
	add(&stock, 2, dev1, "core.clone");
	add(&stock, 3, dev1, "core.io")->slot = SAMPLE_SLOT_INACTIVE;
	add(&stock, 4, dev1, "core.io")->target_index = 1;
	watch_maps_merge(&events, &stock);
	assert_int_equal(events.nr_pools, 5);
	for (size_t i = 1; i < 5; i++) {
		assert_true(events.pools[i].id > 1ULL << 47);
		for (size_t j = 1; j < i; j++)
			assert_true(events.pools[i].id != events.pools[j].id);
	}
	sample_release(&events);
	sample_release(&stock);
}

/* Adds a device with a @target whose reserves only the walk finds. */
static void add_device(struct sample *s, struct sample_devno dev,
		       const char *target)
{
	struct sample_device *d;

	s->devices = xreallocarray(s->devices, s->nr_devices + 1,
				   sizeof(*s->devices));
	d = &s->devices[s->nr_devices++];
	*d = sample_device_new(dev);
	d->targets = xcalloc(1, sizeof(*d->targets));
	d->nr_targets = 1;
	d->targets[0].slot = SAMPLE_SLOT_LIVE;
	strcpy(d->targets[0].type, target);
}

static void walked(struct sample *s, uint64_t id, struct sample_devno dev,
		   const char *role)
{
	strcpy(add(s, id, dev, role)->target_type, "snapshot");
}

static size_t count_nameless(const struct sample *s)
{
	size_t nr = 0;

	for (size_t i = 0; i < s->nr_pools; i++)
		nr += !s->pools[i].dev_known;
	return nr;
}

/*
 * The events list them without a device, the walk with one: each is listed
 * once.
 */
static void pools_of_the_walk_are_listed_once(void **state)
{
	static const struct sample_devno nobody = { 0, 0 };

	(void)state;
	for (int whole = 0; whole < 2; whole++) {
		struct sample events = { 0 }, stock = { 0 };

		add_device(&events, dev1, "snapshot");
		add_device(&stock, dev1, "snapshot");
		add(&events, 1, dev1, "core.io")->table_id = 5;
		wait_for(add(&events, 2, nobody, "other.io"), 1, 1);
		add(&events, 3, nobody, "other.bvec");
		add(&events, 4, nobody, "other.io");
		add(&events, 5, nobody, "other.bvec");
		add(&events, 6, nobody, "other.buffer");
		add(&events, 7, nobody, "other.buffer");
		add(&stock, 1, dev1, "core.io")->table_id = 6;
		walked(&stock, 2, dev1, "snapshot.pending");
		walked(&stock, 3, dev1, "kcopyd.io");
		walked(&stock, 4, dev1, "kcopyd.bvec");
		walked(&stock, 5, dev1, "metadata.buffer");
		if (whole) {
			watch_maps_merge(&events, &stock);
		} else {
			assert_true(watch_maps_need_walk(&events));
			watch_maps_add_walked(&events, &stock);
			assert_int_equal(events.pools[4].table_id, 5);
		}
		/* one of each kind still has no owner */
		assert_int_equal(events.nr_pools, 1 + 3 + 4);
		assert_int_equal(count_nameless(&events), 3);
		for (size_t i = 0; i < events.nr_pools; i++)
			assert_true(*events.pools[i].role);
		sample_release(&events);
		sample_release(&stock);
	}
}

static void an_incomplete_device_gets_none(void **state)
{
	struct sample events = { 0 }, stock = { 0 };

	(void)state;
	add_device(&events, dev1, "snapshot");
	add_device(&stock, dev1, "snapshot");
	add(&events, 1, dev1, "core.io")->table_id = 5;
	walked(&stock, 2, dev1, "snapshot.pending");
	walked(&stock, 3, dev2, "snapshot.pending");
	events.devices[0].torn = true;
	watch_maps_add_walked(&events, &stock);
	assert_int_equal(events.nr_pools, 1);
	events.devices[0].torn = false;
	watch_maps_add_walked(&events, &stock);
	assert_int_equal(events.nr_pools, 2);
	assert_string_equal(events.pools[1].role, "snapshot.pending");
	sample_release(&events);
	sample_release(&stock);
}

static void devices_without_such_targets_need_no_walk(void **state)
{
	struct sample events = { 0 };

	(void)state;
	add_device(&events, dev1, "verity");
	add_device(&events, dev2, "linear");
	assert_false(watch_maps_need_walk(&events));
	sample_release(&events);
}

/* A task that the events know is listed once, with their details. */
static void waiters(void **state)
{
	struct sample events = { 0 }, stock = { 0 };
	struct sample_pool *pool = add(&events, 7, dev1, "core.io");

	(void)state;
	wait_for(pool, 10, 3 * SECOND);
	pool = add(&stock, 1, dev1, "core.io");
	wait_for(pool, 10, MEMTOP_UNKNOWN);
	wait_for(pool, 11, MEMTOP_UNKNOWN);
	pool = add(&stock, 2, dev1, "kcopyd.io");
	wait_for(pool, 12, MEMTOP_UNKNOWN);
	watch_maps_merge(&events, &stock);
	assert_int_equal(events.nr_pools, 2);
	pool = &events.pools[0];
	assert_int_equal(pool->nr_waiters, 2);
	assert_int_equal(pool->waiters[0].pid, 10);
	assert_int_equal(pool->waiters[0].since_ns, 3 * SECOND);
	assert_int_equal(pool->waiters[1].pid, 11);
	assert_int_equal(events.pools[1].nr_waiters, 1);
	assert_int_equal(events.pools[1].waiters[0].pid, 12);
	sample_release(&events);
	sample_release(&stock);
}

/* One pool of two devices, which the events list without an owner. */
static void shared(void **state)
{
	const struct sample_devno nobody = { 0, 0 };
	struct sample events = { 0 }, stock = { 0 };
	struct sample_pool *pool = add(&events, 7, nobody, "recheck.page");

	(void)state;
	wait_for(pool, 10, 3 * SECOND);
	add(&events, 8, dev1, "recheck.io");
	add(&events, 9, dev2, "recheck.io");
	pool = add(&stock, 1, dev1, "recheck.page");
	pool->current = 0;
	wait_for(pool, 10, MEMTOP_UNKNOWN);
	pool = add(&stock, 1, dev2, "recheck.page");
	pool->current = 0;
	add(&stock, 2, dev1, "recheck.io");
	add(&stock, 3, dev2, "recheck.io");
	watch_maps_merge(&events, &stock);
	assert_int_equal(events.nr_pools, 5);
	assert_int_equal(events.pools[0].current, 0);
	assert_int_equal(events.pools[0].nr_waiters, 1);
	for (size_t i = 3; i < 5; i++) {
		assert_int_equal(events.pools[i].id, 7);
		assert_true(events.pools[i].dev_known);
		assert_int_equal(events.pools[i].nr_waiters, 0);
	}
	sample_release(&events);
	sample_release(&stock);
}

/* Two pools without an owner: they cannot be distinguished. */
static void two_without_a_device(void **state)
{
	const struct sample_devno nobody = { 0, 0 };
	struct sample events = { 0 }, stock = { 0 };

	(void)state;
	add(&events, 7, nobody, "recheck.page");
	add(&events, 8, nobody, "recheck.page");
	add(&stock, 1, dev1, "recheck.page");
	add(&stock, 1, dev2, "recheck.page");
	watch_maps_merge(&events, &stock);
	assert_int_equal(events.nr_pools, 4);
	assert_true(events.pools[2].id == events.pools[3].id);
	assert_true(events.pools[2].id != 7 && events.pools[2].id != 8);
	sample_release(&events);
	sample_release(&stock);
}

/* ---- memory ---------------------------------------------------------------- */

/*
 * One waiter, seen at @now after @switches; the begin of its wait is returned.
 */
static uint64_t see(struct watch_memory *memory, uint64_t now,
		    uint64_t switches)
{
	struct sample s = { .boottime_ns = now };
	struct sample_pool *pool = add(&s, 7, dev1, "core.io");
	struct sample_task *task = wait_for(pool, 10, MEMTOP_UNKNOWN);
	uint64_t since;

	task->switches = switches;
	pool->current = 0;
	watch_memory_apply(memory, &s);
	since = s.pools[0].waiters[0].since_ns;
	assert_true(s.pools[0].waiters[0].since_at_least);
	sample_release(&s);
	return since;
}

static void since_first_seen(void **state)
{
	struct watch_memory memory = { 0 };

	(void)state;
	assert_int_equal(see(&memory, 100 * SECOND, 50), 100 * SECOND);
	assert_int_equal(see(&memory, 101 * SECOND, 50), 100 * SECOND);
	/* it has retried after 5 s, and once more */
	assert_int_equal(see(&memory, 106 * SECOND, 51), 100 * SECOND);
	assert_int_equal(see(&memory, 111 * SECOND, 53), 100 * SECOND);
	/* it has run more often than that: another wait */
	assert_int_equal(see(&memory, 112 * SECOND, 60), 112 * SECOND);
	/* another task with the same number */
	assert_int_equal(see(&memory, 113 * SECOND, 3), 113 * SECOND);
	watch_memory_release(&memory);
}

static void not_seen_for_a_while(void **state)
{
	struct watch_memory memory = { 0 };
	struct sample s = { .boottime_ns = 101 * SECOND };

	(void)state;
	assert_int_equal(see(&memory, 100 * SECOND, 50), 100 * SECOND);
	watch_memory_apply(&memory, &s);
	assert_int_equal(see(&memory, 102 * SECOND, 50), 102 * SECOND);
	watch_memory_release(&memory);
}

static void known_since_stays(void **state)
{
	struct watch_memory memory = { 0 };
	struct sample s = { .boottime_ns = 101 * SECOND };

	(void)state;
	wait_for(add(&s, 7, dev1, "core.io"), 10, 3 * SECOND);
	watch_memory_apply(&memory, &s);
	assert_int_equal(s.pools[0].waiters[0].since_ns, 3 * SECOND);
	assert_false(s.pools[0].waiters[0].since_at_least);
	sample_release(&s);
	watch_memory_release(&memory);
}

/*
 * A pool at @now with @current elements and one waiter, @pid; its last
 * activity.
 */
static uint64_t look(struct watch_memory *memory, uint64_t now,
		     uint64_t current, uint32_t pid)
{
	struct sample s = { .boottime_ns = now };
	struct sample_pool *pool = add(&s, 7, dev1, "core.io");
	uint64_t moved;

	pool->current = current;
	if (pid)
		wait_for(pool, pid, 1);
	watch_memory_apply(memory, &s);
	moved = s.pools[0].last_activity_ns;
	sample_release(&s);
	return moved;
}

static void moves(void **state)
{
	struct watch_memory memory = { 0 };

	(void)state;
	assert_int_equal(look(&memory, 100, 0, 10), 0);
	assert_int_equal(look(&memory, 101, 0, 10), 0);
	assert_int_equal(look(&memory, 102, 0, 11), 102);
	assert_int_equal(look(&memory, 103, 0, 11), 102);
	assert_int_equal(look(&memory, 104, 1, 11), 104);
	assert_int_equal(look(&memory, 105, 1, 0), 105);
	assert_int_equal(look(&memory, 106, 1, 0), 105);
	watch_memory_release(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_are_those_of_the_walk),
		cmocka_unit_test(other_places_are_others),
		cmocka_unit_test(pools_of_the_walk_are_listed_once),
		cmocka_unit_test(an_incomplete_device_gets_none),
		cmocka_unit_test(devices_without_such_targets_need_no_walk),
		cmocka_unit_test(waiters),
		cmocka_unit_test(shared),
		cmocka_unit_test(two_without_a_device),
		cmocka_unit_test(since_first_seen),
		cmocka_unit_test(not_seen_for_a_while),
		cmocka_unit_test(known_since_stays),
		cmocka_unit_test(moves),
	};

	return cmocka_run_group_tests_name("watch_maps", tests, NULL, NULL);
}
