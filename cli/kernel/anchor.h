/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A descriptor of a device's directory in sysfs, from which a program finds that
 * device's structures, and all others' from there. The directory is not opened
 * (O_PATH): that takes no right and touches no device.
 */
#ifndef MEMTOP_KERNEL_ANCHOR_H
#define MEMTOP_KERNEL_ANCHOR_H

#include <stdint.h>

struct anchor {
	int fd; /* owned; -1: none */
	uint32_t minor; /* of the device */
};

/* One that is none, and may be released. */
struct anchor anchor_none(void);

/*
 * Calls @try, which returns 1 if the anchor will do, 0 if not, or -errno, with one
 * device after the other, until that is not 0. @anchor is the last one then.
 *
 * Returns what @try did; 0 if no device did, or sysfs cannot be seen; -ENOENT if there
 * is no device in it: one has no such directory before its first table is loaded.
 */
int anchor_find(struct anchor *anchor,
		int (*try)(const struct anchor *anchor, void *arg), void *arg);

void anchor_release(struct anchor *anchor);

#endif
