/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many columns of a terminal text takes, and text cut to a number of columns.
 * All text is escaped already (text_escape()); the locale says how wide characters
 * are.
 */
#ifndef MEMTOP_BASE_TEXT_WIDTH_H
#define MEMTOP_BASE_TEXT_WIDTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* The columns of a character that the locale cannot show. */
#define WIDTH_NONE SIZE_MAX

/* Quarters of what stays of a text that stand before the ellipsis. */
#define WIDTH_CUT_END 4 /* cut at the end */
#define WIDTH_CUT_MIDDLE 2

/*
 * The character that @s begins with: returns its length in bytes, at least 1, and
 * its columns.
 */
size_t width_next(const char *s, size_t *columns);

/* Columns that @text takes; a character that cannot be shown counts as one. */
size_t width_of(const char *text);

/* Adds @text, with characters that cannot be shown as \xNN, byte by byte. */
void width_add_shown(struct strbuf *sb, const char *text);

/*
 * Bytes of @text that make a line of at most @width columns: whole words, as far
 * as there are blanks behind those it begins with; one character at least.
 */
size_t width_fitting(const char *text, size_t width);

/*
 * Adds @text to @sb, cut to @width columns, at least 1, if it is wider: an
 * ellipsis ('~' if @ascii_only) stands for what is left out, @quarters (0 to 4) of
 * what stays stand before it, the rest behind it. Characters, with the marks that
 * combine with them, and escapes are never cut apart.
 */
void width_cut(struct strbuf *sb, const char *text, size_t width,
	       unsigned int quarters, bool ascii_only);

/*
 * Adds @text, which is lines, with those that are wider than @width columns broken
 * between words; what follows is indented as its line is, and two more columns.
 * 0: nothing is broken.
 */
void width_wrap(struct strbuf *sb, const char *text, size_t width);

/* A name among others, which it must not look like once it is cut. */
struct width_name {
	const char *text;
	size_t before; /* columns that something else takes of its room */
	/* How it is cut, as width_distinct() finds. */
	unsigned int quarters;
	size_t skip; /* bytes that are left out at its beginning */
};

/*
 * Finds how to cut @nr names to @width columns each, what stands before them
 * included, so that those that differ still do: in the middle, or where else it
 * takes. Returns false if that is not possible.
 */
bool width_distinct(struct width_name *names, size_t nr, size_t width,
		    bool ascii_only);

/* Adds @name, cut for @width columns, what stands before it included. */
void width_cut_name(struct strbuf *sb, const struct width_name *name,
		    size_t width, bool ascii_only);

#endif
