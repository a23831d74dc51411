/* SPDX-License-Identifier: GPL-2.0-only */
/* The files that a mapped device is on, through loop devices. */
#ifndef MEMTOP_MODEL_BACKING_H
#define MEMTOP_MODEL_BACKING_H

#include <stdbool.h>
#include <stddef.h>

#include "sample/sample.h"

/* Limit of block devices that are searched for one mapped device. */
#define BACKING_MOST 64

struct backing {
	const struct sample_block *loops[BACKING_MOST]; /* each has a file */
	size_t nr;
};

/*
 * Finds the loop devices below @device, directly or through partitions and arrays, but
 * not through other mapped devices. @ret refers to @s.
 */
void backing_find(const struct sample *s, const struct sample_device *device,
		  struct backing *ret);

/* The length of the path in a loop device's file, without " (deleted)". */
size_t backing_path_len(const char *backing);

#endif
