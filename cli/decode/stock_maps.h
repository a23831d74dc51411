/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decodes the notes of the walk over an unpatched kernel's structures, once
 * they are in memory: does not access the kernel.
 *
 * A pass takes no lock, so it may have read inconsistent states, or missed
 * objects that moved. Facts that are equal in two consecutive passes were true.
 */
#ifndef MEMTOP_DECODE_STOCK_MAPS_H
#define MEMTOP_DECODE_STOCK_MAPS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stock_record.h"

struct sample;

/* The notes of one pass; owns nothing. */
struct stock_notes {
	const struct stock_device *devices;
	const struct stock_table *tables;
	const struct stock_target *targets;
	const struct stock_lower *lower;
	const struct stock_pool *pools;
	const struct stock_wait *waits;
	struct stock_numbers nr; /* number of all of them */
	bool finished; /* the pass has seen the end */
};

/*
 * Whether two complete passes have equal notes, byte by byte. Then everything
 * that the earlier one found still exists, unchanged.
 */
bool stock_notes_same(const struct stock_notes *a, const struct stock_notes *b);

/* What earlier samples have shown about an address. */
struct stock_id {
	uint64_t address;
	uint64_t id; /* its number */
	uint64_t lowest; /* of a pool: fewest elements seen */
	uint64_t queue; /* of a mempool: address of its wait queue; 0: none */
};

struct stock_ids {
	struct stock_id *known; /* owned; by address */
	size_t nr;
	uint64_t last; /* the highest number so far */
};

/*
 * Adds to @s the devices about which two consecutive passes agree, with their
 * pools, as in @later. Devices that are in @s already stay unchanged. Pools and
 * tables get their numbers from @ids, which keeps those of existing objects.
 * Returns how many devices of either pass are still missing.
 */
size_t stock_maps_add(const struct stock_notes *earlier,
		      const struct stock_notes *later, struct stock_ids *ids,
		      struct sample *s);

/*
 * Adds those of @later that are missing, marked torn and without pools; returns
 * how many. Afterwards the devices of @s are in order in any case.
 */
size_t stock_maps_end(const struct stock_notes *later, struct sample *s);

/* Frees what @ids owns, not @ids itself; safe on zeroed ones. */
void stock_ids_release(struct stock_ids *ids);

#endif
