/* SPDX-License-Identifier: GPL-2.0-only */
/* The complete data for one screen of the live view. */
#ifndef MEMTOP_TOP_TOP_FRAME_H
#define MEMTOP_TOP_TOP_FRAME_H

#include <stdint.h>

#include "top/canvas.h"
#include "top/top_rows.h"
#include "top/top_state.h"

struct top_frame {
	const struct top_moment *moment;
	const struct top_rows *rows;
	struct snap_sums sums; /* of all devices, including hidden ones */
	struct snap_count count; /* of the same devices */
	uint64_t number; /* of the sample, from 1 */
	bool ended; /* it is the recording's last */
	const char *file; /* the replayed file, or NULL */
	const char *writing; /* the file that samples go to, or NULL */
	uint64_t written; /* samples in it */
	const char *said; /* the newest message of the tool; NULL: none */
};

/* Values that are derived from the rest: sums. */
void top_frame_sum(struct top_frame *frame);

/*
 * Draws @frame in the state @state onto @c, of @width times @height, and
 * records in @state where things are on it.
 */
void top_draw(const struct top_frame *frame, struct top_state *state,
	      size_t width, size_t height, struct canvas *c);

/* Number of lines that all rows of @frame need. */
size_t top_draw_lines(const struct top_frame *frame);

/* Parts of it: the table and its cells; screens of text. */
void top_draw_table(const struct top_frame *frame, struct top_state *state,
		    size_t line, size_t page, struct canvas *c);

/* Adds a line with the columns for which the drawn table has no room. */
void top_omitted(const struct top_state *state, struct strbuf *sb);
void top_draw_help(struct top_state *state, struct canvas *c);
void top_draw_evidence(const struct top_frame *frame, struct top_state *state,
		       struct canvas *c);
void top_draw_columns(struct top_state *state, struct canvas *c);

/*
 * Adds the evidence for @f, as indented lines: holders, the cycle, and the
 * stacks that @sample has of those tasks.
 */
void top_evidence_add(struct strbuf *sb, const struct sample *sample,
		      const struct finding *f, bool ascii_only);

#endif
