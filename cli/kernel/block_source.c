// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/block_source.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "kernel/block_files.h"
#include "kernel/mounts.h"
#include "sample/sample.h"

struct block_source {
	const char *root;
	const struct sample_devno *also;
	size_t nr_also;
	int mounts; /* descriptor of the table of mounts, or negative */
	bool changed; /* the table of mounts, since the last reading */
	struct sample last; /* the blocks that were read last */
	struct strbuf devices; /* the devices that they were read for */
};

struct devnos {
	struct sample_devno *all; /* owned */
	size_t nr;
};

/* The state of a reading. */
struct reading {
	const char *root;
	struct sample *s; /* its devices are given; its blocks are being filled */
	struct mounts mounts;
	struct sample_devno *mounted; /* owned; of each mount; 0:0: none */
	struct devnos next; /* found, perhaps several times */
};

struct block_source *
block_source_open(const char *root, const struct sample_devno *also, size_t nr)
{
	struct block_source *src = xcalloc(1, sizeof(*src));

	src->root = root;
	src->also = also;
	src->nr_also = nr;
	src->mounts = mounts_open(root);
	if (src->mounts < 0)
		msg_warning(
			"cannot read the table of mounts (%s): mounts, and the devices that files are on, are unknown",
			strerror(-src->mounts));
	return src;
}

bool block_source_is_same(struct block_source *src)
{
	struct pollfd fd = { .fd = src->mounts, .events = POLLPRI };

	/* once for each change */
	if (src->mounts >= 0 && poll(&fd, 1, 0) > 0 &&
	    fd.revents & (POLLPRI | POLLERR))
		src->changed = true;
	return !src->changed;
}

/* ---- the table of mounts ---------------------------------------------------- */

static void read_mounts(struct reading *r, int fd)
{
	if (fd < 0 || mounts_read(fd, &r->mounts))
		return;
	r->mounted = xcalloc(r->mounts.nr, sizeof(*r->mounted));
	for (size_t i = 0; i < r->mounts.nr; i++) {
		if (!mounts_device(r->root, &r->mounts.all[i], &r->mounted[i]))
			r->mounted[i] = (struct sample_devno){ 0 };
	}
}

/* ---- block devices ---------------------------------------------------------- */

static void add_next(struct reading *r, const struct sample_devno *devs,
		     size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		r->next.all =
			xgrow(r->next.all, r->next.nr, sizeof(*r->next.all));
		r->next.all[r->next.nr++] = devs[i];
	}
}

static struct sample_block *add_block(struct reading *r,
				      struct sample_devno dev)
{
	struct sample *s = r->s;
	struct sample_block *block;

	s->blocks = xgrow(s->blocks, s->nr_blocks, sizeof(*s->blocks));
	block = &s->blocks[s->nr_blocks++];
	*block = (struct sample_block){ .dev = dev };
	block_files_name(r->root, dev, block->name);
	return block;
}

/* The device of the file: that of its file system, or a device that it is itself. */
static void add_file(const struct reading *r, struct sample_block *block)
{
	const struct mount *mount = mounts_holding(&r->mounts, block->backing);
	struct sample_devno dev = { 0 };

	if (!mount)
		return;
	block->backing_mount = xstrdup(mount->point);
	text_copy(block->backing_type, sizeof(block->backing_type),
		  mount->type);
	if (strcmp(mount->type, "devtmpfs") == 0)
		block_files_named(r->root, block->backing, &dev);
	else
		dev = r->mounted[mount - r->mounts.all];
	if (!dev.major)
		return;
	block->lower = xcalloc(1, sizeof(*block->lower));
	block->lower[block->nr_lower++] = dev;
}

static void read_block(struct reading *r, struct sample_devno dev)
{
	struct sample_block *block = add_block(r, dev);

	block->lower = block_files_lower(r->root, dev, &block->nr_lower);
	if (!block->nr_lower)
		block->backing = block_files_backing(r->root, dev);
	if (block->backing)
		add_file(r, block);
	add_next(r, block->lower, block->nr_lower);
}

/* Reads the devices that were found and are neither read yet nor mapped devices. */
static void read_next(struct reading *r)
{
	struct devnos found = r->next;
	const size_t nr_before = r->s->nr_blocks;

	r->next = (struct devnos){ 0 };
	if (found.nr)
		qsort(found.all, found.nr, sizeof(*found.all),
		      sample_compare_devnos);
	for (size_t i = 0; i < found.nr; i++) {
		const struct sample_block key = { .dev = found.all[i] };

		if ((i &&
		     !sample_compare_devno(found.all[i - 1], found.all[i])) ||
		    sample_find_device(r->s, found.all[i]) ||
		    (nr_before && bsearch(&key, r->s->blocks, nr_before,
					  sizeof(key), sample_compare_blocks)))
			continue;
		read_block(r, found.all[i]);
	}
	free(found.all);
	if (r->s->nr_blocks)
		qsort(r->s->blocks, r->s->nr_blocks, sizeof(*r->s->blocks),
		      sample_compare_blocks);
}

