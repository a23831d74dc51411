/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream of samples, of the running kernel or of a recording. It is the only
 * source of samples for commands.
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

struct stream_params {
	const char *replay; /* recording, "-": stdin; NULL: the running kernel */
	/*
	 * The last sample to read from the recording: a number, the last sample at or
	 * before a time of day, or the last one at least ago_ns before the end.
	 */
	uint64_t last; /* 0: read all samples */
	bool at_given;
	struct wall_time at;
	uint64_t ago_ns; /* 0: not given */
	struct collect_params collect; /* of the running kernel */
	/*
	 * Whether samples of the running kernel are taken at a steady pace: each one
	 * delay_ns after the previous one, or at once if that time has passed. The
	 * stream ends when stop_wanted(). A sample that cannot be taken while modules
	 * change (-EAGAIN) is left out, except the first. If not paced, each call takes
	 * a sample at once.
	 */
	bool paced;
	uint64_t delay_ns;
};

/*
 * The params that @options express: the source or the recording, and its last sample.
 * @span, @lower: as in struct collect_params. Not paced.
 */
struct stream_params stream_params_of(const struct options *options,
				      enum collect_span span, bool lower);

/* Returns 0 and a stream that the caller closes. @params is copied. */
int stream_open(const struct stream_params *params, struct stream **ret);

/*
 * Takes the next sample. Returns 1, or 0 at the end (of the recording, or after a
 * signal), or an error, after which the previous sample stays. It is an error if there
 * is no sample at all, or if the recording lacks the requested last one.
 */
int stream_next(struct stream *s);

/* Takes the last sample; of the running kernel, the next one. Returns 0. */
int stream_last(struct stream *s);

/* The newest sample, valid until the next call; a sample must have been taken. */
const struct sample *stream_sample(const struct stream *s);

/*
 * Moves the newest sample to the caller, who releases it. The stream has none until
 * the next one is taken.
 */
struct sample stream_take(struct stream *s);

/* Number of samples so far: in a recording the number of the newest one. */
uint64_t stream_number(const struct stream *s);

/* Whether the newest sample equals the previous one, as collector_renew() reports. */
bool stream_same(const struct stream *s);

/*
 * Whether the newest sample is from another run than the previous one, so that counts
 * and pool numbers cannot be compared.
 */
bool stream_new_run(const struct stream *s);

/* Whether stream_next() would return 0. */
bool stream_ended(const struct stream *s);

/* Drops the limit of the last sample, so that all further samples are read. */
void stream_go_on(struct stream *s);

/* Restarts a recording. Fails with -ESPIPE for standard input. */
int stream_rewind(struct stream *s);

/* The collector of the running kernel; NULL: the stream is a recording. */
struct collector *stream_collector(const struct stream *s);

/* Threads whose kernel stacks are to be read; zeroed before the first is added. */
#define STREAM_MAX_STACKS 64

struct stream_tasks {
	uint32_t pids[STREAM_MAX_STACKS]; /* each once */
	size_t nr;
};

/* Adds a thread if there is room; 0 is an interrupt, which has no stack. */
void stream_add_task(struct stream_tasks *tasks, uint32_t pid);

/*
 * Adds the stacks of @tasks to the newest sample, which must be a watch's
 * (COLLECT_WATCH), as far as the kernel returns them within @timeout_ns. Does nothing
 * for a recording.
 */
void stream_add_stacks(struct stream *s, const struct stream_tasks *tasks,
		       uint64_t timeout_ns);

/* Fine on NULL. */
void stream_close(struct stream *s);

#endif
