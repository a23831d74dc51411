// SPDX-License-Identifier: GPL-2.0-only
#include "views/metrics_format.h"

#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

/* Whether @name, of @len bytes, ends in @end. */
static bool ends_in(const char *name, size_t len, const char *end)
{
	size_t nr = strlen(end);

	return len > nr && memcmp(name + len - nr, end, nr) == 0;
}

/*
 * The length of the family's name in OpenMetrics, where the end of a counter
 * and of an info metric belongs to the series only.
 */
static size_t family_len(const char *name, enum metric_kind kind)
{
	static const char *const ends[] = {
		[METRIC_GAUGE] = "",
		[METRIC_COUNTER] = "_total",
		[METRIC_HISTOGRAM] = "",
		[METRIC_INFO] = "_info",
	};

	return strlen(name) - strlen(ends[kind]);
}

/* "# UNIT x_bytes bytes": the unit is the last word of the name. */
static void add_unit(struct strbuf *out, const char *name, size_t len)
{
	static const char *const units[] = { "bytes", "seconds", "ratio" };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (ends_in(name, len, units[i]))
			strbuf_addf(out, "# UNIT %.*s %s\n", (int)len, name,
				    units[i]);
	}
}

void metrics_family(struct strbuf *out, bool open, const char *name,
		    enum metric_kind kind, const char *help)
{
	static const char *const kinds[] = {
		[METRIC_GAUGE] = "gauge",
		[METRIC_COUNTER] = "counter",
		[METRIC_HISTOGRAM] = "histogram",
		[METRIC_INFO] = "info",
	};
	size_t len = open ? family_len(name, kind) : strlen(name);

	/* the older format has no type for information */
	if (!open && kind == METRIC_INFO)
		kind = METRIC_GAUGE;
	strbuf_addf(out, "# HELP %.*s %s\n# TYPE %.*s %s\n", (int)len, name,
		    help, (int)len, name, kinds[kind]);
	if (open)
		add_unit(out, name, len);
}

/* Characters that a value must escape, and bytes that are not UTF-8. */
void metrics_label(struct strbuf *out, const char *name, const char *value)
{
	struct strbuf utf8 = { 0 };
	const char *c;

	text_to_utf8(&utf8, value);
	strbuf_addf(out, "%s=\"", name);
	for (c = strbuf_text(&utf8); *c; c++) {
		if (*c == '\n')
			strbuf_addstr(out, "\\n");
		else if (*c == '"' || *c == '\\')
			strbuf_addf(out, "\\%c", *c);
		else
			strbuf_add(out, c, 1);
	}
	strbuf_addstr(out, "\"");
	strbuf_release(&utf8);
}

void metrics_number(struct strbuf *out, uint64_t value)
{
	strbuf_addf(out, " %" PRIu64 "\n", value);
}

void metrics_add_fraction(struct strbuf *out, uint64_t billionths)
{
	const uint64_t one = 1000000000;
	uint64_t part = billionths % one;
	int digits = 9;

	strbuf_addf(out, "%" PRIu64, billionths / one);
	while (part && part % 10 == 0) {
		part /= 10;
		digits--;
	}
	if (part)
		strbuf_addf(out, ".%0*" PRIu64, digits, part);
}

void metrics_fraction(struct strbuf *out, uint64_t billionths)
{
	strbuf_addstr(out, " ");
	metrics_add_fraction(out, billionths);
	strbuf_addstr(out, "\n");
}
