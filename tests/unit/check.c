// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/times.h"
#include "fixtures.h"
#include "model/check.h"
#include "model/snapshot.h"
#include "stall/stall.h"

static void ranges(void **state)
{
	static const struct {
		const char *text;
		enum check_unit unit;
		bool inside;
		uint64_t start, end;
	} good[] = {
		{ "10", CHECK_COUNT, false, 0, 10 },
		{ "0", CHECK_COUNT, false, 0, 0 },
		{ "10:", CHECK_COUNT, false, 10, UINT64_MAX },
		{ "~:10", CHECK_BYTES, false, 0, 10 },
		{ ":10", CHECK_BYTES, false, 0, 10 },
		{ "10:20", CHECK_PERCENT, false, 10, 20 },
		{ "@10:20", CHECK_COUNT, true, 10, 20 },
		{ "@5", CHECK_COUNT, true, 0, 5 },
		{ "~:", CHECK_COUNT, false, 0, UINT64_MAX },
		{ "0.5:2", CHECK_NS, false, SECOND / 2, 2 * SECOND },
	};
	static const char *const bad[] = {
		"",   ":",   "x",   "1:2:3", "2:1",
		"-1", "1.5", "10~", "@",     "~",
		"1 ", "@@1", "1:x", "x:1",   "99999999999999999999",
	};
	struct check_range r;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		print_message("%s\n", good[i].text);
		assert_int_equal(
			check_range_parse(good[i].text, good[i].unit, &r), 0);
		assert_true(r.set);
		assert_int_equal(r.inside, good[i].inside);
		assert_true(r.start == good[i].start);
		assert_true(r.end == good[i].end);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		print_message("'%s'\n", bad[i]);
		assert_int_equal(check_range_parse(bad[i], CHECK_COUNT, &r),
				 -EINVAL);
	}
}

static void words(void **state)
{
	struct check_limits limits = check_limits_default();
	struct strbuf problem = { 0 };

	(void)state;
	assert_true(limits.warning[FIGURE_WAIT_AGE].end == 10 * SECOND);
	assert_int_equal(check_limits_take(limits.warning, "5", &problem), 0);
	assert_true(limits.warning[FIGURE_WAIT_AGE].end == 5 * SECOND);
	assert_int_equal(
		check_limits_take(limits.critical, "lowest=10:", &problem), 0);
	assert_true(limits.critical[FIGURE_LOWEST].start == 10);
	assert_int_equal(problem.len, 0);
	assert_int_equal(check_limits_take(limits.critical, "low=10", &problem),
			 -EINVAL);
	assert_non_null(strstr(strbuf_text(&problem), "unknown figure 'low'"));
	strbuf_reset(&problem);
	assert_int_equal(check_limits_take(limits.critical, "pools=x",
					   &problem),
			 -EINVAL);
	assert_non_null(strstr(strbuf_text(&problem), "range 'x' for pools"));
	strbuf_release(&problem);
}

/* The status line for a fixture, with one limit of the caller's, or NULL. */
static struct check_result judge(const char *fixture, const char *warning,
				 const char *critical)
{
	struct check_limits limits = check_limits_default();
	struct strbuf problem = { 0 };
	struct check_result result;
	struct findings found;
	struct sample sample;
	struct snapshot snap;

	assert_int_equal(fixture_make(fixture, &sample), 0);
	if (warning)
		assert_int_equal(check_limits_take(limits.warning, warning,
						   &problem),
				 0);
	if (critical)
		assert_int_equal(check_limits_take(limits.critical, critical,
						   &problem),
				 0);
	snapshot_build(&sample, &snap);
	stall_find(&sample, SECOND, &found);
	check_judge(&snap, &found, 0, &limits, &result);
	findings_release(&found);
	snapshot_release(&snap);
	sample_release(&sample);
	strbuf_release(&problem);
	return result;
}

