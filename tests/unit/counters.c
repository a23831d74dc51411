// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "model/counters.h"
#include "stall/stall.h"

static int setup(void **state)
{
	*state = counters_new();
	return 0;
}

static int teardown(void **state)
{
	counters_free(*state);
	return 0;
}

static struct sample_pool *add_pool(struct sample *s, uint32_t minor,
				    uint64_t id, uint64_t waits)
{
	struct sample_pool *pool =
		fixture_pool(s, minor, 100 + id, "hash.io", 16, 128);

	pool->id = id;
	pool->waits = waits;
	return pool;
}

static void update(struct counters *c, struct sample *s)
{
	counters_update(c, s, NULL);
	sample_release(s);
}

/* A sample of one pool, of device 254:@minor. */
static void see(struct counters *c, uint32_t minor, uint64_t id, uint64_t waits)
{
	struct sample s = { 0 };

	add_pool(&s, minor, id, waits);
	update(c, &s);
}

static uint64_t waits(const struct counters *c, uint32_t minor)
{
	const struct counters_key key = { .dev_known = true,
					  .dev = { 254, minor },
					  .slot = SAMPLE_SLOT_LIVE,
					  .role = "hash.io" };

	return counters_get(c, &key, COUNTER_WAITS);
}

static uint64_t rechecks(const struct counters *c, uint32_t minor)
{
	const struct counters_key key = { .dev_known = true,
					  .dev = { 254, minor },
					  .slot = SAMPLE_SLOT_LIVE,
					  .role = "" };

	return counters_get(c, &key, COUNTER_RECHECKS);
}

static void they_begin_with_what_was_counted(void **state)
{
	struct counters *c = *state;

	assert_int_equal(waits(c, 1), MEMTOP_UNKNOWN);
	see(c, 1, 1, 0);
	assert_int_equal(waits(c, 1), 0);
	see(c, 1, 1, 7);
	assert_int_equal(waits(c, 1), 7);
	see(c, 1, 1, 7);
	assert_int_equal(waits(c, 1), 7);
	assert_int_equal(waits(c, 2), MEMTOP_UNKNOWN);
}

/* A sample of one pool with @waits that took @ns each, or none. */
static void see_durations(struct counters *c, uint64_t id, uint64_t waits,
			  uint64_t ns)
{
	struct sample s = { 0 };
	struct sample_pool *pool = add_pool(&s, 1, id, waits);

	pool->wait_histogram_known = true;
	fixture_durations(pool, waits, ns);
	update(c, &s);
}

static uint64_t durations(const struct counters *c, uint64_t ns)
{
	const struct wait_histogram h = counters_durations(c, "hash.io");

	assert_true(h.known);
	return h.waits[wait_histogram_place(ns)];
}

static void durations_add_up_by_role(void **state)
{
	struct counters *c = *state;
	struct sample s = { 0 };

	see(c, 1, 1, 7);
	assert_false(counters_durations(c, "hash.io").known);
	see_durations(c, 1, 0, 1000);
	assert_int_equal(durations(c, 1000), 0);
	see_durations(c, 1, 7, 1000);
	see_durations(c, 1, 9, 1000);
	assert_int_equal(durations(c, 1000), 9);
	/* another pool of the role, in a table that replaced the first */
	see_durations(c, 2, 3, 5000);
	assert_int_equal(durations(c, 1000), 9);
	assert_int_equal(durations(c, 5000), 3);
	assert_false(counters_durations(c, "core.io").known);
	/* while they are not counted, nothing is taken away */
	see(c, 1, 2, 3);
	see_durations(c, 2, 4, 5000);
	assert_int_equal(durations(c, 5000), 4);
	update(c, &s);
	assert_int_equal(durations(c, 5000), 4);
}

static void no_bucket_shrinks(void **state)
{
	struct counters *c = *state;

	see_durations(c, 1, 2, 1000);
	/* one of the two goes on, and takes longer */
	see_durations(c, 1, 2, 5000);
	assert_int_equal(durations(c, 1000), 2);
	assert_int_equal(durations(c, 5000), 2);
	/* what the bucket had before has been counted */
	see_durations(c, 1, 2, 1000);
	assert_int_equal(durations(c, 1000), 2);
	see_durations(c, 1, 3, 1000);
	assert_int_equal(durations(c, 1000), 3);
	/* fewer waits are those of another run */
	see_durations(c, 1, 1, 1000);
	assert_int_equal(durations(c, 1000), 4);
}

