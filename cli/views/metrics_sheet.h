/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of one sample that have metrics: tables, devices, groups of
 * pools.
 */
#ifndef MEMTOP_VIEWS_METRICS_SHEET_H
#define MEMTOP_VIEWS_METRICS_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "stall/stall.h"
#include "views/metrics_view.h"

struct strbuf;

/* Pools whose values are added up to one series. */
enum metrics_scope {
	/*
	 * Those of one role in one table: mostly one; several if the table has
	 * several targets, or if the device is not known.
	 */
	METRICS_OF_POOL,
	METRICS_OF_DEVICE, /* all tables of one device */
	METRICS_OF_ROLE, /* those of one role in all devices */
	NR_METRICS_SCOPES,
};

struct metrics_group {
	const struct snap_entry *entry; /* the first one */
	const struct snap_pool **pools; /* of the sheet; not empty */
	size_t nr;
};

struct metrics_groups {
	struct metrics_group *all; /* owned */
	size_t nr;
};

/* The waiters of a device. */
struct metrics_waits {
	uint64_t found[NR_FINDING_KINDS];
	bool waits; /* there are waiters */
	uint64_t oldest_ns; /* of known age; may be unknown */
};

/* The printed objects, in order. */
struct metrics_sheet {
	struct strbuf *out;
	const struct metrics_view *view;
	const struct snap_entry **tables; /* owned; that have pools */
	size_t nr_tables;
	const struct snap_entry **devices; /* owned; each device's first */
	size_t nr_devices;
	struct metrics_waits *waits; /* owned; of each of these */
	size_t left_out; /* devices */
	struct metrics_groups groups[NR_METRICS_SCOPES];
	const struct snap_pool **pools; /* owned; by table, then by role */
	const struct snap_pool **by_role; /* owned; the same */
	size_t nr_pools;
};

/*
 * Groups the objects of @view, up to METRICS_MOST_DEVICES devices; without a
 * sample there are none. @ret refers to @out and @view.
 */
void metrics_sheet_make(struct strbuf *out, const struct metrics_view *view,
			struct metrics_sheet *ret);
void metrics_sheet_release(struct metrics_sheet *sheet);

/* Whether two tables are of one device. */
bool metrics_same_device(const struct snap_entry *a,
			 const struct snap_entry *b);

#endif
