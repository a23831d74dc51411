// SPDX-License-Identifier: GPL-2.0-only
/* The next sample: of a recording, and of fixtures that replace the kernel. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/times.h"
#include "fixtures.h"
#include "recording/file.h"
#include "sample/sample.h"
#include "stream/stream.h"
#include "system/stop.h"

#define DEADLOCK "tests/recordings/deadlock"
#define NR_DEADLOCK 3

static struct stream *open_recording(const char *path, uint64_t last)
{
	const struct stream_params params = { .replay = path, .last = last };
	struct stream *s;

	assert_int_equal(stream_open(&params, &s), 0);
	return s;
}

static struct stream *open_fixture(const char *name, uint64_t delay_ns)
{
	const struct stream_params params = { .paced = delay_ns,
					      .delay_ns = delay_ns };
	struct stream *s;

	setenv("MEMTOP_FIXTURE", name, 1);
	setenv("MEMTOP_TIME", "1", 1);
	assert_int_equal(stream_open(&params, &s), 0);
	return s;
}

static void a_recording_ends(void **state)
{
	struct stream *s = open_recording(DEADLOCK, 0);
	uint64_t before = 0;

	(void)state;
	assert_null(stream_collector(s));
	for (uint64_t i = 1; i <= NR_DEADLOCK; i++) {
		assert_false(stream_ended(s));
		assert_int_equal(stream_next(s), 1);
		assert_int_equal(stream_number(s), i);
		assert_true(stream_sample(s)->boottime_ns > before);
		before = stream_sample(s)->boottime_ns;
	}
	assert_int_equal(stream_next(s), 0);
	assert_int_equal(stream_next(s), 0);
	assert_true(stream_ended(s));
	/* the last one remains */
	assert_int_equal(stream_number(s), NR_DEADLOCK);
	assert_int_equal(stream_sample(s)->boottime_ns, before);
	stream_close(s);
}

static void a_recording_ends_where_asked(void **state)
{
	struct stream *s = open_recording(DEADLOCK, 2);

	(void)state;
	assert_int_equal(stream_next(s), 1);
	assert_false(stream_ended(s));
	assert_int_equal(stream_next(s), 1);
	assert_true(stream_ended(s));
	assert_int_equal(stream_next(s), 0);
	assert_int_equal(stream_number(s), 2);
	stream_close(s);
}

static void the_last_sample(void **state)
{
	struct stream *s = open_recording(DEADLOCK, 0), *two;
	struct sample taken;

	(void)state;
	two = open_recording(DEADLOCK, 2);
	assert_int_equal(stream_last(s), 0);
	assert_int_equal(stream_number(s), NR_DEADLOCK);
	assert_int_equal(stream_last(two), 0);
	assert_int_equal(stream_number(two), 2);
	assert_true(stream_sample(two)->boottime_ns <
		    stream_sample(s)->boottime_ns);
	taken = stream_take(s);
	stream_close(s);
	assert_true(taken.nr_devices > 0);
	sample_release(&taken);
	stream_close(two);
}

static void a_sample_that_is_not_there(void **state)
{
	struct stream *s = open_recording(DEADLOCK, NR_DEADLOCK + 1);

	(void)state;
	assert_int_equal(stream_last(s), -ENODEV);
	assert_true(stream_ended(s));
	stream_close(s);
}

static void a_recording_begins_again(void **state)
{
	struct stream *s = open_recording(DEADLOCK, 0);
	uint64_t first;

	(void)state;
	assert_int_equal(stream_next(s), 1);
	first = stream_sample(s)->boottime_ns;
	assert_int_equal(stream_last(s), 0);
	assert_int_equal(stream_rewind(s), 0);
	assert_false(stream_ended(s));
	assert_int_equal(stream_number(s), 0);
	assert_int_equal(stream_next(s), 1);
	assert_int_equal(stream_sample(s)->boottime_ns, first);
	stream_close(s);
}

#define MORNING (UINT64_C(1795773600) * SECOND) /* 2026-11-27 10:00 UTC */

/* A recording of a sample at each of these moments; 0: not known. */
static const char *make_recording(const uint64_t *realtime, size_t nr)
{
	static char path[] = "/tmp/memtop-unit-stream-XXXXXX";
	const struct recording_params params = { .path = path, .json = true };
	struct recording rec;
	struct sample sample;

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	close(mkstemp(path));
	assert_int_equal(recording_open(&rec, &params), 0);
	for (size_t i = 0; i < nr; i++) {
		assert_int_equal(fixture_make("stack", &sample), 0);
		sample.boottime_ns += i;
		sample.realtime_ns = realtime[i] ? realtime[i] : MEMTOP_UNKNOWN;
		assert_int_equal(recording_add(&rec, &sample, false), 0);
		sample_release(&sample);
	}
	assert_int_equal(recording_close(&rec, 0), 0);
	return path;
}

