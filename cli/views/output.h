/* SPDX-License-Identifier: GPL-2.0-only */
/* All output to stdout goes through these functions. */
#ifndef MEMTOP_VIEWS_OUTPUT_H
#define MEMTOP_VIEWS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/colour.h"

struct strbuf;
struct table_style;

FILE *output_stream(void);

/*
 * The columns that lines must fit: those of the terminal, or 0, no limit, if
 * stdout is not a terminal or @wide.
 */
size_t output_width(bool wide);

/*
 * Whether text for people has colours: as @when requests, and by default on a
 * terminal that has them, unless NO_COLOR or CLICOLOR forbids it.
 */
bool output_colour(enum colour_when when);

/* Whether the locale has nothing but ASCII. */
bool output_ascii_only(void);

/*
 * Fills in the fields that depend on stdout and the locale, except for colours;
 * @wide as for output_width().
 */
void output_style(struct table_style *style, bool wide);

/*
 * A stream for stdout whose lines are broken between words to fit the terminal,
 * unless @wide.
 */
struct output_text {
	char *bytes;
	size_t len;
};

FILE *output_text_open(struct output_text *text);
void output_text_close(struct output_text *text, FILE *stream, bool wide);

/* Writes @text to @out, so that output_flush() finds the error. */
void output_put(FILE *out, const struct strbuf *text);

/*
 * Writes the buffer. Returns 0, or -errno if that or anything before failed,
 * already reported; except for a pipe that was closed, whose reader has seen
 * enough.
 */
int output_flush(void);

/*
 * Writes @lines at once, with one write(2) if possible, bypassing the stream
 * and its buffer. Returns as output_flush().
 */
int output_lines(const struct strbuf *lines);

/* Writes @line, if possible; for the end of a process. Async-signal-safe. */
void output_last_line(const char *line);

/* As output_lines(), broken between words to fit the terminal, unless @wide. */
int output_prose(const struct strbuf *lines, bool wide);

#endif
