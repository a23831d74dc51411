// SPDX-License-Identifier: GPL-2.0-only
/* The live view's table: columns that fit, rows, bars and histories. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/text_width.h"
#include "top/top_frame.h"

#define FULL 1000000 /* of a bar */
/* Minimum width of the first column, if it needs that much. */
#define FIRST_LEAST 12

static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const ascii_blocks[] = { "_", ".", ":", "-",
					    "=", "+", "*", "#" };
#define NR_BLOCKS (sizeof(blocks) / sizeof(blocks[0]))

struct table {
	const struct top_frame *frame;
	struct top_state *state;
	struct canvas *c;
	size_t *shown; /* owned; places among state.columns, left to right */
	size_t nr_shown;
	size_t first_width;
	size_t from; /* the first drawn row */
	struct width_name *names; /* owned; of the first column */
	struct strbuf *texts; /* owned; their names */
	size_t nr_names;
};

static const struct field *field_at(const struct top_state *state, size_t i)
{
	return state->columns.columns[i].field;
}

static bool is_right(const struct field *field)
{
	return field_is_quantity(field) && field->look == LOOK_TEXT;
}

/* Whether a row of a pool has a value in @field. */
static bool is_of_pools(const struct field *field)
{
	return field->sum || field->parts;
}

/*
 * The text before a row's name: its place in the tree, and whether it can be
 * unfolded.
 */
static void add_prefix(const struct top_row *row, const struct top_state *state,
		       struct strbuf *sb)
{
	bool ascii = state->ascii_only;
	unsigned int i;

	/* printed output cannot be unfolded */
	if (!row->depth && !state->batch)
		strbuf_addstr(sb, row->folded ? "+" : " ");
	if (!row->depth)
		return;
	strbuf_addstr(sb, " ");
	/* the roots are not connected by lines */
	for (i = 1; i < row->depth; i++) {
		bool more = i < 63 && row->guides >> i & 1;

		strbuf_addstr(sb, !more ? "  " : ascii ? "| " : "│ ");
	}
	strbuf_addstr(sb, row->last ? (ascii ? "`-" : "└─") :
				      (ascii ? "|-" : "├─"));
	if (row->kind == TOP_ROW_DEVICE && row->folded && !state->batch)
		strbuf_addstr(sb, "+");
}

static void add_devno(struct sample_devno dev, struct strbuf *sb)
{
	strbuf_addf(sb, "%" PRIu32 ":%" PRIu32, dev.major, dev.minor);
}

/* The text of the first column, without its place in the tree. */
static void add_first(const struct top_row *row, const struct top_state *state,
		      struct strbuf *sb)
{
	const struct field *field = field_at(state, 0);
	struct strbuf raw = { 0 };

	if (row->kind == TOP_ROW_LEAF) {
		if (!field_show_below(field, row->sample, row->leaf, &raw))
			add_devno(row->leaf, &raw);
	} else if (row->kind == TOP_ROW_POOL) {
		strbuf_addstr(&raw, top_row_name(row));
	} else {
		field_show(field, &row->of, state->exact, &raw);
	}
	text_escape(sb, strbuf_text(&raw), state->ascii_only);
	if (row->elsewhere)
		strbuf_addstr(sb, " (*)");
	strbuf_release(&raw);
}

/* The text of a cell; empty if the row has no such value. */
static void add_cell(const struct top_row *row, const struct field *field,
		     const struct top_state *state, struct strbuf *sb)
{
	struct field_row of = row->of;
	struct strbuf raw = { 0 };
	struct snap_sums sums;

	if (row->kind == TOP_ROW_POOL && !is_of_pools(field))
		return;
	if (row->kind == TOP_ROW_LEAF) {
		field_show_below(field, row->sample, row->leaf, &raw);
		text_escape(sb, strbuf_text(&raw), state->ascii_only);
		strbuf_release(&raw);
		return;
	}
	if (row->kind == TOP_ROW_POOL) {
		sums = (struct snap_sums){ 0 };
		snap_sums_add(&sums, of.pool);
		of.sums = &sums;
	}
	field_show(field, &of, state->exact, &raw);
	text_escape(sb, strbuf_text(&raw), state->ascii_only);
	strbuf_release(&raw);
}

static size_t graph_width(const struct field *field, const struct table *t)
{
	size_t least = field->look == LOOK_BAR ? 10 : 8, width = t->c->width;

	if (t->state->batch)
		return least;
	return width >= 160 ? least + 12 : width >= 110 ? least + 6 : least;
}

