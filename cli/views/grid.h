/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table for people, with columns that fit the terminal. Columns that do not
 * fit are left out, the last ones first, and named below the table; keys stay.
 */
#ifndef MEMTOP_VIEWS_GRID_H
#define MEMTOP_VIEWS_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/colour.h"

struct strbuf;

enum grid_kind {
	GRID_FIGURE, /* complete or left out */
	GRID_TEXT, /* may be cut in the middle */
	GRID_LIST, /* may be cut at its end */
	GRID_KEY, /* identifies rows: never left out, never cut to look alike */
};

#define GRID_NO_PARENT SIZE_MAX

struct grid_style {
	size_t width; /* of the terminal; 0: nothing is cut or left out */
	bool fixed_width; /* --wide does not go with this output */
	bool headings;
	bool colour;
	bool ascii_only; /* the locale has only ASCII */
};

struct grid {
	struct grid_column {
		const char *name;
		enum grid_kind kind;
		bool right; /* aligned so */
	} * columns; /* owned */
	size_t nr_columns;
	struct grid_row {
		char **cells; /* owned, nr_columns of them; NULL: empty */
		size_t depth; /* tree row above this one */
		size_t parent; /* GRID_NO_PARENT: none */
		enum colour colour; /* of the whole row */
	} * rows; /* owned */
	size_t nr_rows;
	size_t tree; /* the column that the tree is drawn in, if rows have parents */
};

/*
 * Columns come before rows. @name must last as long as @grid, which is
 * initially zeroed.
 */
void grid_add_column(struct grid *grid, const char *name, enum grid_kind kind,
		     bool right);

/*
 * Adds a row below the row @parent, which was added earlier; returns its place.
 */
size_t grid_add_row(struct grid *grid, size_t parent);

/* @text is escaped already. */
void grid_set(struct grid *grid, size_t row, size_t column, const char *text);

/*
 * Writes the table to @out, and adds a line to @note for columns that were left
 * out or cut.
 */
void grid_print(const struct grid *grid, const struct grid_style *style,
		FILE *out, struct strbuf *note);

void grid_release(struct grid *grid);

#endif
