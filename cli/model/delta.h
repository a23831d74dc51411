/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes from snapshot to snapshot: rates per second, and a short history of
 * each device. Time is that of the samples, so a recording gives the same
 * results as the machine.
 */
#ifndef MEMTOP_MODEL_DELTA_H
#define MEMTOP_MODEL_DELTA_H

#include "sample/sample.h"

struct snapshot;

enum rate_state {
	RATE_UNKNOWN, /* its count was never known */
	RATE_FIRST, /* there is one count so far */
	RATE_OK,
	RATE_STALE, /* the last one: the newest sample has no newer count */
	RATE_RESET, /* the count began again: a table was loaded */
};

struct rate {
	enum rate_state state;
	uint64_t per_second; /* in thousandths; of RATE_OK and RATE_STALE */
};

/* The last known value of a count. */
struct delta_counter {
	uint64_t count; /* MEMTOP_UNKNOWN: never */
	uint64_t at_ns; /* CLOCK_BOOTTIME */
	struct rate rate;
};

enum delta_kind {
	DELTA_WAITS,
	DELTA_RECHECKS,
	DELTA_DECODES,
	NR_DELTA_KINDS,
};

/* Length of a history in samples; older ones are dropped. */
#define DELTA_LENGTH 64
#define DELTA_GAP UINT32_MAX /* unknown at that time */

struct delta_history {
	uint32_t level[DELTA_LENGTH]; /* of the lowest pool, in thousandths */
	uint32_t waits[DELTA_LENGTH]; /* per second, in thousandths */
	size_t nr;
	size_t next; /* place of the next one */
};

struct delta_device {
	struct sample_devno dev;
	uint64_t number; /* from 1; a new device at dev has another */
	uint64_t table_id; /* the live one's; may be unknown */
	char name[SAMPLE_NAME_LEN];
	struct delta_counter counters[NR_DELTA_KINDS];
	struct delta_history history;
};

struct delta_pool {
	uint64_t id;
	struct delta_counter waits;
};

/* Zeroed, it has no history. */
struct delta {
	struct delta_device *devices; /* owned; by number */
	size_t nr_devices;
	uint64_t last; /* the highest of their numbers so far */
	struct delta_pool *pools; /* owned; by id; those with known waits */
	size_t nr_pools;
	uint32_t *places; /* owned; the snapshot's, as places in pools */
	size_t nr_places;
};

/* A pool without known facts, or one that has its place already. */
#define DELTA_NOWHERE UINT32_MAX

/* Adds @snap, which must be later than those before. */
void delta_advance(struct delta *d, const struct snapshot *snap);
void delta_release(struct delta *d);

/* NULL: not in the last snapshot. */
const struct delta_device *delta_find_device(const struct delta *d,
					     struct sample_devno dev);

/* The number of the device that has @dev now; 0: not seen with a live table. */
uint64_t delta_number(const struct delta *d, struct sample_devno dev);

const struct delta_pool *delta_find_pool(const struct delta *d, uint64_t id);

/* The rate of @count at @at_ns after @counter; pure. */
struct delta_counter delta_counter_next(const struct delta_counter *counter,
					uint64_t count, uint64_t at_ns);

/* The entry of @of that is @back places before the newest (0), or DELTA_GAP. */
uint32_t delta_history_at(const struct delta_history *h,
			  const uint32_t of[DELTA_LENGTH], size_t back);

#endif
