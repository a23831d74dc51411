/* SPDX-License-Identifier: GPL-2.0-only */
/* The results of `report`, for the views, which only read them. */
#ifndef MEMTOP_VIEWS_REPORT_VIEW_H
#define MEMTOP_VIEWS_REPORT_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "fields/fields.h"
#include "model/snapshot.h"

struct grid_style;
struct owner_group;
struct device_stack;
struct troubles;

struct report_total {
	const char *glob; /* NULL: of all shown rows */
	struct snap_count count;
	struct snap_sums sums;
};

struct report_view {
	const struct snapshot *snap;
	const struct snap_selection *sel; /* the objects in the rows */
	struct field_row *rows; /* devices, or pools for a table of them */
	size_t nr_rows;
	const struct device_stack *stack; /* the rows as a tree, or NULL */
	struct owner_group *groups; /* in place of rows, or NULL */
	size_t nr_groups;
	struct report_total *subtotals;
	size_t nr_subtotals;
	struct report_total total;
};

struct table_style {
	const struct field_choice *choice;
	bool total; /* with the total's row */
	bool headings;
	bool exact; /* bytes as plain integers */
	size_t width; /* of the terminal to fit; 0: no limit */
	bool fixed_width; /* --wide does not go with this output */
	bool colour;
	const struct troubles *troubles; /* of the rows; NULL: not known */
	bool ascii_only; /* the locale has only ASCII */
};

/*
 * Writes the rows, subtotals and the total as a table to @out, and below it
 * devices in trouble, losses and target types with unknown reserves, if any. Write errors appear
 * when @out is flushed.
 */
void table_report(FILE *out, const struct report_view *view,
		  const struct table_style *style);

/* The same style, for a grid. */
struct grid_style table_grid_style(const struct table_style *style);

/*
 * Writes the rows as comma-separated values, without totals. Bytes are exact
 * and names unchanged, whatever the style is.
 */
void csv_report(FILE *out, const struct report_view *view,
		const struct table_style *style);

/* Reports losses, for outputs without a place for them. */
void warn_losses(const struct sample_losses *lost);

/*
 * Writes a verity-memtop/report/1 document to @out, as in docs/json.md. The
 * rows must be devices. Write errors appear when @out is flushed.
 */
void json_report(FILE *out, const struct report_view *view);

#endif
