// SPDX-License-Identifier: GPL-2.0-only
#include "stream/device_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/times.h"
#include "kernel/block_files.h"
#include "kernel/mounts.h"
#include "system/guard.h"

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

static void set_holder(struct search *s, const struct mount *mount)
{
	struct device_arg *arg = s->arg;

	arg->holder_known = mounts_device(s->root, mount, &arg->holder);
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

/* ---- the file system of a path ----------------------------------------------- */

/* A path that is not looked up within this time is on a file system that hangs. */
#define LOOKUP_TIME (5 * SECOND)

/* "ERROR BLOCK MAJOR:MINOR MOUNT" */
static void look_up(void *arg, struct strbuf *text)
{
	struct statx st = { 0 };
	int err = 0;
	bool block;

	if (statx(AT_FDCWD, arg, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		  STATX_BASIC_STATS | STATX_MNT_ID, &st))
		err = errno;
	block = S_ISBLK(st.stx_mode);
	strbuf_addf(text, "%d %d %u:%u %llu", err, block,
		    block ? st.stx_rdev_major : st.stx_dev_major,
		    block ? st.stx_rdev_minor : st.stx_dev_minor,
		    (unsigned long long)(st.stx_mask & STATX_MNT_ID ?
						 st.stx_mnt_id :
						 0));
}

/* The mount that has the text @path, or the one with the number @id if it is NULL. */
static void place_by_mount(const char *path, uint64_t id,
			   struct file_place *ret)
{
	const struct mount *mount;
	int fd = mounts_open("");
	struct mounts mounts;

	if (fd < 0)
		return;
	if (mounts_read(fd, &mounts) == 0) {
		mount = path ? mounts_holding(&mounts, path) :
			       mounts_by_id(&mounts, id);
		if (mount) {
			text_copy(ret->type, sizeof(ret->type), mount->type);
			if (!ret->dev_known)
				ret->dev_known =
					mounts_device("", mount, &ret->dev);
		}
		mounts_release(&mounts);
	}
	close(fd);
}

/* By the text of @path, which can be relative. */
static void place_by_text(const char *path, struct file_place *ret)
{
	struct strbuf whole = { 0 };
	char here[PATH_MAX];

	if (*path != '/' && getcwd(here, sizeof(here)))
		strbuf_addf(&whole, "%s/", here);
	strbuf_addstr(&whole, path);
	place_by_mount(strbuf_text(&whole), 0, ret);
	strbuf_release(&whole);
}

int device_path_place(const char *path, struct file_place *ret)
{
	struct strbuf text = { 0 }, messages = { 0 };
	char *copy = xstrdup(path);
	unsigned int major, minor;
	unsigned long long mount;
	int err = 0, block, got;

	*ret = (struct file_place){ 0 };
	got = guard_run(look_up, copy, LOOKUP_TIME, &text, &messages);
	if (got || sscanf(strbuf_text(&text), "%d %d %u:%u %llu", &err, &block,
			  &major, &minor, &mount) != 5) {
		msg_warning(
			"cannot look up '%s' (%s): only the text of the path counts",
			path, strerror(got ? -got : EPROTO));
		place_by_text(path, ret);
		err = 0;
	} else if (!err) {
		ret->dev = (struct sample_devno){ major, minor };
		ret->dev_known = major != 0;
		if (!block)
			place_by_mount(NULL, mount, ret);
	}
	strbuf_release(&text);
	strbuf_release(&messages);
	free(copy);
	return -err;
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
