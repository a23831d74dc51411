/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of the live view that the user has chosen. */
#ifndef MEMTOP_TOP_TOP_STATE_H
#define MEMTOP_TOP_TOP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields/fields.h"
#include "sample/sample.h"
#include "top/top_rows.h"
#include "top/top_shape.h"

enum top_screen {
	TOP_LIST,
	TOP_HELP,
	TOP_EVIDENCE,
	TOP_COLUMNS,
	TOP_SORT, /* the same list, to choose the column to sort by */
};

enum top_prompt {
	TOP_NO_PROMPT,
	TOP_SEARCH,
	TOP_FILTER,
	TOP_DELAY,
	TOP_FILE,
};

/* A row, identified so that it can be found in later samples. */
struct top_mark {
	bool set;
	enum top_row_kind kind;
	bool dev_known;
	struct sample_devno dev;
	enum sample_slot slot;
	uint64_t pool;
	uint32_t target_index;
	char role[SAMPLE_ROLE_LEN];
};

struct top_state {
	const struct field_table *table;
	struct field_choice columns; /* owned */
	bool wide; /* names are cut only by the screen's edge */
	size_t *widths; /* owned; of the table's columns, the widest so far */
	struct top_shape shape;
	bool exact;
	bool ascii_only;
	bool batch; /* not interactive */
	bool paused;
	bool replay;
	bool recording;
	uint64_t delay_ns;
	char search[TOP_INPUT_ROOM];

	enum top_screen screen;
	enum top_prompt prompt;
	char input[TOP_INPUT_ROOM]; /* text that is being typed, UTF-8 */
	char message[TOP_INPUT_ROOM]; /* for the last line, until a key */

	bool on_finding; /* the cursor is on the line above the list */
	size_t at; /* the cursor's row */
	struct top_mark mark; /* the same row, identified */
	size_t first; /* row at the top of the list */
	size_t left; /* columns that are scrolled out at the left */
	size_t text_first; /* line at the top of help or evidence */
	size_t column_at; /* cursor in the list of columns */

	/* Of the last drawing. */
	size_t finding_line; /* of the screen; 0: not drawn yet */
	size_t list_line; /* of the screen, where the list begins */
	size_t page; /* rows on the screen */
	/*
	 * Of each column of .columns, where its heading ends; 0: it has none. Owned,
	 * .nr_headings of them.
	 */
	size_t *headings;
	size_t nr_headings;
	size_t text_lines; /* of help or evidence */
	size_t columns_left; /* columns that can still be scrolled out */

	bool rows_due; /* they must be made again */
};

void top_state_release(struct top_state *s);

/*
 * Selects columns by @spec, as --columns does. Returns as field_choose() does.
 */
int top_state_choose(struct top_state *s, const char *spec,
		     struct strbuf *problem);

#endif
