// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings, which are directories of recordings: they keep their limits, have one writer,
 * and go on after a boot or a power cut.
 */
#include "recording/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/times.h"
#include "fixtures.h"
#include "recording/file.h"
#include "stream/stream.h"
#include "unit.h"

static const char *temporary(void)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/memtop-unit-ring-XXXXXX");
	assert_non_null(mkdtemp(path));
	return path;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void remove_all(const char *path)
{
	assert_int_equal(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* A run of @nr samples from @boottime_ns on. */
static void record_run(const struct recording_params *params,
		       const char *boot_id, uint64_t boottime_ns, size_t nr,
		       const char *fixture)
{
	struct recording rec;
	struct sample s;

	assert_int_equal(fixture_make(fixture, &s), 0);
	assert_int_equal(recording_open(&rec, params), 0);
	snprintf(s.boot_id, sizeof(s.boot_id), "%s", boot_id);
	for (size_t i = 0; i < nr; i++) {
		s.boottime_ns = boottime_ns + i;
		s.pools[0].waits = i;
		assert_int_equal(recording_add(&rec, &s, false), 0);
	}
	assert_int_equal(recording_close(&rec, 0), 0);
	sample_release(&s);
}

/* The clock goes back when the machine starts again, and that is fine. */
static void a_ring_goes_on_after_a_boot(void **state)
{
	const char *path = temporary();
	const struct recording_params params = { .path = path,
						 .ring_bytes = 1 << 20 };
	struct stream_params replay = { .replay = path };
	struct stream *stream;
	int new_runs = 0, nr = 0;

	(void)state;
	record_run(&params, "first", 500 * SECOND, 3, "one");
	record_run(&params, "first", 600 * SECOND, 2, "one");
	record_run(&params, "second", SECOND, 4, "one");
	assert_int_equal(stream_open(&replay, &stream), 0);
	while (stream_next(stream) > 0) {
		const struct sample *s = stream_sample(stream);

		nr++;
		assert_int_equal(stream_number(stream), nr);
		new_runs += stream_new_run(stream);
		assert_int_equal(stream_new_run(stream), nr == 4 || nr == 6);
		assert_string_equal(s->boot_id, nr < 6 ? "first" : "second");
		assert_int_equal(s->run_ns, nr < 4 ? 500 * SECOND :
					    nr < 6 ? 600 * SECOND :
						     SECOND);
	}
	assert_int_equal(nr, 9);
	assert_int_equal(new_runs, 2);
	stream_close(stream);
	remove_all(path);
}

static uint64_t bytes_in(const char *path, size_t *nr)
{
	uint64_t sum = 0;

	*nr = 0;
	for (unsigned int i = 1; i < 1000; i++) {
		char name[128];
		struct stat st;

		snprintf(name, sizeof(name), "%s/%010u.memtop", path, i);
		if (stat(name, &st))
			continue;
		sum += (uint64_t)st.st_size;
		++*nr;
	}
	return sum;
}

static int last_of(const char *path, struct sample *ret)
{
	struct stream_params params = { .replay = path };
	struct stream *s;
	int err = stream_open(&params, &s);

	if (err)
		return err;
	err = stream_last(s);
	if (!err)
		*ret = stream_take(s);
	stream_close(s);
	return err;
}

static void a_ring_keeps_its_size(void **state)
{
	const char *path = temporary();
	const struct recording_params params = { .path = path,
						 .ring_bytes = 1 << 20 };
	struct recording rec;
	struct sample s, last;
	size_t files;

	(void)state;
	assert_int_equal(fixture_make("traced", &s), 0);
	assert_int_equal(recording_open(&rec, &params), 0);
	for (size_t i = 0; i < 4000; i++) {
		s.boottime_ns += SECOND;
		/* so that each takes many bytes */
		for (size_t p = 0; p < s.nr_pools; p++)
			s.pools[p].wait_ns = (uint64_t)random() << 20;
		assert_int_equal(recording_add(&rec, &s, false), 0);
		if (i % 250 == 0)
			assert_in_range(bytes_in(path, &files), 1, 1 << 20);
	}
	assert_int_equal(recording_close(&rec, 0), 0);
	assert_in_range(bytes_in(path, &files), (1 << 20) * 3 / 4, 1 << 20);
	assert_in_range(files, 6, 10);
	assert_int_equal(last_of(path, &last), 0);
	assert_int_equal(last.boottime_ns, s.boottime_ns);
	sample_release(&last);
	sample_release(&s);
	remove_all(path);
}

static void a_ring_removes_old_samples(void **state)
{
	const char *path = temporary();
	const struct recording_params params = { .path = path,
						 .keep_ns = 3600 * SECOND };
	struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	char first[128], other[128];
	size_t files;

	(void)state;
	record_run(&params, "first", SECOND, 3, "one");
	record_run(&params, "first", 9 * SECOND, 3, "one");
	bytes_in(path, &files);
	assert_int_equal(files, 2);
	snprintf(first, sizeof(first), "%s/0000000001.memtop", path);
	assert_int_equal(utimensat(AT_FDCWD, first, old, 0), 0);
	/* other files stay, whatever their age */
	snprintf(other, sizeof(other), "%s/notes", path);
	assert_int_equal(close(creat(other, 0600)), 0);
	assert_int_equal(utimensat(AT_FDCWD, other, old, 0), 0);
	record_run(&params, "first", 20 * SECOND, 3, "one");
	bytes_in(path, &files);
	assert_int_equal(files, 2);
	assert_int_not_equal(access(first, F_OK), 0);
	assert_int_equal(access(other, F_OK), 0);
	remove_all(path);
}

static void a_ring_has_one_writer(void **state)
{
	const char *path = temporary();
	const struct recording_params params = { .path = path,
						 .ring_bytes = 1 << 20 };
	struct recording one, two;

	(void)state;
	msg_set_level((enum msg_level) - 1);
	assert_int_equal(recording_open(&one, &params), 0);
	assert_int_equal(recording_open(&two, &params), -EBUSY);
	assert_int_equal(recording_close(&one, 0), 0);
	assert_int_equal(recording_open(&two, &params), 0);
	assert_int_equal(recording_close(&two, 0), 0);
	assert_int_equal(chmod(path, 0777), 0);
	assert_int_equal(recording_open(&one, &params), -EINVAL);
	msg_set_level(MSG_ERROR);
	remove_all(path);
}

/* Whatever a power cut has left of the newest file, the next run goes on. */
static void a_ring_survives_a_power_cut(void **state)
{
	const char *path = temporary();
	const struct recording_params params = { .path = path,
						 .ring_bytes = 1 << 20 };
	char newest[128];
	struct stat st;

	(void)state;
	record_run(&params, "first", SECOND, 3, "one");
	record_run(&params, "first", 9 * SECOND, 3, "one");
	snprintf(newest, sizeof(newest), "%s/0000000002.memtop", path);
	assert_int_equal(stat(newest, &st), 0);
	for (off_t len = st.st_size - 1; len >= 0; len -= 3) {
		struct sample last;
		char third[128];

		assert_int_equal(truncate(newest, len), 0);
		/* it may have the size that it was to have, of zeros */
		if (len % 2)
			assert_int_equal(truncate(newest, st.st_size), 0);
		record_run(&params, "second", SECOND, 2, "one");
		assert_int_equal(last_of(path, &last), 0);
		assert_int_equal(last.boottime_ns, SECOND + 1);
		assert_string_equal(last.boot_id, "second");
		sample_release(&last);
		snprintf(third, sizeof(third), "%s/0000000003.memtop", path);
		assert_int_equal(unlink(third), 0);
	}
	remove_all(path);
}

static int say_errors_only(void **state)
{
	(void)state;
	msg_set_level(MSG_ERROR);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_goes_on_after_a_boot),
		cmocka_unit_test(a_ring_keeps_its_size),
		cmocka_unit_test(a_ring_removes_old_samples),
		cmocka_unit_test(a_ring_has_one_writer),
		cmocka_unit_test(a_ring_survives_a_power_cut),
	};

	return cmocka_run_group_tests(tests, say_errors_only, NULL);
}
