/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data of the stall rule: waiters and holders of one sample, indexed. Only
 * for stall*.c.
 */
#ifndef MEMTOP_STALL_STALL_STATE_H
#define MEMTOP_STALL_STALL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"
#include "stall/graph.h"

struct stall_op {
	const struct sample_op *op;
	const struct sample_device *device;
	size_t wait; /* of its task; STALL_NONE */
};

#define STALL_NONE SIZE_MAX

/* A task that waits. */
struct stall_wait {
	const struct sample_pool *entry; /* that lists it */
	const struct sample_task *task;
	size_t pool;
	size_t op; /* STALL_NONE: not in a repair, or in an unknown one */
	bool dev_known;
	struct sample_devno dev;
	size_t node; /* of that device */
	uint64_t age_ns; /* may be unknown */
	bool old; /* known to be as old as the threshold */
	bool blocked; /* no order serves it */
	bool cyclic; /* its blockers lead back to itself */
};

/* A pool, once, whichever devices it is listed with. */
struct stall_pool {
	const struct sample_pool *main; /* the entry with most details */
	size_t first_entry, nr_entries;
	size_t first_wait, nr_waits;
	size_t first_element, nr_elements;
	bool complete; /* all missing elements are among these */
	bool stalled; /* it had no activity for the threshold */
	bool blocked; /* no element can come back before a waiter is served */
	size_t component; /* of pools that block one another */
};

enum stall_fate {
	FATE_NOT_ASKED,
	FATE_GOES_ON,
	FATE_NOT_KNOWN,
};

/* An element that is out, or a repair that may have one. */
struct stall_element {
	const struct sample_task *task; /* NULL: inferred */
	size_t pool;
	size_t op; /* STALL_NONE: not known */
	size_t wait; /* the wait during which its task keeps it; STALL_NONE */
	bool dev_known;
	struct sample_devno dev; /* that uses it */
	size_t node; /* of that device */
	enum stall_fate fate; /* by stall_goes_on() */
	size_t first_need, nr_needs; /* in .element_needs */
	size_t blocking; /* of these, those that are blocked */
};

/*
 * A condition for the return of elements: I/O that must complete, or a wait of
 * the task that has them. Many elements may share it, so it is stored once.
 */
struct stall_need {
	size_t wait; /* STALL_NONE: it is I/O: */
	struct graph_range io;
	uint64_t since_ns; /* it began then or later; may be unknown */
	size_t after; /* how many of the stuck repairs are older than it */
	size_t first_edge, nr_edges;
	size_t blocking; /* of these, those of waiters that are blocked */
	enum stall_fate fate;
	size_t component; /* as of pools */
};

/* An old wait that must be served before a need is met. */
struct stall_edge {
	size_t need;
	size_t wait;
	size_t op; /* of that task; STALL_NONE: the task is the holder */
	struct graph_range io; /* the holder's I/O, which needs that block */
	struct graph_range block;
};

/* A step of a cycle: an element of a pool, and the wait that it needs. */
struct stall_hop {
	size_t element;
	size_t edge;
};

/* I/O that an element's holder has in flight. */
struct stall_io {
	struct graph_range range;
	uint64_t since_ns; /* it began then or later; may be unknown */
};

/* A search for a cycle, breadth first: how pools and needs were reached. */
struct stall_search {
	size_t *edge; /* owned; of each pool, by which; or STALL_NONE */
	size_t *element; /* owned; of each need, the element; STALL_NONE */
	size_t *queue; /* owned; needs follow pools */
	size_t nr;
};

