/* SPDX-License-Identifier: GPL-2.0-only */
/* The forms of a watch's events. */
#ifndef MEMTOP_VIEWS_WATCH_LINES_H
#define MEMTOP_VIEWS_WATCH_LINES_H

#include <stdbool.h>

/* Prefix of variables. */
#define WATCH_PREFIX "VERITY_MEMTOP_"

struct sample;
struct strbuf;
struct watch_event;

/* The word for it: "clear", or the finding's kind. */
const char *watch_event_name(const struct watch_event *event);

/*
 * Adds the event of @sample as a line for people, with the time of day and the
 * host as far as @sample has them. Characters beyond ASCII are escaped with
 * @ascii_only.
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
 * Adds it as "NAME=VALUE", and a NUL, for environments and journals. Unknown
 * values are left out. Values are raw bytes, not escaped.
 */
void watch_variables(struct strbuf *sb, const struct watch_event *event);

#endif