/* Number of the sample at the time @text, or the error. */
static int number_at(const char *path, const char *text)
{
	struct stream_params params = { .replay = path, .at_given = true };
	struct stream *s;
	int got;

	setenv("TZ", "UTC", 1);
	assert_int_equal(wall_time_parse(text, &params.at), 0);
	assert_int_equal(stream_open(&params, &s), 0);
	got = stream_last(s);
	if (!got)
		got = (int)stream_number(s);
	stream_close(s);
	return got;
}

static void a_sample_by_its_time(void **state)
{
	static const uint64_t moments[] = { MORNING + SECOND / 2,
					    MORNING + 10 * SECOND + 1,
					    MORNING + 10 * SECOND + 2,
					    MORNING + 70 * SECOND };
	const char *path = make_recording(moments, ARRAY_SIZE(moments));

	(void)state;
	assert_int_equal(number_at(path, "10:00"), 1);
	assert_int_equal(number_at(path, "10:00:09"), 1);
	assert_int_equal(number_at(path, "10:00:10"), 3);
	assert_int_equal(number_at(path, "10:01:09"), 3);
	assert_int_equal(number_at(path, "10:01:10"), 4);
	assert_int_equal(number_at(path, "23:59"), 4);
	assert_int_equal(number_at(path, "2026-11-27 10:00:10"), 3);
	assert_int_equal(number_at(path, "2030-01-01 00:00"), 4);
	assert_int_equal(number_at(path, "2026-11-27 09:59:59"), -ENODEV);
	/* of the next day, at which the recording has ended */
	assert_int_equal(number_at(path, "09:59"), -ENODEV);
	unlink(path);
}

static void a_time_after_midnight(void **state)
{
	static const uint64_t moments[] = { MORNING + 13 * 3600 * SECOND,
					    MORNING + 15 * 3600 * SECOND,
					    MORNING + 16 * 3600 * SECOND };
	const char *path = make_recording(moments, ARRAY_SIZE(moments));

	(void)state;
	assert_int_equal(number_at(path, "23:00"), 1);
	assert_int_equal(number_at(path, "00:30"), 1);
	assert_int_equal(number_at(path, "01:00"), 2);
	assert_int_equal(number_at(path, "02:00"), 3);
	assert_int_equal(number_at(path, "02:01"), -ENODEV);
	unlink(path);
}

static void a_recording_without_times(void **state)
{
	static const uint64_t moments[] = { 0, 0 };
	const char *path = make_recording(moments, ARRAY_SIZE(moments));

	(void)state;
	assert_int_equal(number_at(path, "10:00"), -ENODEV);
	assert_int_equal(number_at(DEADLOCK, "10:00"), -ENODEV);
	unlink(path);
}

/* Samples that were read to find the end are kept. */
static void a_recording_goes_on(void **state)
{
	static const uint64_t moments[] = { MORNING, MORNING + SECOND,
					    MORNING + 9 * SECOND,
					    MORNING + 10 * SECOND };
	const char *path = make_recording(moments, ARRAY_SIZE(moments));
	struct stream_params params = { .replay = path, .at_given = true };
	struct stream *s;

	(void)state;
	setenv("TZ", "UTC", 1);
	assert_int_equal(wall_time_parse("10:00:05", &params.at), 0);
	assert_int_equal(stream_open(&params, &s), 0);
	assert_int_equal(stream_last(s), 0);
	assert_int_equal(stream_number(s), 2);
	assert_true(stream_ended(s));
	stream_go_on(s);
	for (uint64_t i = 3; i <= 4; i++) {
		assert_false(stream_ended(s));
		assert_int_equal(stream_next(s), 1);
		assert_int_equal(stream_number(s), i);
		assert_int_equal(stream_sample(s)->realtime_ns, moments[i - 1]);
	}
	assert_int_equal(stream_next(s), 0);
	assert_int_equal(stream_rewind(s), 0);
	assert_int_equal(stream_next(s), 1);
	assert_int_equal(stream_sample(s)->realtime_ns, MORNING);
	stream_close(s);
	unlink(path);
}

static void the_kernel_has_no_end(void **state)
{
	struct stream *s = open_fixture("stack", 0);

	(void)state;
	assert_non_null(stream_collector(s));
	for (uint64_t i = 1; i < 10; i++) {
		assert_int_equal(stream_last(s), 0);
		assert_int_equal(stream_number(s), i);
		assert_int_equal(stream_same(s), i > 1);
	}
	assert_false(stream_ended(s));
	stream_close(s);
}

