// SPDX-License-Identifier: GPL-2.0-only
#include "top/top_keys.h"

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/times.h"
#include "top/top_cursor.h"

/* A shorter interval cannot be followed. */
#define LEAST_DELAY (SECOND / 10)
#define MAX_DELAY (3600 * SECOND)
/* Rows that a turn of the wheel scrolls. */
#define WHEEL 3

const struct top_sort_key top_sort_keys[] = {
	{ 'N', "NAME" },    { 'D', "DEV" },    { 'R', "RESERVED" },
	{ 'B', "BIOVEC" },  { 'C', "CACHED" }, { 'L', "LEVEL" },
	{ 'W', "WAITERS" }, { 'S', "WAIT/S" }, { 'K', "RECHK/S" },
	{ 'F', "FEC/S" },   { '\0', NULL },
};

/* Folds */

static bool is_device(const struct top_row *row)
{
	return row && row->kind == TOP_ROW_DEVICE;
}

static void unfold(struct top_state *s, const struct top_rows *rows)
{
	const struct top_row *row = top_cursor_row(s, rows);
	struct top_fold *fold;

	if (!is_device(row))
		return;
	fold = top_shape_need_fold(&s->shape, row->of.entry->dev, row->number);
	if (s->shape.tree && fold->closed)
		fold->closed = false;
	else
		fold->pools = true;
	s->rows_due = true;
}

/* On a pool: folds its device's, and moves the cursor there. */
static void fold_up(struct top_state *s, const struct top_rows *rows)
{
	const struct top_row *row;
	struct top_fold *fold;

	while ((row = top_cursor_row(s, rows)) && row->kind == TOP_ROW_POOL &&
	       s->at)
		s->at--;
	if (!is_device(row))
		return;
	fold = top_shape_need_fold(&s->shape, row->of.entry->dev, row->number);
	if (fold->pools)
		fold->pools = false;
	else if (s->shape.tree)
		fold->closed = true;
	s->rows_due = true;
}

static void fold_turn(struct top_state *s, const struct top_rows *rows)
{
	const struct top_row *row = top_cursor_row(s, rows);

	if (row &&
	    (row->kind == TOP_ROW_POOL ||
	     (is_device(row) &&
	      top_shape_fold(&s->shape, row->of.entry->dev, row->number).pools)))
		fold_up(s, rows);
	else
		unfold(s, rows);
}

/* Sorting */

static void sort_by(struct top_state *s, const struct field *field)
{
	if (!field)
		return;
	/* the one nearest to empty is the most important */
	field_order_set(&s->shape.order, field,
			field_is_quantity(field) && field->look != LOOK_BAR &&
				field->look != LOOK_LEVELS);
	s->rows_due = true;
}

static bool sort_key(struct top_state *s, uint32_t key)
{
	const struct top_sort_key *sort;

	for (sort = top_sort_keys; sort->key; sort++) {
		if ((uint32_t)(unsigned char)sort->key != key)
			continue;
		sort_by(s, field_find(s->table, sort->column,
				      strlen(sort->column)));
		return true;
	}
	return false;
}

/* Sorts by the column at the right or left of the current sort column. */
static void sort_beside(struct top_state *s, bool right)
{
	size_t nr = s->columns.nr, i;

	for (i = 0; i < nr; i++) {
		if (s->columns.columns[i].field == s->shape.order.keys[0].field)
			break;
	}
	if (i == nr)
		i = right ? nr - 1 : 0;
	i = (i + (right ? 1 : nr - 1)) % nr;
	sort_by(s, s->columns.columns[i].field);
}

/* Sorts by the column whose heading is at @column; twice: in the other order. */
static void sort_by_heading(struct top_state *s, size_t column)
{
	size_t nearest = SIZE_MAX, place = 0;

	for (size_t i = 0; i < s->nr_headings && i < s->columns.nr; i++) {
		if (s->headings[i] > column && s->headings[i] < nearest) {
			nearest = s->headings[i];
			place = i;
		}
	}
	if (nearest == SIZE_MAX)
		return;
	if (s->columns.columns[place].field == s->shape.order.keys[0].field) {
		s->shape.order.keys[0].descending =
			!s->shape.order.keys[0].descending;
		s->rows_due = true;
	} else {
		sort_by(s, s->columns.columns[place].field);
	}
}