struct stall_state {
	const struct sample *sample;
	uint64_t threshold_ns;
	struct graph graph;
	const struct sample_pool **entries; /* owned; by pool */
	struct stall_pool *pools; /* owned; by id */
	size_t nr_pools;
	struct stall_wait *waits; /* owned; by pool, then by thread */
	size_t nr_waits;
	size_t *by_pid; /* owned; waits by thread */
	struct stall_op *ops; /* owned; by number */
	size_t nr_ops;
	size_t *device_ops; /* owned; by device of the sample */
	size_t *first_op; /* owned; of each device there, and the end */
	size_t *stuck_ops; /* owned; of old waiters, by device and block */
	size_t nr_stuck_ops;
	uint64_t *stuck_since; /* owned; when these began, in order */
	size_t nr_stuck_since;
	uint64_t longest_op; /* of those, in sectors */
	struct stall_element *elements; /* owned; by pool */
	size_t nr_elements;
	size_t *io_elements; /* owned; those with I/O of an op, by op */
	size_t nr_io_elements;
	struct stall_need *needs; /* owned */
	size_t nr_needs;
	size_t *element_needs; /* owned; by element */
	struct stall_edge *edges; /* owned; by need */
	size_t nr_edges;
	/* Owned, by node of the graph: */
	bool *suspended; /* it is, or something below: */
	size_t *suspended_by; /* the nearest such device */
	bool *stuck; /* an old waiter is there, or below */
	bool *unmatched; /* one is there, and not for a data block */
	uint8_t *own; /* which recheck pools it has: role_recheck_order(), a bit each */
	bool *io_seen; /* elements for I/O of its rechecks are traced */
	bool io_seen_of_nobody; /* the same for pools without a device */
	bool stuck_somewhere; /* an old waiter is on a device not known */
	struct stall_search search;
	size_t *culprits; /* owned; of each pool; see stall_find_culprit() */
	/*
	 * The remaining budget, so that cost and memory are proportional to the
	 * sample. Facts for which no budget is left count as unknown.
	 */
	size_t steps;
	size_t room; /* for edges, and for elements that are inferred */
	bool limited; /* facts were left out because the budget was used up */
};

/*
 * Takes @nr of the remaining steps. False: there are too few left; records
 * that.
 */
bool stall_spend(struct stall_state *st, size_t nr);

/*
 * The three steps that fill it: waits and repairs, then missing elements, then
 * the results for devices and pools.
 */
void stall_state_build(const struct sample *s, uint64_t threshold_ns,
		       struct stall_state *ret);
void stall_add_elements(struct stall_state *st);
void stall_state_conclude(struct stall_state *st);

void stall_state_release(struct stall_state *st);

/* An object with a number, and its place in its list. */
struct stall_number {
	uint64_t number;
	size_t at;
};

/*
 * The places of all @nr objects by number, equal ones by place. Sorts them;
 * allocated.
 */
size_t *stall_index(struct stall_number *numbers, size_t nr);

/* The repair with this number; STALL_NONE. */
size_t stall_find_op(const struct stall_state *st, uint64_t number);

/* The wait of thread @pid; STALL_NONE. */
size_t stall_find_wait(const struct stall_state *st, uint32_t pid);

/* The thread that has @e. */
uint32_t stall_holder_pid(const struct stall_state *st,
			  const struct stall_element *e);

/*
 * Fills @ret, of @room, with the I/O that must complete before @e is returned.
 * Returns how many.
 */
size_t stall_element_ios(const struct stall_state *st,
			 const struct stall_element *e, struct stall_io *ret,
			 size_t room);

/* Decides .blocked of pools and waits. */
void stall_block(struct stall_state *st);

/* Whether @e is known to come back without any old waiter being served. */
bool stall_goes_on(struct stall_state *st, struct stall_element *e);

/* Whether @e cannot come back before some old waiter is served. */
bool stall_is_held_up(const struct stall_state *st,
		      const struct stall_element *e);

/* Decides .cyclic of waits, and .component. */
void stall_find_cyclic(struct stall_state *st);

/*
 * The path from @wait, which is cyclic, to itself, of @nr steps. The caller
 * frees. NULL: the budget is used up.
 */
struct stall_hop *stall_find_cycle(struct stall_state *st, size_t wait,
				   size_t *nr);

/* A cyclic wait behind which @wait, which is blocked, waits. */
size_t stall_find_culprit(struct stall_state *st, size_t wait);

#endif
