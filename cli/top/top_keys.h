/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The effect of keys on the live view: a function of its state and the screen.
 * Uses neither terminal nor clock.
 */
#ifndef MEMTOP_TOP_TOP_KEYS_H
#define MEMTOP_TOP_TOP_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "top/top_event.h"
#include "top/top_rows.h"
#include "top/top_state.h"

/* Actions that a key requests from the caller. */
enum top_params {
	TOP_NOTHING,
	TOP_QUIT,
	TOP_NEXT, /* take a sample now */
	TOP_BACK, /* show the previous sample, of a recording */
	TOP_WRITE, /* record, from this sample on, to state.input */
	TOP_WRITE_END,
};

/*
 * Applies @event to @s, with @rows on the screen. state.rows_due is set if the
 * rows have changed.
 */
enum top_params top_keys_take(struct top_state *s, const struct top_rows *rows,
			      const struct top_event *event);

/* The sort keys, and the columns they sort by; ends with '\0'. */
struct top_sort_key {
	char key;
	const char *column;
};
extern const struct top_sort_key top_sort_keys[];

#endif