/* Typing */

static void ask(struct top_state *s, enum top_prompt prompt, const char *before)
{
	s->prompt = prompt;
	text_copy(s->input, sizeof(s->input), before);
}

static void input_add(struct top_state *s, uint32_t c)
{
	size_t len = strlen(s->input);
	char bytes[4];
	size_t nr = text_encode(c, bytes);

	if (len + nr >= sizeof(s->input))
		return;
	memcpy(s->input + len, bytes, nr);
	s->input[len + nr] = '\0';
}

/* Removes the last character, all of its bytes. */
static void input_drop(struct top_state *s)
{
	size_t len = strlen(s->input);

	while (len && ((unsigned char)s->input[len - 1] & 0xc0) == 0x80)
		len--;
	if (len)
		len--;
	s->input[len] = '\0';
}

static void take_delay(struct top_state *s)
{
	uint64_t delay;

	if (text_to_ns(s->input, MAX_DELAY, &delay) || delay < LEAST_DELAY)
		snprintf(s->message, sizeof(s->message),
			 "'%.200s' is not a time from 0.1 to 3600 s", s->input);
	else
		s->delay_ns = delay;
}

static enum top_params prompt_done(struct top_state *s,
				   const struct top_rows *rows)
{
	enum top_prompt prompt = s->prompt;

	s->prompt = TOP_NO_PROMPT;
	switch (prompt) {
	case TOP_SEARCH:
		top_cursor_search(s, rows, s->at);
		break;
	case TOP_DELAY:
		take_delay(s);
		break;
	case TOP_FILE:
		return *s->input ? TOP_WRITE : TOP_NOTHING;
	default:
		break;
	}
	return TOP_NOTHING;
}

/* Search and filter apply while they are typed. */
static void prompt_changed(struct top_state *s, const struct top_rows *rows)
{
	if (s->prompt == TOP_SEARCH) {
		text_copy(s->search, sizeof(s->search), s->input);
		s->message[0] = '\0';
		top_cursor_search(s, rows, s->at);
	} else if (s->prompt == TOP_FILTER) {
		text_copy(s->shape.filter, sizeof(s->shape.filter), s->input);
		s->rows_due = true;
	}
}

static enum top_params prompt_event(struct top_state *s,
				    const struct top_rows *rows,
				    const struct top_event *event)
{
	switch (event->key) {
	case TOP_KEY_ENTER:
		return prompt_done(s, rows);
	case TOP_KEY_ESCAPE:
		s->input[0] = '\0';
		prompt_changed(s, rows);
		s->prompt = TOP_NO_PROMPT;
		return TOP_NOTHING;
	case TOP_KEY_BACKSPACE:
		input_drop(s);
		break;
	default:
		if (event->key >= TOP_KEY_NONE || event->key < ' ')
			return TOP_NOTHING;
		input_add(s, event->key);
		break;
	}
	prompt_changed(s, rows);
	return TOP_NOTHING;
}

/* Screens of text */

static void leave(struct top_state *s)
{
	s->screen = TOP_LIST;
}

static void scroll_text(struct top_state *s, long by)
{
	size_t most = s->text_lines > s->page ? s->text_lines - s->page : 0;

	if (by < 0 && s->text_first < (size_t)-by)
		s->text_first = 0;
	else
		s->text_first += (size_t)by;
	if (s->text_first > most)
		s->text_first = most;
}

static enum top_params text_event(struct top_state *s, uint32_t key)
{
	long page = s->page > 1 ? (long)s->page - 1 : 1;

