/* SPDX-License-Identifier: GPL-2.0-only */
/* Which devices of a sample are in trouble, and the worst trouble of each. */
#ifndef MEMTOP_MODEL_TROUBLE_H
#define MEMTOP_MODEL_TROUBLE_H

#include <stdbool.h>

struct finding;
struct findings;
struct snap_entry;
struct snap_pool;
struct snapshot;

/* From the least to the most severe. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_STALE, /* a pool would get another size if its table was reloaded */
	TROUBLE_EMPTY, /* a pool has no element left */
	TROUBLE_WAIT,
	TROUBLE_STALL,
	TROUBLE_CORRUPTED, /* a block stayed invalid */
	TROUBLE_POSSIBLE_DEADLOCK,
	TROUBLE_DEADLOCK,
	NR_TROUBLES,
};

extern const char *const trouble_names[NR_TROUBLES];

/* Whether it needs attention now. */
bool trouble_is_bad(enum trouble trouble);

/*
 * For each entry of @snap, in its order, the worst finding of its device, or
 * NULL. The caller frees the list, not the findings.
 */
const struct finding **trouble_worst_findings(const struct snapshot *snap,
					      const struct findings *findings);

struct troubles {
	const struct snapshot *snap;
	enum trouble *entries; /* owned; by the snapshot's entries */
	enum trouble *pools; /* owned; by the sample's pools */
};

/* Fills @ret, which refers to @snap. */
void troubles_find(const struct snapshot *snap, const struct findings *findings,
		   struct troubles *ret);
void troubles_release(struct troubles *troubles);

enum trouble trouble_of_entry(const struct troubles *troubles,
			      const struct snap_entry *entry);
enum trouble trouble_of_pool(const struct troubles *troubles,
			     const struct snap_pool *pool);

#endif
