// SPDX-License-Identifier: GPL-2.0-only
#include "recording/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/strbuf.h"
#include "recording/record.h"
#include "recording/record_chunk.h"
#include "recording/ring.h"
#include "sample/sample.h"
#include "system/clocks.h"
#include "system/fds.h"

/* A recording contains function names of the kernel and names of tasks. */
#define MODE 0600

#define FLAGS (O_WRONLY | O_CLOEXEC | O_NOCTTY)

static bool is_stdout(const struct recording *rec)
{
	return rec->fd < 0;
}

static int fail(const struct recording *rec, int err)
{
	return msg_error_errno(err, "cannot write %s", rec->params.path);
}

/*
 * Opens a file in a directory that others can write to. Refuses symbolic links, which
 * may lead anywhere, files with a second name elsewhere, and files whose owner is
 * another user, who could read the recording.
 */
static int open_shared(struct recording *rec)
{
	int fd = openat(rec->place.directory, rec->place.name,
			FLAGS | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && errno != ELOOP && errno != ENXIO)
		return fail(rec, errno);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && st.st_nlink == 1)
		return fd;
	if (fd >= 0)
		close(fd);
	msg_error(
		"cannot write %s: other users can write to its directory, and this name is a link, another user's file or not a regular file; choose another name",
		rec->params.path);
	return -EINVAL;
}

/* Returns a descriptor, or -errno after reporting the reason. */
static int open_or_create(struct recording *rec, bool fresh)
{
	const struct place *place = &rec->place;
	int fd = openat(place->directory, place->name, FLAGS | O_CREAT | O_EXCL,
			MODE);

	rec->created = fd >= 0;
	if (rec->created)
		return fd;
	if (errno != EEXIST || fresh)
		return fail(rec, errno);
	if (!place->own)
		return open_shared(rec);
	fd = openat(place->directory, place->name, FLAGS | O_CREAT, MODE);
	return fd >= 0 ? fd : fail(rec, errno);
}

static int open_file(struct recording *rec)
{
	struct stat st;

	rec->fd = open_or_create(rec, rec->params.fresh);
	/* A typing error must not overwrite a disk. */
	if (rec->fd >= 0 && fstat(rec->fd, &st) == 0 && S_ISBLK(st.st_mode)) {
		msg_error("cannot write %s: it is a block device",
			  rec->params.path);
		close(rec->fd);
		rec->fd = -EINVAL;
	}
	return rec->fd < 0 ? rec->fd : 0;
}

int recording_open(struct recording *rec, const struct recording_params *params)
{
	int err;

	*rec = (struct recording){ .params = *params, .fd = -1 };
	rec->place.directory = -1;
	if (strcmp(params->path, "-") == 0)
		return 0;
	err = place_open(params->path, &rec->place);
	if (err)
		return err;
	if (params->ring_bytes || params->keep_ns)
		err = ring_open(&rec->place, params->path, params->ring_bytes,
				params->keep_ns, &rec->ring);
	else
		err = open_file(rec);
	if (err)
		place_close(&rec->place);
	return err;
}

/*
 * Truncates the file after its last complete sample. A pipe cannot be truncated
 * (EINVAL), which is not an error.
 */
static int cut(struct recording *rec)
{
	if (ftruncate(rec->fd, (off_t)rec->size) == 0) {
		lseek(rec->fd, (off_t)rec->size, SEEK_SET);
		return 0;
	}
	return errno == EINVAL ? 0 : -errno;
}

static int write_text(struct recording *rec, const struct strbuf *text)
{
	int err = 0;

	if (is_stdout(rec)) {
		err = fds_write(STDOUT_FILENO, text->text, text->len);
		if (err && err != -EPIPE)
			msg_error_errno(err, "cannot write to stdout");
		return err;
	}
	/* the first sample replaces the old contents of the file */
	if (!rec->nr)
		err = cut(rec);
	if (!err)
		err = fds_write(rec->fd, text->text, text->len);
	if (!err)
		return 0;
	fail(rec, err);
	if (cut(rec))
		msg_warning("the last sample of %s is cut short",
			    rec->params.path);
	return err;
}

/* A shallow copy of @sample without the members that are not to be written. */
static struct sample written(struct recording *rec, const struct sample *sample)
{
	struct sample ret = *sample;

	sample_leave_out(&ret, rec->params.no_wall_clock, rec->params.no_host);
	if (!rec->nr)
		rec->run_ns = sample->boottime_ns;
	if (!rec->params.keeps_runs)
		ret.run_ns = rec->run_ns;
	return ret;
}

/* Encodes @sample. Returns whether it begins a part. */
static bool add_text(struct recording *rec, const struct sample *sample,
		     bool same, uint64_t now_ns, struct strbuf *text)
{
	const struct sample *last = &rec->packer.last;
	bool full = rec->ring && ring_wants_file(rec->ring, now_ns);

	if (!rec->params.json) {
		/* a sample of another run cannot be written as changes */
		full |= rec->nr && !sample_same_run(last, sample);
		return record_pack(&rec->packer, sample, same, full, text);
	}
	if (!rec->nr)
		record_add_header(text, sample);
	record_add_sample(text, sample);
	return false;
}

static int write_sample(struct recording *rec, const struct strbuf *text,
			bool begins, uint64_t now_ns)
{
	if (text->len > CHUNK_MAX_RAW)
		return fail(rec, -EFBIG);
	if (rec->ring)
		return ring_write(rec->ring, text->text, text->len, begins,
				  now_ns);
	return write_text(rec, text);
}

int recording_add(struct recording *rec, const struct sample *sample, bool same)
{
	const uint64_t now_ns = rec->ring ? realtime_now() : 0;
	struct sample shown = written(rec, sample);
	struct strbuf text = { 0 };
	bool begins = add_text(rec, &shown, same, now_ns, &text);
	int err = write_sample(rec, &text, begins, now_ns);

	if (!err) {
		rec->size += text.len;
		rec->nr++;
	}
	strbuf_release(&text);
	return err;
}

static int close_file(struct recording *rec, int err)
{
	if (close(rec->fd) && !err)
		err = fail(rec, errno);
	/* Remove a new file that got no sample. */
	if (!rec->nr && rec->created)
		unlinkat(rec->place.directory, rec->place.name, 0);
	return err;
}

int recording_close(struct recording *rec, int err)
{
	int last = 0;

	record_packer_release(&rec->packer);
	if (rec->ring)
		last = ring_close(rec->ring);
	else if (!is_stdout(rec))
		err = close_file(rec, err);
	place_close(&rec->place);
	return err ? err : last;
}
