// SPDX-License-Identifier: GPL-2.0-only
#include "stream/stream.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "base/units.h"
#include "options/options.h"
#include "recording/record.h"
#include "sample/sample.h"
#include "system/stop.h"

struct stream {
	struct stream_params params;
	struct collector *collector; /* owned; NULL: a recording */
	struct record_reader *reader; /* owned */
	struct sample sample; /* the newest */
	bool new_run; /* the newest sample is from another run than the previous one */
	/* params.at in s since 1970; known after the first sample */
	uint64_t at_s;
	bool next_day; /* at_s is on the day after the first sample */
	uint64_t first_ns; /* wall-clock time of the first sample */
	uint64_t newest_s; /* wall-clock time of the newest sample */
	struct record_moment end; /* of the recording; only for params.ago_ns */
	bool taken; /* the caller owns the sample now */
	bool same;
	bool ended;
	uint64_t number;
	uint64_t due; /* when the newest sample was due, on stop_clock() */
};

struct stream_params stream_params_of(const struct options *options,
				      enum collect_span span, bool lower)
{
	return (struct stream_params){
		.replay = options->replay,
		.last = options->sample,
		.at_given = options->at_given,
		.at = options->at,
		.ago_ns = options->ago_ns,
		.collect = { .source = options->source,
			     .span = span,
			     .lower = lower },
	};
}

/* Finds the time of the last sample, from which --at -TIME counts back. */
static int find_end(const char *path, struct record_moment *ret)
{
	struct record_reader *reader;
	int got;

	if (strcmp(path, "-") == 0) {
		msg_error("cannot look back: standard input is not seekable");
		return -ESPIPE;
	}
	got = record_open(path, &reader);
	if (got)
		return got;
	while ((got = record_peek(reader, ret)) > 0) {
		got = record_pass(reader);
		if (got)
			break;
	}
	record_close(reader);
	return got;
}

int stream_open(const struct stream_params *params, struct stream **ret)
{
	struct stream *s = xcalloc(1, sizeof(*s));
	int err = 0;

	s->params = *params;
	if (params->ago_ns)
		err = find_end(params->replay, &s->end);
	if (!err && params->replay)
		err = record_open(params->replay, &s->reader);
	else if (!err)
		err = collector_open(&params->collect, &s->collector);
	if (err) {
		stream_close(s);
		return err;
	}
	*ret = s;
	return 0;
}

/* --- a recording ----------------------------------------------------------- */

/* Reports the time of the first sample, so that the user can choose a valid one. */
static int say_no_moment(const struct stream *s)
{
	struct strbuf first = { 0 };

	wall_time_add(&first, s->first_ns);
	msg_error("%s has no sample at or before this time: its first is of %s",
		  record_name(s->reader), strbuf_text(&first));
	strbuf_release(&first);
	return -ENODEV;
}

/* The same for a relative time before the first sample. */
static int say_too_short(const struct stream *s)
{
	struct strbuf ago = { 0 };

	units_add_time(&ago, s->params.ago_ns);
	msg_error("%s begins less than %s before its last sample",
		  record_name(s->reader), strbuf_text(&ago));
	strbuf_release(&ago);
	return -ENODEV;
}

/* Ends the recording, which is an error if the requested sample was not found. */
static int end_recording(struct stream *s)
{
	const char *name = record_name(s->reader);

	s->ended = true;
	if (!s->number)
		msg_error("%s has no sample", name);
	else if (s->params.last)
		msg_error("%s has no sample %" PRIu64 ", its last is %" PRIu64,
			  name, s->params.last, s->number);
	else if (s->next_day && s->newest_s < s->at_s)
		return say_no_moment(s);
	else
		return 0;
	return -ENODEV;
}

/* Returns 1 if @next is not later than params.at, 0 if it is, or an error. */
static int is_in_time(struct stream *s, const struct record_moment *next)
{
	if (next->realtime_ns == MEMTOP_UNKNOWN) {
		msg_error(
			"%s: the samples have no wall-clock time: use --sample instead of --at",
			record_name(s->reader));
		return -ENODEV;
	}
	if (!s->number) {
		s->first_ns = next->realtime_ns;
		s->at_s = wall_time_find(&s->params.at, s->first_ns,
					 &s->next_day) /
			  SECOND;
	}
	/* users give whole seconds, so include all samples of that second */
	if (next->realtime_ns / SECOND > s->at_s)
		return 0;
	s->newest_s = next->realtime_ns / SECOND;
	return 1;
}

/* Whether @next is at least ago_ns before the end, on a clock that both have. */
static bool is_long_ago(const struct stream *s,
			const struct record_moment *next)
{
	uint64_t end = s->end.realtime_ns, at = next->realtime_ns;

	if (end == MEMTOP_UNKNOWN || at == MEMTOP_UNKNOWN) {
		end = s->end.boottime_ns;
		at = next->boottime_ns;
	}
	return at <= end && end - at >= s->params.ago_ns;
}

/* Returns 1 if @next is requested, 0 if it is later, or an error. */
static int is_wanted(struct stream *s, const struct record_moment *next)
{
	if (s->params.at_given)
		return is_in_time(s, next);
	if (s->params.ago_ns)
		return is_long_ago(s, next);
	if (!s->params.last || next->number <= s->params.last)
		return 1;
	msg_error("%s has no sample %" PRIu64 ", the next is %" PRIu64,
		  record_name(s->reader), s->params.last, next->number);
	return -ENODEV;
}

