/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries as a tree: below each device the devices that it is built on, down to the
 * disk: through loop devices, the file systems of their files, and partitions. A device
 * below several others appears several times; the devices below it appear once.
 */
#ifndef MEMTOP_MODEL_DEVICE_STACK_H
#define MEMTOP_MODEL_DEVICE_STACK_H

#include <stdbool.h>
#include <stddef.h>

#include "sample/sample.h"

struct snap_entry;

#define STACK_NONE SIZE_MAX

struct device_stack_line {
	size_t parent; /* place of its line; STACK_NONE: at the top */
	size_t entry; /* place among the entries, or STACK_NONE: */
	struct sample_devno leaf; /* a device without an entry */
	bool elsewhere; /* the devices below it are at another line of it */
};

struct device_stack {
	struct device_stack_line
		*lines; /* owned; parents first, siblings in order */
	size_t nr;
};

/*
 * Makes the tree of @entries, which are of one sample, each in it at least once. Siblings
 * keep their order, followed by devices without an entry by number. A device is at the top if it is below
 * none of the others. A recording can contain loops, and chains of any length:
 * these are cut at STACK_DEPTH lines, and the rest begins at the top again.
 */
#define STACK_DEPTH 64

void device_stack_build(const struct snap_entry *const *entries, size_t nr,
			struct device_stack *ret);
void device_stack_release(struct device_stack *stack);

#endif
