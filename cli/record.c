// SPDX-License-Identifier: GPL-2.0-only
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/collect.h"
#include "collect/record.h"
#include "model/sample.h"
#include "options.h"
#include "util/msg.h"
#include "util/stop.h"
#include "views/output.h"
#include "wish.h"

/*
 * A recording as it grows. Each sample is in the file once it is taken, so
 * that nothing but the last is ever lost; an old recording is only replaced
 * when there is something to put in its place.
 */
struct recording {
	const char *path;
	FILE *file; /* owned, unless it is stdout */
	bool created; /* by us */
	uint64_t nr; /* samples written */
};

static bool is_stdout(const struct recording *rec)
{
	return strcmp(rec->path, "-") == 0;
}

/* Returns a descriptor, or -errno. */
static int open_or_create(struct recording *rec)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY;
	int fd = open(rec->path, flags | O_EXCL, 0666);

	rec->created = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(rec->path, flags, 0666);
	return fd >= 0 ? fd : -errno;
}

/* Returns 0 or -errno, the reason already said. */
static int recording_open(struct recording *rec, const char *path)
{
	struct stat st;
	int fd;

	*rec = (struct recording){ .path = path };
	if (is_stdout(rec)) {
		rec->file = output_stream();
		return 0;
	}
	fd = open_or_create(rec);
	if (fd < 0)
		return msg_error_errno(fd, "can't write %s", path);
	/* A slip of the keyboard should not cost somebody a disk. */
	if (fstat(fd, &st) == 0 && S_ISBLK(st.st_mode)) {
		close(fd);
		msg_error("can't write %s: it is a block device", path);
		return -EINVAL;
	}
	rec->file = fdopen(fd, "w");
	if (!rec->file) {
		close(fd);
		return msg_error_errno(ENOMEM, "can't write %s", path);
	}
	return 0;
}

static int recording_flush(struct recording *rec)
{
	if (is_stdout(rec))
		return output_flush();
	errno = 0;
	if (fflush(rec->file) == 0 && !ferror(rec->file))
		return 0;
	return msg_error_errno(errno ? errno : EIO, "can't write %s",
			       rec->path);
}

/* Drops what the file had; it is none of ours where it can't be dropped. */
static int recording_begin(struct recording *rec, const struct sample *sample)
{
	if (!is_stdout(rec) && ftruncate(fileno(rec->file), 0) &&
	    errno != EINVAL)
		return msg_error_errno(errno, "can't write %s", rec->path);
	record_write_header(rec->file, sample);
	return 0;
}

static int recording_add(struct recording *rec, const struct sample *sample)
{
	int err = 0;

	if (!rec->nr)
		err = recording_begin(rec, sample);
	if (err)
		return err;
	record_write_sample(rec->file, sample);
	err = recording_flush(rec);
	if (!err)
		rec->nr++;
	return err;
}

/* Returns @err, or what went wrong at last. */
static int recording_close(struct recording *rec, int err)
{
	if (is_stdout(rec))
		return err;
	if (fclose(rec->file) && !err)
		err = msg_error_errno(errno, "can't write %s", rec->path);
	/* One without a sample is of no use to anybody. */
	if (!rec->nr && rec->created)
		unlink(rec->path);
	return err;
}

static int add_sample(struct recording *rec, struct collector *collector)
{
	struct sample sample = { 0 };
	int err = collector_read(collector, &sample);

	if (!err)
		err = recording_add(rec, &sample);
	sample_release(&sample);
	return err;
}

/* Samples at a steady pace; one that took too long moves those after it. */
static int record_samples(const struct options *options, struct recording *rec,
			  struct collector *collector)
{
	uint64_t next = stop_clock();
	int err = 0;

	for (;;) {
		if (!stop_wanted())
			err = add_sample(rec, collector);
		if (err || stop_wanted() || rec->nr == options->count)
			break;
		next += options->delay_ns;
		if (next < stop_clock())
			next = stop_clock();
		stop_sleep_until(next);
	}
	if (!err && !rec->nr) {
		msg_error("interrupted before the first sample");
		err = -EINTR;
	}
	return err;
}

enum exit_status record_run(const struct options *options)
{
	const struct collect_wish wish = wish_make(
		options, options->count == 1 ? COLLECT_ONCE : COLLECT_ON, true);
	struct collector *collector;
	struct recording rec;
	int err;

	err = recording_open(&rec, options->arguments.words[0]);
	if (err)
		return exit_status_of(err);
	stop_catch();
	err = collector_open(&wish, &collector);
	if (!err) {
		err = record_samples(options, &rec, collector);
		collector_close(collector);
	}
	return exit_status_of(recording_close(&rec, err));
}
