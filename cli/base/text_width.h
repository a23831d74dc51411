/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Width of text in terminal columns, and text cut to a number of columns. All
 * text is escaped already (text_escape()); the locale determines the width of
 * characters.
 */
#ifndef MEMTOP_BASE_TEXT_WIDTH_H
#define MEMTOP_BASE_TEXT_WIDTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* The columns of a character that the locale cannot show. */
#define WIDTH_NONE SIZE_MAX

/* Quarters of the kept part of a text that are before the ellipsis. */
#define WIDTH_CUT_END 4 /* cut at the end */
#define WIDTH_CUT_MIDDLE 2

/*
 * The character that @s begins with: returns its length in bytes, at least 1,
 * and its columns.
 */
size_t width_next(const char *s, size_t *columns);

/*
 * Columns of @text; a character that cannot be shown counts as one, a sequence
 * of base/colour.h as none.
 */
size_t width_of(const char *text);

/* Adds @text, with characters that cannot be shown as \xNN, byte by byte. */
void width_add_shown(struct strbuf *sb, const char *text);

/*
 * Bytes of @text that make a line of at most @width columns: whole words, as
 * far as there are blanks after the first ones; at least one character.
 * Sequences of base/colour.h need no room.
 */
size_t width_fitting(const char *text, size_t width);

/*
 * Adds @text to @sb, cut to @width columns, at least 1, if it is wider. An
 * ellipsis ('~' if @ascii_only) replaces the removed part; @quarters (0 to 4)
 * of the kept part are before it, the rest after it. Escapes, and characters
 * with their combining marks, are never split.
 */
void width_cut(struct strbuf *sb, const char *text, size_t width,
	       unsigned int quarters, bool ascii_only);

/*
 * Adds @text, which consists of lines. Those wider than @width columns are
 * broken between words; the continuation is indented two columns more than its
 * line. With a @width of 0, nothing is broken.
 */
void width_wrap(struct strbuf *sb, const char *text, size_t width);

/* A name among others, which must not look like another one when cut. */
struct width_name {
	const char *text;
	size_t before; /* columns of its room that something else takes */
	/* How it is cut; set by width_distinct(). */
	unsigned int quarters;
	size_t skip; /* bytes that are left out at its beginning */
};

/*
 * Finds how to cut @nr names to @width columns each, including the text before
 * them, so that different names still differ: in the middle, or elsewhere if
 * necessary. Returns false if that is impossible.
 */
bool width_distinct(struct width_name *names, size_t nr, size_t width,
		    bool ascii_only);

/* Adds @name, cut to @width columns including the text before it. */
void width_cut_name(struct strbuf *sb, const struct width_name *name,
		    size_t width, bool ascii_only);

#endif
