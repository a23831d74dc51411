// SPDX-License-Identifier: GPL-2.0-only
#include "recording/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/times.h"
#include "recording/record_files.h"
#include "system/fds.h"
#include "system/place.h"

/* A recording contains function names of the kernel and names of tasks. */
#define FILE_MODE 0600
#define DIRECTORY_MODE 0700

/* Removing the oldest file frees one of FILES parts of the limits. */
#define FILES 8
#define MOST_FILE_BYTES (16U << 20)

struct ring_file {
	uint64_t number;
	uint64_t bytes;
	uint64_t last_ns; /* last write, since 1970 */
};

struct ring {
	const char *path;
	int directory; /* owned, locked */
	int fd; /* owned; the newest file; -1: none is open */
	uint64_t most_bytes;
	uint64_t keep_ns;
	struct ring_file *files; /* owned; the oldest first */
	size_t nr;
	uint64_t bytes; /* of all files */
	uint64_t begun_ns; /* when the newest file was created */
};

static int fail(const struct ring *ring, int err)
{
	return msg_error_errno(err, "cannot write %s", ring->path);
}

/* ---- the directory --------------------------------------------------------- */

static void add_file(struct ring *ring, uint64_t number, const struct stat *st)
{
	ring->files = xgrow(ring->files, ring->nr, sizeof(*ring->files));
	ring->files[ring->nr++] = (struct ring_file){
		.number = number,
		.bytes = (uint64_t)st->st_size,
		.last_ns = (uint64_t)st->st_mtim.tv_sec * SECOND +
			   (uint64_t)st->st_mtim.tv_nsec,
	};
	ring->bytes += (uint64_t)st->st_size;
}

/* Lists the files of earlier runs, however these ended. */
static int list(struct ring *ring)
{
	uint64_t *numbers;
	size_t nr;
	int err = record_files_list(ring->directory, &numbers, &nr);

	for (size_t i = 0; !err && i < nr; i++) {
		char name[RECORD_FILE_NAME];
		struct stat st;

		record_file_name(name, numbers[i]);
		if (fstatat(ring->directory, name, &st, AT_SYMLINK_NOFOLLOW) ==
			    0 &&
		    S_ISREG(st.st_mode))
			add_file(ring, numbers[i], &st);
	}
	free(numbers);
	return err ? fail(ring, err) : 0;
}

/* Refuses a directory in which other users can create files and links. */
static int check(const struct ring *ring)
{
	struct stat st;

	if (fstat(ring->directory, &st))
		return fail(ring, errno);
	if ((st.st_uid == 0 || st.st_uid == geteuid()) &&
	    !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return 0;
	msg_error(
		"cannot write %s: other users can write to this directory; choose another one",
		ring->path);
	return -EINVAL;
}

static int open_directory(struct ring *ring, const struct place *place)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

	if (!place->own)
		flags |= O_NOFOLLOW;
	if (mkdirat(place->directory, place->name, DIRECTORY_MODE) &&
	    errno != EEXIST)
		return fail(ring, errno);
	ring->directory = openat(place->directory, place->name, flags);
	if (ring->directory < 0)
		return fail(ring, errno);
	if (flock(ring->directory, LOCK_EX | LOCK_NB) == 0)
		return check(ring);
	if (errno != EWOULDBLOCK)
		return fail(ring, errno);
	msg_error("cannot write %s: another process records there", ring->path);
	return -EBUSY;
}

int ring_open(const struct place *place, const char *path, uint64_t bytes,
	      uint64_t keep_ns, struct ring **ret)
{
	struct ring *ring = xcalloc(1, sizeof(*ring));
	int err;

	ring->path = path;
	ring->fd = -1;
	ring->directory = -1;
	ring->most_bytes = bytes;
	ring->keep_ns = keep_ns;
	err = open_directory(ring, place);
	if (!err)
		err = list(ring);
	if (err) {
		ring_close(ring);
		return err;
	}
	*ret = ring;
	return 0;
}

