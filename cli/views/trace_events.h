/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a watch sees as a trace for Perfetto and Chrome's viewer: the JSON array of the
 * Trace Event Format, whose end may be missing.
 */
#ifndef MEMTOP_VIEWS_TRACE_EVENTS_H
#define MEMTOP_VIEWS_TRACE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sample;
struct strbuf;
struct trace_device;
struct trace_level;
struct watch_event;

/* What the trace needs of the last sample; zeroed before the first. */
struct trace_events {
	struct trace_device *devices; /* owned; by number */
	size_t nr_devices;
	struct trace_level *levels; /* owned; of pools, by number */
	size_t nr_levels;
	uint64_t now_ns; /* its time, CLOCK_BOOTTIME */
	bool begun; /* there was an event */
};

/* Adds the names of devices that are new in @s, and the levels that have changed. */
void trace_events_sample(struct trace_events *trace, const struct sample *s,
			 struct strbuf *to);

/* Adds @event of @s, the last sample that was added. */
void trace_events_add(struct trace_events *trace, const struct sample *s,
		      const struct watch_event *event, struct strbuf *to);

/* Adds the end of the array. */
void trace_events_end(struct trace_events *trace, struct strbuf *to);

/* Frees what @trace owns, not @trace itself; safe on a zeroed one. */
void trace_events_release(struct trace_events *trace);

#endif
