/* SPDX-License-Identifier: GPL-2.0-only */
/* The results of `diff`, for people and as JSON. */
#ifndef MEMTOP_VIEWS_DIFF_VIEW_H
#define MEMTOP_VIEWS_DIFF_VIEW_H

#include <stdio.h>

#include "model/diff.h"

struct table_style;

struct diff_view {
	const struct diff *diff;
	const struct snapshot *snaps[2];
	const char *names[2]; /* of the samples, as on the command line */
};

/*
 * Writes a table of the devices and roles that differ, and below it the two
 * samples. Write errors appear when @out is flushed.
 */
void diff_table(FILE *out, const struct diff_view *view,
		const struct table_style *style);

/* Writes a verity-memtop/diff/1 document, as docs/diff.schema.json describes it. */
void diff_json(FILE *out, const struct diff_view *view);

#endif
