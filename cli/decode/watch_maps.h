/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Merges the two sources of a watch, and keeps facts from earlier samples: does
 * not access the kernel.
 */
#ifndef MEMTOP_DECODE_WATCH_MAPS_H
#define MEMTOP_DECODE_WATCH_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sample;

/*
 * Puts into @events, whose devices are those of @stock, the facts that only the
 * walk over the structures has: pools without any event, current levels, tasks
 * on wait queues. A pool that several devices share has an entry with the same
 * number for each of them. If the events list such a pool without an owner,
 * their entry stays, too, and has the waiters and holders. Frees nothing of
 * @stock.
 */
void watch_maps_merge(struct sample *events, const struct sample *stock);

/* Whether a device of @events has a target whose reserves only the walk finds. */
bool watch_maps_need_walk(const struct sample *events);

/*
 * Adds the reserves of such targets from @stock to @events, which otherwise
 * stay unchanged. Of the events' clients without a device, as many are left out
 * as the walk has named.
 */
void watch_maps_add_walked(struct sample *events, const struct sample *stock);

struct known_wait;
struct known_pool;

/* Facts from earlier samples. Initially zeroed. */
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