static void what_is_not_counted_stays_unknown(void **state)
{
	struct counters *c = *state;

	see(c, 1, 1, MEMTOP_UNKNOWN);
	assert_int_equal(waits(c, 1), MEMTOP_UNKNOWN);
	see(c, 1, 1, 3);
	assert_int_equal(waits(c, 1), 3);
	/* once unknown, it continues from the old value */
	see(c, 1, 1, MEMTOP_UNKNOWN);
	assert_int_equal(waits(c, 1), 3);
	see(c, 1, 1, 5);
	assert_int_equal(waits(c, 1), 5);
}

static void a_pool_that_follows_another_goes_on(void **state)
{
	struct counters *c = *state;
	struct sample nothing = { 0 };

	see(c, 1, 1, 10);
	counters_update(c, &nothing, NULL);
	/* another device now has the number */
	see(c, 1, 2, 1);
	assert_int_equal(waits(c, 1), 11);
	see(c, 1, 2, 4);
	assert_int_equal(waits(c, 1), 14);
	/* and in one step */
	see(c, 1, 3, 100);
	assert_int_equal(waits(c, 1), 114);
}

static void one_that_goes_back_began_anew(void **state)
{
	struct counters *c = *state;

	see(c, 1, 1, 10);
	see(c, 1, 1, 3);
	assert_int_equal(waits(c, 1), 13);
}

static void pools_of_a_role_add_up(void **state)
{
	struct counters *c = *state;
	struct sample s = { 0 };

	add_pool(&s, 1, 1, 10);
	add_pool(&s, 1, 2, 5);
	add_pool(&s, 2, 3, 100);
	update(c, &s);
	assert_int_equal(waits(c, 1), 15);
	assert_int_equal(waits(c, 2), 100);
	/* one of the pools disappears; its counts do not */
	see(c, 1, 2, 6);
	assert_int_equal(waits(c, 1), 16);
}

static void a_shared_pool_is_each_devices(void **state)
{
	struct counters *c = *state;
	struct sample s = { 0 };

	add_pool(&s, 1, 1, 10);
	add_pool(&s, 2, 1, 10);
	update(c, &s);
	add_pool(&s, 1, 1, 12);
	add_pool(&s, 2, 1, 12);
	update(c, &s);
	assert_int_equal(waits(c, 1), 12);
	assert_int_equal(waits(c, 2), 12);
}

static void a_table_that_becomes_live_takes_nothing_away(void **state)
{
	struct counters_key inactive = { .dev_known = true,
					 .dev = { 254, 1 },
					 .slot = SAMPLE_SLOT_INACTIVE,
					 .role = "hash.io" };
	struct counters *c = *state;
	struct sample s = { 0 };

	add_pool(&s, 1, 1, 10);
	add_pool(&s, 1, 2, 1)->slot = SAMPLE_SLOT_INACTIVE;
	update(c, &s);
	see(c, 1, 2, 4);
	assert_int_equal(waits(c, 1), 13);
	assert_int_equal(counters_get(c, &inactive, COUNTER_WAITS), 1);
}

static void see_device(struct counters *c, uint64_t table, uint64_t nr)
{
	struct sample s = { 0 };

	fixture_device(&s, 1, "d")->rechecks = nr;
	fixture_pool(&s, 1, table, "core.io", 16, 512);
	update(c, &s);
}

static void repairs_are_the_devices(void **state)
{
	struct counters *c = *state;

	see_device(c, 1, 0);
	assert_int_equal(rechecks(c, 1), 0);
	see_device(c, 1, 5);
	assert_int_equal(rechecks(c, 1), 5);
	/*
	 * the next table counts from 0, whether its counts are higher or lower
	 * than the old ones
	 */
	see_device(c, 2, 2);
	assert_int_equal(rechecks(c, 1), 7);
	see_device(c, 3, 9);
	assert_int_equal(rechecks(c, 1), 16);
	assert_int_equal(rechecks(c, 2), MEMTOP_UNKNOWN);
}

/* Devices from number @first, each with a pool whose counts equal its place. */
static void see_many(struct counters *c, uint32_t first, uint32_t nr)
{
	struct sample s = { 0 };
	struct sample_pool pattern = *add_pool(&s, first, 1, 0);
	uint32_t i;

	/* growing by one each time is slow for this many */
	free(s.pools);
	s.pools = calloc(nr, sizeof(*s.pools));
	assert_non_null(s.pools);
	s.nr_pools = nr;
	for (i = 0; i < nr; i++) {
		s.pools[i] = pattern;
		s.pools[i].dev.minor = first + i;
		s.pools[i].id = first + i;
		s.pools[i].waits = i;
	}
	update(c, &s);
}

