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
#include "sample/sample.h"
#include "system/fds.h"

/* A recording has the kernel's functions and the names of tasks in it. */
#define MODE 0600

#define FLAGS (O_WRONLY | O_CLOEXEC | O_NOCTTY)

static bool is_stdout(const struct recording *rec)
{
	return rec->fd < 0;
}

static int fail(const struct recording *rec, int err)
{
	return msg_error_errno(err, "cannot write %s", rec->path);
}

/*
 * Others can write to its directory: a link may lead anywhere, a second name
 * may be that of a file elsewhere, and whose file it is can read it.
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
		rec->path);
	return -EINVAL;
}

/* Returns a descriptor, or -errno, the reason already said. */
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

int recording_open(struct recording *rec, const char *path, bool fresh)
{
	struct stat st;
	int err;

	*rec = (struct recording){ .path = path, .fd = -1 };
	rec->place.directory = -1;
	if (strcmp(path, "-") == 0)
		return 0;
	err = place_open(path, &rec->place);
	if (err)
		return err;
	rec->fd = open_or_create(rec, fresh);
	/* A slip of the keyboard should not cost somebody a disk. */
	if (rec->fd >= 0 && fstat(rec->fd, &st) == 0 && S_ISBLK(st.st_mode)) {
		msg_error("cannot write %s: it is a block device", path);
		close(rec->fd);
		rec->fd = -EINVAL;
	}
	if (rec->fd < 0)
		place_close(&rec->place);
	return rec->fd < 0 ? rec->fd : 0;
}

/*
 * Ends the file after its last whole sample. What is not a file, such as a
 * pipe, has no end to be moved: EINVAL.
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
	/* the first sample takes the place of what the file had */
	if (!rec->nr)
		err = cut(rec);
	if (!err)
		err = fds_write(rec->fd, text->text, text->len);
	if (!err)
		return 0;
	fail(rec, err);
	if (cut(rec))
		msg_warning("the last sample of %s is cut short", rec->path);
	return err;
}

int recording_add(struct recording *rec, const struct sample *sample)
{
	struct sample shown = *sample;
	struct strbuf text = { 0 };
	int err;

	if (rec->no_wall_clock)
		shown.realtime_ns = MEMTOP_UNKNOWN;
	if (!rec->nr)
		record_add_header(&text, &shown);
	record_add_sample(&text, &shown);
	err = write_text(rec, &text);
	if (!err) {
		rec->size += text.len;
		rec->nr++;
	}
	strbuf_release(&text);
	return err;
}

int recording_close(struct recording *rec, int err)
{
	if (is_stdout(rec))
		return err;
	if (close(rec->fd) && !err)
		err = fail(rec, errno);
	/* One without a sample is of no use to anybody. */
	if (!rec->nr && rec->created)
		unlinkat(rec->place.directory, rec->place.name, 0);
	place_close(&rec->place);
	return err;
}
