/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reported findings of a watch, and the events after the next sample:
 * findings that are new, that have changed, or that have ended. A pure function
 * of the reported and the current findings.
 */
#ifndef MEMTOP_MODEL_WATCH_STATE_H
#define MEMTOP_MODEL_WATCH_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"
#include "stall/stall.h"

/* A reported finding that has not ended; the samples it came from are gone. */
struct watch_told {
	uint64_t id; /* the id of the finding */
	enum finding_kind kind;
	enum finding_kind worst; /* order of all reported ones */
	enum stall_cause cause;
	uint64_t told_ns; /* when it was last reported, CLOCK_BOOTTIME */
	bool dev_known;
	struct sample_devno dev;
	char name[SAMPLE_NAME_LEN]; /* "" if it is not known */
	uint64_t pool_id;
	char role[SAMPLE_ROLE_LEN];
	uint32_t pid; /* of the waiter */
	char comm[SAMPLE_COMM_LEN];
	uint64_t since_ns; /* when the wait began; may be unknown */
	bool since_at_least;
	uint64_t seen_ns; /* its duration when last found; may be unknown */
};

enum watch_change {
	WATCH_BEGIN,
	WATCH_CHANGE, /* of its kind or cause */
	WATCH_CLEAR,
};

struct watch_event {
	uint64_t seq; /* from 1, without gaps */
	enum watch_change change;
	const struct finding *finding; /* NULL: cleared */
	struct watch_told told; /* the report in short; of a clear the last one */
	/*
	 * Its duration; may be unknown. A finding ended between two samples:
	 * this is the upper bound, limited by the longest wait that its pool has
	 * counted. The lower bound is in the last report, seen_ns.
	 */
	uint64_t age_ns;
};

/* Zero-initialised except for @least, nothing has been reported. */
struct watch_state {
	enum finding_kind least; /* less severe ones are ignored */
	uint64_t seq; /* of the last event */
	struct watch_told *told; /* owned */
	size_t nr;
};

struct watch_events {
	struct watch_event *all; /* owned; clears first */
	size_t nr;
};

/*
 * Evaluates @found, the findings of @s; @ret gets the events and refers to
 * @found. A change to a less severe kind or to another cause is reported after
 * it has lasted for a second, because both can alternate.
 */
void watch_state_update(struct watch_state *state, const struct sample *s,
			const struct findings *found, struct watch_events *ret);

void watch_events_release(struct watch_events *events);

/* The next sample is of another recording, so reported findings cannot end in it. */
void watch_state_forget(struct watch_state *state);
void watch_state_release(struct watch_state *state);

/* Whether it is more than a wait for a pool that moves. */
bool watch_event_is_stall(const struct watch_event *event);

#endif
