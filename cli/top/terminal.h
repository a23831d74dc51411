/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The terminal while the live view uses it: shows a canvas, and reads keys.
 * However the process ends, the terminal is restored. Text that any library
 * writes to stderr meanwhile is held back and printed afterwards.
 */
#ifndef MEMTOP_TOP_TERMINAL_H
#define MEMTOP_TOP_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "top/canvas.h"
#include "top/top_event.h"

struct terminal;

enum terminal_news {
	TERMINAL_EVENT, /* a key, or another size */
	TERMINAL_QUIET, /* nothing until the deadline */
	TERMINAL_STOP, /* a stop was requested: system/stop.h */
	TERMINAL_LOST, /* the terminal has closed */
};

/*
 * Whether stdin and stdout are a terminal that can be drawn on; if not, the
 * reason is in @why, which may be NULL.
 */
bool terminal_is_usable(struct strbuf *why);

/* Whether stdout is a terminal at all. */
bool terminal_is_there(void);

/*
 * @colour: in colours, as far as the terminal has them. Returns 0 or -errno,
 * already reported.
 */
int terminal_open(bool colour, struct terminal **ret);

/* Restores the terminal; safe on NULL. */
void terminal_close(struct terminal *t);

void terminal_size(const struct terminal *t, size_t *width, size_t *height);

/*
 * Shows @c by drawing the lines that differ from @last, the previous canvas,
 * initially empty.
 */
void terminal_draw(struct terminal *t, const struct canvas *c,
		   const struct canvas *last);

/* Sleeps until an event or @deadline (stop_clock()). */
enum terminal_news terminal_wait(struct terminal *t, uint64_t deadline,
				 struct top_event *ret);

/* The last line that was held back since the last call; NULL: none. */
const char *terminal_said(struct terminal *t);

#endif
