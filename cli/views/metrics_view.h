/* SPDX-License-Identifier: GPL-2.0-only */
/* What metrics are made of. */
#ifndef MEMTOP_VIEWS_METRICS_VIEW_H
#define MEMTOP_VIEWS_METRICS_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counters;
struct findings;
struct snap_selection;
struct snapshot;
struct static_hits;

/* Devices beyond so many are left out, and how many are is a metric. */
#define METRICS_MOST_DEVICES 4096

/* How the exporter itself does. */
struct metrics_health {
	bool gathered; /* what follows of the kernel is there */
	uint64_t gather_ns; /* it took */
	uint64_t scrapes; /* so far, this one included */
	uint64_t failed; /* of which the kernel could not be read */
	uint64_t refused; /* HTTP requests that were not given any metrics */
	uint64_t cpu_ns; /* this process's, so far */
	uint64_t started_ns; /* since 1970 */
};

struct metrics_view {
	/* NULL, all of them, if nothing was gathered. */
	const struct snapshot *snap;
	const struct snap_selection *sel; /* in the snapshot's order */
	const struct findings *findings;
	const struct static_hits *hits;

	const struct counters *counters; /* NULL: nothing is counted, as this
					  * process ends at once */
	uint64_t threshold_ns; /* of findings */
	uint64_t machine_bytes; /* memory of the machine; may be unknown */
	struct metrics_health health;
};

#endif
