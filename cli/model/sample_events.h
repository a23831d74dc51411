/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The events of one sample of a recording, for a list of its samples. Pure
 * functions of the sample and the previous one.
 */
#ifndef MEMTOP_MODEL_SAMPLE_EVENTS_H
#define MEMTOP_MODEL_SAMPLE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stall/stall.h"

struct sample;

/* Names of devices, each once; "" for a pool without a known device. */
struct event_names {
	const char **all; /* owned; the names belong to the samples */
	size_t nr;
};

struct sample_events {
	uint64_t waiting; /* tasks that wait now */
	uint64_t longest_ns; /* of these; unknown: no task, or no known age */
	struct event_names findings[NR_FINDING_KINDS];
	struct event_names suspended;
	struct event_names corrupted;
	struct event_names added; /* since the previous sample */
	struct event_names removed;
	bool first; /* there is no previous sample: no counts */
	uint64_t rechecks; /* since the previous sample, a lower bound */
	uint64_t decodes;
	struct event_names empty; /* devices with a pool without elements */
	bool incomplete; /* something was lost */
};

/* Fills @ret, which refers to @s and @before; @before is NULL for the first one. */
void sample_events_find(const struct sample *s, const struct sample *before,
			struct sample_events *ret);

/* Frees what @events owns, not @events itself; safe on a zeroed one. */
void sample_events_release(struct sample_events *events);

#endif
