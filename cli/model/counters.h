/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts that only grow, whatever comes and goes. The kernel's counts are those
 * of a pool, or of a table, and end with it; here they go on under what a
 * monitoring system knows: the device's number, the slot and the role.
 */
#ifndef MEMTOP_MODEL_COUNTERS_H
#define MEMTOP_MODEL_COUNTERS_H

#include "sample/sample.h"

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

/* Whose count it is. */
struct counters_key {
	bool dev_known;
	struct sample_devno dev;
	enum sample_slot slot; /* LIVE for those of devices */
	const char *role; /* "" for those of devices */
};

/*
 * As many keys are remembered, those of what is gone included; of these the
 * ones that are gone for longest are forgotten, and begin at 0 again.
 */
#define COUNTERS_MOST 65536

/* None yet; never NULL. counters_free() is fine on NULL. */
struct counters *counters_new(void);
void counters_free(struct counters *c);

/*
 * Adds what was counted since the sample before. What happens to a pool between
 * the last sample that has it and its end is not known and not in it.
 */
void counters_update(struct counters *c, const struct sample *s);

/* So far; unknown if that is not counted, or was never seen. */
uint64_t counters_get(const struct counters *c, const struct counters_key *key,
		      enum counter counter);

/*
 * Notes what was found. counters_found(): how often a wait came to be of this
 * kind, as far as anybody looked while it was. @kind is one of enum
 * finding_kind.
 */
void counters_note(struct counters *c, const struct findings *findings);
uint64_t counters_found(const struct counters *c, unsigned int kind);

/* Keys that are remembered. */
size_t counters_size(const struct counters *c);

#endif
