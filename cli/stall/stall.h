/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stall rule: which tasks wait for an element of a reserve, why none is
 * returned, and whether this can end. A pure function of one sample.
 *
 * A wait is served when any element of its pool that is out is returned, or one
 * is in the pool. The page of a recheck, and the buffers of a correction, are
 * returned when their task does not itself wait and its I/O has completed.
 * Elements for I/O are returned when the I/O completes; before it is sent, when
 * their task does not itself wait. I/O does not complete while a task that
 * works on one of its blocks, on the same device or below, waits. I/O and task
 * are matched by the block; of two tasks that read the same block at the same
 * time, the one that began first is taken.
 *
 * Tasks that can be served are removed, repeatedly. No order of events serves
 * the remaining tasks. Of these, a task that waits for itself in the end is in
 * a deadlock, the others wait behind one. To be certain, unknown facts count as
 * possible returns: elements that may be out unseen, I/O that cannot be
 * followed down or that a suspended device may hold, waits younger than the
 * threshold.
 *
 * For a pool that was used before the watch started, the missing elements are
 * known only if rechecks are its only users: these are in progress and listed.
 * A recheck that is past the page has it; it may have the elements that are
 * taken later, and returns them no earlier.
 */
#ifndef MEMTOP_STALL_STALL_H
#define MEMTOP_STALL_STALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

/* From the least to the most severe. */
enum finding_kind {
	FINDING_WAIT, /* a wait over the threshold; its pool has activity */
	FINDING_STALL, /* the pool had no activity for the threshold */
	/*
	 * The pool is shared along the stack, all of its elements are held
	 * above the waiter, and the requests could not be matched.
	 */
	FINDING_POSSIBLE_DEADLOCK,
	/* no order serves the waiters of the cycle while allocations fail */
	FINDING_DEADLOCK,
	NR_FINDING_KINDS,
};

enum stall_cause {
	CAUSE_UNKNOWN,
	CAUSE_SUSPENDED, /* a device at or below the waiter's is suspended */
	CAUSE_IN_FLIGHT, /* I/O below is in progress: slow */
	CAUSE_DEADLOCK, /* waits for a task of a deadlock, see cycle */
	NR_CAUSES,
};

/* An element that is out, or a task that may have one. */
struct finding_holder {
	const struct sample_task *task; /* NULL: not known */
	const struct sample_op *op; /* its user; NULL: not known */
	bool dev_known;
	struct sample_devno dev; /* on behalf of which device */
	bool inferred; /* not traced: a recheck that is past the page */
	bool blocked; /* it cannot return it before a waiter is served */
};

enum step_kind {
	STEP_WAITS, /* task waits for an element of pool */
	STEP_HELD, /* pool: held by task, for op */
	STEP_NEEDS, /* op's or element's I/O to a device, of a range */
	STEP_WORKED_ON, /* that range is worked on by op, in task */
};

/*
 * One step of a cycle; the last one leads to the first. Only the fields of its
 * kind are set.
 */
struct cycle_step {
	enum step_kind kind;
	const struct sample_pool *pool;
	const struct sample_task *task;
	const struct sample_op *op;
	bool dev_known;
	/* held: the device that uses it; needs: of the I/O; worked on: of op */
	struct sample_devno dev;
	uint64_t sector; /* in 512-byte sectors, on dev */
	uint64_t sectors;
};

/* One waiter over the threshold, and the reason why it is not served. */
struct finding {
	enum finding_kind kind;
	/*
	 * Constant as long as this wait lasts, whatever its kind becomes: a
	 * hash of pool, thread and beginning.
	 */
	uint64_t id;
	const struct sample_pool *pool;
	const struct sample_task *waiter;
	bool dev_known;
	struct sample_devno dev; /* of the repair, otherwise of the pool */
	const struct sample_device *device; /* NULL: not known */
	uint64_t age_ns; /* may be unknown */
	bool since_at_least;
	enum stall_cause cause;
	bool cause_dev_known;
	struct sample_devno cause_dev; /* the suspended or the busy device */
	uint64_t in_flight; /* in flight there; may be unknown */
	const struct finding_holder *holders; /* of struct findings */
	size_t nr_holders;
	bool holders_complete; /* all missing elements are among them */
	/*
	 * Of a deadlock; for a wait behind a deadlock the cycle of that one,
	 * which therefore begins with another waiter. Otherwise empty.
	 */
	const struct cycle_step *cycle; /* of struct findings */
	size_t nr_steps;
};

/* Any waiting task, however short its wait is. */
struct finding_wait {
	bool dev_known;
	struct sample_devno dev; /* the same as in a finding */
	uint64_t age_ns; /* may be unknown */
};

struct findings {
	struct finding *all; /* owned; the most severe first, then the oldest */
	size_t nr;
	struct finding_wait *waits; /* owned; each one once */
	size_t nr_waits;
	struct finding_holder *holders; /* owned; all findings' */
	struct cycle_step *steps; /* owned; all findings' */
	/*
	 * The sample was too complex for a complete search at a cost
	 * proportional to its size: the findings are true, but may be more
	 * severe than reported.
	 */
	bool limited;
};

extern const char *const finding_kind_names[NR_FINDING_KINDS];
extern const char *const stall_cause_names[NR_CAUSES];

/*
 * Fills @ret with the waits of @s that are at least @threshold_ns old or of
 * unknown age, and lists all waiters. It refers to @s, which must outlive it.
 * Devices of @s are sorted by number.
 */
void stall_find(const struct sample *s, uint64_t threshold_ns,
		struct findings *ret);

/* Frees what @f owns, not @f itself; safe on a zeroed one. */
void findings_release(struct findings *f);

/* Whether a finding of this kind needs attention. */
bool finding_is_stall(enum finding_kind kind);

/* The most severe kind of all; false: there is none. */
bool findings_worst(const struct findings *f, enum finding_kind *ret);

#endif