/*
 * Makes the columns as wide as their contents on the screen; they never shrink.
 */
static void measure(struct table *t, size_t from, size_t to)
{
	const struct top_state *state = t->state;
	struct strbuf text = { 0 };
	size_t i, j;

	for (j = 0; j < state->columns.nr; j++) {
		const struct field *field = field_at(state, j);
		size_t *width = &state->widths[field - state->table->fields];
		/* the sort column is marked in interactive use */
		size_t least = strlen(field->name) +
			       (field == state->shape.order.keys[0].field &&
				!state->batch);

		if (*width < least)
			*width = least;
		if (j && field->look != LOOK_TEXT) {
			size_t wide = graph_width(field, t);

			/*
			 * these follow the terminal's width, except for the
			 * heading
			 */
			*width = least < wide ? wide : least;
			continue;
		}
		for (i = from; i < to; i++) {
			const struct top_row *row = &t->frame->rows->rows[i];
			size_t wide;

			strbuf_reset(&text);
			if (j) {
				add_cell(row, field, state, &text);
			} else {
				add_prefix(row, state, &text);
				add_first(row, state, &text);
			}
			wide = width_of(strbuf_text(&text));
			if (*width < wide)
				*width = wide;
		}
	}
	strbuf_release(&text);
}

static size_t column_width(const struct table *t, size_t column)
{
	const struct field *field = field_at(t->state, column);

	return t->state->widths[field - t->state->table->fields];
}

static void take_names(struct table *t, size_t to)
{
	struct strbuf prefix = { 0 };
	size_t i;

	t->nr_names = to - t->from;
	t->texts = xcalloc(t->nr_names, sizeof(*t->texts));
	t->names = xcalloc(t->nr_names, sizeof(*t->names));
	for (i = 0; i < t->nr_names; i++) {
		const struct top_row *row = &t->frame->rows->rows[t->from + i];

		strbuf_reset(&prefix);
		add_prefix(row, t->state, &prefix);
		add_first(row, t->state, &t->texts[i]);
		t->names[i].text = strbuf_text(&t->texts[i]);
		t->names[i].before = width_of(strbuf_text(&prefix));
	}
	strbuf_release(&prefix);
}

static void table_release(struct table *t)
{
	for (size_t i = 0; i < t->nr_names; i++)
		strbuf_release(&t->texts[i]);
	free(t->texts);
	free(t->names);
	free(t->shown);
}

/* Whether no two of the drawn names look alike in @width columns. */
static bool is_distinct(struct table *t, size_t width)
{
	return width_distinct(t->names, t->nr_names, width,
			      t->state->ascii_only);
}

/*
 * Minimum width of the first column: a share of the screen, and as much as its
 * names need so that they do not look alike.
 */
static size_t first_least(struct table *t, size_t wanted)
{
	size_t least = t->c->width / 4;

	if (least < FIRST_LEAST)
		least = FIRST_LEAST;
	if (t->state->wide)
		least = wanted;
	while (least < wanted && !is_distinct(t, least))
		least++;
	if (least > wanted)
		least = wanted;
	return least < t->c->width ? least : t->c->width;
}

/*
 * The first column is always shown; of the others as many as fit. The remaining
 * width goes to the first one, which has the names.
 */
static void lay_out(struct table *t)
{
	struct top_state *state = t->state;
	size_t nr = state->columns.nr, wanted = column_width(t, 0), i;
	size_t least = first_least(t, wanted), used = least;

	if (state->left >= nr)
		state->left = nr - 1;
	t->shown = xcalloc(nr, sizeof(*t->shown));
	t->shown[t->nr_shown++] = 0;
	for (i = 1 + state->left; i < nr; i++) {
		size_t width = column_width(t, i);

		if (used + 1 + width > t->c->width)
			break;
		used += 1 + width;
		t->shown[t->nr_shown++] = i;
	}
	state->columns_left = nr - i;
	t->first_width = least;
	if (t->first_width < wanted && used < t->c->width)
		t->first_width += t->c->width - used < wanted - t->first_width ?
					  t->c->width - used :
					  wanted - t->first_width;
	/* with more room, names may be cut in another way */
	if (!is_distinct(t, t->first_width)) {
		t->first_width = least;
		is_distinct(t, least);
	}
}

