// SPDX-License-Identifier: GPL-2.0-only
#include "stream/device_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "kernel/block_files.h"
#include "kernel/mounts.h"

/* The device that is searched for, and the directory of the search. */
struct search {
	const char *root;
	struct device_arg *arg;
};

static void add_dev(struct search *s, struct sample_devno dev)
{
	struct device_arg *arg = s->arg;

	for (size_t i = 0; i < arg->nr_devs; i++) {
		if (sample_compare_devno(arg->devs[i], dev) == 0)
			return;
	}
	arg->devs = xgrow(arg->devs, arg->nr_devs, sizeof(*arg->devs));
	arg->devs[arg->nr_devs++] = dev;
}

/* Adds @devs, and frees them. */
static void add_list(struct search *s, struct sample_devno *devs, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		add_dev(s, devs[i]);
	free(devs);
}

/* Includes holders of the disk's partitions. */
static void add_disk(struct search *s, struct sample_devno dev)
{
	struct sample_devno *devs;
	size_t nr;

	add_dev(s, dev);
	devs = block_files_partitions(s->root, dev, &nr);
	add_list(s, devs, nr);
}

/* A file system on several devices has no device number, so use its source. */
static void set_holder(struct search *s, const struct mount *mount)
{
	struct device_arg *arg = s->arg;

	arg->holder = mount->dev;
	arg->holder_known =
		mount->dev.major ||
		(mount->source[0] == '/' &&
		 block_files_named(s->root, mount->source, &arg->holder));
}

/*
 * The mount at @point, or the one with the number @id if @point is NULL: the
 * last one, because it covers those before. Returns whether there is one.
 */
static bool find_mount(struct search *s, const char *point, uint64_t id)
{
	const struct mount *mount = NULL;
	int fd = mounts_open(s->root);
	struct mounts mounts;

	if (fd < 0)
		return false;
	if (mounts_read(fd, &mounts) == 0) {
		mount = point ? mounts_at(&mounts, point) :
				mounts_by_id(&mounts, id);
		if (mount)
			set_holder(s, mount);
		mounts_release(&mounts);
	}
	close(fd);
	return mount;
}

/* Finds a device by the last component of a path, even of a dangling link. */
static bool find_by_name(struct search *s, const char *path)
{
	struct sample_devno dev;
	bool found = block_files_named(s->root, path, &dev);

	if (found)
		add_disk(s, dev);
	return found;
}

static void find_file(struct search *s, const char *path)
{
	struct sample_devno *devs;
	char real[PATH_MAX];
	struct statx st;
	size_t nr;

	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		  STATX_BASIC_STATS | STATX_MNT_ID, &st)) {
		s->arg->err = -errno;
		return;
	}
	if (S_ISBLK(st.stx_mode)) {
		add_disk(s, (struct sample_devno){ st.stx_rdev_major,
						   st.stx_rdev_minor });
		return;
	}
	if (S_ISREG(st.stx_mode) && realpath(path, real)) {
		devs = block_files_loops(s->root, real + strlen(s->root), &nr);
		add_list(s, devs, nr);
	}
	s->arg->holder =
		(struct sample_devno){ st.stx_dev_major, st.stx_dev_minor };
	s->arg->holder_known = st.stx_dev_major != 0;
	if (!s->arg->holder_known && st.stx_mask & STATX_MNT_ID)
		find_mount(s, NULL, st.stx_mnt_id);
}

void device_path_resolve(const char *root, const char *word,
			 struct device_arg *ret)
{
	struct search s = { .root = root, .arg = ret };
	struct strbuf path = { 0 };
	struct sample_devno dev;
	bool named;

	*ret = (struct device_arg){ .word = word };
	if (sample_parse_devno(word, &dev)) {
		add_disk(&s, dev);
		return;
	}
	if (!strchr(word, '/'))
		return;
	named = strncmp(word, "/dev/", 5) == 0 ||
		strncmp(word, "/sys/", 5) == 0;
	strbuf_addf(&path, "%s%s", word[0] == '/' ? root : "", word);
	if (named && find_by_name(&s, word))
		msg_debug("%s: found by its name", word);
	else if (word[0] != '/' || !find_mount(&s, word, 0))
		find_file(&s, strbuf_text(&path));
	strbuf_release(&path);
}
