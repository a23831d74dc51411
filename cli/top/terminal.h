/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The terminal while it is ours: what is drawn on a canvas is shown on it, keys
 * come from it. However the process ends, the terminal is as it was before.
 * What is written to stderr meanwhile, by whatever library, is held back and
 * comes out afterwards.
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
	TERMINAL_STOP, /* a signal wants an end: util/stop.h */
	TERMINAL_LOST, /* nobody is there any more */
};

/*
 * Whether stdin and stdout are a terminal that can be drawn on; if not, why, in
 * @why, which may be NULL.
 */
bool terminal_is_usable(struct strbuf *why);

/* Whether stdout is a terminal at all. */
bool terminal_is_there(void);

/* Returns 0 or -errno, the reason already said. */
int terminal_open(struct terminal **ret);

/* As it was before; fine on NULL. */
void terminal_close(struct terminal *t);

void terminal_size(const struct terminal *t, size_t *width, size_t *height);

/* Shows @c; @last is what was shown before, empty at first: lines that differ. */
void terminal_draw(struct terminal *t, const struct canvas *c,
		   const struct canvas *last);

/* Sleeps until something is new or stop_clock() is @deadline. */
enum terminal_news terminal_wait(struct terminal *t, uint64_t deadline,
				 struct top_event *ret);

/* The last line that was held back since it was last asked; NULL: none. */
const char *terminal_said(struct terminal *t);

#endif
