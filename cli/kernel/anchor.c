// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/anchor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define BLOCK "/sys/block"

struct anchor anchor_none(void)
{
	return (struct anchor){ .fd = -1 };
}

void anchor_release(struct anchor *anchor)
{
	if (anchor->fd >= 0)
		close(anchor->fd);
	*anchor = anchor_none();
}

/* A mount over it would look like a machine without devices. */
static bool is_sysfs(int dir)
{
	struct statfs fs;

	return fstatfs(dir, &fs) == 0 && fs.f_type == SYSFS_MAGIC;
}

/*
 * Returns 1 if @name is that of a mapped device with such a directory, 0 if
 * not, or -errno: it has one that cannot be opened.
 */
static int take(int dir, const char *name, struct anchor *anchor)
{
	char path[64], rest;

	anchor_release(anchor);
	if (sscanf(name, "dm-%u%c", &anchor->minor, &rest) != 1)
		return 0;
	snprintf(path, sizeof(path), "dm-%u/dm", anchor->minor);
	anchor->fd = openat(dir, path, O_PATH | O_CLOEXEC);
	if (anchor->fd < 0)
		return errno == ENOENT ? 0 : -errno;
	return 1;
}

/* Tries one device after another, see anchor_find(). */
static int try_each(DIR *dir, struct anchor *anchor,
		    int (*try)(const struct anchor *anchor, void *arg),
		    void *arg)
{
	const struct dirent *entry;
	int ret = -ENOENT, taken;

	while ((ret == 0 || ret == -ENOENT) && (entry = readdir(dir))) {
		taken = take(dirfd(dir), entry->d_name, anchor);
		if (taken > 0)
			ret = try(anchor, arg);
		else if (taken < 0)
			ret = 0;
	}
	return ret;
}

int anchor_find(struct anchor *anchor,
		int (*try)(const struct anchor *anchor, void *arg), void *arg)
{
	DIR *dir = opendir(BLOCK);
	int ret = 0;

	if (!dir)
		return 0;
	if (is_sysfs(dirfd(dir)))
		ret = try_each(dir, anchor, try, arg);
	closedir(dir);
	if (ret != 1)
		anchor_release(anchor);
	return ret;
}
