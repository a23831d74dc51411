/* SPDX-License-Identifier: GPL-2.0-only */
/* The one way to stdout. */
#ifndef MEMTOP_OUTPUT_H
#define MEMTOP_OUTPUT_H

#include <stdio.h>

struct strbuf;
struct table_style;

FILE *output_stream(void);

/* Fills in what depends on where stdout goes, the environment and locale. */
void output_style(struct table_style *style);

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

#endif
