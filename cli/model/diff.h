/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the reserves of two samples: for each device, and for
 * each role of its pools. A figure that is unknown in one of them has no
 * difference.
 */
#ifndef MEMTOP_MODEL_DIFF_H
#define MEMTOP_MODEL_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

enum diff_state {
	DIFF_SAME,
	DIFF_CHANGED,
	DIFF_APPEARED, /* only in the second sample */
	DIFF_GONE, /* only in the first one */
	NR_DIFF_STATES,
};

extern const char *const diff_state_names[NR_DIFF_STATES];

/* The pools of one role of one table, in one sample. */
struct diff_side {
	struct snap_sum pools;
	struct snap_sum elements; /* that they keep in reserve */
	struct snap_sum reserved; /* bytes */
};

struct diff_role {
	const char *role; /* in one of the samples */
	enum diff_state state;
	struct diff_side sides[2]; /* zeroed where it does not exist */
};

/* A table of a device. */
struct diff_device {
	enum diff_state state;
	const struct snap_entry *entries[2]; /* NULL where it does not exist */
	struct diff_role *roles; /* owned; all of them, by rank */
	size_t nr_roles;
};

struct diff {
	struct diff_device *devices; /* owned; by name */
	size_t nr_devices;
	size_t count[NR_DIFF_STATES]; /* devices in each state */
	struct snap_sums sums[2];
	bool differs;
};

struct diff_input {
	const struct snapshot *snap;
	const struct snap_selection *sel; /* of it */
};

/*
 * Compares the selected entries of two snapshots, which must outlive @ret. A
 * device is identified by its UUID or, without one, by its name; its tables are
 * compared by slot. The caller releases @ret.
 */
void diff_make(const struct diff_input *a, const struct diff_input *b,
	       struct diff *ret);
void diff_release(struct diff *diff);

/* The name to show: that of the newer sample. "" if it is unknown. */
const char *diff_device_name(const struct diff_device *device);

/* Whether a figure is known in both samples. */
bool diff_known(const struct snap_sum *a, const struct snap_sum *b);

#endif