static void figures(void **state)
{
	struct check_result r = judge("calm", NULL, NULL);

	(void)state;
	assert_int_equal(r.status, CHECK_OK);
	assert_true(r.value[FIGURE_WAIT_AGE] == 0);
	assert_true(r.value[FIGURE_DEADLOCKS] == 0);
	assert_true(r.value[FIGURE_LOWEST] == 100);
	assert_true(r.value[FIGURE_DEVICES] == 61);
	assert_true(r.value[FIGURE_DEVICE_BYTES] < r.value[FIGURE_TOTAL_BYTES]);
	assert_false(r.incomplete);

	r = judge("deadlock", NULL, NULL);
	assert_int_equal(r.status, CHECK_CRITICAL);
	assert_true(r.value[FIGURE_WAIT_AGE] == 12500000000ULL);
	assert_true(r.value[FIGURE_DEADLOCKS] == 1);
	assert_true(r.value[FIGURE_STALLS] == 0);
	/* the page is out, but its reserve has only this one */
	assert_true(r.value[FIGURE_LOWEST] == 100);
	assert_int_equal(r.figure[FIGURE_WAIT_AGE], CHECK_WARNING);
	assert_int_equal(r.figure[FIGURE_DEADLOCKS], CHECK_CRITICAL);
}

static void limits_decide(void **state)
{
	(void)state;
	assert_int_equal(judge("moving", NULL, NULL).status, CHECK_OK);
	assert_int_equal(judge("moving", "1", NULL).status, CHECK_WARNING);
	assert_int_equal(judge("moving", NULL, "2").status, CHECK_CRITICAL);
	assert_int_equal(judge("moving", "3", NULL).status, CHECK_OK);
	assert_int_equal(judge("moving", "2.999", NULL).status, CHECK_WARNING);
	assert_int_equal(judge("stuck", "1", "stalls=1").status, CHECK_WARNING);
	assert_int_equal(judge("calm", "total_bytes=1000000", NULL).status,
			 CHECK_WARNING);
	assert_int_equal(judge("calm", NULL, "device_bytes=400000").status,
			 CHECK_OK);
	assert_int_equal(judge("calm", NULL, "device_bytes=300000").status,
			 CHECK_CRITICAL);
	assert_int_equal(judge("calm", "lowest=100:", NULL).status, CHECK_OK);
}

