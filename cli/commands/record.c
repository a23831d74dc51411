// SPDX-License-Identifier: GPL-2.0-only
#include "commands/record.h"

#include "base/times.h"
#include "options/options.h"
#include "recording/file.h"
#include "sample/sample.h"
#include "stream/stream.h"
#include "system/stop.h"

#define STACKS_TIMEOUT SECOND

/* Stacks of those that have to do with reserves: they wait, or repair. */
static void add_stacks(struct stream *stream)
{
	const struct sample *s = stream_sample(stream);
	struct stream_tasks tasks = { 0 };

	for (size_t i = 0; i < s->nr_pools; i++) {
		for (size_t j = 0; j < s->pools[i].nr_waiters; j++)
			stream_add_task(&tasks, s->pools[i].waiters[j].pid);
	}
	for (size_t i = 0; i < s->nr_devices; i++) {
		for (size_t j = 0; j < s->devices[i].nr_ops; j++)
			stream_add_task(&tasks, s->devices[i].ops[j].pid);
	}
	stream_add_stacks(stream, &tasks, STACKS_TIMEOUT);
}

static int record_samples(const struct options *options, struct recording *rec,
			  struct stream *stream)
{
	int got;

	while ((got = stream_next(stream)) > 0) {
		int err;

		if (options->watch)
			add_stacks(stream);
		err = recording_add(rec, stream_sample(stream));
		if (err)
			return err;
		if (rec->nr == options->count)
			break;
	}
	return got < 0 ? got : 0;
}

static enum collect_span span_of(const struct options *options)
{
	if (options->watch)
		return COLLECT_WATCH;
	return options->count == 1 ? COLLECT_ONCE : COLLECT_ON;
}

enum exit_status record_run(const struct options *options)
{
	struct stream_wish wish =
		stream_wish_of(options, span_of(options), true);
	struct stream *stream;
	struct recording rec;
	int err;

	wish.paced = true;
	wish.delay_ns = options->delay_ns;
	err = recording_open(&rec, options->arguments.words[0], false);
	if (err)
		return exit_status_of(err);
	rec.no_wall_clock = options->no_wall_clock;
	stop_catch();
	err = stream_open(&wish, &stream);
	if (!err) {
		err = record_samples(options, &rec, stream);
		stream_close(stream);
	}
	return exit_status_of(recording_close(&rec, err));
}
