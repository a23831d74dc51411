// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <linux/types.h>
#include <stdlib.h>

#include "sample/sample.h"
#include "sample/wait_histogram.h"

#include "wait_buckets.h"

#define LAST (WAIT_HISTOGRAM_BUCKETS - 1)

static void each_bound_belongs_to_its_bucket(void **state)
{
	(void)state;
	assert_int_equal(wait_histogram_place(0), 0);
	assert_int_equal(wait_histogram_place(1), 0);
	assert_int_equal(wait_histogram_most(0), 1024);
	for (size_t i = 0; i < LAST; i++) {
		const uint64_t most = wait_histogram_most(i);

		assert_int_equal(most, 1ULL << (10 + i));
		assert_int_equal(wait_histogram_place(most), i);
		assert_int_equal(wait_histogram_place(most + 1), i + 1);
		assert_int_equal(wait_histogram_place(most - 1), i);
	}
	assert_int_equal(wait_histogram_most(LAST), MEMTOP_UNKNOWN);
	assert_int_equal(wait_histogram_place(1ULL << 42), LAST);
	assert_int_equal(wait_histogram_place(1ULL << 43), LAST);
	assert_int_equal(wait_histogram_place(UINT64_MAX - 1), LAST);
	assert_int_equal(wait_histogram_place(MEMTOP_UNKNOWN), LAST);
}

/* By a loop over the bounds, which the programs cannot have. */
static size_t slow_place(uint64_t ns)
{
	size_t i = 0;

	while (i < LAST && ns > wait_histogram_most(i))
		i++;
	return i;
}

static void places_are_those_of_the_bounds(void **state)
{
	uint64_t ns = 88172645463325252ULL;

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		/* xorshift: any length of number */
		ns ^= ns << 13;
		ns ^= ns >> 7;
		ns ^= ns << 17;
		assert_int_equal(wait_bucket_of(ns >> i % 64),
				 slow_place(ns >> i % 64));
	}
}

static void a_list_has_all_that_was_counted(void **state)
{
	struct sample_pool pool = { 0 }, copy;
	struct wait_histogram h = wait_histogram_none(), sum = h;

	(void)state;
	h.waits[0] = 5;
	h.waits[7] = 1;
	h.waits[LAST] = 2;
	wait_histogram_set(&pool, h.waits);
	assert_true(pool.wait_histogram_known);
	assert_int_equal(pool.nr_wait_histogram, 3);
	wait_histogram_copy(&copy, &pool);
	wait_histogram_add(&sum, &pool);
	wait_histogram_add(&sum, &copy);
	assert_true(sum.known);
	assert_int_equal(wait_histogram_sum(&sum), 16);
	for (size_t i = 0; i <= LAST; i++)
		assert_int_equal(sum.waits[i], 2 * h.waits[i]);
	/* another one takes its place */
	wait_histogram_set(&pool, wait_histogram_none().waits);
	assert_int_equal(pool.nr_wait_histogram, 0);
	assert_null(pool.wait_histogram);
	free(copy.wait_histogram);
}

static void an_unknown_one_makes_the_sum_unknown(void **state)
{
	struct sample_pool pool = { 0 };
	struct wait_histogram sum = wait_histogram_none();

	(void)state;
	wait_histogram_add(&sum, &pool);
	assert_false(sum.known);
	assert_int_equal(wait_histogram_sum(&sum), 0);
}

/* As a recording may have them: in any order, any bound, any number. */
static void any_list_can_be_added(void **state)
{
	struct sample_wait_bucket buckets[] = {
		{ .up_to_ns = MEMTOP_UNKNOWN, .waits = 1 },
		{ .up_to_ns = 1500, .waits = 2 },
		{ .up_to_ns = 1600, .waits = MEMTOP_UNKNOWN - 1 },
		{ .up_to_ns = 0, .waits = MEMTOP_UNKNOWN },
		{ .up_to_ns = MEMTOP_UNKNOWN - 1, .waits = 3 },
	};
	const struct sample_pool pool = { .wait_histogram_known = true,
					  .wait_histogram = buckets,
					  .nr_wait_histogram = 5 };
	struct wait_histogram sum = wait_histogram_none();

	(void)state;
	wait_histogram_add(&sum, &pool);
	assert_int_equal(sum.waits[0], 0);
	assert_int_equal(sum.waits[1], MEMTOP_UNKNOWN - 1);
	assert_int_equal(sum.waits[LAST], 4);
	assert_int_equal(wait_histogram_sum(&sum), MEMTOP_UNKNOWN - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_bound_belongs_to_its_bucket),
		cmocka_unit_test(places_are_those_of_the_bounds),
		cmocka_unit_test(a_list_has_all_that_was_counted),
		cmocka_unit_test(an_unknown_one_makes_the_sum_unknown),
		cmocka_unit_test(any_list_can_be_added),
	};

	return cmocka_run_group_tests_name("wait_histogram", tests, NULL, NULL);
}
