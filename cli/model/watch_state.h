/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a watch has told, and what there is to tell when it has looked again:
 * findings that are new, that have changed, or that are over. A pure function of
 * what was told and of what is found now.
 */
#ifndef MEMTOP_MODEL_WATCH_STATE_H
#define MEMTOP_MODEL_WATCH_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"
#include "stall/stall.h"

/* A finding that was told and is not over; of what it was, the samples are gone. */
struct watch_told {
	uint64_t id; /* the finding's */
	enum finding_kind kind;
	enum finding_kind worst; /* of all that was told of it */
	enum stall_cause cause;
	uint64_t told_ns; /* when it was told last, CLOCK_BOOTTIME */
	bool dev_known;
	struct sample_devno dev;
	char name[SAMPLE_NAME_LEN]; /* "" where it is not known */
	uint64_t pool_id;
	char role[SAMPLE_ROLE_LEN];
	uint32_t pid; /* of the waiter */
	char comm[SAMPLE_COMM_LEN];
	uint64_t since_ns; /* when the wait began; may be unknown */
	bool since_at_least;
	uint64_t seen_ns; /* how long it had lasted when last found; may be unknown */
};

enum watch_change {
	WATCH_BEGIN,
	WATCH_CHANGE, /* of its kind or cause */
	WATCH_CLEAR,
};

struct watch_event {
	uint64_t seq; /* from 1, without a gap */
	enum watch_change change;
	const struct finding *finding; /* NULL: cleared */
	struct watch_told told; /* the same in short, and of a clear the last */
	/*
	 * How long it has lasted; may be unknown. One that is over ended some time
	 * between two samples: then at most so long, and no longer than the longest
	 * wait that its pool has counted; at least told.seen_ns.
	 */
	uint64_t age_ns;
};

/* Zero-initialised but for @least, it has told nothing. */
struct watch_state {
	enum finding_kind least; /* what is less than that is nothing */
	uint64_t seq; /* of the last event */
	struct watch_told *told; /* owned */
	size_t nr;
};

struct watch_events {
	struct watch_event *all; /* owned; clears first */
	size_t nr;
};

/*
 * Takes in @found, which is what there is in @s; @ret gets the events and refers
 * to @found. What is less grave than before, or has another cause, is told if
 * that has been so for a second: both may go to and fro.
 */
void watch_state_update(struct watch_state *state, const struct sample *s,
			const struct findings *found, struct watch_events *ret);

void watch_events_release(struct watch_events *events);
void watch_state_release(struct watch_state *state);

/* Whether it is more than a wait for a pool that moves. */
bool watch_is_verdict(const struct watch_event *event);

#endif