/* Mapped devices are among the blocks only if they are mounted. */
static void add_mounted(struct reading *r)
{
	struct sample_devno *devs = xcalloc(r->mounts.nr, sizeof(*devs));
	size_t nr = 0;

	for (size_t i = 0; i < r->mounts.nr; i++) {
		if (sample_find_device(r->s, r->mounted[i]))
			devs[nr++] = r->mounted[i];
	}
	if (nr)
		qsort(devs, nr, sizeof(*devs), sample_compare_devnos);
	for (size_t i = 0; i < nr; i++) {
		if (!i || sample_compare_devno(devs[i - 1], devs[i]))
			add_block(r, devs[i]);
	}
	if (r->s->nr_blocks)
		qsort(r->s->blocks, r->s->nr_blocks, sizeof(*r->s->blocks),
		      sample_compare_blocks);
	free(devs);
}

/* The table is sorted by point, so one that is there twice is next to itself. */
static void add_mounts(struct reading *r)
{
	for (size_t i = 0; i < r->mounts.nr; i++) {
		const struct mount *mount = &r->mounts.all[i];
		const struct sample_block key = { .dev = r->mounted[i] };
		struct sample_block *block = NULL;
		struct sample_mount *to;

		if (r->s->nr_blocks)
			block = bsearch(&key, r->s->blocks, r->s->nr_blocks,
					sizeof(key), sample_compare_blocks);
		if (!block || (block->nr_mounts &&
			       strcmp(block->mounts[block->nr_mounts - 1].point,
				      mount->point) == 0))
			continue;
		block->mounts = xgrow(block->mounts, block->nr_mounts,
				      sizeof(*block->mounts));
		to = &block->mounts[block->nr_mounts++];
		*to = (struct sample_mount){ .point = xstrdup(mount->point) };
		text_copy(to->type, sizeof(to->type), mount->type);
	}
}

/* Strings of a sample are never NULL. */
static void set_strings(struct sample *s)
{
	for (size_t i = 0; i < s->nr_blocks; i++) {
		struct sample_block *block = &s->blocks[i];

		if (!block->backing)
			block->backing = xstrdup("");
		if (!block->backing_mount)
			block->backing_mount = xstrdup("");
	}
}

static void read_blocks(struct block_source *src, struct sample *s)
{
	struct reading r = { .root = src->root, .s = s };

	read_mounts(&r, src->mounts);
	add_next(&r, src->also, src->nr_also);
	for (size_t i = 0; i < s->nr_devices; i++)
		add_next(&r, s->devices[i].lower, s->devices[i].nr_lower);
	/* ends: a device is read once */
	while (r.next.nr)
		read_next(&r);
	add_mounted(&r);
	add_mounts(&r);
	set_strings(s);
	s->blocks_known = true;
	free(r.next.all);
	free(r.mounted);
	mounts_release(&r.mounts);
}

/* ---- the last reading ------------------------------------------------------- */

static void copy_blocks(const struct sample *from, struct sample *to)
{
	to->blocks_known = from->blocks_known;
	to->blocks = xcalloc(from->nr_blocks, sizeof(*to->blocks));
	for (size_t i = 0; i < from->nr_blocks; i++) {
		struct sample_block *b = &to->blocks[to->nr_blocks++];
		const struct sample_block *was = &from->blocks[i];

		*b = *was;
		b->backing = xstrdup(was->backing);
		b->backing_mount = xstrdup(was->backing_mount);
		b->mounts = xcalloc(was->nr_mounts, sizeof(*b->mounts));
		for (size_t j = 0; j < was->nr_mounts; j++) {
			b->mounts[j] = was->mounts[j];
			b->mounts[j].point = xstrdup(was->mounts[j].point);
		}
		b->lower = xcalloc(was->nr_lower, sizeof(*b->lower));
		if (was->nr_lower)
			memcpy(b->lower, was->lower,
			       was->nr_lower * sizeof(*b->lower));
	}
}

/* What the blocks depend on: the devices and those below, as bytes. */
static void add_devices(struct strbuf *sb, const struct sample *s)
{
	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *d = &s->devices[i];

		strbuf_add(sb, (const char *)&d->dev, sizeof(d->dev));
		strbuf_add(sb, (const char *)&d->nr_lower, sizeof(d->nr_lower));
		if (d->nr_lower)
			strbuf_add(sb, (const char *)d->lower,
				   d->nr_lower * sizeof(*d->lower));
	}
}

void block_source_fill(struct block_source *src, struct sample *s)
{
	struct strbuf devices = { 0 };

	add_devices(&devices, s);
	if (block_source_is_same(src) && src->last.blocks_known &&
	    devices.len == src->devices.len &&
	    (!devices.len ||
	     memcmp(devices.text, src->devices.text, devices.len) == 0)) {
		copy_blocks(&src->last, s);
		strbuf_release(&devices);
		return;
	}
	strbuf_release(&src->devices);
	src->devices = devices;
	src->changed = false;
	read_blocks(src, s);
	sample_release_blocks(&src->last);
	copy_blocks(s, &src->last);
}

void block_source_close(struct block_source *src)
{
	if (!src)
		return;
	if (src->mounts >= 0)
		close(src->mounts);
	sample_release_blocks(&src->last);
	strbuf_release(&src->devices);
	free(src);
}
