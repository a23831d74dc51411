/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lines of the live view's list: devices, the pools of unfolded devices, or
 * the tree of devices; filtered and sorted.
 */
#ifndef MEMTOP_TOP_TOP_ROWS_H
#define MEMTOP_TOP_TOP_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields/fields.h"
#include "model/delta.h"
#include "model/snapshot.h"
#include "stall/stall.h"
#include "top/top_shape.h"

struct field_where;

/* The input: the complete data of one sample. */
struct top_moment {
	const struct snapshot *snap;
	const struct delta *delta;
	const struct findings *findings;
	const struct snap_filter *filter; /* from the command line */
	const struct field_where *where; /* the same; NULL: no condition */
};

enum top_row_kind {
	TOP_ROW_DEVICE,
	TOP_ROW_POOL,
	TOP_ROW_LEAF, /* a device below that is not a row of the table */
};

struct top_row {
	enum top_row_kind kind;
	struct field_row of; /* nothing for a leaf */
	struct sample_devno leaf;
	const struct sample *sample; /* of a leaf */
	uint64_t number; /* of a device: its delta_number() */
	unsigned int depth;
	uint64_t guides; /* bit N: more lines follow at depth N */
	bool last; /* of its siblings */
	bool elsewhere; /* the devices below are at another line */
	bool folded; /* it has hidden rows */
	const struct finding *finding; /* its device's first, or NULL */
};

struct top_rows {
	struct top_row *rows; /* owned */
	size_t nr;
	size_t room;
	size_t nr_devices; /* number of devices among them */
};

/* Makes the rows of @moment in the form of @shape. */
void top_rows_build(const struct top_moment *moment,
		    const struct top_shape *shape, struct top_rows *ret);
void top_rows_release(struct top_rows *rows);

/* Whether @word matches @name: as a part of it in any case, or as a pattern. */
bool top_name_matches(const char *name, const char *word);

/* The name of @row, "" if it has none; not escaped. */
const char *top_row_name(const struct top_row *row);

#endif
