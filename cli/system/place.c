// SPDX-License-Identifier: GPL-2.0-only
#include "system/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/msg.h"

static bool is_own(int directory)
{
	struct stat st;

	if (fstat(directory, &st))
		return false;
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return false;
	if (st.st_mode & S_IWGRP && st.st_gid != getegid())
		return false;
	return !(st.st_mode & S_IWOTH);
}

static bool is_link(int directory, const char *name)
{
	struct stat st;

	return fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISLNK(st.st_mode);
}

/* Opens the directory @part of @directory, and closes @directory. */
static int enter(int directory, const char *part, const char *path)
{
	const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
	const bool own = is_own(directory);
	int fd = openat(directory, part, own ? flags : flags | O_NOFOLLOW);
	int err = fd < 0 ? -errno : 0;

	if (err && !own && is_link(directory, part)) {
		msg_error(
			"cannot write %s: '%s' is a symbolic link in a directory that other users can write to; name the directory that it points to",
			path, part);
		err = -ELOOP;
	} else if (err) {
		msg_error_errno(err, "cannot write %s", path);
	}
	close(directory);
	return err ? err : fd;
}

/* Returns the directory of @path's last part, which begins at @name. */
static int open_directory(const char *path, const char *name)
{
	const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
	int fd = open(*path == '/' ? "/" : ".", flags);
	const char *at = path;

	if (fd < 0)
		return msg_error_errno(errno, "cannot write %s", path);
	while (fd >= 0 && at < name) {
		size_t len = strcspn(at, "/");
		char part[NAME_MAX + 1];

		if (len >= sizeof(part)) {
			close(fd);
			return msg_error_errno(ENAMETOOLONG, "cannot write %s",
					       path);
		}
		memcpy(part, at, len);
		part[len] = '\0';
		if (len)
			fd = enter(fd, part, path);
		at += len + 1;
	}
	return fd;
}

int place_open(const char *path, struct place *ret)
{
	const char *slash = strrchr(path, '/');

	*ret = (struct place){ .directory = -1,
			       .name = slash ? slash + 1 : path };
	if (!*ret->name)
		return msg_error_errno(slash ? EISDIR : ENOENT,
				       "cannot write '%s'", path);
	ret->directory = open_directory(path, ret->name);
	if (ret->directory < 0)
		return ret->directory;
	ret->own = is_own(ret->directory);
	return 0;
}

void place_close(struct place *place)
{
	if (place->directory >= 0)
		close(place->directory);
	place->directory = -1;
}
