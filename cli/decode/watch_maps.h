/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a watch makes of its two sources and of its memory: no kernel here.
 */
#ifndef MEMTOP_DECODE_WATCH_MAPS_H
#define MEMTOP_DECODE_WATCH_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sample;

/*
 * Puts into @events, whose devices are those of @stock, what only the look at the
 * structures knows: pools that no event has told of, levels as they are now,
 * tasks on wait queues. A pool that several devices have has an entry for each of
 * them, of one number. Where the events know such a pool as nobody's, theirs
 * stays beside these, and has those who wait and hold. Frees nothing of @stock.
 */
void watch_maps_merge(struct sample *events, const struct sample *stock);

/* Whether a device of @events has a target whose reserves only the walk finds. */
bool watch_maps_need_walk(const struct sample *events);

/*
 * Adds to @events, which keep all else that they have, the reserves of such targets
 * from @stock. Of clients without a device that the events have as many are left out
 * as the walk has named.
 */
void watch_maps_add_walked(struct sample *events, const struct sample *stock);

struct known_wait;
struct known_pool;

/* What the samples before have shown. Zeroed at first. */
struct watch_memory {
	struct known_wait *waits; /* owned; by pool and task */
	size_t nr_waits;
	struct known_pool *pools; /* owned; by number */
	size_t nr_pools;
};

/*
 * Fills in unknown times of @s, taken at s->boottime_ns. A waiter whose
 * beginning is unknown has waited at least since it was first seen, unless it
 * has run more often since then than a waiter does. The last activity of a pool
 * becomes 0 as long as neither its level nor its waiting tasks have changed
 * since it was first seen.
 */
void watch_memory_apply(struct watch_memory *memory, struct sample *s);

/* Frees what @memory owns, not @memory itself. */
void watch_memory_release(struct watch_memory *memory);

#endif
