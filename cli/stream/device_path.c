// SPDX-License-Identifier: GPL-2.0-only
#include "stream/device_path.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"

/* The device that is searched for, and the directory of the search. */
struct search {
	const char *root;
	struct device_arg *arg;
};

static void add_dev(struct search *s, struct sample_devno dev)
{
	struct device_arg *arg = s->arg;

	for (size_t i = 0; i < arg->nr_devs; i++) {
		if (arg->devs[i].major == dev.major &&
		    arg->devs[i].minor == dev.minor)
			return;
	}
	arg->devs = xgrow(arg->devs, arg->nr_devs, sizeof(*arg->devs));
	arg->devs[arg->nr_devs++] = dev;
}

/*
 * The first line of a file in sysfs, without its end; "" if it cannot be read.
 */
static void read_line(const char *path, char *ret, size_t room)
{
	FILE *file = fopen(path, "re");

	*ret = '\0';
	if (!file)
		return;
	if (!fgets(ret, (int)room, file))
		*ret = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	fclose(file);
}

/* The number in the file "dev" of the directory @dir/@name below the root. */
static bool read_dev(const struct search *s, const char *dir, const char *name,
		     struct sample_devno *ret)
{
	struct strbuf path = { 0 };
	char line[32];

	strbuf_addf(&path, "%s%s/%s/dev", s->root, dir, name);
	read_line(strbuf_text(&path), line, sizeof(line));
	strbuf_release(&path);
	return device_arg_number(line, ret);
}

/* Includes holders of the disk's partitions. */
static void add_disk(struct search *s, struct sample_devno dev)
{
	struct strbuf dir = { 0 }, path = { 0 };
	const struct dirent *entry;
	struct sample_devno part;
	DIR *stream;

	add_dev(s, dev);
	strbuf_addf(&dir, "/sys/dev/block/%u:%u", dev.major, dev.minor);
	strbuf_addf(&path, "%s%s", s->root, strbuf_text(&dir));
	stream = opendir(strbuf_text(&path));
	while (stream && (entry = readdir(stream))) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s%s/%s/partition", s->root,
			    strbuf_text(&dir), entry->d_name);
		if (access(strbuf_text(&path), F_OK) == 0 &&
		    read_dev(s, strbuf_text(&dir), entry->d_name, &part))
			add_dev(s, part);
	}
	if (stream)
		closedir(stream);
	strbuf_release(&path);
	strbuf_release(&dir);
}

/* A loop device's sysfs directory has the path of its file. */
static void add_loops(struct search *s, const char *file)
{
	struct strbuf path = { 0 };
	const struct dirent *entry;
	struct sample_devno dev;
	char backing[PATH_MAX];
	DIR *stream;

	strbuf_addf(&path, "%s/sys/class/block", s->root);
	stream = opendir(strbuf_text(&path));
	while (stream && (entry = readdir(stream))) {
		if (strncmp(entry->d_name, "loop", 4) != 0)
			continue;
		strbuf_reset(&path);
		strbuf_addf(&path, "%s/sys/class/block/%s/loop/backing_file",
			    s->root, entry->d_name);
		read_line(strbuf_text(&path), backing, sizeof(backing));
		if (*backing && strcmp(backing, file) == 0 &&
		    read_dev(s, "/sys/class/block", entry->d_name, &dev))
			add_dev(s, dev);
	}
	if (stream)
		closedir(stream);
	strbuf_release(&path);
}

/* A line of the table of mounts: numbers, point, source. */
struct mount {
	uint64_t id;
	unsigned int major, minor;
	char *point; /* like the others, points into the parsed line */
	char *source;
};

/* Decodes octal escapes such as "\040". */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && isdigit((unsigned char)s[1]) &&
		    isdigit((unsigned char)s[2]) &&
		    isdigit((unsigned char)s[3])) {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 |
				       (s[3] - '0'));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

