/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which block device is on which, for one sample: from its links or, without
 * links, from the devices that its tables use; and from the block devices below.
 * Links from a recording may contain loops; every search ends anyway.
 */
#ifndef MEMTOP_STALL_GRAPH_H
#define MEMTOP_STALL_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

#define GRAPH_NONE SIZE_MAX

/* Limit of ranges for one search; a real stack has a few. */
#define GRAPH_MAX_RANGES 64

struct graph_node {
	struct sample_devno dev;
	const struct sample_device *device; /* NULL: not a mapped device */
	size_t first_down, nr_down; /* links to the nodes below, in .links */
	size_t first_up, nr_up; /* from the nodes above, in .up */
	uint64_t in_flight; /* I/O in flight now; may be unknown */
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

/* A range, and all ranges below to which it is known to be mapped. */
struct graph_ranges {
	struct graph_range all[GRAPH_MAX_RANGES]; /* upper ones first */
	size_t from[GRAPH_MAX_RANGES]; /* the range above; first: GRAPH_NONE */
	size_t nr;
	bool cut; /* there are more */
	size_t steps; /* that the search took */
};

enum graph_direction {
	GRAPH_DOWN,
	GRAPH_UP,
};

/* Fills @ret, which refers to @s. Call graph_release() later. */
void graph_build(const struct sample *s, struct graph *ret);
void graph_release(struct graph *g);

/* The node of @dev; GRAPH_NONE: it is in no link and not a mapped device. */
size_t graph_find(const struct graph *g, struct sample_devno dev);

/*
 * Searches from the @nr nodes at @from, down or up, and sets .reached of all
 * nodes that it visits, and of no others; of those at @from only if they are
 * below, or above, one another or themselves. The visited nodes are the first
 * in .order, nearest first. Returns how many.
 */
size_t graph_reach(struct graph *g, const size_t *from, size_t nr,
		   enum graph_direction direction);

/*
 * The same, but ends after @most steps, where each node or link is a step.
 * Nodes beyond are not visited. @steps: how many were made, @most if it ended
 * early.
 */
size_t graph_reach_within(struct graph *g, const size_t *from, size_t nr,
			  enum graph_direction direction, size_t most,
			  size_t *steps);

/*
 * Steps for all searches of @g together, so that their cost is proportional to
 * its size and to @others, the number of searches.
 */
size_t graph_budget(const struct graph *g, size_t others);

/* Follows @range down. */
void graph_map(const struct graph *g, const struct graph_range *range,
	       struct graph_ranges *ret);

/* Whether both are of one device and have a sector in common. */
bool graph_overlap(const struct graph_range *a, const struct graph_range *b);

#endif
