/* SPDX-License-Identifier: GPL-2.0-only */
/* The properties of device-mapper's target types (reserve_table.h). */
#ifndef MEMTOP_SAMPLE_TARGETS_H
#define MEMTOP_SAMPLE_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the reserves of a type's targets are found. */
enum target_reserves {
	TARGET_NONE, /* it has none of its own */
	TARGET_BOTH, /* both sources find them */
	TARGET_WALKED, /* only the walk over the kernel's structures does */
	TARGET_UNKNOWN, /* nothing finds them */
};

struct target_row {
	const char *type;
	enum target_reserves reserves;
	/* With the structures that the walk reads; NULL: it reads none. */
	const char *module;
	/* Bios that it gets for one flush, at least and at most. */
	uint64_t least_flush;
	uint64_t most_flush;
	/*
	 * Clients whose pools a reload passes on from the old table to the new one,
	 * separated by spaces; NULL: none.
	 */
	const char *kept;
};

/* The row of @type; NULL: it is not in the catalogue, so it may have any reserve. */
const struct target_row *target_find(const char *type);

/* How the reserves of targets of @type are found. */
enum target_reserves target_reserves(const char *type);

/*
 * Whether a target of @type keeps its pools of @role when its table is loaded again,
 * so that they get no new size.
 */
bool target_keeps(const char *type, const char *role);

/*
 * Other modules with structures that the walk reads on its way from a target to
 * its reserves, and those of the rows; NULL after the last one.
 */
const char *target_module(size_t i);

#endif
