// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/block_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"

/* A file of sysfs has at most a page; paths are shorter. */
#define MOST_TEXT 4096

/*
 * Reads the file @dir/@file into @ret, without the newline at its end. A path may have
 * other newlines.
 */
static bool read_text(const char *dir, const char *file,
		      char ret[static MOST_TEXT])
{
	struct strbuf path = { 0 };
	ssize_t len = -1;
	int fd;

	strbuf_addf(&path, "%s/%s", dir, file);
	fd = open(strbuf_text(&path), O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, ret, MOST_TEXT - 1);
		close(fd);
	}
	strbuf_release(&path);
	if (len > 0 && ret[len - 1] == '\n')
		len--;
	ret[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/* The number in the file "dev" of @dir. */
static bool read_number(const char *dir, struct sample_devno *ret)
{
	char text[MOST_TEXT];

	return read_text(dir, "dev", text) && sample_parse_devno(text, ret);
}

static void add_dir(struct strbuf *sb, const char *root,
		    struct sample_devno dev)
{
	strbuf_addf(sb, "%s/sys/dev/block/%" PRIu32 ":%" PRIu32, root,
		    dev.major, dev.minor);
}

bool block_files_number(const char *root, const char *name,
			struct sample_devno *ret)
{
	struct strbuf dir = { 0 };
	bool found;

	if (!*name || strchr(name, '/'))
		return false;
	strbuf_addf(&dir, "%s/sys/class/block/%s", root, name);
	found = read_number(strbuf_text(&dir), ret);
	strbuf_release(&dir);
	return found;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool block_files_named(const char *root, const char *path,
		       struct sample_devno *ret)
{
	struct strbuf at = { 0 };
	char target[PATH_MAX];
	ssize_t len;

	if (block_files_number(root, last_part(path), ret))
		return true;
	strbuf_addf(&at, "%s%s", *path == '/' ? root : "", path);
	len = readlink(strbuf_text(&at), target, sizeof(target) - 1);
	strbuf_release(&at);
	if (len <= 0)
		return false;
	target[len] = '\0';
	return block_files_number(root, last_part(target), ret);
}

void block_files_name(const char *root, struct sample_devno dev,
		      char ret[static SAMPLE_DISK_LEN])
{
	struct strbuf dir = { 0 };
	char target[PATH_MAX];
	ssize_t len;

	add_dir(&dir, root, dev);
	len = readlink(strbuf_text(&dir), target, sizeof(target) - 1);
	strbuf_release(&dir);
	target[len > 0 ? len : 0] = '\0';
	text_copy(ret, SAMPLE_DISK_LEN, last_part(target));
}

char *block_files_backing(const char *root, struct sample_devno dev)
{
	struct strbuf dir = { 0 };
	char text[MOST_TEXT];
	bool found;

	add_dir(&dir, root, dev);
	found = read_text(strbuf_text(&dir), "loop/backing_file", text);
	strbuf_release(&dir);
	return found ? xstrdup(text) : NULL;
}

struct list {
	struct sample_devno *devs;
	size_t nr;
};

static void add(struct list *list, struct sample_devno dev)
{
	list->devs = xgrow(list->devs, list->nr, sizeof(*list->devs));
	list->devs[list->nr++] = dev;
}

/*
 * Adds the devices that the entries of @dir are; with @having only those that have such
 * a file, and with @wanted only if that is its text.
 */
static void add_entries(struct list *list, const char *dir, const char *having,
			const char *wanted)
{
	const struct dirent *entry;
	struct strbuf path = { 0 };
	struct sample_devno dev;
	char text[MOST_TEXT];
	DIR *stream = opendir(dir);

	while (stream && (entry = readdir(stream))) {
		if (*entry->d_name == '.')
			continue;
		strbuf_reset(&path);
		strbuf_addf(&path, "%s/%s", dir, entry->d_name);
		if (having && (!read_text(strbuf_text(&path), having, text) ||
			       (wanted && strcmp(text, wanted) != 0)))
			continue;
		if (read_number(strbuf_text(&path), &dev))
			add(list, dev);
	}
	if (stream)
		closedir(stream);
	strbuf_release(&path);
}

struct sample_devno *block_files_lower(const char *root,
				       struct sample_devno dev, size_t *ret_nr)
{
	struct strbuf dir = { 0 };
	struct list list = { 0 };
	struct sample_devno disk;
	char text[MOST_TEXT];

	add_dir(&dir, root, dev);
	if (read_text(strbuf_text(&dir), "partition", text)) {
		/* the directory of a partition is in that of its disk */
		strbuf_addstr(&dir, "/..");
		if (read_number(strbuf_text(&dir), &disk))
			add(&list, disk);
	} else {
		strbuf_addstr(&dir, "/slaves");
		add_entries(&list, strbuf_text(&dir), NULL, NULL);
	}
	strbuf_release(&dir);
	*ret_nr = list.nr;
	return list.devs;
}

struct sample_devno *block_files_partitions(const char *root,
					    struct sample_devno dev,
					    size_t *ret_nr)
{
	struct strbuf dir = { 0 };
	struct list list = { 0 };

	add_dir(&dir, root, dev);
	add_entries(&list, strbuf_text(&dir), "partition", NULL);
	strbuf_release(&dir);
	*ret_nr = list.nr;
	return list.devs;
}

struct sample_devno *block_files_loops(const char *root, const char *path,
				       size_t *ret_nr)
{
	struct strbuf dir = { 0 };
	struct list list = { 0 };

	strbuf_addf(&dir, "%s/sys/class/block", root);
	add_entries(&list, strbuf_text(&dir), "loop/backing_file", path);
	strbuf_release(&dir);
	*ret_nr = list.nr;
	return list.devs;
}
