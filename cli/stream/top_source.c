// SPDX-License-Identifier: GPL-2.0-only
#include "stream/top_source.h"

#include "base/times.h"
#include "options/options.h"
#include "stream/stream.h"

/* Shorter waits are normal. */
#define THRESHOLD_NS SECOND
/* Short, because a user waits for the screen. */
#define STACKS_TIMEOUT (200 * MS)

int top_source_open(const struct options *options, bool paced,
		    const struct snap_filter *filter, struct top_source *ret)
{
	/*
	 * The user may start the view because the machine hangs, so it must not
	 * query anything that may hang. The tree can be requested at any time.
	 */
	struct stream_params params =
		stream_params_of(options, COLLECT_WATCH, true);

	params.collect.blocks = true;
	params.collect.also = filter->on;
	params.collect.nr_also = filter->nr_on;
	params.paced = paced;
	params.delay_ns = options->delay_ns;
	*ret = (struct top_source){ .seeks = params.last || params.at_given ||
					     params.ago_ns };
	return stream_open(&params, &ret->stream);
}

static void forget_sample(struct top_source *src)
{
	if (!src->have)
		return;
	findings_release(&src->findings);
	snapshot_release(&src->snap);
	src->have = false;
}

/* Forgets counts and histories, which a new run starts again from 0. */
static void forget_rates(struct top_source *src)
{
	const uint64_t last = src->delta.last;

	delta_release(&src->delta);
	src->delta.last = last;
}

/* Derives the data from the stream's newest sample. */
static void take_sample(struct top_source *src)
{
	src->sample = stream_sample(src->stream);
	if (!stream_same(src->stream)) {
		forget_sample(src);
		snapshot_build(src->sample, &src->snap);
		src->built++;
	} else {
		findings_release(&src->findings);
	}
	src->have = true;
	src->stacks_asked = false;
	src->before = src->number;
	src->number = stream_number(src->stream);
	if (stream_new_run(src->stream))
		forget_rates(src);
	delta_advance(&src->delta, &src->snap);
	stall_find(src->sample, THRESHOLD_NS, &src->findings);
}

/* Reads up to the sample to begin with, so that rates and histories are complete. */
static int seek(struct top_source *src)
{
	int got;

	while ((got = stream_next(src->stream)) > 0)
		take_sample(src);
	src->seeks = false;
	if (got == 0)
		stream_go_on(src->stream);
	return got;
}

int top_source_next(struct top_source *src)
{
	int got;

	if (src->seeks)
		return seek(src);
	got = stream_next(src->stream);
	if (got > 0)
		take_sample(src);
	src->ended = got <= 0 && stream_ended(src->stream);
	return got < 0 ? got : 0;
}

/* Reads the recording again, so that rates and histories are those of that time. */
int top_source_back(struct top_source *src)
{
	uint64_t wanted = src->before;
	int err;

	if (stream_collector(src->stream) || !src->before)
		return 0;
	err = stream_rewind(src->stream);
	if (err)
		return err;
	delta_release(&src->delta);
	src->number = 0;
	src->before = 0;
	src->ended = false;
	while (!err && !src->ended && src->number < wanted)
		err = top_source_next(src);
	return err;
}

void top_source_stacks(struct top_source *src)
{
	const struct findings *findings = &src->findings;
	struct stream_tasks tasks = { 0 };
	size_t i, j;

	if (src->stacks_asked)
		return;
	src->stacks_asked = true;
	for (i = 0; i < findings->nr; i++) {
		const struct finding *f = &findings->all[i];

		if (f->waiter)
			stream_add_task(&tasks, f->waiter->pid);
		for (j = 0; j < f->nr_holders; j++) {
			if (f->holders[j].task)
				stream_add_task(&tasks,
						f->holders[j].task->pid);
			else if (f->holders[j].op)
				stream_add_task(&tasks, f->holders[j].op->pid);
		}
	}
	stream_add_stacks(src->stream, &tasks, STACKS_TIMEOUT);
}

void top_source_close(struct top_source *src)
{
	forget_sample(src);
	delta_release(&src->delta);
	stream_close(src->stream);
}