	switch (key) {
	case TOP_KEY_UP:
		scroll_text(s, -1);
		break;
	case TOP_KEY_DOWN:
		scroll_text(s, 1);
		break;
	case TOP_KEY_WHEEL_UP:
		scroll_text(s, -WHEEL);
		break;
	case TOP_KEY_WHEEL_DOWN:
		scroll_text(s, WHEEL);
		break;
	case TOP_KEY_PAGE_UP:
		scroll_text(s, -page);
		break;
	case TOP_KEY_PAGE_DOWN:
	case ' ':
		scroll_text(s, page);
		break;
	case TOP_KEY_HOME:
		s->text_first = 0;
		break;
	case TOP_KEY_END:
		scroll_text(s, (long)s->text_lines);
		break;
	case TOP_KEY_NONE:
	case TOP_KEY_RESIZE:
	case TOP_KEY_CLICK:
		break;
	default:
		leave(s);
		break;
	}
	return TOP_NOTHING;
}

/* Choosing columns */

/* At least one stays. */
static void turn_column(struct top_state *s)
{
	const struct field *field = &s->table->fields[s->column_at];
	struct field_choice *choice = &s->columns;
	size_t i;

	for (i = 0; i < choice->nr; i++) {
		if (choice->columns[i].field == field)
			break;
	}
	if (i == choice->nr) {
		choice->columns[choice->nr++] =
			(struct field_chosen){ field, true };
		return;
	}
	if (choice->nr == 1)
		return;
	choice->nr--;
	memmove(&choice->columns[i], &choice->columns[i + 1],
		(choice->nr - i) * sizeof(*choice->columns));
}

static enum top_params columns_event(struct top_state *s, uint32_t key)
{
	size_t last = s->table->nr - 1, page = s->page ? s->page : 1;

	switch (key) {
	case TOP_KEY_UP:
	case TOP_KEY_WHEEL_UP:
		s->column_at -= s->column_at > 0;
		break;
	case TOP_KEY_DOWN:
	case TOP_KEY_WHEEL_DOWN:
		s->column_at += s->column_at < last;
		break;
	case TOP_KEY_PAGE_UP:
		s->column_at -= s->column_at < page ? s->column_at : page;
		break;
	case TOP_KEY_PAGE_DOWN:
		s->column_at +=
			page < last - s->column_at ? page : last - s->column_at;
		break;
	case TOP_KEY_HOME:
		s->column_at = 0;
		break;
	case TOP_KEY_END:
		s->column_at = last;
		break;
	case ' ':
	case TOP_KEY_ENTER:
		if (s->screen == TOP_SORT) {
			sort_by(s, &s->table->fields[s->column_at]);
			leave(s);
		} else {
			turn_column(s);
		}
		break;
	case TOP_KEY_ESCAPE:
	case TOP_KEY_F10:
	case 'c':
	case 'q':
		leave(s);
		break;
	default:
		break;
	}
	return TOP_NOTHING;
}

/* The list */

static bool list_moves(struct top_state *s, const struct top_rows *rows,
		       const struct top_event *event)
{
	long page = s->page > 1 ? (long)s->page - 1 : 1;

	switch (event->key) {
	case TOP_KEY_UP:
	case 'k':
		top_cursor_move(s, rows, -1);
		return true;
	case TOP_KEY_DOWN:
	case 'j':
		top_cursor_move(s, rows, 1);
		return true;
	case TOP_KEY_WHEEL_UP:
		top_cursor_move(s, rows, -WHEEL);
		return true;
	case TOP_KEY_WHEEL_DOWN:
		top_cursor_move(s, rows, WHEEL);
		return true;
	case TOP_KEY_PAGE_UP:
		top_cursor_move(s, rows, -page);
		return true;
	case TOP_KEY_PAGE_DOWN:
		top_cursor_move(s, rows, page);
		return true;
	case TOP_KEY_HOME:
		top_cursor_go_to(s, rows, 0);
		return true;
	case TOP_KEY_END:
		top_cursor_go_to(s, rows, rows->nr);
		return true;
	case TOP_KEY_CLICK:
		if (s->finding_line && event->line == s->finding_line)
			s->on_finding = true;
		else if (s->list_line && event->line == s->list_line - 1)
			sort_by_heading(s, event->column);
		else if (event->line >= s->list_line &&
			 event->line < s->list_line + s->page)
			top_cursor_go_to(s, rows,
					 s->first + event->line - s->list_line);
		return true;
	case TOP_KEY_LEFT:
		s->left -= s->left > 0;
		return true;
	case TOP_KEY_RIGHT:
		s->left += s->columns_left > 0;
		return true;
	default:
		return false;
	}
}