/* A sample whose contents were taken away cannot be reported as unchanged. */
static void a_sample_is_taken(void **state)
{
	struct stream *s = open_fixture("stack", 0);
	struct sample first, second;

	(void)state;
	assert_int_equal(stream_next(s), 1);
	assert_int_equal(stream_next(s), 1);
	first = stream_take(s);
	assert_int_equal(stream_next(s), 1);
	assert_false(stream_same(s));
	second = stream_take(s);
	assert_int_equal(first.nr_devices, second.nr_devices);
	assert_ptr_not_equal(first.devices, second.devices);
	stream_close(s);
	sample_release(&first);
	sample_release(&second);
}

static void a_failure_keeps_the_sample(void **state)
{
	struct stream *s = open_fixture("stack", 0);
	uint64_t then;

	(void)state;
	assert_int_equal(stream_next(s), 1);
	then = stream_sample(s)->boottime_ns;
	setenv("MEMTOP_READ_ERROR", "5", 1);
	assert_int_equal(stream_next(s), -EIO);
	unsetenv("MEMTOP_READ_ERROR");
	assert_int_equal(stream_number(s), 1);
	assert_int_equal(stream_sample(s)->boottime_ns, then);
	assert_int_equal(stream_next(s), 1);
	assert_int_equal(stream_number(s), 2);
	stream_close(s);
}

static void the_pace_is_steady(void **state)
{
	struct stream *s = open_fixture("stack", 10 * SECOND);
	uint64_t begun;

	(void)state;
	begun = stop_clock();
	assert_int_equal(stream_next(s), 1);
	assert_true(stop_clock() - begun < SECOND);
	assert_int_equal(stream_next(s), 1);
	assert_true(stop_clock() - begun >= 10 * SECOND);
	/* the caller's own time does not change the pace */
	stop_sleep_until(stop_clock() + 4 * SECOND);
	assert_int_equal(stream_next(s), 1);
	assert_true(stop_clock() - begun >= 20 * SECOND);
	assert_true(stop_clock() - begun < 21 * SECOND);
	/* a late sample moves those after it */
	stop_sleep_until(stop_clock() + 15 * SECOND);
	assert_int_equal(stream_next(s), 1);
	assert_true(stop_clock() - begun < 36 * SECOND);
	assert_int_equal(stream_next(s), 1);
	assert_true(stop_clock() - begun >= 45 * SECOND);
	stream_close(s);
}

/*
 * The last one: a caller that needs an end needs it for all following samples.
 */
static void a_signal_ends_it(void **state)
{
	struct stream *s = open_fixture("stack", SECOND), *late, *unpaced;

	(void)state;
	assert_int_equal(stream_next(s), 1);
	stop_note(15);
	assert_int_equal(stream_next(s), 0);
	assert_true(stream_ended(s));
	late = open_fixture("stack", SECOND);
	assert_int_equal(stream_next(late), -EINTR);
	unpaced = open_fixture("stack", 0);
	assert_int_equal(stream_next(unpaced), 1);
	stream_close(s);
	stream_close(late);
	stream_close(unpaced);
}

static void stacks_are_added_once(void **state)
{
	struct stream *s = open_fixture("stack", 0);
	struct stream_tasks tasks = { 0 };

	(void)state;
	assert_int_equal(stream_next(s), 1);
	stream_add_stacks(s, &tasks, SECOND);
	assert_int_equal(stream_sample(s)->nr_stacks, 0);
	stream_add_task(&tasks, 7);
	stream_add_task(&tasks, 0);
	stream_add_task(&tasks, 9);
	stream_add_task(&tasks, 7);
	assert_int_equal(tasks.nr, 2);
	stream_add_stacks(s, &tasks, SECOND);
	assert_int_equal(stream_sample(s)->nr_stacks, 2);
	assert_non_null(sample_find_stack(stream_sample(s), 9));
	for (uint32_t pid = 1; pid < 1000; pid++)
		stream_add_task(&tasks, pid);
	assert_int_equal(tasks.nr, STREAM_MAX_STACKS);
	stream_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_recording_ends),
		cmocka_unit_test(a_recording_ends_where_asked),
		cmocka_unit_test(the_last_sample),
		cmocka_unit_test(a_sample_that_is_not_there),
		cmocka_unit_test(a_recording_begins_again),
		cmocka_unit_test(a_sample_by_its_time),
		cmocka_unit_test(a_time_after_midnight),
		cmocka_unit_test(a_recording_without_times),
		cmocka_unit_test(a_recording_goes_on),
		cmocka_unit_test(the_kernel_has_no_end),
		cmocka_unit_test(a_sample_is_taken),
		cmocka_unit_test(a_failure_keeps_the_sample),
		cmocka_unit_test(the_pace_is_steady),
		cmocka_unit_test(stacks_are_added_once),
		cmocka_unit_test(a_signal_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
