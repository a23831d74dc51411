/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many elements a pool gets when its table is loaded again: one rule for
 * advice, static rules and metrics. Pure functions of one sample.
 *
 * dm_io clients keep as many elements as the parameter's value,
 * dm_io_client_create(). A table's bio sets keep as many, but no fewer than any
 * one of its targets is sent for a flush, dm_table_alloc_md_mempools().
 *
 * With kernel/fix reserves are sized by need instead: verity's dm_io clients
 * have a number of their own and no reserve of vectors, by which such a kernel
 * is known here, and a table of which no bio ever goes to two places keeps one
 * clone.
 */
#ifndef MEMTOP_MODEL_RELOAD_H
#define MEMTOP_MODEL_RELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

/* drivers/md/dm.c: the value used instead of 0, and the largest one used. */
#define RELOAD_DEFAULT 16
#define RELOAD_MOST 1024

/* From least to most elements; equal if the number is known exactly. */
struct reload_range {
	uint64_t least;
	uint64_t most; /* MEMTOP_UNKNOWN: not known */
};

/* The requirements of a table's targets. */
struct reload_floor {
	struct reload_range bios; /* the largest number of any target */
	bool of_bios; /* a target works on bios: the parameter applies */
	bool of_requests; /* a target may work on requests: it does not apply */
	bool other_than_verity; /* a target has another type */
};

struct reload {
	const struct sample *sample;
	bool by_need; /* see reload_is_by_need() */
	/* owned; for each device the live table's, then the inactive one's */
	struct reload_floor *floors;
};

/*
 * Whether @s comes from a kernel with kernel/fix; not known without a verity
 * device.
 */
bool reload_is_by_need(const struct sample *s);

/* Whether the parameter sizes @pool. */
bool reload_sizes_pool(const struct sample_pool *pool, bool by_need);

/*
 * The value that the kernel uses if the parameter is @value, which may be
 * unknown.
 */
uint64_t reload_parameter(uint64_t value);

/* How many bios a target of @type gets for one flush. */
struct reload_range reload_flush_bios(const char *type);

/*
 * Prepares for the pools of @s, which must outlive @ret and whose devices are
 * sorted by number. Call reload_release() later.
 */
void reload_init(const struct sample *s, struct reload *ret);
void reload_release(struct reload *r);

/* The elements of @pool, one of the sample's, with the parameter at @value. */
struct reload_range reload_elements(const struct reload *r,
				    const struct sample_pool *pool,
				    uint64_t value);

/*
 * Whether a reload is certain to change how many elements @pool has; then
 * *@expected is the new number.
 */
bool reload_changes(const struct reload *r, const struct sample_pool *pool,
		    uint64_t value, uint64_t *expected);

#endif
