// SPDX-License-Identifier: GPL-2.0-only
/* The live view's screens of text: help, evidence, the choice of columns. */
#include <string.h>

#include "views/finding_text.h"
#include "base/text_width.h"
#include "top/top_frame.h"
#include "top/top_keys.h"

/* Indentation of continuation lines. */
#define HANGING 4

/* Draws @line, the @nr-th one, if it is on the screen. */
static void put_line(const struct top_state *state, size_t nr, size_t indent,
		     const char *line, struct canvas *c)
{
	if (nr < state->text_first || nr - state->text_first >= state->page)
		return;
	canvas_goto(c, 1 + nr - state->text_first);
	canvas_pad(c, STYLE_PLAIN, indent);
	canvas_add(c, STYLE_PLAIN, line);
}

/* Breaks @line if it is too long; returns the resulting number of lines. */
static size_t put_broken(const struct top_state *state, size_t nr,
			 const char *line, struct canvas *c)
{
	size_t indent = 0, hanging = strspn(line, " ") + HANGING, lines = 0;

	if (hanging > c->width / 2)
		hanging = 0;
	do {
		size_t len = width_fitting(line, c->width - indent);
		struct strbuf one = { 0 };

		strbuf_add(&one, line, len);
		put_line(state, nr + lines++, indent, strbuf_text(&one), c);
		strbuf_release(&one);
		line += len;
		line += strspn(line, " ");
		indent = hanging;
	} while (*line);
	return lines;
}

/* Draws the lines of @text, scrolled, between a title and a last line. */
static void draw_text(struct top_state *state, const char *title,
		      const char *text, struct canvas *c)
{
	const char *end;
	size_t nr = 0;

	state->page = c->height > 2 ? c->height - 2 : 0;
	canvas_goto(c, 0);
	canvas_add_within(c, STYLE_HEADING, title, c->width, false);
	for (; *text; text = *end ? end + 1 : end) {
		struct strbuf one = { 0 };

		end = text + strcspn(text, "\n");
		strbuf_add(&one, text, (size_t)(end - text));
		nr += put_broken(state, nr, strbuf_text(&one), c);
		strbuf_release(&one);
	}
	state->text_lines = nr;
	canvas_goto(c, c->height - 1);
	canvas_add(c, STYLE_DIM,
		   nr > state->page ? "arrows scroll, any other key goes back" :
				      "any key goes back");
}

void top_draw_help(struct top_state *state, struct canvas *c)
{
	static const char keys[] =
		"arrows, j k, PgUp PgDn, Home End, mouse   move; left and right: columns\n"
		"q F10    quit                      h ? F1   this help\n"
		"+  -     unfold a device to its pools, or fold; in the tree also those below\n"
		"Enter    the same; on a red line or device: the evidence\n"
		"e        evidence: waiting tasks, holders, kernel stacks\n"
		"t F5     tree: the devices below each device\n"
		"/ F3 n   search, next match        \\ F4     show only what matches; Esc: all\n"
		"<  >     sort by the column beside I        invert the order\n"
		"F6       choose what to sort by; a click on a heading does, too\n"
		"b        plain numbers or units    c        choose columns\n"
		"Z        pause                     space .  sample now, or next sample\n"
		"d        seconds between samples   ,        previous sample, in a replay\n"
		"w        write samples to a file, for --replay; again: stop\n"
		"\nSort by: ";
	static const char meaning[] =
		"\n\nA rate of \"..\" has one sample so far, \"new\" means a newly loaded table, and\n"
		"\"3?\" is old: the newest sample has no count. \"-\" is unknown.\n"
		"The history is of the lowest pool, one character each sample; waits between\n"
		"samples are in WAIT/S. A + before a name: it can be unfolded.\n"
		"\n";
	const struct top_sort_key *sort;
	struct strbuf text = { 0 };
	size_t i;

	strbuf_addstr(&text, keys);
	for (sort = top_sort_keys; sort->key; sort++)
		strbuf_addf(&text, "%s%c %s",
			    sort == top_sort_keys	    ? "" :
			    (sort - top_sort_keys) % 6 == 0 ? "\n         " :
							      ", ",
			    sort->key, sort->column);
	strbuf_addstr(&text, meaning);
	for (i = 0; i < state->columns.nr; i++)
		strbuf_addf(&text, "%-10s %s\n",
			    state->columns.columns[i].field->name,
			    state->columns.columns[i].field->help);
	draw_text(state, "verity-memtop: keys and columns", strbuf_text(&text),
		  c);
	strbuf_release(&text);
}

/* The finding of the cursor's device, or otherwise the most severe one. */
static const struct finding *first_finding(const struct top_frame *frame,
					   const struct top_state *state)
{
	const struct findings *findings = frame->moment->findings;

	if (!state->on_finding && state->at < frame->rows->nr &&
	    frame->rows->rows[state->at].finding)
		return frame->rows->rows[state->at].finding;
	return findings->nr ? &findings->all[0] : NULL;
}

static void add_finding(const struct top_frame *frame,
			const struct top_state *state, const struct finding *f,
			struct strbuf *sb)
{
	finding_text_add(sb, frame->moment->snap->sample, f, state->ascii_only);
	strbuf_addstr(sb, "\n");
	top_evidence_add(sb, frame->moment->snap->sample, f, state->ascii_only);
	strbuf_addstr(sb, "\n");
}

void top_draw_evidence(const struct top_frame *frame, struct top_state *state,
		       struct canvas *c)
{
	const struct findings *findings = frame->moment->findings;
	const struct finding *first = first_finding(frame, state);
	struct strbuf text = { 0 };
	size_t i;

	if (first)
		add_finding(frame, state, first, &text);
	else
		strbuf_addstr(&text,
			      "No task has waited for longer than a second.\n");
	for (i = 0; i < findings->nr; i++) {
		if (&findings->all[i] != first)
			add_finding(frame, state, &findings->all[i], &text);
	}
	draw_text(state, "Waiting tasks, holders and causes",
		  strbuf_text(&text), c);
	strbuf_release(&text);
}

void top_draw_columns(struct top_state *state, struct canvas *c)
{
	size_t page = c->height > 2 ? c->height - 2 : 0, first, i, j;

	state->page = page;
	canvas_goto(c, 0);
	canvas_add_within(c, STYLE_HEADING,
			  state->screen == TOP_SORT ?
				  "Sort by: Enter chooses, Esc goes back" :
				  "Columns: space chooses, Esc goes back",
			  c->width, false);
	first = state->column_at >= page ? state->column_at - page + 1 : 0;
	for (i = first; i < state->table->nr && i - first < page; i++) {
		const struct field *field = &state->table->fields[i];
		enum style style = i == state->column_at ? STYLE_CURSOR :
							   STYLE_PLAIN;

		for (j = 0; j < state->columns.nr; j++) {
			if (state->columns.columns[j].field == field)
				break;
		}
		canvas_goto(c, 1 + i - first);
		canvas_addf(c, style, "[%c] %-14s %s",
			    j < state->columns.nr ? 'x' : ' ', field->name,
			    field->help);
		canvas_pad(c, style, c->width);
	}
}
