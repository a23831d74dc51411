/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The next sample, of the running kernel or of a recording. Every command gets
 * its samples here, and nowhere else.
 *
 * Times are in ns. Functions that return int return a negative errno value if they
 * fail, and have reported the reason; -ENODEV: the recording lacks the sample.
 */
#ifndef MEMTOP_STREAM_STREAM_H
#define MEMTOP_STREAM_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/wall_time.h"
#include "kernel/collect.h"

struct options;
struct sample;
struct stream;

struct stream_wish {
	const char *replay; /* recording, "-": stdin; NULL: the running kernel */
	/*
	 * Its last sample to read: a number, or the last one at or before a moment, or
	 * so long before the last of all.
	 */
	uint64_t last; /* 0: read them all */
	bool at_given;
	struct wall_time at;
	uint64_t ago_ns; /* 0: not given */
	struct collect_wish collect; /* of the running kernel */
	/*
	 * A steady pace: each sample of the running kernel is taken delay_ns after
	 * the one before, or at once if that time is over. It ends when
	 * stop_wanted(). One that cannot be taken while modules change (-EAGAIN) is
	 * left out, but for the first. Otherwise a sample is taken at each call.
	 */
	bool paced;
	uint64_t delay_ns;
};

/*
 * What @options ask for: the source or the recording, and its last sample.
 * @span, @lower: as in struct collect_wish. Not paced.
 */
struct stream_wish stream_wish_of(const struct options *options,
				  enum collect_span span, bool lower);

/* Returns 0 and a stream that the caller closes. @wish may go afterwards. */
int stream_open(const struct stream_wish *wish, struct stream **ret);

/*
 * Takes the next sample. Returns 1, 0 if there is none (the recording has ended,
 * or a signal wants an end), or an error: the sample before stays then. It is an
 * error if there is not even a first sample, or if the recording lacks the last one
 * that is wished for.
 */
int stream_next(struct stream *s);

/* The same for the last sample: of the running kernel the next one. Returns 0. */
int stream_last(struct stream *s);

/* The newest sample, until the next call; there has to be one. */
const struct sample *stream_sample(const struct stream *s);

/*
 * The newest sample, which the caller releases from now on. The stream has none
 * until the next one is taken.
 */
struct sample stream_take(struct stream *s);

/* Number of samples so far: in a recording the number of the newest one. */
uint64_t stream_number(const struct stream *s);

/* Whether the newest sample equals the one before, as of collector_renew(). */
bool stream_same(const struct stream *s);

/*
 * Whether the newest sample is of another recording than the one before it: counts and
 * numbers of pools begin again.
 */
bool stream_new_run(const struct stream *s);

/* Whether stream_next() would return 0. */
bool stream_ended(const struct stream *s);

/* After the last sample that was wished for: from now on, reads them all. */
void stream_go_on(struct stream *s);

/* Begins a recording again, which must not be stdin: -ESPIPE. */
int stream_rewind(struct stream *s);

/* For what only the running kernel has; NULL: this is a recording. */
struct collector *stream_collector(const struct stream *s);

/* Threads whose kernel stacks are wanted; zeroed before the first. */
#define STREAM_MAX_STACKS 64

struct stream_tasks {
	uint32_t pids[STREAM_MAX_STACKS]; /* each once */
	size_t nr;
};

/* Adds a thread if there is room; 0 is an interrupt, which has no stack. */
void stream_add_task(struct stream_tasks *tasks, uint32_t pid);

/*
 * Adds the stacks of @tasks to the newest sample, which must be a watch's
 * (COLLECT_WATCH), as far as they can be had within @timeout_ns. A recording has
 * them or does not.
 */
void stream_add_stacks(struct stream *s, const struct stream_tasks *tasks,
		       uint64_t timeout_ns);

/* Fine on NULL. */
void stream_close(struct stream *s);

#endif