static void what_is_remembered_is_bounded(void **state)
{
	/* each device has a key of its own, and one for its pool */
	const uint32_t half = COUNTERS_MOST / 4 + 10;
	struct counters *c = *state;

	see(c, 0, 1, 10);
	see_many(c, 100000, half);
	assert_int_equal(waits(c, 0), 10);
	see_many(c, 200000, half);
	assert_int_equal(counters_size(c), COUNTERS_MOST);
	/* missing for longest, and forgotten */
	assert_int_equal(waits(c, 0), MEMTOP_UNKNOWN);
	assert_int_equal(waits(c, 100000 + half - 1), half - 1);
	assert_int_equal(waits(c, 200009), 9);
}

/* Finding number @id has this kind, if it exists. */
static void find(struct counters *c, uint64_t id, enum finding_kind kind)
{
	struct finding finding = { .id = id, .kind = kind };
	const struct findings findings = { .all = &finding, .nr = id ? 1 : 0 };

	counters_note(c, &findings);
}

static void each_wait_is_found_once(void **state)
{
	struct counters *c = *state;

	assert_int_equal(counters_found(c, FINDING_STALL), 0);
	find(c, 1, FINDING_STALL);
	find(c, 1, FINDING_STALL);
	assert_int_equal(counters_found(c, FINDING_STALL), 1);
	find(c, 1, FINDING_DEADLOCK);
	assert_int_equal(counters_found(c, FINDING_STALL), 1);
	assert_int_equal(counters_found(c, FINDING_DEADLOCK), 1);
	find(c, 0, FINDING_WAIT);
	find(c, 2, FINDING_STALL);
	assert_int_equal(counters_found(c, FINDING_STALL), 2);
	assert_int_equal(counters_found(c, FINDING_WAIT), 0);
}

static uint64_t waits_of_device(const struct counters *c, uint32_t minor)
{
	const struct counters_key key = { .dev_known = true,
					  .dev = { 254, minor },
					  .slot = SAMPLE_SLOT_LIVE,
					  .role = "" };

	return counters_get(c, &key, COUNTER_WAITS);
}

static uint64_t waits_of_role(const struct counters *c, const char *role)
{
	const struct counters_key key = { .role = role, .all_devices = true };

	return counters_get(c, &key, COUNTER_WAITS);
}

static void sums_go_on_without_a_pool(void **state)
{
	struct counters *c = *state;
	struct sample s = { 0 };

	add_pool(&s, 1, 7, 5);
	add_pool(&s, 1, 8, 2);
	add_pool(&s, 2, 9, 10);
	update(c, &s);
	assert_int_equal(waits_of_device(c, 1), 7);
	assert_int_equal(waits_of_device(c, 2), 10);
	assert_int_equal(waits_of_role(c, "hash.io"), 17);
	assert_int_equal(waits_of_role(c, "hash.bio"), MEMTOP_UNKNOWN);
	/* one goes, and one counts on */
	s = (struct sample){ 0 };
	add_pool(&s, 1, 8, 6);
	update(c, &s);
	assert_int_equal(waits_of_device(c, 1), 11);
	assert_int_equal(waits_of_role(c, "hash.io"), 21);
}

static void a_shared_pool_is_in_one_sum(void **state)
{
	struct counters *c = *state;
	struct sample s = { 0 };

	add_pool(&s, 1, 7, 5);
	add_pool(&s, 2, 7, 5);
	update(c, &s);
	assert_int_equal(waits_of_device(c, 1), 5);
	assert_int_equal(waits_of_device(c, 2), MEMTOP_UNKNOWN);
	assert_int_equal(waits_of_role(c, "hash.io"), 5);
}

static void sums_are_over_what_is_shown(void **state)
{
	static const bool shown[] = { false, true, true };
	struct counters *c = *state;
	struct sample s = { 0 };

	add_pool(&s, 1, 7, 5);
	add_pool(&s, 2, 7, 5);
	add_pool(&s, 3, 8, 1);
	counters_update(c, &s, shown);
	sample_release(&s);
	assert_int_equal(waits(c, 1), 5);
	assert_int_equal(waits_of_device(c, 1), MEMTOP_UNKNOWN);
	assert_int_equal(waits_of_device(c, 2), 5);
	assert_int_equal(waits_of_role(c, "hash.io"), 6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(they_begin_with_what_was_counted),
		TEST(what_is_not_counted_stays_unknown),
		TEST(a_pool_that_follows_another_goes_on),
		TEST(durations_add_up_by_role),
		TEST(no_bucket_shrinks),
		TEST(one_that_goes_back_began_anew),
		TEST(pools_of_a_role_add_up),
		TEST(a_shared_pool_is_each_devices),
		TEST(a_table_that_becomes_live_takes_nothing_away),
		TEST(repairs_are_the_devices),
		TEST(what_is_remembered_is_bounded),
		TEST(each_wait_is_found_once),
		TEST(sums_go_on_without_a_pool),
		TEST(a_shared_pool_is_in_one_sum),
		TEST(sums_are_over_what_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
