// SPDX-License-Identifier: GPL-2.0-only
#include "system/textfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/strbuf.h"
#include "system/fds.h"
#include "system/place.h"

/*
 * Names of unfinished files. node_exporter reads *.prom only. The process that
 * writes one has it locked, so an unlocked one is left over.
 */
#define PREFIX ".verity-memtop-"
#define DIGITS 8
#define SUFFIX ".tmp"
#define ASIDE_ROOM sizeof(PREFIX "12345678" SUFFIX)

#define MAX_TRIES 100

static void make_name(char name[static ASIDE_ROOM])
{
	unsigned int number = 0;

	/* names that exist are skipped, so any number will do */
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		number = (unsigned int)getpid();
	snprintf(name, ASIDE_ROOM, PREFIX "%08x" SUFFIX, number);
}

static bool is_aside(const char *name)
{
	const size_t prefix = strlen(PREFIX);

	return strncmp(name, PREFIX, prefix) == 0 &&
	       strspn(name + prefix, "0123456789abcdef") == DIGITS &&
	       strcmp(name + prefix + DIGITS, SUFFIX) == 0;
}

/* Removes @name unless the process that writes it still runs. */
static void remove_left(int directory, const char *name)
{
	int fd = openat(directory, name,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    unlinkat(directory, name, 0) == 0)
		msg_debug("removed %s, left by a run that was killed", name);
	close(fd);
}

/*
 * A directory that cannot be listed is not cleaned: the new file matters more.
 */
static void remove_all_left(int directory)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!list) {
		msg_debug("cannot look for files that were left over: %s",
			  strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(list))) {
		if (is_aside(entry->d_name))
			remove_left(directory, entry->d_name);
	}
	closedir(list);
}

static int fill(int fd, const struct strbuf *text)
{
	int err = fds_write(fd, strbuf_text(text), text->len);

	/* the reader may be another user */
	if (!err && fchmod(fd, 0644))
		err = -errno;
	/* a full disk may show only here */
	if (!err && fsync(fd))
		err = -errno;
	return err;
}

/* Gives @fd, which has no name, a free one. */
static int link_aside(int fd, int directory, char name[static ASIDE_ROOM])
{
	char path[sizeof("/proc/self/fd/") + 12];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int i = 0; i < MAX_TRIES; i++) {
		make_name(name);
		if (linkat(AT_FDCWD, path, directory, name,
			   AT_SYMLINK_FOLLOW) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return -errno;
}

/*
 * Writes a file that gets its name only when it is complete. Returns its locked
 * descriptor; -EOPNOTSUPP if the file system cannot do that; another -errno.
 */
static int write_unnamed(int directory, const struct strbuf *text,
			 char name[static ASIDE_ROOM])
{
	int fd = openat(directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	int err;

	if (fd < 0)
		return -EOPNOTSUPP;
	flock(fd, LOCK_EX | LOCK_NB);
	err = fill(fd, text);
	if (!err && link_aside(fd, directory, name))
		err = -EOPNOTSUPP;
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Creates a file and locks it: a run that is faster may have removed it. */
static int create_aside(int directory, char name[static ASIDE_ROOM])
{
	struct stat st;
	int fd;

	for (int i = 0; i < MAX_TRIES; i++) {
		make_name(name);
		fd = openat(directory, name,
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			return -errno;
		if (fd < 0)
			continue;
		flock(fd, LOCK_EX);
		if (fstat(fd, &st) == 0 && st.st_nlink)
			return fd;
		close(fd);
	}
	return -EEXIST;
}

static int write_named(int directory, const struct strbuf *text,
		       char name[static ASIDE_ROOM])
{
	int fd = create_aside(directory, name), err;

	if (fd < 0)
		return fd;
	err = fill(fd, text);
	if (!err)
		return fd;
	unlinkat(directory, name, 0);
	close(fd);
	return err;
}

static int replace(const struct place *place, const struct strbuf *text)
{
	char name[ASIDE_ROOM];
	int fd, err = 0;

	fd = write_unnamed(place->directory, text, name);
	if (fd == -EOPNOTSUPP)
		fd = write_named(place->directory, text, name);
	if (fd < 0)
		return fd;
	if (renameat(place->directory, name, place->directory, place->name)) {
		err = -errno;
		unlinkat(place->directory, name, 0);
	}
	/* it is on the disk, so nothing can fail here */
	close(fd);
	return err;
}

/* A name is not taken from a file of another kind. */
static bool is_taken(const struct place *place)
{
	struct stat st;

	return fstatat(place->directory, place->name, &st,
		       AT_SYMLINK_NOFOLLOW) == 0 &&
	       !S_ISREG(st.st_mode);
}

int textfile_replace(const char *path, const struct strbuf *text)
{
	struct place place;
	int err = place_open(path, &place);

	if (err)
		return err;
	if (is_taken(&place)) {
		msg_error("cannot write %s: it is not a regular file", path);
		err = -EINVAL;
	} else {
		remove_all_left(place.directory);
		err = replace(&place, text);
		if (err)
			msg_error_errno(err, "cannot write %s", path);
	}
	place_close(&place);
	return err;
}