static void draw_headings(const struct table *t)
{
	struct top_state *state = t->state;
	const char *up = state->ascii_only ? "^" : "▲";
	const char *down = state->ascii_only ? "v" : "▼";
	size_t i;

	free(state->headings);
	state->nr_headings = state->columns.nr;
	state->headings =
		xcalloc(state->nr_headings + 1, sizeof(*state->headings));
	for (i = 0; i < t->nr_shown; i++) {
		size_t column = t->shown[i];
		const struct field *field = field_at(state, column);
		struct strbuf text = { 0 };
		size_t width = i ? column_width(t, column) : t->first_width;

		strbuf_addstr(&text, field->name);
		if (field == state->shape.order.keys[0].field &&
		    width > text.len)
			strbuf_addstr(&text,
				      state->shape.order.keys[0].descending ?
					      down :
					      up);
		if (i)
			canvas_add(t->c, STYLE_HEADING, " ");
		canvas_add_within(t->c, STYLE_HEADING, strbuf_text(&text),
				  width, is_right(field));
		state->headings[column] = canvas_column(t->c);
		strbuf_release(&text);
	}
	if (state->batch)
		return;
	canvas_pad(t->c, STYLE_HEADING, t->c->width - 1);
	/* more columns, at the right or at the left */
	canvas_add(t->c, STYLE_HEADING,
		   state->columns_left ? ">" :
		   state->left	       ? "<" :
					 " ");
}

static enum style level_style(uint64_t ratio)
{
	if (ratio == MEMTOP_UNKNOWN)
		return STYLE_DIM;
	return ratio >= FULL / 2 ? STYLE_GOOD : ratio ? STYLE_WARN : STYLE_BAD;
}

static void draw_bar(const struct table *t, const struct top_row *row,
		     const struct field *field, size_t width, bool cursor)
{
	static const char *const eighths[] = { "",  "▏", "▎", "▍",
					       "▌", "▋", "▊", "▉" };
	uint64_t ratio = field_number(field, &row->of);
	enum style style = cursor ? STYLE_CURSOR : level_style(ratio);
	struct strbuf text = { 0 };
	size_t begin = canvas_column(t->c), room, steps, i;
	bool ascii = t->state->ascii_only;

	add_cell(row, field, t->state, &text);
	room = text.len < 5 ? 5 : text.len;
	room = width > room + 3 ? width - room - 1 : 3;
	/*
	 * a device's pools may need more width than columns keep, a bar never
	 * does
	 */
	ratio = ratio == MEMTOP_UNKNOWN ? 0 : ratio > FULL ? FULL : ratio;
	steps = (ratio * room * 8 + FULL / 2) / FULL;
	if (ratio && !steps)
		steps = 1;
	for (i = 0; i < steps / 8; i++)
		canvas_add(t->c, style, ascii ? "|" : "█");
	if (steps % 8)
		canvas_add(t->c, style,
			   ascii ? (steps % 8 >= 4 ? "|" : ".") :
				   eighths[steps % 8]);
	canvas_pad(t->c, cursor ? STYLE_CURSOR : STYLE_PLAIN, begin + room);
	canvas_add_within(t->c, style, strbuf_text(&text), width - room, true);
	strbuf_release(&text);
}

/* The highest drawn value, which fills a character. */
static uint32_t history_most(const struct field *field,
			     const struct delta_history *h, size_t width)
{
	uint32_t most = 0;
	size_t i;

	if (field->look == LOOK_LEVELS)
		return 1000;
	for (i = 0; i < width; i++) {
		uint32_t n = delta_history_at(h, h->waits, i);

		if (n != DELTA_GAP && n > most)
			most = n;
	}
	return most;
}

static enum style history_style(const struct field *field, uint32_t n)
{
	if (field->look == LOOK_LEVELS)
		return level_style((uint64_t)n * (FULL / 1000));
	return n ? STYLE_WARN : STYLE_GOOD;
}

static void draw_history(const struct table *t, const struct top_row *row,
			 const struct field *field, size_t width, bool cursor)
{
	const struct delta_history *h = &row->of.was->history;
	const uint32_t *of = field->look == LOOK_LEVELS ? h->level : h->waits;
	uint32_t most = history_most(field, h, width);
	const char *const *shapes = t->state->ascii_only ? ascii_blocks :
							   blocks;
	size_t i;

	for (i = width; i-- > 0;) {
		uint32_t n = delta_history_at(h, of, i);
		uint64_t step = most && n != DELTA_GAP ?
					(uint64_t)n * (NR_BLOCKS - 1) / most :
					0;

		if (step >= NR_BLOCKS)
			step = NR_BLOCKS - 1;
		/* every value above 0 is visible */
		if (n && n != DELTA_GAP && !step)
			step = 1;
		canvas_add(t->c,
			   cursor ? STYLE_CURSOR : history_style(field, n),
			   n == DELTA_GAP ? " " : shapes[step]);
	}
}

