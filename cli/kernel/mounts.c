// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/mounts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/strbuf.h"
#include "kernel/block_files.h"

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

/*
 * "36 35 254:3 / /mnt rw,noatime shared:1 - ext4 /dev/mapper/x rw". Cuts @line into
 * the strings of @ret.
 */
static bool parse_mount(char *line, struct mount *ret)
{
	unsigned int major, minor;
	unsigned long long id;
	char *rest, *point, *type, *source;

	if (sscanf(line, "%llu %*s %u:%u", &id, &major, &minor) != 3)
		return false;
	rest = strstr(line, " - ");
	if (!rest)
		return false;
	*rest = '\0';
	rest += strlen(" - ");
	type = strsep(&rest, " ");
	source = rest ? strsep(&rest, " ") : NULL;
	for (int i = 0; line && i < 4; i++)
		strsep(&line, " ");
	point = line ? strsep(&line, " ") : NULL;
	if (!source || !point)
		return false;
	unescape(point);
	unescape(type);
	unescape(source);
	ret->id = id;
	ret->dev = (struct sample_devno){ major, minor };
	ret->point = point;
	ret->type = type;
	ret->source = source;
	return true;
}

static void add_line(struct mounts *m, const char *line)
{
	struct mount mount = { .order = m->nr, .line = xstrdup(line) };

	if (!parse_mount(mount.line, &mount)) {
		free(mount.line);
		return;
	}
	m->all = xgrow(m->all, m->nr, sizeof(*m->all));
	m->all[m->nr++] = mount;
}

static int compare_mounts(const void *pa, const void *pb)
{
	const struct mount *a = pa, *b = pb;
	int order = strcmp(a->point, b->point);

	return order ? order : compare_u64(a->order, b->order);
}

int mounts_open(const char *root)
{
	struct strbuf path = { 0 };
	int fd;

	strbuf_addf(&path, "%s/proc/self/mountinfo", root);
	fd = open(strbuf_text(&path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	strbuf_release(&path);
	return fd;
}

/* Adds all of the file @fd to @text. Returns 0 or -errno. */
static int read_all(int fd, struct strbuf *text)
{
	char part[16384];
	ssize_t len;
	off_t at = 0;

	while ((len = pread(fd, part, sizeof(part), at)) != 0) {
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		strbuf_add(text, part, (size_t)len);
		at += len;
	}
	return 0;
}

int mounts_read(int fd, struct mounts *ret)
{
	struct strbuf text = { 0 };
	int err = read_all(fd, &text);
	char *rest, *line;

	*ret = (struct mounts){ 0 };
	if (!err && text.len) {
		rest = text.text;
		while ((line = strsep(&rest, "\n")))
			add_line(ret, line);
		if (ret->nr)
			qsort(ret->all, ret->nr, sizeof(*ret->all),
			      compare_mounts);
	}
	strbuf_release(&text);
	return err;
}

/* The last mount at the first @len bytes of @point. */
static const struct mount *find(const struct mounts *m, const char *point,
				size_t len)
{
	size_t from = 0, to = m->nr;

	/* the first mount with a greater point */
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = strncmp(m->all[mid].point, point, len);

		if (!order)
			order = m->all[mid].point[len] ? 1 : 0;
		if (order <= 0)
			from = mid + 1;
		else
			to = mid;
	}
	if (!from || strncmp(m->all[from - 1].point, point, len) != 0 ||
	    m->all[from - 1].point[len])
		return NULL;
	return &m->all[from - 1];
}

const struct mount *mounts_at(const struct mounts *m, const char *point)
{
	return find(m, point, strlen(point));
}

const struct mount *mounts_holding(const struct mounts *m, const char *path)
{
	size_t len = strlen(path);

	if (*path != '/')
		return NULL;
	for (; len; len--) {
		const struct mount *mount;

		/* a directory ends before a slash, or with the path */
		if (path[len] && path[len] != '/')
			continue;
		mount = find(m, path, len);
		if (mount)
			return mount;
	}
	return find(m, "/", 1);
}

const struct mount *mounts_by_id(const struct mounts *m, uint64_t id)
{
	for (size_t i = 0; i < m->nr; i++) {
		if (m->all[i].id == id)
			return &m->all[i];
	}
	return NULL;
}

/* Any program can choose the source of other file systems. */
bool mounts_device(const char *root, const struct mount *m,
		   struct sample_devno *ret)
{
	*ret = m->dev;
	return m->dev.major || (strncmp(m->source, "/dev/", 5) == 0 &&
				strcmp(m->type, "devtmpfs") != 0 &&
				strncmp(m->type, "fuse", 4) != 0 &&
				block_files_named(root, m->source, ret));
}

void mounts_release(struct mounts *m)
{
	for (size_t i = 0; i < m->nr; i++)
		free(m->all[i].line);
	free(m->all);
	*m = (struct mounts){ 0 };
}
