/* SPDX-License-Identifier: GPL-2.0-only */
/* What a watch says of an event. */
#ifndef MEMTOP_WATCH_LINES_H
#define MEMTOP_WATCH_LINES_H

#include <stdbool.h>

struct sample;
struct strbuf;
struct watch_event;

/*
 * Adds the event of @sample for people: one line, and under it, indented, what it
 * rests on. Characters beyond ASCII are escaped with @ascii_only.
 */
void watch_text(struct strbuf *sb, const struct sample *sample,
		const struct watch_event *event, bool ascii_only);

/* Adds the first of these lines, without its end or time. */
void watch_headline(struct strbuf *sb, const struct watch_event *event,
		    bool ascii_only);

/* Adds it as a line of JSON, described in docs/watch.md. */
void watch_json(struct strbuf *sb, const struct sample *sample,
		const struct watch_event *event);

/*
 * Adds it as "NAME=VALUE", and a NUL, for environments and journals. What is
 * unknown is not there.
 */
void watch_variables(struct strbuf *sb, const struct watch_event *event);

#endif
