// SPDX-License-Identifier: GPL-2.0-only
#include "base/units.h"

#include <inttypes.h>

#include "base/strbuf.h"

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
		strbuf_addf(sb, "%" PRIu64 ".%" PRIu64 "%s", tenths / 10,
			    tenths % 10, names[unit]);
	else
		strbuf_addf(sb, "%" PRIu64 "%s", whole + (unit && rest >= half),
			    names[unit]);
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
		strbuf_addf(sb, "%" PRIu64 ".%" PRIu64 "%s", tenths / 10,
			    tenths % 10, names[unit]);
	else
		strbuf_addf(sb, "%" PRIu64 "%s", (ns + scale / 2) / scale,
			    names[unit]);
}
