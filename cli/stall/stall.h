/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stall rule: who waits for an element of a reserve, why it does not come,
 * and whether it ever can. A pure function of one sample.
 *
 * A wait is served when any element of its pool that is out comes back, or one
 * is in it. A page, and what error correction works with, comes back when the
 * task that has it does not itself wait, and the I/O that it waits for is done.
 * What is for I/O comes back when that is done; until it has been sent, when its
 * task does not itself wait. I/O is not done while a task that works on one of
 * its blocks, on the same device or below, waits. It is matched by the block, so
 * two tasks that read the same block at a time are not told apart, but by which
 * began first.
 *
 * No order serves those that are left when all are taken away that can be
 * served, again and again. Of these, who waits for himself in the end is in a
 * deadlock, the others wait behind one. To be certain, what is not known counts
 * as coming back: elements that may be out unseen, I/O that can't be followed
 * down or that a suspended device may hold, waits younger than the threshold.
 *
 * Of a pool that was in use before anybody looked, what is out is known only if
 * just rechecks take of it: those go on and are listed. One that is past the
 * page has it; it may have what is taken after that, and gives it back no
 * earlier.
 */
#ifndef MEMTOP_STALL_STALL_H
#define MEMTOP_STALL_STALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

/* From the least to the gravest. */
enum finding_kind {
	FINDING_WAIT, /* a wait over the threshold, of a pool that moves */
	FINDING_STALL, /* nothing of the pool has moved for the threshold */
	FINDING_POSSIBLE_DEADLOCK, /* shared along the stack, all of it held above
				    * the waiter, and not matched */
	FINDING_DEADLOCK, /* no order serves the waiters of the cycle, as long
			   * as allocation fails */
	NR_FINDING_KINDS,
};

enum stall_cause {
	CAUSE_UNKNOWN,
	CAUSE_SUSPENDED, /* a device at or below the waiter's is suspended */
	CAUSE_IN_FLIGHT, /* I/O below goes on: slow */
	CAUSE_DEADLOCK, /* waits for one of a deadlock, see cycle */
	NR_CAUSES,
};

/* An element that is out, or a task that may have one. */
struct finding_holder {
	const struct sample_task *task; /* NULL: not known */
	const struct sample_op *op; /* what it is for; NULL: not known */
	bool dev_known;
	struct sample_devno dev; /* on behalf of which device */
	bool inferred; /* not seen to be taken: a recheck that is past the page */
	bool blocked; /* it can't give it back before a waiter is served */
};

enum step_kind {
	STEP_WAITS, /* task waits for an element of pool */
	STEP_HELD, /* pool: held by task, for op */
	STEP_NEEDS, /* op's or element's I/O to a device, of a range */
	STEP_WORKED_ON, /* that range is worked on by op, in task */
};

/* One step of a cycle; the last one leads to the first. Only its own is set. */
struct cycle_step {
	enum step_kind kind;
	const struct sample_pool *pool;
	const struct sample_task *task;
	const struct sample_op *op;
	bool dev_known;
	struct sample_devno dev; /* held: on behalf of which; needs: of the I/O;
				  * worked on: of the op */
	uint64_t sector; /* in 512-byte sectors, on dev */
	uint64_t sectors;
};

/* One waiter over the threshold, and what is the matter with it. */
struct finding {
	enum finding_kind kind;
	/*
	 * The same as long as this wait lasts, whatever its kind becomes: made of
	 * pool, thread and since when it waits.
	 */
	uint64_t id;
	const struct sample_pool *pool;
	const struct sample_task *waiter;
	bool dev_known;
	struct sample_devno dev; /* the waiter's: its repair's, else its pool's */
	const struct sample_device *device; /* NULL: not known */
	uint64_t age_ns; /* may be unknown */
	bool since_at_least;
	enum stall_cause cause;
	bool cause_dev_known;
	struct sample_devno cause_dev; /* the suspended, or the busy one */
	uint64_t in_flight; /* there; may be unknown */
	const struct finding_holder *holders; /* of struct findings */
	size_t nr_holders;
	bool holders_complete; /* all that is out is among them */
	/*
	 * Of a deadlock; of what waits behind one that of this one, so that it
	 * begins with another waiter. Else there is none.
	 */
	const struct cycle_step *cycle; /* of struct findings */
	size_t nr_steps;
};

/* Whoever waits, for however short a time. */
struct finding_wait {
	bool dev_known;
	struct sample_devno dev; /* as of a finding */
	uint64_t age_ns; /* may be unknown */
};

struct findings {
	struct finding *all; /* owned; the gravest first, then the oldest */
	size_t nr;
	struct finding_wait *waits; /* owned; each one once */
	size_t nr_waits;
	struct finding_holder *holders; /* owned; all findings' */
	struct cycle_step *steps; /* owned; likewise */
	/*
	 * The sample was too tangled to look at all of it at a cost in proportion
	 * to its size: what is found is so, but may be graver than it says.
	 */
	bool limited;
};

extern const char *const finding_kind_names[NR_FINDING_KINDS];
extern const char *const stall_cause_names[NR_CAUSES];

/*
 * Fills @ret with the waits of @s that are @threshold_ns or older, or of unknown
 * age, and lists them all; it refers to @s, which has to outlive it. Devices of
 * @s are by number.
 */
void stall_find(const struct sample *s, uint64_t threshold_ns,
		struct findings *ret);

/* Frees what @f owns, not @f itself; fine on a zeroed one. */
void findings_release(struct findings *f);

/* Whether somebody has to look at a finding of this kind. */
bool finding_is_alarm(enum finding_kind kind);

/* The gravest of all; false: there is none. */
bool findings_worst(const struct findings *f, enum finding_kind *ret);

#endif
