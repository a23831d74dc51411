/* SPDX-License-Identifier: GPL-2.0-only */
/* What a watch says of an event. */
#ifndef MEMTOP_VIEWS_WATCH_LINES_H
#define MEMTOP_VIEWS_WATCH_LINES_H

#include <stdbool.h>

/* Names of variables begin so. */
#define WATCH_PREFIX "VERITY_MEMTOP_"

struct sample;
struct strbuf;
struct watch_event;

/*
 * Adds the event of @sample for people, as a line. Characters beyond ASCII are
 * escaped with @ascii_only.
 */
void watch_text(struct strbuf *sb, const struct sample *sample,
		const struct watch_event *event, bool ascii_only);

/* Adds the same without the time and the line's end. */
void watch_headline(struct strbuf *sb, const struct sample *sample,
		    const struct watch_event *event, bool ascii_only);

/* Adds it as a line of JSON, described in docs/watch.md. */
void watch_json(struct strbuf *sb, const struct sample *sample,
		const struct watch_event *event);

/*
 * Adds it as "NAME=VALUE", and a NUL, for environments and journals. What is
 * unknown is not there. Values are the bytes that they are, not escaped.
 */
void watch_variables(struct strbuf *sb, const struct watch_event *event);

#endif
