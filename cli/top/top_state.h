/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a person has made of the live view, and what keys make of that. Knows
 * neither terminal nor clock.
 */
#ifndef MEMTOP_TOP_TOP_STATE_H
#define MEMTOP_TOP_TOP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields/fields.h"
#include "sample/sample.h"
#include "top/top_rows.h"

/* A key: a character of Unicode, or one of these, which are above them. */
enum top_key {
	TOP_KEY_NONE = 0x110000,
	TOP_KEY_UP,
	TOP_KEY_DOWN,
	TOP_KEY_LEFT,
	TOP_KEY_RIGHT,
	TOP_KEY_PAGE_UP,
	TOP_KEY_PAGE_DOWN,
	TOP_KEY_HOME,
	TOP_KEY_END,
	TOP_KEY_ENTER,
	TOP_KEY_ESCAPE,
	TOP_KEY_BACKSPACE,
	TOP_KEY_HELP, /* F1 */
	TOP_KEY_WHEEL_UP,
	TOP_KEY_WHEEL_DOWN,
	TOP_KEY_CLICK,
	TOP_KEY_RESIZE,
};

struct top_event {
	uint32_t key;
	size_t line; /* of the screen, where it was clicked */
};

enum top_screen {
	TOP_LIST,
	TOP_HELP,
	TOP_EVIDENCE,
	TOP_COLUMNS,
};

enum top_prompt {
	TOP_NO_PROMPT,
	TOP_SEARCH,
	TOP_FILTER,
	TOP_DELAY,
	TOP_FILE,
};

/* What a key asks of whoever runs the view. */
enum top_wish {
	TOP_NOTHING,
	TOP_QUIT,
	TOP_NEXT, /* a sample now */
	TOP_BACK, /* the sample before, of a recording */
	TOP_WRITE, /* record, from this sample on, to state.input */
	TOP_WRITE_END,
};

/* A row that is meant to be found again in later samples. */
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

/* What of a device is not shown as it is at first. */
struct top_fold {
	struct sample_devno dev;
	uint64_t number; /* of the struct delta_device that has dev */
	bool pools; /* are shown */
	bool closed; /* what is below it in the tree is not */
};

#define TOP_INPUT_ROOM 256
#define TOP_LEAST_DELAY 100000000ULL /* ns; more often is of no use to eyes */

struct top_state {
	const struct field_table *table;
	struct field_choice columns; /* owned */
	bool wide; /* names are not cut, but by the screen's edge */
	size_t *widths; /* owned; of the table's fields, as seen so far */
	struct field_order order;
	bool tree;
	bool exact;
	bool ascii_only;
	bool batch; /* nobody sits before it */
	bool paused;
	bool replay;
	bool recording;
	uint64_t delay_ns;
	char filter[TOP_INPUT_ROOM];
	char search[TOP_INPUT_ROOM];

	enum top_screen screen;
	enum top_prompt prompt;
	char input[TOP_INPUT_ROOM]; /* what is being typed, UTF-8 */
	char message[TOP_INPUT_ROOM]; /* for the last line, until a key */

	bool on_verdict; /* the cursor is on the line above the list */
	size_t at; /* the cursor's row */
	struct top_mark mark; /* the same, to be found again */
	size_t first; /* row at the top of the list */
	size_t left; /* columns that are scrolled out at the left */
	size_t text_first; /* line at the top of help or evidence */
	size_t column_at; /* cursor among the columns to choose */
	struct top_fold *folds; /* owned */
	size_t nr_folds;

	/* Of the last drawing. */
	size_t verdict_line; /* of the screen; 0: there is none */
	size_t list_line; /* of the screen, where the list begins */
	size_t page; /* rows that there was room for */
	size_t text_lines; /* of help or evidence */
	size_t columns_left; /* that can still be scrolled out */

	bool rows_due; /* they have to be made again */
};

void top_state_release(struct top_state *s);

/*
 * What @event makes of @s, with @rows on the screen. state.rows_due says whether
 * the rows have changed.
 */
enum top_wish top_state_event(struct top_state *s, const struct top_rows *rows,
			      const struct top_event *event);

/* Puts the cursor to where its row is now, after @rows were made again. */
void top_state_settle(struct top_state *s, const struct top_rows *rows);

/* What is open and closed of device @dev, as long as that has this @number. */
struct top_fold top_state_fold(const struct top_state *s,
			       struct sample_devno dev, uint64_t number);

/* Columns of @s by @spec, as --columns has them. As field_choose(). */
int top_state_choose(struct top_state *s, const char *spec,
		     struct strbuf *problem);

/* The keys that sort, and the columns they sort by; ends with '\0'. */
struct top_sort_key {
	char key;
	const char *column;
};
extern const struct top_sort_key top_sort_keys[];

#endif
