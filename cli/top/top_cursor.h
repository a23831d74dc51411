/* SPDX-License-Identifier: GPL-2.0-only */
/* The cursor of the live view's list, and what of the list is on the screen. */
#ifndef MEMTOP_TOP_TOP_CURSOR_H
#define MEMTOP_TOP_TOP_CURSOR_H

#include <stddef.h>

#include "top/top_rows.h"
#include "top/top_state.h"

/* The row that it is on; NULL: there is none. */
const struct top_row *top_cursor_row(const struct top_state *s,
				     const struct top_rows *rows);

/* Goes to row @at, or to the last one. */
void top_cursor_go_to(struct top_state *s, const struct top_rows *rows,
		      size_t at);

/* Goes @by rows down. Above the first row is the verdict, where there is one. */
void top_cursor_move(struct top_state *s, const struct top_rows *rows, long by);

/* Goes to the next row whose name has what is searched for, from @from on. */
void top_cursor_search(struct top_state *s, const struct top_rows *rows,
		       size_t from);

/* Puts the cursor to where its row is now, after @rows were made again. */
void top_cursor_settle(struct top_state *s, const struct top_rows *rows);

#endif
