// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/times.h"
#include "fixtures.h"
#include "model/delta.h"
#include "model/snapshot.h"

static void assert_rate(const struct rate *rate, enum rate_state state,
			uint64_t per_second)
{
	assert_int_equal(rate->state, state);
	if (state == RATE_OK || state == RATE_STALE)
		assert_true(rate->per_second == per_second);
}

static struct delta_counter fresh(void)
{
	return (struct delta_counter){ .count = MEMTOP_UNKNOWN };
}

static void a_count_becomes_a_rate(void **state)
{
	struct delta_counter c = fresh();

	(void)state;
	c = delta_counter_next(&c, 100, 10 * SECOND);
	assert_rate(&c.rate, RATE_FIRST, 0);
	c = delta_counter_next(&c, 103, 12 * SECOND);
	assert_rate(&c.rate, RATE_OK, 1500);
	c = delta_counter_next(&c, 103, 13 * SECOND);
	assert_rate(&c.rate, RATE_OK, 0);
	/* less than a thousandth is rounded */
	c = delta_counter_next(&c, 104, 100013 * SECOND);
	assert_rate(&c.rate, RATE_OK, 0);
}

static void a_count_that_goes_back_began_anew(void **state)
{
	struct delta_counter c = fresh();

	(void)state;
	c = delta_counter_next(&c, 100, 10 * SECOND);
	c = delta_counter_next(&c, 99, 11 * SECOND);
	assert_rate(&c.rate, RATE_RESET, 0);
	c = delta_counter_next(&c, 100, 12 * SECOND);
	assert_rate(&c.rate, RATE_OK, 1000);
}

static void values_unknown_again_are_stale(void **state)
{
	struct delta_counter c = fresh();

	(void)state;
	c = delta_counter_next(&c, MEMTOP_UNKNOWN, 9 * SECOND);
	assert_rate(&c.rate, RATE_UNKNOWN, 0);
	c = delta_counter_next(&c, 0, 10 * SECOND);
	c = delta_counter_next(&c, 2, 11 * SECOND);
	c = delta_counter_next(&c, MEMTOP_UNKNOWN, 12 * SECOND);
	assert_rate(&c.rate, RATE_STALE, 2000);
	/* over the whole elapsed time */
	c = delta_counter_next(&c, 8, 14 * SECOND);
	assert_rate(&c.rate, RATE_OK, 2000);
	/* the same moment again: the elapsed time is 0 */
	c = delta_counter_next(&c, 9, 14 * SECOND);
	assert_rate(&c.rate, RATE_STALE, 2000);
	c = delta_counter_next(&c, 9, MEMTOP_UNKNOWN);
	assert_rate(&c.rate, RATE_STALE, 2000);
}

static void huge_counts_do_not_overflow(void **state)
{
	struct delta_counter c = fresh();

	(void)state;
	c = delta_counter_next(&c, 0, 0);
	c = delta_counter_next(&c, MEMTOP_UNKNOWN - 1, 1);
	assert_rate(&c.rate, RATE_OK, MEMTOP_UNKNOWN - 1);
}

/*
 * One device "v" of number 254:@minor, with one pool that has this id and
 * table.
 */
struct world {
	struct sample sample;
	struct snapshot snap;
	struct delta delta;
};

static struct sample_pool *one_pool(struct world *w, const char *name,
				    uint64_t table)
{
	struct sample_device *device;
	struct sample_pool *pool;

	sample_release(&w->sample);
	w->sample = (struct sample){ 0 };
	device = fixture_device(&w->sample, 0, name);
	fixture_target(device, SAMPLE_SLOT_LIVE, "verity");
	device->rechecks = 0;
	device->decodes = MEMTOP_UNKNOWN;
	pool = fixture_pool(&w->sample, 0, table, "hash.io", 16, 64);
	pool->id = 100 + table;
	pool->waits = 0;
	return pool;
}

static void advance(struct world *w, uint64_t seconds)
{
	w->sample.boottime_ns = seconds * SECOND;
	snapshot_build(&w->sample, &w->snap);
	delta_advance(&w->delta, &w->snap);
	snapshot_release(&w->snap);
}

static const struct delta_device *device(const struct world *w)
{
	/* fixtures' devices are 254:N */
	return delta_find_device(&w->delta, (struct sample_devno){ 254, 0 });
}

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct world));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *w = *state;

	delta_release(&w->delta);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static void devices_and_pools_have_rates_and_histories(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool = one_pool(w, "v", 1);

	advance(w, 10);
	assert_rate(&device(w)->counters[DELTA_WAITS].rate, RATE_FIRST, 0);
	assert_rate(&device(w)->counters[DELTA_DECODES].rate, RATE_UNKNOWN, 0);

	pool->waits = 4;
	pool->current = 4;
	w->sample.devices[0].rechecks = 1;
	advance(w, 12);
	assert_rate(&device(w)->counters[DELTA_WAITS].rate, RATE_OK, 2000);
	assert_rate(&device(w)->counters[DELTA_RECHECKS].rate, RATE_OK, 500);
	assert_rate(&delta_find_pool(&w->delta, 101)->waits.rate, RATE_OK,
		    2000);
	assert_null(delta_find_pool(&w->delta, 7));
	assert_int_equal(device(w)->history.nr, 2);
	assert_int_equal(delta_history_at(&device(w)->history,
					  device(w)->history.level, 0),
			 250);
	assert_int_equal(delta_history_at(&device(w)->history,
					  device(w)->history.level, 1),
			 1000);
	assert_int_equal(delta_history_at(&device(w)->history,
					  device(w)->history.waits, 0),
			 2000);
	assert_true(delta_history_at(&device(w)->history,
				     device(w)->history.waits, 1) == DELTA_GAP);
	assert_true(delta_history_at(&device(w)->history,
				     device(w)->history.level, 2) == DELTA_GAP);
}

