// SPDX-License-Identifier: GPL-2.0-only
#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/record.h"
#include "util/msg.h"
#include "views/output.h"

static bool is_stdout(const struct recording *rec)
{
	return strcmp(rec->path, "-") == 0;
}

/* Returns a descriptor, or -errno. */
static int open_or_create(struct recording *rec, bool fresh)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY;
	int fd = open(rec->path, flags | O_EXCL, 0666);

	rec->created = fd >= 0;
	if (fd < 0 && errno == EEXIST && !fresh)
		fd = open(rec->path, flags, 0666);
	return fd >= 0 ? fd : -errno;
}

int recording_open(struct recording *rec, const char *path, bool fresh)
{
	struct stat st;
	int fd;

	*rec = (struct recording){ .path = path };
	if (is_stdout(rec)) {
		rec->file = output_stream();
		return 0;
	}
	fd = open_or_create(rec, fresh);
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

/* What went wrong before the flush; who no longer reads has ended it. */
static int recording_failed(const struct recording *rec, int err)
{
	if (!is_stdout(rec))
		return msg_error_errno(err, "can't write %s", rec->path);
	return err == -EPIPE ? err :
			       msg_error_errno(err, "cannot write to stdout");
}

/* Drops what the file had; it is none of ours where it can't be dropped. */
static int recording_begin(struct recording *rec, const struct sample *sample)
{
	if (!is_stdout(rec) && ftruncate(fileno(rec->file), 0) &&
	    errno != EINVAL)
		return -errno;
	return record_write_header(rec->file, sample);
}

int recording_add(struct recording *rec, const struct sample *sample)
{
	int err = 0;

	if (!rec->nr)
		err = recording_begin(rec, sample);
	if (!err)
		err = record_write_sample(rec->file, sample);
	err = err ? recording_failed(rec, err) : recording_flush(rec);
	if (!err)
		rec->nr++;
	return err;
}

int recording_close(struct recording *rec, int err)
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
