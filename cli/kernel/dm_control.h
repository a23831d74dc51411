/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device-mapper's control node. Its ioctls are used without libdevmapper, whose
 * dependencies would double the cost of starting the program.
 */
#ifndef MEMTOP_KERNEL_DM_CONTROL_H
#define MEMTOP_KERNEL_DM_CONTROL_H

#include <linux/dm-ioctl.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

/* The open node, and the answer to the last query. */
struct dm_control {
	int fd;
	struct dm_ioctl
		*answer; /* owned; what follows it is read by dm_next_*() */
	size_t room; /* in bytes, at @answer */
};

/*
 * The path of the control node: that of Linux distributions or that of Android.
 * Neither need exist.
 */
const char *dm_control_path(void);

/* Opens it. Returns 0, and the caller closes it, or -errno, not reported. */
int dm_control_open(struct dm_control *ret);

/* Fine on one that could not be opened. */
void dm_control_close(struct dm_control *c);

/*
 * Moves the last answer out of @c, which can then be used for other queries.
 * The caller closes the result.
 */
struct dm_control dm_control_take_answer(struct dm_control *c);

/*
 * Runs the ioctl @command with @flags on device @dev, or on none if it is NULL.
 * The device is named by its number, because a name can go to another device
 * meanwhile. Returns 0, or -errno, not reported: -ENXIO if there is no such
 * device.
 */
int dm_control_query(struct dm_control *c, unsigned long command,
		     uint32_t flags, const struct sample_devno *dev);

/* Overwrites the last answer, which may have keys. */
void dm_control_wipe(struct dm_control *c);

/*
 * The elements of the last answer, until the next query; NULL after the last
 * one. @last is NULL at first.
 */
const struct dm_name_list *dm_next_name(const struct dm_control *c,
					const struct dm_name_list *last);
const struct dm_target_spec *dm_next_target(const struct dm_control *c,
					    const struct dm_target_spec *last,
					    uint32_t index);

/* The text of a target of the last answer: its table line or its status. */
const char *dm_target_text(const struct dm_target_spec *target);

/* The devices below the queried one. */
const struct dm_target_deps *dm_lower(const struct dm_control *c);

#endif
