/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which block device is on which, of one sample: from its links, or, where it
 * has none, from what its devices' tables use. Links may be anything, loops as
 * well: whatever walks here ends.
 */
#ifndef MEMTOP_STALL_GRAPH_H
#define MEMTOP_STALL_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

#define GRAPH_NONE SIZE_MAX

/* Most ranges that one range is followed to; a stack has a few. */
#define GRAPH_MAX_RANGES 64

struct graph_node {
	struct sample_devno dev;
	const struct sample_device *device; /* NULL: no mapped device */
	size_t first_down, nr_down; /* links to what is below, in .links */
	size_t first_up, nr_up; /* from what is above, in .up */
	uint64_t in_flight; /* I/O that it has now; may be unknown */
	bool reached; /* of the last graph_reach() */
};

struct graph {
	struct graph_node *nodes; /* owned; by number */
	size_t nr;
	struct sample_link *links; /* owned; by upper device */
	size_t nr_links;
	size_t *lower; /* owned; of each link, the node */
	size_t *up; /* owned; by lower device: the upper node of a link each */
	size_t *order; /* owned; nodes of the last graph_reach() */
	size_t nr_order;
};

/* A part of a device, in 512-byte sectors. */
struct graph_range {
	struct sample_devno dev;
	uint64_t sector;
	uint64_t sectors;
};

/* A range, and all that it is known to be mapped to on devices below. */
struct graph_ranges {
	struct graph_range all[GRAPH_MAX_RANGES]; /* upper ones first */
	size_t from[GRAPH_MAX_RANGES]; /* which of them it is mapped from; the
					* first is from none: GRAPH_NONE */
	size_t nr;
	bool cut; /* there are more */
	size_t steps; /* that it took to find them */
};

enum graph_direction {
	GRAPH_DOWN,
	GRAPH_UP,
};

/* Fills @ret, which refers to @s. To be released with graph_release(). */
void graph_build(const struct sample *s, struct graph *ret);
void graph_release(struct graph *g);

/* The node of @dev; GRAPH_NONE: it is in no link and no mapped device. */
size_t graph_find(const struct graph *g, struct sample_devno dev);

/*
 * Goes from the @nr nodes at @from, down or up, and sets .reached of all that
 * are met, no others; of those at @from only if they are below, or above, one
 * another or themselves. The first of them, nearest first, are in .order.
 * Returns how many.
 */
size_t graph_reach(struct graph *g, const size_t *from, size_t nr,
		   enum graph_direction direction);

/*
 * The same, but ends after @most steps, a node or a link each: what is beyond is
 * not met. @steps: how many were made, @most if it ended early.
 */
size_t graph_reach_within(struct graph *g, const size_t *from, size_t nr,
			  enum graph_direction direction, size_t most,
			  size_t *steps);

/*
 * Steps that all searches of @g together may make, so that their cost stays in
 * proportion to it and to @others, the number of those who search.
 */
size_t graph_budget(const struct graph *g, size_t others);

/* Follows @range down. */
void graph_map(const struct graph *g, const struct graph_range *range,
	       struct graph_ranges *ret);

/* Whether both are of one device and have a sector in common. */
bool graph_overlap(const struct graph_range *a, const struct graph_range *b);

#endif
