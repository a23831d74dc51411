/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moments as users write them, in the local time zone (TZ): "14:03",
 * "14:03:05", "2026-11-27 14:03:05". Times are in ns since 1970, UTC.
 */
#ifndef MEMTOP_BASE_WALL_TIME_H
#define MEMTOP_BASE_WALL_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

/* A second; without a date it is one in each day. */
struct wall_time {
	bool dated;
	int year, month, day; /* as written: January is 1 */
	int hour, minute, second;
};

/*
 * Parses all of @text; between date and time there may be a "T". Returns 0, or
 * -EINVAL if it is not a moment.
 */
int wall_time_parse(const char *text, struct wall_time *ret);

/*
 * Returns the beginning of the second that @time means, where @first_ns is the
 * earliest moment of interest. Without a date it is on that day, or on the next
 * day if it would be before @first_ns; then *@next_day is set.
 */
uint64_t wall_time_find(const struct wall_time *time, uint64_t first_ns,
			bool *next_day);

/* Adds @ns as "2026-11-27 14:03:05". */
void wall_time_add(struct strbuf *sb, uint64_t ns);

#endif
