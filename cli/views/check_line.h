/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a check says, in the form that monitoring systems want: one line with the
 * status and all figures, then at most CHECK_MOST_LINES and those of figures out
 * of range. Nagios keeps 8 KB of it, NRPE 1 KB, so no text is longer than it has
 * to be, whatever names devices have.
 */
#ifndef MEMTOP_VIEWS_CHECK_LINE_H
#define MEMTOP_VIEWS_CHECK_LINE_H

#include <stdbool.h>

struct check_limits;
struct check_result;
struct findings;
struct snapshot;
struct static_hits;
struct strbuf;

struct check_view {
	const struct check_result *result;
	const struct check_limits *limits;
	const struct snapshot *snap;
	const struct findings *found;
	const struct static_hits *risks;
	const bool *rules; /* by enum static_rule: asked for */
};

#define CHECK_MOST_LINES 10

/*
 * Adds the status and what it is for in one line, after a bar the figures. Then
 * come the figures out of range, and a line for each device with a finding, a
 * corrupted block or a reserve that a rule objects to, the gravest first.
 */
void check_lines(struct strbuf *sb, const struct check_view *view);

/* Why a check ends without a look; see check_end(). */
enum check_end {
	CHECK_END_MEMORY,
	CHECK_END_SIGNAL,
	CHECK_END_STREAMS,
};

/*
 * Says so in the line of a check and ends the process as UNKNOWN, at once.
 * Needs no memory; async-signal-safe.
 */
void check_end(enum check_end why) __attribute__((noreturn));

/*
 * Adds the line of a check that could not be made, because of @reason, and below
 * it @messages, which may be of several lines.
 */
void check_unknown_lines(struct strbuf *sb, const char *reason,
			 const char *messages);

#endif
