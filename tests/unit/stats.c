// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "model/stats.h"
#include "sample/sample.h"

static void assert_spread(const uint64_t *values, size_t nr, uint64_t least,
			  uint64_t median, uint64_t most)
{
	struct stats_spread s = stats_spread(values, nr);

	assert_int_equal(s.least, least);
	assert_int_equal(s.median, median);
	assert_int_equal(s.most, most);
}

static void spread_of_values(void **state)
{
	(void)state;
	assert_spread((uint64_t[]){ 7 }, 1, 7, 7, 7);
	assert_spread((uint64_t[]){ 9, 1, 5 }, 3, 1, 5, 9);
	assert_spread((uint64_t[]){ 4, 1, 9, 7 }, 4, 1, 5, 9);
	assert_spread((uint64_t[]){ UINT64_MAX - 1, UINT64_MAX - 3 }, 2,
		      UINT64_MAX - 3, UINT64_MAX - 2, UINT64_MAX - 1);
}

static void unknown_values_make_all_unknown(void **state)
{
	(void)state;
	assert_spread(NULL, 0, MEMTOP_UNKNOWN, MEMTOP_UNKNOWN, MEMTOP_UNKNOWN);
	assert_spread((uint64_t[]){ 1, MEMTOP_UNKNOWN, 2 }, 3, MEMTOP_UNKNOWN,
		      MEMTOP_UNKNOWN, MEMTOP_UNKNOWN);
}

/* In thousandths, because every way to choose is equally likely. */
static void assert_chance(const uint64_t *a, size_t nr_a, const uint64_t *b,
			  size_t nr_b, int thousandths)
{
	assert_int_equal(stats_chance(a, nr_a, b, nr_b) * 1000 + 0.5,
			 thousandths);
	/* and the reverse */
	assert_int_equal(stats_chance(b, nr_b, a, nr_a) * 1000 + 0.5,
			 thousandths);
}

/* Of C(n, k) ways to choose, two are as far apart as can be. */
static void chance_is_exact(void **state)
{
	const uint64_t low[] = { 1, 2, 3, 4, 5 };
	const uint64_t high[] = { 6, 7, 8, 9, 10 };

	(void)state;
	assert_chance(low, 1, high, 1, 1000);
	assert_chance(low, 2, high, 2, 333); /* 2 of 6 */
	assert_chance(low, 3, high, 3, 100); /* 2 of 20 */
	assert_chance(low, 4, high, 4, 29); /* 2 of 70 */
	assert_chance(low, 5, high, 5, 8); /* 2 of 252 */
	assert_chance(low, 2, high, 3, 200); /* 2 of 10 */
	/* ranks 1 2 4 against 3 5 6: 4 of 20 ways are as far from the middle */
	assert_chance((uint64_t[]){ 10, 20, 40 }, 3, (uint64_t[]){ 30, 50, 60 },
		      3, 200);
}

static void equal_values_are_noise(void **state)
{
	const uint64_t same[] = { 5, 5, 5, 5 };

	(void)state;
	assert_chance(same, 4, same, 4, 1000);
	/* 12 of 20 ways have the least or the most, and not both */
	assert_chance((uint64_t[]){ 1, 5, 5 }, 3, (uint64_t[]){ 5, 5, 9 }, 3,
		      600);
}

static void unknown_values_give_no_result(void **state)
{
	const uint64_t low[] = { 1, 2, 3, 4 }, high[] = { 5, 6, 7, 8 };
	const uint64_t unknown[] = { 5, 6, 7, MEMTOP_UNKNOWN };

	(void)state;
	assert_true(stats_chance(low, 4, high, 4) < STATS_NOISE);
	assert_chance(low, 4, unknown, 4, 1000);
	assert_chance(low, 4, NULL, 0, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spread_of_values),
		cmocka_unit_test(unknown_values_make_all_unknown),
		cmocka_unit_test(chance_is_exact),
		cmocka_unit_test(equal_values_are_noise),
		cmocka_unit_test(unknown_values_give_no_result),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