/* ---- limits ---------------------------------------------------------------- */

static int remove_oldest(struct ring *ring)
{
	char name[RECORD_FILE_NAME];

	record_file_name(name, ring->files[0].number);
	if (unlinkat(ring->directory, name, 0) && errno != ENOENT)
		return fail(ring, errno);
	ring->bytes -= ring->files[0].bytes;
	ring->nr--;
	memmove(ring->files, ring->files + 1, ring->nr * sizeof(*ring->files));
	return 0;
}

/* Whether the oldest file must be removed before @more bytes are written. */
static bool is_beyond(const struct ring *ring, size_t more, uint64_t now_ns)
{
	const struct ring_file *oldest = ring->files;

	/* keep the file that is being written */
	if (ring->nr <= (ring->fd >= 0))
		return false;
	if (ring->most_bytes && ring->bytes + more > ring->most_bytes)
		return true;
	return ring->keep_ns && now_ns > oldest->last_ns &&
	       now_ns - oldest->last_ns > ring->keep_ns;
}

bool ring_wants_file(const struct ring *ring, uint64_t now_ns)
{
	uint64_t most = ring->most_bytes ? ring->most_bytes / FILES :
					   MOST_FILE_BYTES;

	if (most > MOST_FILE_BYTES)
		most = MOST_FILE_BYTES;
	if (ring->fd < 0 || ring->files[ring->nr - 1].bytes >= most)
		return true;
	/* if the clock was set back, begin a file as well */
	return ring->keep_ns && now_ns - ring->begun_ns > ring->keep_ns / FILES;
}

/* ---- the newest file ------------------------------------------------------- */

/* Flushes the newest file to disk, so that it survives a power failure. */
static int settle(struct ring *ring)
{
	if (ring->fd < 0 || fdatasync(ring->fd) == 0 || errno == EINVAL)
		return 0;
	return fail(ring, errno);
}

static int begin_file(struct ring *ring, uint64_t now_ns)
{
	const uint64_t number =
		ring->nr ? ring->files[ring->nr - 1].number + 1 : 1;
	const struct stat empty = { .st_size = 0 };
	char name[RECORD_FILE_NAME];
	int fd;

	record_file_name(name, number);
	fd = openat(ring->directory, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		    FILE_MODE);
	if (fd < 0)
		return fail(ring, errno);
	if (ring->fd >= 0)
		close(ring->fd);
	ring->fd = fd;
	ring->begun_ns = now_ns;
	add_file(ring, number, &empty);
	/* so that the file's name survives as well */
	if (fsync(ring->directory) && errno != EINVAL)
		return fail(ring, errno);
	return 0;
}

int ring_write(struct ring *ring, const char *bytes, size_t len, bool begins,
	       uint64_t now_ns)
{
	struct ring_file *newest;
	int err = begins ? settle(ring) : 0;

	if (!err && begins && ring_wants_file(ring, now_ns))
		err = begin_file(ring, now_ns);
	while (!err && is_beyond(ring, len, now_ns))
		err = remove_oldest(ring);
	if (err)
		return err;
	newest = &ring->files[ring->nr - 1];
	err = fds_write(ring->fd, bytes, len);
	if (!err) {
		newest->bytes += len;
		newest->last_ns = now_ns;
		ring->bytes += len;
		return 0;
	}
	fail(ring, err);
	if (ftruncate(ring->fd, (off_t)newest->bytes))
		msg_warning("the last sample of %s is cut short", ring->path);
	return err;
}

int ring_close(struct ring *ring)
{
	int err = 0;

	if (!ring)
		return 0;
	if (ring->fd >= 0) {
		err = settle(ring);
		close(ring->fd);
	}
	if (ring->directory >= 0)
		close(ring->directory);
	free(ring->files);
	free(ring);
	return err;
}
