/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cursor of the live view's list, and the part of the list that is on the
 * screen.
 */
#ifndef MEMTOP_TOP_TOP_CURSOR_H
#define MEMTOP_TOP_TOP_CURSOR_H

#include <stddef.h>

#include "top/top_rows.h"
#include "top/top_state.h"

/* The row of the cursor; NULL: there is none. */
const struct top_row *top_cursor_row(const struct top_state *s,
				     const struct top_rows *rows);

/* Moves to row @at, or to the last one. */
void top_cursor_go_to(struct top_state *s, const struct top_rows *rows,
		      size_t at);

/*
 * Moves @by rows down. Above the first row is the line with the finding, if
 * any.
 */
void top_cursor_move(struct top_state *s, const struct top_rows *rows, long by);

/* Moves to the next row whose name matches the search, from @from on. */
void top_cursor_search(struct top_state *s, const struct top_rows *rows,
		       size_t from);

/* Moves the cursor to the new place of its row, after @rows were made again. */
void top_cursor_settle(struct top_state *s, const struct top_rows *rows);

#endif