static bool has_level(const struct top_row *row)
{
	return row->kind == TOP_ROW_DEVICE || row->kind == TOP_ROW_POOL;
}

/* Values that differ from a healthy state. */
static enum style cell_style(const struct top_row *row,
			     const struct field *field)
{
	uint64_t n;

	if (row->kind == TOP_ROW_LEAF || row->of.pool)
		return STYLE_PLAIN;
	if (field->type != FIELD_RATE && strcmp(field->name, "WAITERS") != 0)
		return STYLE_PLAIN;
	n = field_number(field, &row->of);
	return n && n != MEMTOP_UNKNOWN ? STYLE_WARN : STYLE_PLAIN;
}

static void draw_cell(const struct table *t, const struct top_row *row,
		      const struct field *field, size_t width, bool cursor)
{
	struct strbuf text = { 0 };
	size_t end = canvas_column(t->c) + width;

	if (field->look == LOOK_BAR && has_level(row)) {
		draw_bar(t, row, field, width, cursor);
	} else if (field->look == LOOK_TEXT) {
		add_cell(row, field, t->state, &text);
		canvas_add_within(
			t->c, cursor ? STYLE_CURSOR : cell_style(row, field),
			strbuf_text(&text), width, is_right(field));
		strbuf_release(&text);
	} else if (row->of.was && row->kind == TOP_ROW_DEVICE) {
		draw_history(t, row, field, width, cursor);
	}
	canvas_pad(t->c, cursor ? STYLE_CURSOR : STYLE_PLAIN, end);
}

static enum style first_style(const struct top_row *row)
{
	if (row->finding)
		return finding_is_stall(row->finding->kind) ? STYLE_BAD :
							      STYLE_WARN;
	return row->kind == TOP_ROW_DEVICE ? STYLE_BOLD : STYLE_PLAIN;
}

static void draw_row(const struct table *t, size_t at, bool cursor)
{
	const struct top_row *row = &t->frame->rows->rows[at];
	enum style plain = cursor ? STYLE_CURSOR : STYLE_PLAIN;
	struct strbuf text = { 0 };
	size_t i;

	add_prefix(row, t->state, &text);
	width_cut_name(&text, &t->names[at - t->from], t->first_width,
		       t->state->ascii_only);
	canvas_add_within(t->c, cursor ? STYLE_CURSOR : first_style(row),
			  strbuf_text(&text), t->first_width, false);
	strbuf_release(&text);
	for (i = 1; i < t->nr_shown; i++) {
		canvas_add(t->c, plain, " ");
		draw_cell(t, row, field_at(t->state, t->shown[i]),
			  column_width(t, t->shown[i]), cursor);
	}
	if (cursor)
		canvas_pad(t->c, plain, t->c->width);
}

void top_draw_table(const struct top_frame *frame, struct top_state *state,
		    size_t line, size_t page, struct canvas *c)
{
	size_t from = state->batch ? 0 : state->first, to, i;
	struct table t = {
		.frame = frame, .state = state, .c = c, .from = from
	};

	to = frame->rows->nr - from < page ? frame->rows->nr : from + page;
	measure(&t, from, to);
	take_names(&t, to);
	lay_out(&t);
	canvas_goto(c, line);
	draw_headings(&t);
	for (i = from; i < to; i++) {
		bool cursor = i == state->at && !state->batch &&
			      !state->on_finding;

		canvas_goto(c, line + 1 + i - from);
		draw_row(&t, i, cursor);
	}
	table_release(&t);
}

void top_omitted(const struct top_state *state, struct strbuf *sb)
{
	size_t nr = state->columns.nr, i;

	if (!state->columns_left)
		return;
	strbuf_addstr(sb, "no room for: ");
	for (i = nr - state->columns_left; i < nr; i++)
		strbuf_addf(sb, "%s%s", field_at(state, i)->name,
			    i + 1 < nr ? ", " : "");
	strbuf_addstr(sb, "; --wide shows all, -o selects\n");
}
