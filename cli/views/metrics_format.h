/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of the two formats of metrics: the text format of Prometheus, and
 * OpenMetrics. They differ in the lines before a family and in the end.
 */
#ifndef MEMTOP_VIEWS_METRICS_FORMAT_H
#define MEMTOP_VIEWS_METRICS_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

enum metric_kind {
	METRIC_GAUGE,
	METRIC_COUNTER, /* its name ends in "_total" */
	METRIC_HISTOGRAM, /* with series for its buckets, sum and count */
	METRIC_INFO, /* its name ends in "_info", and its value is always 1 */
};

/*
 * Begins the family of the series that are called @name; @open: for
 * OpenMetrics, in which a family of bytes, seconds or a ratio has a unit.
 */
void metrics_family(struct strbuf *out, bool open, const char *name,
		    enum metric_kind kind, const char *help);

/* A label, with escapes; bytes that are not UTF-8 become U+FFFD. */
void metrics_label(struct strbuf *out, const char *name, const char *value);

/* A number as text: @billionths of one, with all known digits and no zeros after. */
void metrics_add_fraction(struct strbuf *out, uint64_t billionths);

/* The end of a series' line: @value, or @billionths of one; must be known. */
void metrics_number(struct strbuf *out, uint64_t value);
void metrics_fraction(struct strbuf *out, uint64_t billionths);

#endif
