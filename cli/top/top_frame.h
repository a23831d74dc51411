/* SPDX-License-Identifier: GPL-2.0-only */
/* All that a screen of the live view is drawn from, finished. */
#ifndef MEMTOP_TOP_TOP_FRAME_H
#define MEMTOP_TOP_TOP_FRAME_H

#include <stdint.h>

#include "top/canvas.h"
#include "top/top_rows.h"
#include "top/top_state.h"

struct top_frame {
	const struct top_moment *moment;
	const struct top_rows *rows;
	struct snap_sums sums; /* of all devices, filtered or not */
	struct snap_count count; /* likewise */
	uint64_t number; /* of the sample, from 1 */
	bool ended; /* it is the recording's last */
	const char *file; /* that is replayed, or NULL */
	const char *writing; /* the file that samples go to, or NULL */
	uint64_t written; /* samples in it */
	const char *said; /* the newest message of the tool; NULL: none */
};

/* What is in a frame besides what it was given: sums. */
void top_frame_sum(struct top_frame *frame);

/*
 * Draws @frame as @state wants it onto @c, of @width times @height, and notes in
 * @state where things are on it.
 */
void top_draw(const struct top_frame *frame, struct top_state *state,
	      size_t width, size_t height, struct canvas *c);

/* As many lines as all rows of @frame take. */
size_t top_draw_lines(const struct top_frame *frame);

/* Parts of it: the table and what stands in its cells; screens of text. */
void top_draw_table(const struct top_frame *frame, struct top_state *state,
		    size_t line, size_t page, struct canvas *c);

/* Adds a line that names the columns that the table, drawn, has no room for. */
void top_omitted(const struct top_state *state, struct strbuf *sb);
void top_draw_help(struct top_state *state, struct canvas *c);
void top_draw_evidence(const struct top_frame *frame, struct top_state *state,
		       struct canvas *c);
void top_draw_columns(struct top_state *state, struct canvas *c);

/*
 * Adds what @f rests on, as lines, indented: holders, the cycle, and the stacks
 * that @sample has of those tasks.
 */
void top_evidence_add(struct strbuf *sb, const struct sample *sample,
		      const struct finding *f, bool ascii_only);

#endif