/* "36 35 254:3 / /mnt rw,noatime shared:1 - ext4 /dev/mapper/x rw" */
static bool parse_mount(char *line, struct mount *ret)
{
	unsigned long long id;
	char *rest, *word;
	int i;

	if (sscanf(line, "%llu %*s %u:%u", &id, &ret->major, &ret->minor) != 3)
		return false;
	ret->id = id;
	rest = strstr(line, " - ");
	if (!rest)
		return false;
	*rest = '\0';
	rest += strlen(" - ");
	if (!strsep(&rest, " ") || !(ret->source = strsep(&rest, " ")))
		return false;
	for (i = 0; i < 5; i++) {
		word = strsep(&line, " ");
		if (!word)
			return false;
	}
	ret->point = word;
	unescape(ret->point);
	unescape(ret->source);
	return true;
}

static bool stat_device(const struct search *s, const char *path,
			struct sample_devno *ret)
{
	struct strbuf at = { 0 };
	struct stat st;
	int err;

	strbuf_addf(&at, "%s%s", s->root, path);
	err = stat(strbuf_text(&at), &st);
	strbuf_release(&at);
	if (err || !S_ISBLK(st.st_mode))
		return false;
	*ret = (struct sample_devno){ major(st.st_rdev), minor(st.st_rdev) };
	return true;
}

/* A file system on several devices has no device number, so use its source. */
static void set_holder(struct search *s, const struct mount *mount)
{
	struct device_arg *arg = s->arg;

	arg->holder = (struct sample_devno){ mount->major, mount->minor };
	arg->holder_known = mount->major ||
			    (mount->source[0] == '/' &&
			     stat_device(s, mount->source, &arg->holder));
}

/*
 * The mount at @point, or the one with the number @id if @point is NULL: the
 * last one, because it covers those before. Returns whether there is one.
 */
static bool find_mount(struct search *s, const char *point, uint64_t id)
{
	struct strbuf path = { 0 };
	char *line = NULL;
	size_t room = 0;
	bool found = false;
	FILE *file;

	strbuf_addf(&path, "%s/proc/self/mountinfo", s->root);
	file = fopen(strbuf_text(&path), "re");
	strbuf_release(&path);
	while (file && getline(&line, &room, file) > 0) {
		struct mount mount;

		line[strcspn(line, "\n")] = '\0';
		if (!parse_mount(line, &mount))
			continue;
		if (point ? strcmp(mount.point, point) != 0 : mount.id != id)
			continue;
		set_holder(s, &mount);
		found = true;
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}

/* Finds a device by the last component of a path, even of a dangling link. */
static bool find_by_name(struct search *s, const char *path)
{
	char target[PATH_MAX];
	const char *last = strrchr(path, '/');
	struct sample_devno dev;
	ssize_t len;

	if (last && read_dev(s, "/sys/class/block", last + 1, &dev)) {
		add_disk(s, dev);
		return true;
	}
	len = readlink(path, target, sizeof(target) - 1);
	if (len <= 0)
		return false;
	target[len] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	if (!read_dev(s, "/sys/class/block", last, &dev))
		return false;
	add_disk(s, dev);
	return true;
}

static void find_file(struct search *s, const char *path)
{
	char real[PATH_MAX];
	struct statx st;

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
	if (S_ISREG(st.stx_mode) && realpath(path, real))
		add_loops(s, real + strlen(s->root));
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
	if (device_arg_number(word, &dev)) {
		add_disk(&s, dev);
		return;
	}
	if (!strchr(word, '/'))
		return;
	strbuf_addf(&path, "%s%s", word[0] == '/' ? root : "", word);
	named = strncmp(word, "/dev/", 5) == 0 ||
		strncmp(word, "/sys/", 5) == 0;
	if (named && find_by_name(&s, strbuf_text(&path)))
		msg_debug("%s: found by its name", word);
	else if (word[0] != '/' || !find_mount(&s, word, 0))
		find_file(&s, strbuf_text(&path));
	strbuf_release(&path);
}
