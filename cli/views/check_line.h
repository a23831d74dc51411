/* SPDX-License-Identifier: GPL-2.0-only */
/* What a check says, in the form that monitoring systems want. */
#ifndef MEMTOP_CHECK_LINE_H
#define MEMTOP_CHECK_LINE_H

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

/*
 * Adds the status and what it is for in one line, after a bar the figures; then,
 * a line each, all that is not fine.
 */
void check_lines(struct strbuf *sb, const struct check_view *view);

/*
 * Adds the line of a check that could not be made, because of @reason, and below
 * it @messages, which may be of several lines.
 */
void check_unknown_lines(struct strbuf *sb, const char *reason,
			 const char *messages);

#endif
