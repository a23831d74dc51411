/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Monotonic counters. The kernel's counts belong to a pool or a table, and end
 * with it; here they continue under keys that a monitoring system can follow: the
 * device's number, the slot and the role.
 */
#ifndef MEMTOP_MODEL_COUNTERS_H
#define MEMTOP_MODEL_COUNTERS_H

#include "sample/sample.h"
#include "sample/wait_histogram.h"

struct counters;
struct findings;

enum counter {
	COUNTER_NONE,
	COUNTER_WAITS,
	COUNTER_SLEEPS,
	COUNTER_WAIT_NS,
	COUNTER_RECHECKS,
	COUNTER_FAILED_RECHECKS,
	COUNTER_DECODES,
	COUNTER_FAILED_DECODES,
	NR_COUNTERS,
};

/* The key of a count. */
struct counters_key {
	bool dev_known;
	struct sample_devno dev;
	enum sample_slot slot; /* LIVE for those of devices */
	/* "" for those of devices, and for the sums over a device's pools */
	const char *role;
	bool all_devices; /* the sum over the pools of the role */
};

/*
 * Limit of remembered keys, including those of removed objects. Of these, the
 * ones removed for longest are forgotten, and begin at 0 again.
 */
#define COUNTERS_MOST 65536

/* Limit of roles with durations; a kernel has some 100. */
#define COUNTERS_MOST_ROLES 1024

/* Without counts; never NULL. counters_free() is safe on NULL. */
struct counters *counters_new(void);
void counters_free(struct counters *c);

/*
 * Adds the increase since the previous sample. Events of a pool between the
 * last sample with it and its end are missing. Sums are over the pools that
 * @shown has, by their place in @s; NULL: all. A shared pool counts once, at
 * the first of its devices that is shown.
 */
void counters_update(struct counters *c, const struct sample *s,
		     const bool *shown);

/* The value so far; unknown if it is not counted, or was never seen. */
uint64_t counters_get(const struct counters *c, const struct counters_key *key,
		      enum counter counter);

/*
 * The finished waits for the pools of @role in all devices, by duration; not known: they
 * are not counted. No bucket ever shrinks.
 */
struct wait_histogram counters_durations(const struct counters *c,
					 const char *role);

/*
 * Adds findings. counters_found(): how often a wait became one of this kind, as
 * far as samples show it. @kind is one of enum finding_kind.
 */
void counters_note(struct counters *c, const struct findings *findings);
uint64_t counters_found(const struct counters *c, unsigned int kind);

/* Number of remembered keys. */
size_t counters_size(const struct counters *c);

#endif