static void counts_of_another_table_begin_at_0(void **state)
{
	struct world *w = *state;

	one_pool(w, "v", 1)->waits = 4;
	advance(w, 10);
	/* more than the old one had counted: still no rate */
	one_pool(w, "v", 2)->waits = 9;
	advance(w, 11);
	assert_rate(&device(w)->counters[DELTA_WAITS].rate, RATE_RESET, 0);
	assert_int_equal(device(w)->history.nr, 2);
	one_pool(w, "v", 2)->waits = 10;
	advance(w, 12);
	assert_rate(&device(w)->counters[DELTA_WAITS].rate, RATE_OK, 1000);
}

static void another_device_of_the_number_has_no_history(void **state)
{
	struct world *w = *state;

	one_pool(w, "v", 1);
	advance(w, 10);
	one_pool(w, "w", 2);
	advance(w, 11);
	assert_rate(&device(w)->counters[DELTA_WAITS].rate, RATE_FIRST, 0);
	assert_int_equal(device(w)->history.nr, 1);
	/* a device that is only renamed keeps its rate */
	one_pool(w, "renamed", 2);
	advance(w, 12);
	assert_rate(&device(w)->counters[DELTA_WAITS].rate, RATE_OK, 0);
	assert_int_equal(device(w)->history.nr, 2);
}

static void what_is_torn_is_stale_and_what_is_gone_is_gone(void **state)
{
	struct world *w = *state;

	one_pool(w, "v", 1);
	advance(w, 10);
	one_pool(w, "v", 1)->waits = 3;
	advance(w, 11);
	sample_release(&w->sample);
	w->sample = (struct sample){ 0 };
	fixture_target(fixture_device(&w->sample, 0, "v"), SAMPLE_SLOT_LIVE,
		       "verity");
	w->sample.devices[0].torn = true;
	advance(w, 12);
	assert_rate(&device(w)->counters[DELTA_WAITS].rate, RATE_STALE, 3000);
	assert_true(delta_history_at(&device(w)->history,
				     device(w)->history.level, 0) == DELTA_GAP);
	one_pool(w, "v", 1)->waits = 5;
	advance(w, 13);
	assert_rate(&device(w)->counters[DELTA_WAITS].rate, RATE_OK, 1000);

	sample_release(&w->sample);
	w->sample = (struct sample){ 0 };
	advance(w, 14);
	assert_null(device(w));
	assert_int_equal(w->delta.nr_pools, 0);
}

/*
 * The order of ids differs from that of places, and one pool belongs to another
 * device too.
 */
static void each_pool_has_its_own_rate(void **state)
{
	struct world *w = *state;
	struct sample *s = &w->sample;

	for (uint64_t round = 0; round < 3; round++) {
		sample_release(s);
		*s = (struct sample){ 0 };
		for (uint32_t minor = 0; minor < 2; minor++)
			fixture_target(fixture_device(s, minor, "v"),
				       SAMPLE_SLOT_LIVE, "verity");
		for (uint64_t i = 0; i < 4; i++) {
			struct sample_pool *pool = fixture_pool(
				s, i / 2, i / 2, i % 2 ? "hash.bio" : "core.io",
				16, 64);

			pool->id = i == 2 ? 50 : 50 - i;
			pool->waits = round * pool->id;
		}
		/* it had no count before */
		s->pools[3].waits = round < 2 ? MEMTOP_UNKNOWN : 7;
		advance(w, 10 + round);
	}
	assert_int_equal(w->delta.nr_pools, 3);
	assert_rate(&delta_find_pool(&w->delta, 50)->waits.rate, RATE_OK,
		    50000);
	assert_rate(&delta_find_pool(&w->delta, 49)->waits.rate, RATE_OK,
		    49000);
	assert_rate(&delta_find_pool(&w->delta, 47)->waits.rate, RATE_FIRST, 0);
}

static void a_history_has_an_end(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool = one_pool(w, "v", 1);
	size_t i;

	for (i = 0; i < DELTA_LENGTH + 10; i++) {
		pool->current = i % 16;
		advance(w, 10 + i);
	}
	assert_int_equal(device(w)->history.nr, DELTA_LENGTH);
	for (i = 0; i < DELTA_LENGTH; i++)
		assert_int_equal(delta_history_at(&device(w)->history,
						  device(w)->history.level, i),
				 (DELTA_LENGTH + 9 - i) % 16 * 1000 / 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_count_becomes_a_rate),
		cmocka_unit_test(a_count_that_goes_back_began_anew),
		cmocka_unit_test(values_unknown_again_are_stale),
		cmocka_unit_test(huge_counts_do_not_overflow),
		cmocka_unit_test_setup_teardown(
			devices_and_pools_have_rates_and_histories, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			counts_of_another_table_begin_at_0, setup, teardown),
		cmocka_unit_test_setup_teardown(
			another_device_of_the_number_has_no_history, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			what_is_torn_is_stale_and_what_is_gone_is_gone, setup,
			teardown),
		cmocka_unit_test_setup_teardown(each_pool_has_its_own_rate,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_history_has_an_end, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
