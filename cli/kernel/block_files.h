/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts of block devices from sysfs. No device is opened, and nothing waits for one.
 * @root is put before each path: "", or a made-up tree.
 */
#ifndef MEMTOP_KERNEL_BLOCK_FILES_H
#define MEMTOP_KERNEL_BLOCK_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "sample/sample.h"

/* The number of the block device that the kernel calls @name, for example "sda1". */
bool block_files_number(const char *root, const char *name,
			struct sample_devno *ret);

/*
 * The number of the block device that the path @path names: by its last part, or by
 * that of the link's target. The device's node need not exist.
 */
bool block_files_named(const char *root, const char *path,
		       struct sample_devno *ret);

/* Fills @ret with the kernel's name of @dev, or "". */
void block_files_name(const char *root, struct sample_devno dev,
		      char ret[static SAMPLE_DISK_LEN]);

/*
 * The file of the loop device @dev as the kernel prints it, also for a deleted one:
 * "/srv/image (deleted)". The caller frees it; NULL: not a loop device, or unknown.
 */
char *block_files_backing(const char *root, struct sample_devno dev);

/*
 * The devices that @dev is on: a partition's disk, an array's members. The caller
 * frees the list; NULL: none.
 */
struct sample_devno *block_files_lower(const char *root,
				       struct sample_devno dev, size_t *ret_nr);

/* The partitions of @dev; the same. */
struct sample_devno *block_files_partitions(const char *root,
					    struct sample_devno dev,
					    size_t *ret_nr);

/* The loop devices on the file @path; the same. */
struct sample_devno *block_files_loops(const char *root, const char *path,
				       size_t *ret_nr);

#endif