/* Changes of the display. */
static bool list_shapes(struct top_state *s, const struct top_rows *rows,
			uint32_t key)
{
	switch (key) {
	case 't':
	case TOP_KEY_F5:
		s->shape.tree = !s->shape.tree;
		s->rows_due = true;
		return true;
	case 'b':
		s->exact = !s->exact;
		/* figures of the other kind have other widths */
		memset(s->widths, 0, s->table->nr * sizeof(*s->widths));
		return true;
	case 'I':
		s->shape.order.keys[0].descending =
			!s->shape.order.keys[0].descending;
		s->rows_due = true;
		return true;
	case '<':
	case '>':
		sort_beside(s, key == '>');
		return true;
	case '+':
	case '=':
		unfold(s, rows);
		return true;
	case '-':
		fold_up(s, rows);
		return true;
	case 'Z':
		s->paused = !s->paused;
		return true;
	default:
		return sort_key(s, key);
	}
}

/* A list of all columns, with the cursor on the one to sort by. */
static void open_sort(struct top_state *s)
{
	for (size_t i = 0; i < s->table->nr; i++) {
		if (&s->table->fields[i] == s->shape.order.keys[0].field)
			s->column_at = i;
	}
	s->screen = TOP_SORT;
}

static void open_evidence(struct top_state *s)
{
	s->screen = TOP_EVIDENCE;
	s->text_first = 0;
}

static void list_opens(struct top_state *s, const struct top_rows *rows,
		       uint32_t key)
{
	switch (key) {
	case 'h':
	case '?':
	case TOP_KEY_HELP:
		s->screen = TOP_HELP;
		s->text_first = 0;
		break;
	case 'c':
		s->screen = TOP_COLUMNS;
		break;
	case TOP_KEY_F6:
		open_sort(s);
		break;
	case 'e':
		open_evidence(s);
		break;
	case '/':
	case TOP_KEY_F3:
		ask(s, TOP_SEARCH, "");
		break;
	case 'n':
		top_cursor_search(s, rows, s->at + 1);
		break;
	case '\\':
	case TOP_KEY_F4:
		ask(s, TOP_FILTER, s->shape.filter);
		break;
	case 'd':
		ask(s, TOP_DELAY, "");
		break;
	default:
		break;
	}
}

static enum top_params list_event(struct top_state *s,
				  const struct top_rows *rows,
				  const struct top_event *event)
{
	if (list_moves(s, rows, event) || list_shapes(s, rows, event->key))
		return TOP_NOTHING;
	switch (event->key) {
	case 'q':
	case TOP_KEY_F10:
		return TOP_QUIT;
	case ' ':
	case '.':
		return TOP_NEXT;
	case ',':
		return TOP_BACK;
	case 'w':
		if (s->recording)
			return TOP_WRITE_END;
		ask(s, TOP_FILE, "");
		break;
	case TOP_KEY_ENTER:
		if ((s->on_finding && s->finding_line) ||
		    (top_cursor_row(s, rows) &&
		     top_cursor_row(s, rows)->finding))
			open_evidence(s);
		else
			fold_turn(s, rows);
		break;
	case TOP_KEY_ESCAPE:
		s->rows_due = s->shape.filter[0];
		s->shape.filter[0] = '\0';
		break;
	default:
		list_opens(s, rows, event->key);
		break;
	}
	return TOP_NOTHING;
}

enum top_params top_keys_take(struct top_state *s, const struct top_rows *rows,
			      const struct top_event *event)
{
	if (event->key != TOP_KEY_NONE && event->key != TOP_KEY_RESIZE)
		s->message[0] = '\0';
	if (s->prompt != TOP_NO_PROMPT)
		return prompt_event(s, rows, event);
	switch (s->screen) {
	case TOP_HELP:
	case TOP_EVIDENCE:
		return text_event(s, event->key);
	case TOP_COLUMNS:
	case TOP_SORT:
		return columns_event(s, event->key);
	default:
		return list_event(s, rows, event);
	}
}
