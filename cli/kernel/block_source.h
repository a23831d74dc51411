/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The block devices below mapped devices, their files and mounts, from sysfs and the
 * table of mounts. No device is opened, and no file outside of /proc and /sys, so
 * a device or a file system that hangs is no obstacle.
 */
#ifndef MEMTOP_KERNEL_BLOCK_SOURCE_H
#define MEMTOP_KERNEL_BLOCK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct block_source;
struct sample;
struct sample_devno;

/*
 * @root is put before each path, and outlives the source: "", or a made-up tree. If
 * the table of mounts cannot be read, mounts and the devices of files stay unknown. The stacks of the @nr block devices @also are read
 * as well; the list outlives the source.
 */
struct block_source *
block_source_open(const char *root, const struct sample_devno *also, size_t nr);

/* Whether no file system was mounted or unmounted since the last call of fill(). */
bool block_source_is_same(struct block_source *src);

/*
 * Fills in the block devices of @s, which has its devices. If neither they nor the
 * mounts have changed since the last call, no file is opened.
 */
void block_source_fill(struct block_source *src, struct sample *s);

/* Frees; safe on NULL. */
void block_source_close(struct block_source *src);

#endif
