/* SPDX-License-Identifier: GPL-2.0-only */
/* The data for the metrics. */
#ifndef MEMTOP_VIEWS_METRICS_VIEW_H
#define MEMTOP_VIEWS_METRICS_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options/options.h"

struct counters;
struct findings;
struct snap_selection;
struct snapshot;
struct static_hits;

/* Limit of devices; the number of those left out is a metric. */
#define METRICS_MOST_DEVICES 4096

/* The state of the exporter itself. */
struct metrics_health {
	bool gathered; /* the following data of the kernel is present */
	uint64_t gather_ns; /* duration of the sample */
	uint64_t scrapes; /* so far, this one included */
	uint64_t failed; /* of which the kernel could not be read */
	uint64_t refused; /* HTTP requests that got no metrics */
	uint64_t cpu_ns; /* of this process, so far */
	uint64_t started_ns; /* since 1970 */
};

struct metrics_view {
	enum options_detail detail;
	bool open; /* in the format OpenMetrics */

	/* NULL, all of them, if there is no sample. */
	const struct snapshot *snap;
	const struct snap_selection *sel; /* in the snapshot's order */
	const struct findings *findings;
	const struct static_hits *hits;

	const struct counters *counters; /* NULL: no counters */
	uint64_t threshold_ns; /* of findings */
	uint64_t machine_bytes; /* memory of the machine; may be unknown */
	struct metrics_health health;
};

#endif