/* Ends the stream after the last requested sample. */
static int end_before(struct stream *s)
{
	s->ended = true;
	s->next_day = false;
	if (s->number)
		return 0;
	return s->params.at_given ? say_no_moment(s) : say_too_short(s);
}

/* Makes the next sample the reader's newest; returns as stream_next() does. */
static int pass_recorded(struct stream *s)
{
	struct record_moment next;
	int got = record_peek(s->reader, &next);

	if (got == 0)
		return end_recording(s);
	if (got > 0)
		got = is_wanted(s, &next);
	if (got == 0)
		return end_before(s);
	if (got > 0)
		got = record_pass(s->reader);
	if (got < 0) {
		s->ended = true;
		return got;
	}
	s->number = next.number;
	s->ended = s->number == s->params.last;
	return 1;
}

/* Moves the reader's newest sample to the stream. */
static int take_recorded(struct stream *s)
{
	struct sample next;
	int err = record_take(s->reader, &next);

	if (err) {
		s->ended = true;
		return err;
	}
	s->new_run = record_new_run(s->reader);
	sample_release(&s->sample);
	s->sample = next;
	s->same = false;
	s->taken = false;
	return 1;
}

static int next_recorded(struct stream *s)
{
	int got = pass_recorded(s);

	return got > 0 ? take_recorded(s) : got;
}

/* Moves past all samples before the last one. */
static int last_recorded(struct stream *s)
{
	bool any = false;
	int got;

	do {
		got = s->ended ? 0 : pass_recorded(s);
		any |= got > 0;
	} while (got > 0);
	if (!got && any)
		got = take_recorded(s);
	return got < 0 ? got : 0;
}

void stream_go_on(struct stream *s)
{
	s->params.last = 0;
	s->params.at_given = false;
	s->params.ago_ns = 0;
	s->next_day = false;
	s->ended = false;
}

int stream_rewind(struct stream *s)
{
	struct record_reader *reader;
	int err;

	if (strcmp(s->params.replay, "-") == 0) {
		msg_error(
			"cannot step backwards: standard input is not seekable");
		return -ESPIPE;
	}
	err = record_open(s->params.replay, &reader);
	if (err)
		return err;
	record_close(s->reader);
	s->reader = reader;
	s->number = 0;
	s->ended = false;
	return 0;
}

/* --- the running kernel ---------------------------------------------------- */

/* Waits until the next sample is due. Returns as stream_next() does. */
static int keep_pace(struct stream *s)
{
	uint64_t now = stop_clock();

	if (!s->number) {
		s->due = now;
	} else {
		s->due += s->params.delay_ns;
		/* after a sample that took too long, continue from now */
		if (s->due < now)
			s->due = now;
		stop_sleep_until(s->due);
	}
	if (!stop_wanted())
		return 1;
	s->ended = true;
	if (s->number)
		return 0;
	msg_error("interrupted before the first sample");
	return -EINTR;
}

static int take_live(struct stream *s)
{
	if (!s->taken)
		return collector_renew(s->collector, &s->sample, &s->same);
	s->same = false;
	return collector_read(s->collector, &s->sample);
}

static int next_live(struct stream *s)
{
	int got, err;

	do {
		got = s->params.paced ? keep_pace(s) : 1;
		if (got <= 0)
			return got;
		err = take_live(s);
	} while (err == -EAGAIN && s->params.paced && s->number);
	return err ? err : 1;
}

/* --- both ------------------------------------------------------------------ */

int stream_next(struct stream *s)
{
	int got;

	if (s->ended)
		return 0;
	if (s->reader)
		return next_recorded(s);
	got = next_live(s);
	if (got > 0) {
		s->taken = false;
		s->number++;
	}
	return got;
}

int stream_last(struct stream *s)
{
	int got = s->reader ? last_recorded(s) : stream_next(s);

	return got < 0 ? got : 0;
}

const struct sample *stream_sample(const struct stream *s)
{
	return &s->sample;
}

struct sample stream_take(struct stream *s)
{
	const struct sample sample = s->sample;

	s->sample = (struct sample){ 0 };
	s->taken = true;
	return sample;
}

uint64_t stream_number(const struct stream *s)
{
	return s->number;
}

bool stream_same(const struct stream *s)
{
	return s->same;
}

bool stream_new_run(const struct stream *s)
{
	return s->new_run;
}

bool stream_ended(const struct stream *s)
{
	return s->ended;
}

struct collector *stream_collector(const struct stream *s)
{
	return s->collector;
}

void stream_add_task(struct stream_tasks *tasks, uint32_t pid)
{
	for (size_t i = 0; i < tasks->nr; i++) {
		if (tasks->pids[i] == pid)
			return;
	}
	if (pid && tasks->nr < STREAM_MAX_STACKS)
		tasks->pids[tasks->nr++] = pid;
}

void stream_add_stacks(struct stream *s, const struct stream_tasks *tasks,
		       uint64_t timeout_ns)
{
	if (s->collector && tasks->nr)
		collector_read_stacks(s->collector, tasks->pids, tasks->nr,
				      timeout_ns, &s->sample);
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	sample_release(&s->sample);
	record_close(s->reader);
	collector_close(s->collector);
	free(s);
}
