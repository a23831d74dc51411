/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the walk over an unpatched kernel's structures has noted, once it is in
 * memory: from here on there is no kernel.
 *
 * A pass takes no lock, so it may have met things half changed, or missed what
 * moved. What two passes, one after the other, have found to be the same was so.
 */
#ifndef MEMTOP_DECODE_STOCK_MAPS_H
#define MEMTOP_DECODE_STOCK_MAPS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stock_record.h"

struct sample;

/* What one pass has noted; none of it is owned. */
struct stock_notes {
	const struct stock_device *devices;
	const struct stock_table *tables;
	const struct stock_target *targets;
	const struct stock_lower *lower;
	const struct stock_pool *pools;
	const struct stock_wait *waits;
	struct stock_numbers nr; /* all of them there */
	bool finished; /* the pass has seen the end */
};

/*
 * Whether two passes that have seen the end have noted the same, to the byte: then
 * all that the earlier one found is there still, and as it was.
 */
bool stock_notes_same(const struct stock_notes *a, const struct stock_notes *b);

/* What is known of an address from the samples before. */
struct stock_id {
	uint64_t address;
	uint64_t id; /* what it is called instead */
	uint64_t lowest; /* of a pool: fewest elements seen */
};

struct stock_ids {
	struct stock_id *known; /* owned; by address */
	size_t nr;
	uint64_t last; /* the highest that was given */
};

/*
 * Adds to @s the devices about which two passes, one right after the other,
 * agree, with their pools, as @later has them; those that are in @s already stay
 * as they are. Pools and tables get numbers from @ids, which keeps those of what
 * is there. Returns how many devices that either pass has are still missing.
 */
size_t stock_maps_add(const struct stock_notes *earlier,
		      const struct stock_notes *later, struct stock_ids *ids,
		      struct sample *s);

/*
 * Adds those of @later that are missing, marked torn and without pools; returns
 * how many. In any case @s's devices are in order then.
 */
size_t stock_maps_end(const struct stock_notes *later, struct sample *s);

/* Frees what @ids owns, not @ids itself; fine on zeroed ones. */
void stock_ids_release(struct stock_ids *ids);

#endif
