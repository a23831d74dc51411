// SPDX-License-Identifier: GPL-2.0-only
#include "base/units.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/times.h"

/* "7.4" */
static void add_tenths(struct strbuf *sb, uint64_t tenths)
{
	strbuf_addu(sb, tenths / 10);
	strbuf_addstr(sb, ".");
	strbuf_addu(sb, tenths % 10);
}

void units_add_bytes(struct strbuf *sb, uint64_t bytes)
{
	static const char *const names[] = { "B",   "KiB", "MiB", "GiB",
					     "TiB", "PiB", "EiB" };
	const unsigned int last = sizeof(names) / sizeof(names[0]) - 1;
	uint64_t whole = bytes, rest = 0, half = 0, tenths;
	unsigned int unit = 0;

	/* Steps up while the rounded figure would exceed 1023. */
	while (unit < last && whole + (unit && rest >= half) >= 1024) {
		unit++;
		whole = bytes >> (10 * unit);
		rest = bytes & ((1ULL << (10 * unit)) - 1);
		half = 1ULL << (10 * unit - 1);
	}
	tenths = whole * 10;
	if (unit)
		tenths += (rest * 10 + half) >> (10 * unit);
	if (rest && tenths < 100)
		add_tenths(sb, tenths);
	else
		strbuf_addu(sb, whole + (unit && rest >= half));
	strbuf_addstr(sb, names[unit]);
}

/* From a minute on, seconds are precise enough. */
static void add_long_time(struct strbuf *sb, uint64_t seconds)
{
	uint64_t minutes = seconds / 60, hours = minutes / 60;

	if (hours >= 24)
		strbuf_addf(sb, "%" PRIu64 "d%02uh", hours / 24,
			    (unsigned int)(hours % 24));
	else if (hours)
		strbuf_addf(sb, "%" PRIu64 "h%02um", hours,
			    (unsigned int)(minutes % 60));
	else
		strbuf_addf(sb, "%" PRIu64 "m%02us", minutes,
			    (unsigned int)(seconds % 60));
}

void units_add_time(struct strbuf *sb, uint64_t ns)
{
	static const char *const names[] = { "ns", "us", "ms", "s" };
	const unsigned int last = sizeof(names) / sizeof(names[0]) - 1;
	uint64_t scale = 1, tenths;
	unsigned int unit = 0;

	if (ns == 0) {
		strbuf_addstr(sb, "0s");
		return;
	}
	if (ns >= 60 * 1000000000ULL) {
		add_long_time(sb, ns / 1000000000);
		return;
	}
	/* Steps up while the rounded figure would exceed 999. */
	while (unit < last && (ns + scale / 2) / scale >= 1000) {
		unit++;
		scale *= 1000;
	}
	tenths = (ns * 10 + scale / 2) / scale;
	if (ns % scale && tenths < 100)
		add_tenths(sb, tenths);
	else
		strbuf_addu(sb, (ns + scale / 2) / scale);
	strbuf_addstr(sb, names[unit]);
}

struct unit {
	const char *name;
	uint64_t factor;
};

/* Parses the first @len bytes of @s, digits with or without a decimal point. */
static int parse_number(const char *s, size_t len, uint64_t factor,
			uint64_t *ret)
{
	struct strbuf number = { 0 };
	uint64_t n;
	int err;

	strbuf_add(&number, s, len);
	if (memchr(s, '.', len)) {
		unsigned __int128 exact;

		/* billionths, instead of the nanoseconds of a second */
		err = text_to_ns(strbuf_text(&number), UINT64_MAX, &n);
		exact = err ? 0 : (unsigned __int128)n * factor / 1000000000;
		if (!err && exact > UINT64_MAX)
			err = -ERANGE;
		n = (uint64_t)exact;
	} else {
		err = text_to_u64(strbuf_text(&number), 0, UINT64_MAX, &n);
		if (!err && __builtin_mul_overflow(n, factor, &n))
			err = -ERANGE;
	}
	strbuf_release(&number);
	*ret = n;
	return err;
}

static const struct unit *find_unit(const struct unit *units, size_t nr,
				    const char *name, size_t len)
{
	for (size_t i = 0; i < nr; i++) {
		if (strlen(units[i].name) == len &&
		    strncasecmp(units[i].name, name, len) == 0)
			return &units[i];
	}
	return NULL;
}

int units_parse_bytes(const char *s, uint64_t *ret)
{
	static const struct unit units[] = {
		{ "", 1 },	     { "B", 1 },
		{ "K", 1ULL << 10 }, { "KiB", 1ULL << 10 },
		{ "M", 1ULL << 20 }, { "MiB", 1ULL << 20 },
		{ "G", 1ULL << 30 }, { "GiB", 1ULL << 30 },
		{ "T", 1ULL << 40 }, { "TiB", 1ULL << 40 },
		{ "P", 1ULL << 50 }, { "PiB", 1ULL << 50 },
		{ "E", 1ULL << 60 }, { "EiB", 1ULL << 60 },
	};
	const size_t len = strspn(s, "0123456789.");
	const struct unit *unit =
		find_unit(units, ARRAY_SIZE(units), s + len, strlen(s + len));

	return unit ? parse_number(s, len, unit->factor, ret) : -EINVAL;
}

int units_parse_time(const char *s, uint64_t *ret)
{
	static const struct unit units[] = {
		{ "ns", 1 },
		{ "us", 1000 },
		{ "ms", 1000000 },
		{ "s", SECOND },
		{ "m", 60 * SECOND },
		{ "h", 3600 * SECOND },
		{ "d", 86400 * SECOND },
	};
	uint64_t total = 0, part;
	int err;

	if (*s && !s[strspn(s, "0123456789.")])
		return parse_number(s, strlen(s), SECOND, ret);
	do {
		const size_t len = strspn(s, "0123456789.");
		const size_t name = strcspn(s + len, "0123456789.");
		const struct unit *unit =
			find_unit(units, ARRAY_SIZE(units), s + len, name);

		err = unit ? parse_number(s, len, unit->factor, &part) :
			     -EINVAL;
		if (!err && __builtin_add_overflow(total, part, &total))
			err = -ERANGE;
		s += len + name;
	} while (!err && *s);
	*ret = total;
	return err;
}
