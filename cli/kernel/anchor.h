/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A descriptor of a device's directory in sysfs, from which a program finds
 * that device's structures, and from there all others. The directory is opened
 * with O_PATH, which needs no privilege and does not touch the device.
 */
#ifndef MEMTOP_KERNEL_ANCHOR_H
#define MEMTOP_KERNEL_ANCHOR_H

#include <stdint.h>

struct anchor {
	int fd; /* owned; -1: none */
	uint32_t minor; /* of the device */
};

/* An anchor without a descriptor, which may be released. */
struct anchor anchor_none(void);

/*
 * Calls @try, which returns 1 if the anchor can be used, 0 if not, or -errno,
 * for one device after another, until the result is not 0. @anchor is then the
 * last one.
 *
 * Returns the result of @try; 0 if no device can be used, or sysfs is not
 * accessible; -ENOENT if it has no device: a device has no such directory
 * before its first table is loaded.
 */
int anchor_find(struct anchor *anchor,
		int (*try)(const struct anchor *anchor, void *arg), void *arg);

void anchor_release(struct anchor *anchor);

#endif
