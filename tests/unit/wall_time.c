// SPDX-License-Identifier: GPL-2.0-only
/* Moments as people write them. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "base/wall_time.h"

/* 2026-11-27 13:00:00 in UTC. */
#define NOON_AND_ONE (UINT64_C(1795784400) * SECOND)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static uint64_t find(const char *text, uint64_t first_ns, bool *next_day)
{
	struct wall_time time;

	assert_int_equal(wall_time_parse(text, &time), 0);
	return wall_time_find(&time, first_ns, next_day);
}

static void forms_of_times(void **state)
{
	static const char *const good[] = { "00:00",
					    "23:59:59",
					    "14:03",
					    "2026-11-27 14:03",
					    "2026-11-27T14:03:05",
					    "2024-02-29 00:00",
					    "1970-01-01 00:00:00" };
	static const char *const bad[] = { "",
					   "14",
					   "14:3",
					   "1:03",
					   "24:00",
					   "14:60",
					   "14:03:60",
					   "14:03:5",
					   "14:03:05.5",
					   "14:03 ",
					   " 14:03",
					   "+1:03",
					   "14:-3",
					   "14:03:",
					   "2026-11-27",
					   "2026-11-27 ",
					   "2026-11-27  14:03",
					   "2026-11-27x14:03",
					   "2026-13-01 14:03",
					   "2026-00-01 14:03",
					   "2026-11-31 14:03",
					   "2026-11-00 14:03",
					   "2025-02-29 14:03",
					   "1969-12-31 23:59",
					   "2501-01-01 00:00",
					   "226-11-27 14:03",
					   "2026-1-27 14:03",
					   "2026-11-27 14:03Z",
					   "noon" };
	struct wall_time time;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_int_equal(wall_time_parse(good[i], &time), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (wall_time_parse(bad[i], &time) != -EINVAL)
			fail_msg("'%s' is taken for a moment", bad[i]);
	}
}

static void a_time_of_the_day(void **state)
{
	bool next_day;

	(void)state;
	set_zone("UTC");
	assert_int_equal(find("13:00", NOON_AND_ONE, &next_day), NOON_AND_ONE);
	assert_false(next_day);
	/* within the second that the first one is in */
	assert_int_equal(find("13:00:00", NOON_AND_ONE + SECOND - 1, &next_day),
			 NOON_AND_ONE);
	assert_false(next_day);
	assert_int_equal(find("14:03:05", NOON_AND_ONE, &next_day),
			 NOON_AND_ONE + HOUR + 3 * MINUTE + 5 * SECOND);
	assert_false(next_day);
	/* after midnight */
	assert_int_equal(find("12:59:59", NOON_AND_ONE, &next_day),
			 NOON_AND_ONE + DAY - SECOND);
	assert_true(next_day);
}

static void a_time_with_a_date(void **state)
{
	bool next_day;

	(void)state;
	set_zone("UTC");
	assert_int_equal(find("2026-11-27 13:00", 0, &next_day), NOON_AND_ONE);
	assert_int_equal(find("2026-11-26T13:00:00", NOON_AND_ONE, &next_day),
			 NOON_AND_ONE - DAY);
	assert_false(next_day);
	assert_int_equal(find("1970-01-01 00:00", NOON_AND_ONE, &next_day), 0);
}

/* An hour east of UTC, and two in summer. */
static void a_time_in_a_zone(void **state)
{
	bool next_day;

	(void)state;
	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	assert_int_equal(find("2026-11-27 14:00", 0, &next_day), NOON_AND_ONE);
	assert_int_equal(find("14:00", NOON_AND_ONE, &next_day), NOON_AND_ONE);
	assert_int_equal(find("2026-07-01 14:00", 0, &next_day),
			 UINT64_C(1782907200) * SECOND);
	/* the clocks change in the night to Sunday, the 25th of October */
	assert_int_equal(find("2026-10-25 12:00", 0, &next_day) -
				 find("2026-10-24 12:00", 0, &next_day),
			 25 * HOUR);
	assert_int_equal(find("11:59", find("2026-10-24 12:00", 0, &next_day),
			      &next_day),
			 find("2026-10-25 11:59", 0, &next_day));
}

static void a_moment_is_written(void **state)
{
	struct strbuf text = { 0 };
	struct wall_time time;
	bool next_day;

	(void)state;
	set_zone("CET-1");
	wall_time_add(&text, NOON_AND_ONE + 5 * SECOND + 7);
	assert_string_equal(strbuf_text(&text), "2026-11-27 14:00:05");
	/* and parsed again */
	assert_int_equal(wall_time_parse(strbuf_text(&text), &time), 0);
	assert_int_equal(wall_time_find(&time, 0, &next_day),
			 NOON_AND_ONE + 5 * SECOND);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_of_times),
		cmocka_unit_test(a_time_of_the_day),
		cmocka_unit_test(a_time_with_a_date),
		cmocka_unit_test(a_time_in_a_zone),
		cmocka_unit_test(a_moment_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
