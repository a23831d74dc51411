// SPDX-License-Identifier: GPL-2.0-only
#include "util/units.h"

#include <inttypes.h>

#include "util/strbuf.h"

void units_add_bytes(struct strbuf *sb, uint64_t bytes)
{
	static const char *const names[] = { "B",   "KiB", "MiB", "GiB",
					     "TiB", "PiB", "EiB" };
	const unsigned int last = sizeof(names) / sizeof(names[0]) - 1;
	uint64_t whole = bytes, rest = 0, half = 0, tenths;
	unsigned int unit = 0;

	/* Step up while the rounded figure would need more than 1023. */
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
