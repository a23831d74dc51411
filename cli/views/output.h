/* SPDX-License-Identifier: GPL-2.0-only */
/* The one way to stdout. */
#ifndef MEMTOP_VIEWS_OUTPUT_H
#define MEMTOP_VIEWS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct strbuf;
struct table_style;

FILE *output_stream(void);

/*
 * The columns that lines have to fit into: those of the terminal, or 0, no limit, if
 * stdout is none or @wide.
 */
size_t output_width(bool wide);

/* Whether the locale has nothing but ASCII. */
bool output_ascii_only(void);

/*
 * Fills in what depends on where stdout goes, the environment and locale; @wide
 * as for output_width().
 */
void output_style(struct table_style *style, bool wide);

/*
 * Text for stdout whose lines are broken between words to fit the terminal, unless
 * @wide: write it to the stream that is returned.
 */
struct output_text {
	char *bytes;
	size_t len;
};

FILE *output_text_open(struct output_text *text);
void output_text_close(struct output_text *text, FILE *stream, bool wide);

/* Writes @text to @out, so that output_flush() finds why that failed. */
void output_put(FILE *out, const struct strbuf *text);

/*
 * Writes out what is buffered. Returns 0, or -errno if that or anything
 * before failed, which is then said; not for a pipe that was closed, whose
 * reader has seen what it wanted.
 */
int output_flush(void);

/*
 * Writes @lines at once, in one write(2) if it takes them whole, past the stream
 * and what is buffered there. Returns as output_flush().
 */
int output_lines(const struct strbuf *lines);

/* Writes @line, if it can be; for the end of a process. Async-signal-safe. */
void output_last_line(const char *line);

/* As output_lines(), broken between words to fit the terminal, unless @wide. */
int output_prose(const struct strbuf *lines, bool wide);

#endif
