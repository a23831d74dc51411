// SPDX-License-Identifier: GPL-2.0-only
#include "base/wall_time.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/strbuf.h"
#include "base/times.h"

/* Later years exceed 64 bits of nanoseconds. */
#define LAST_YEAR 2500

static bool is_digits(const char *text, size_t nr)
{
	return strspn(text, "0123456789") == nr;
}

/* Reads "14:03" or "14:03:05". */
static int parse_clock(const char *text, struct wall_time *ret)
{
	if (!is_digits(text, 2) || text[2] != ':' || !is_digits(text + 3, 2))
		return -EINVAL;
	if (sscanf(text, "%2d:%2d", &ret->hour, &ret->minute) != 2)
		return -EINVAL;
	text += 5;
	if (*text) {
		if (*text != ':' || !is_digits(text + 1, 2) || text[3])
			return -EINVAL;
		ret->second = (text[1] - '0') * 10 + (text[2] - '0');
	}
	return ret->hour < 24 && ret->minute < 60 && ret->second < 60 ? 0 :
									-EINVAL;
}

/* Whether the month has that day. */
static bool is_date(const struct wall_time *time)
{
	struct tm tm = { .tm_year = time->year - 1900,
			 .tm_mon = time->month - 1,
			 .tm_mday = time->day };

	if (time->year < 1970 || time->year > LAST_YEAR || time->month < 1 ||
	    time->month > 12 || time->day < 1)
		return false;
	timegm(&tm);
	return tm.tm_mday == time->day;
}

int wall_time_parse(const char *text, struct wall_time *ret)
{
	*ret = (struct wall_time){ 0 };
	if (!is_digits(text, 4))
		return parse_clock(text, ret);
	if (text[4] != '-' || !is_digits(text + 5, 2) || text[7] != '-' ||
	    !is_digits(text + 8, 2) || (text[10] != ' ' && text[10] != 'T'))
		return -EINVAL;
	if (sscanf(text, "%4d-%2d-%2d", &ret->year, &ret->month, &ret->day) !=
	    3)
		return -EINVAL;
	ret->dated = true;
	return is_date(ret) ? parse_clock(text + 11, ret) : -EINVAL;
}

/* A time that a clock change skips is moved to one that exists. */
static uint64_t second_at(const struct wall_time *time, struct tm day)
{
	time_t t;

	day.tm_hour = time->hour;
	day.tm_min = time->minute;
	day.tm_sec = time->second;
	day.tm_isdst = -1;
	t = mktime(&day);
	return t < 0 ? 0 : (uint64_t)t * SECOND;
}

uint64_t wall_time_find(const struct wall_time *time, uint64_t first_ns,
			bool *next_day)
{
	const time_t first = (time_t)(first_ns / SECOND);
	struct tm day = { 0 };
	uint64_t ns;

	*next_day = false;
	if (time->dated) {
		day.tm_year = time->year - 1900;
		day.tm_mon = time->month - 1;
		day.tm_mday = time->day;
		return second_at(time, day);
	}
	localtime_r(&first, &day);
	ns = second_at(time, day);
	if (ns / SECOND >= (uint64_t)first)
		return ns;
	*next_day = true;
	day.tm_mday++;
	return second_at(time, day);
}

void wall_time_add(struct strbuf *sb, uint64_t ns)
{
	const time_t t = (time_t)(ns / SECOND);
	struct tm tm = { 0 };

	localtime_r(&t, &tm);
	strbuf_addf(sb, "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		    tm.tm_sec);
}
