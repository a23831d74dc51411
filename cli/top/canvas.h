/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A screen of text with styles, made line by line: the terminal is drawn from
 * it, and --batch prints it. It determines the width of characters, and cuts
 * text that does not fit.
 */
#ifndef MEMTOP_TOP_CANVAS_H
#define MEMTOP_TOP_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/strbuf.h"

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM, /* secondary text */
	STYLE_HEADING,
	STYLE_CURSOR,
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,
	STYLE_ALARM, /* needs attention */
	NR_STYLES,
};

struct canvas_run {
	enum style style;
	size_t len; /* in bytes */
};

struct canvas_line {
	struct strbuf text;
	struct canvas_run *runs; /* owned */
	size_t nr_runs;
	size_t room;
	size_t columns; /* used so far */
};

struct canvas {
	size_t width;
	size_t height;
	bool ascii_only; /* the locale has only ASCII */
	struct canvas_line *lines; /* owned; height of them */
	size_t at; /* the current line */
};

/* Empties @c, which may be zeroed, and sets its size. */
void canvas_begin(struct canvas *c, size_t width, size_t height);
void canvas_release(struct canvas *c);

/*
 * Moves to the beginning of line @line; text for a line beyond the end is
 * dropped.
 */
void canvas_goto(struct canvas *c, size_t line);

/* Columns used in that line so far. */
size_t canvas_column(const struct canvas *c);

/*
 * Adds @text, which is escaped already, as far as it fits into the line.
 * canvas_add_within() fits it into @width columns: right-aligned if @right, and
 * cut with an ellipsis if necessary.
 */
void canvas_add(struct canvas *c, enum style style, const char *text);
void canvas_addf(struct canvas *c, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void canvas_add_within(struct canvas *c, enum style style, const char *text,
		       size_t width, bool right);

/* Adds spaces until the line has @column columns. */
void canvas_pad(struct canvas *c, enum style style, size_t column);

/* Whether line @line, which both have, is the same, with its styles. */
bool canvas_same_line(const struct canvas *a, const struct canvas *b,
		      size_t line);

/*
 * Writes the lines without styles; trailing spaces and empty lines at the end
 * are left out.
 */
void canvas_print(const struct canvas *c, FILE *out);

#endif
