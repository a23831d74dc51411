/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The output of a check, in the format of monitoring systems: one line with the
 * status and all figures, then lines for figures out of range and at most
 * CHECK_MOST_LINES others. Nagios keeps 8 KB of it, NRPE 1 KB, so all texts are
 * short, however long the names of devices are.
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
	const bool *rules; /* by enum static_rule: selected */
};

#define CHECK_MOST_LINES 10

/*
 * Adds the status and its reason in one line, followed by a bar and the
 * figures. Then come the figures out of range, and a line for each device with
 * a finding, a corrupted block or a reserve that violates a rule, the most
 * severe first.
 */
void check_lines(struct strbuf *sb, const struct check_view *view);

/* Why a check ends without a result; see check_end(). */
enum check_end {
	CHECK_END_MEMORY,
	CHECK_END_SIGNAL,
	CHECK_END_STREAMS,
};

/*
 * Prints this in the line of a check and ends the process as UNKNOWN, at once.
 * Allocates no memory; async-signal-safe.
 */
void check_end(enum check_end why) __attribute__((noreturn));

/*
 * Adds the line of a check that failed because of @reason, and below it
 * @messages, which may have several lines.
 */
void check_unknown_lines(struct strbuf *sb, const char *reason,
			 const char *messages);

#endif
