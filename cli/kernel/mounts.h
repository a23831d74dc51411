/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of mounts of this process's mount namespace. */
#ifndef MEMTOP_KERNEL_MOUNTS_H
#define MEMTOP_KERNEL_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

/* Octal escapes are decoded. The strings belong to the table. */
struct mount {
	uint64_t id;
	struct sample_devno dev; /* major 0: none, or several devices */
	const char *point;
	const char *type; /* of the file system: "ext4" */
	const char *source; /* any text, often a device's path */
	size_t order; /* later mounts cover those before */
	char *line; /* owned */
};

struct mounts {
	struct mount *all; /* owned; by point, then by order */
	size_t nr;
};

/*
 * Reads the table from @fd, from its beginning. Lines that cannot be parsed are left
 * out. Returns 0, or -errno; then the table is empty. The caller releases @ret.
 */
int mounts_read(int fd, struct mounts *ret);

/* Opens the table below @root, "" or a made-up tree. Returns a descriptor or -errno. */
int mounts_open(const char *root);

/* The mount at @point that covers all others there; NULL: none. */
const struct mount *mounts_at(const struct mounts *m, const char *point);

/* The mount that has the absolute path @path, by the text of the path; NULL: none. */
const struct mount *mounts_holding(const struct mounts *m, const char *path);

const struct mount *mounts_by_id(const struct mounts *m, uint64_t id);

/*
 * The block device of the mount @m: of a file system that can have several devices, and
 * has no number of its own, the one that is its source. Returns false if there is none.
 */
bool mounts_device(const char *root, const struct mount *m,
		   struct sample_devno *ret);

void mounts_release(struct mounts *m);

#endif
