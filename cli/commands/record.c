// SPDX-License-Identifier: GPL-2.0-only
#include "commands/record.h"

#include "base/times.h"
#include "kernel/collect.h"
#include "options/options.h"
#include "recording/file.h"
#include "sample/sample.h"
#include "stream/stream.h"
#include "system/stop.h"

#define STACKS_TIMEOUT SECOND

/* Adds the stacks of tasks that wait for reserves or repair blocks. */
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
		err = recording_add(rec, stream_sample(stream),
				    stream_same(stream));
		if (err)
			return err;
		if (rec->nr == options->count)
			break;
	}
	return got < 0 ? got : 0;
}

/*
 * Several samples are taken as a watch takes them, which is cheaper if nothing changes.
 * If such a watch cannot detect new devices and --watch is not given, the list of
 * devices is read from device-mapper for each sample.
 */
static int open_live(const struct options *options,
		     struct stream_params *params, struct stream **ret)
{
	const struct collector *collector;
	int err;

	if (options->count == 1 && !options->watch)
		params->collect.span = COLLECT_ONCE;
	err = stream_open(params, ret);
	if (err || options->watch || params->collect.span == COLLECT_ONCE)
		return err;
	collector = stream_collector(*ret);
	if (collector_knows_new(collector))
		return 0;
	stream_close(*ret);
	params->collect.span = COLLECT_ON;
	return stream_open(params, ret);
}

static int open_stream(const struct options *options, struct stream **ret)
{
	struct stream_params params =
		stream_params_of(options, COLLECT_WATCH, true);

	params.collect.blocks = true;
	params.paced = true;
	params.delay_ns = options->delay_ns;
	return options->replay ? stream_open(&params, ret) :
				 open_live(options, &params, ret);
}

enum exit_status record_run(const struct options *options)
{
	const struct recording_params params = {
		.path = options->arguments.words[0],
		.json = options->format == FORMAT_JSON,
		.no_wall_clock = options->no_wall_clock,
		.no_host = options->no_host,
		.keeps_runs = options->replay,
		.ring_bytes = options->ring_bytes,
		.keep_ns = options->keep_ns,
	};
	struct stream *stream;
	struct recording rec;
	int err = recording_open(&rec, &params);

	if (err)
		return exit_status_of(err);
	stop_catch();
	err = open_stream(options, &stream);
	if (!err) {
		err = record_samples(options, &rec, stream);
		stream_close(stream);
	}
	return exit_status_of(recording_close(&rec, err));
}