static void levels_are_of_reserves_of_some_size(void **state)
{
	static const struct {
		uint64_t min, current, lowest;
	} cases[] = {
		{ 1, 0, 100 }, { 3, 0, 100 },
		{ 4, 0, 0 },   { 16, 4, 25 },
		{ 0, 0, 100 }, { 16, MEMTOP_UNKNOWN, MEMTOP_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct check_limits limits = check_limits_default();
		struct findings found = { 0 };
		struct check_result r;
		struct snapshot snap;
		struct sample s = { 0 };

		fixture_pool(&s, 0, 1, "core.io", cases[i].min, 1)->current =
			cases[i].current;
		snapshot_build(&s, &snap);
		check_judge(&snap, &found, 0, &limits, &r);
		assert_true(r.value[FIGURE_LOWEST] == cases[i].lowest);
		snapshot_release(&snap);
		sample_release(&s);
	}
}

static void corrupted_devices_are_critical(void **state)
{
	struct check_result r = judge("corrupt", NULL, NULL);

	(void)state;
	assert_int_equal(r.status, CHECK_CRITICAL);
	assert_true(r.value[FIGURE_CORRUPTED] == 2);
	assert_int_equal(r.figure[FIGURE_CORRUPTED], CHECK_CRITICAL);
	assert_int_equal(judge("corrupt", NULL, "corrupted=2").status,
			 CHECK_OK);
	r = judge("calm", NULL, NULL);
	assert_true(r.value[FIGURE_CORRUPTED] == 0);
	/*
	 * unknown: the line reports it, and the status is OK unless a limit
	 * names it
	 */
	r = judge("demo", NULL, NULL);
	assert_true(r.value[FIGURE_CORRUPTED] == MEMTOP_UNKNOWN);
	assert_int_equal(r.unknown_blocks, 61);
	assert_int_equal(r.figure[FIGURE_CORRUPTED], CHECK_OK);
	r = judge("demo", NULL, "corrupted=0");
	assert_int_equal(r.figure[FIGURE_CORRUPTED], CHECK_UNKNOWN);
	r = judge("demo", "corrupted=0", NULL);
	assert_int_equal(r.figure[FIGURE_CORRUPTED], CHECK_UNKNOWN);
	/* a device that is not verity has no such blocks */
	r = judge("noverity", NULL, NULL);
	assert_true(r.value[FIGURE_CORRUPTED] == 0);
}

/* Unknown figures are neither OK nor, if something is bad, worse. */
static void unknown_is_unknown(void **state)
{
	struct check_result r = judge("demo", NULL, NULL);

	(void)state;
	assert_int_equal(r.status, CHECK_UNKNOWN);
	assert_true(r.value[FIGURE_WAIT_AGE] == MEMTOP_UNKNOWN);
	assert_true(r.value[FIGURE_STALLS] == MEMTOP_UNKNOWN);
	r = judge("losses", NULL, NULL);
	assert_true(r.incomplete);
	assert_int_equal(r.status, CHECK_UNKNOWN);
	r = judge("unknowns", "total_bytes=1000000", NULL);
	assert_true(r.value[FIGURE_TOTAL_BYTES] == MEMTOP_UNKNOWN);
	assert_int_equal(r.figure[FIGURE_TOTAL_BYTES], CHECK_UNKNOWN);
	assert_int_equal(judge("demo", "devices=1", NULL).status,
			 CHECK_WARNING);
}

/* A lower bound of an unknown sum can already exceed a limit. */
static void a_sum_has_a_lower_bound(void **state)
{
	const size_t figure = FIGURE_TOTAL_BYTES;

	(void)state;
	assert_int_equal(
		judge("unknowns", "total_bytes=1", NULL).figure[figure],
		CHECK_WARNING);
	assert_int_equal(
		judge("unknowns", NULL, "total_bytes=1").figure[figure],
		CHECK_CRITICAL);
	/* more of it would be within the limit */
	assert_int_equal(
		judge("unknowns", NULL, "total_bytes=1000000:").figure[figure],
		CHECK_UNKNOWN);
	assert_int_equal(
		judge("unknowns", NULL, "total_bytes=@0:10").figure[figure],
		CHECK_UNKNOWN);
}

/* Unknown targets alone do not change the status, but a limit can name them. */
static void unknown_devices_are_counted(void **state)
{
	struct check_result r = judge("targets", NULL, NULL);

	(void)state;
	assert_true(r.value[FIGURE_UNKNOWN_DEVICES] == 5);
	assert_true(r.value[FIGURE_DEVICES] == 6);
	assert_int_equal(r.status, CHECK_OK);
	assert_true(r.value[FIGURE_TOTAL_BYTES] == MEMTOP_UNKNOWN);
	assert_true(r.least[FIGURE_TOTAL_BYTES] > 0);
	assert_true(r.value[FIGURE_DEVICE_BYTES] == MEMTOP_UNKNOWN);
	assert_true(r.value[FIGURE_POOLS] == MEMTOP_UNKNOWN);
	assert_int_equal(judge("targets", NULL, "unknown_devices=4").status,
			 CHECK_CRITICAL);
	assert_int_equal(judge("targets", NULL, "unknown_devices=5").status,
			 CHECK_OK);
	r = judge("calm", NULL, NULL);
	assert_true(r.value[FIGURE_UNKNOWN_DEVICES] == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges),
		cmocka_unit_test(words),
		cmocka_unit_test(figures),
		cmocka_unit_test(limits_decide),
		cmocka_unit_test(levels_are_of_reserves_of_some_size),
		cmocka_unit_test(corrupted_devices_are_critical),
		cmocka_unit_test(unknown_is_unknown),
		cmocka_unit_test(a_sum_has_a_lower_bound),
		cmocka_unit_test(unknown_devices_are_counted),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
