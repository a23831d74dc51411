// SPDX-License-Identifier: GPL-2.0-only
#include "stream/top_source.h"

#include <errno.h>
#include <string.h>

#include "base/msg.h"
#include "kernel/collect.h"
#include "options/options.h"
#include "recording/record.h"
#include "stream/wish.h"

/* A shorter wait is what reserves are for. */
#define THRESHOLD_NS 1000000000ULL
/* Tasks whose stacks are asked for, and how long that may take. */
#define MOST_STACKS 32
#define STACKS_NS 200000000ULL

int top_source_open(const struct options *options, struct top_source *ret)
{
	/*
	 * Who looks here may do so because the machine is stuck: it must not ask
	 * what does not answer then. The tree can be asked for at any time.
	 */
	const struct collect_wish wish =
		wish_make(options, COLLECT_WATCH, true);

	*ret = (struct top_source){ .options = options };
	if (options->replay)
		return record_open(options->replay, &ret->reader);
	return collector_open(&wish, &ret->collector);
}

static void forget_sample(struct top_source *src)
{
	if (!src->have)
		return;
	findings_release(&src->findings);
	snapshot_release(&src->snap);
	src->have = false;
}

/* Makes what src->sample is now the newest; @same: as collector_renew() says. */
static void take_sample(struct top_source *src, bool same)
{
	if (!same) {
		forget_sample(src);
		snapshot_build(&src->sample, &src->snap);
		src->built++;
	} else {
		findings_release(&src->findings);
	}
	src->have = true;
	src->stacks_asked = false;
	src->number++;
	delta_advance(&src->delta, &src->snap);
	stall_find(&src->sample, THRESHOLD_NS, &src->findings);
}

static int next_recorded(struct top_source *src)
{
	struct sample sample = { 0 };
	int got;

	if (src->ended)
		return 0;
	got = record_read(src->reader, &sample);
	if (got > 0) {
		sample_release(&src->sample);
		src->sample = sample;
		take_sample(src, false);
		return 0;
	}
	src->ended = true;
	if (got == 0 && !src->have) {
		msg_error("%s has no sample", src->options->replay);
		return -ENODEV;
	}
	return got;
}

int top_source_next(struct top_source *src)
{
	bool same;
	int err;

	if (src->reader)
		return next_recorded(src);
	err = collector_renew(src->collector, &src->sample, &same);
	if (!err)
		take_sample(src, same);
	return err;
}

/* Reads it anew: rates and histories are as they were then. */
int top_source_back(struct top_source *src)
{
	uint64_t wanted = src->number - 1;
	struct record_reader *reader;
	int err;

	if (!src->reader || src->number < 2)
		return 0;
	if (strcmp(src->options->replay, "-") == 0) {
		msg_error(
			"cannot step backwards: standard input is not seekable");
		return -ESPIPE;
	}
	err = record_open(src->options->replay, &reader);
	if (err)
		return err;
	record_close(src->reader);
	src->reader = reader;
	delta_release(&src->delta);
	src->number = 0;
	src->ended = false;
	while (!err && !src->ended && src->number < wanted)
		err = next_recorded(src);
	return err;
}

static void add_pid(uint32_t pids[static MOST_STACKS], size_t *nr, uint32_t pid)
{
	size_t i;

	for (i = 0; i < *nr; i++) {
		if (pids[i] == pid)
			return;
	}
	if (pid && *nr < MOST_STACKS)
		pids[(*nr)++] = pid;
}

void top_source_stacks(struct top_source *src)
{
	const struct findings *findings = &src->findings;
	uint32_t pids[MOST_STACKS];
	size_t nr = 0, i, j;

	if (!src->collector || src->stacks_asked)
		return;
	src->stacks_asked = true;
	for (i = 0; i < findings->nr; i++) {
		const struct finding *f = &findings->all[i];

		if (f->waiter)
			add_pid(pids, &nr, f->waiter->pid);
		for (j = 0; j < f->nr_holders; j++) {
			if (f->holders[j].task)
				add_pid(pids, &nr, f->holders[j].task->pid);
			else if (f->holders[j].op)
				add_pid(pids, &nr, f->holders[j].op->pid);
		}
	}
	if (nr)
		collector_read_stacks(src->collector, pids, nr, STACKS_NS,
				      &src->sample);
}

void top_source_close(struct top_source *src)
{
	forget_sample(src);
	sample_release(&src->sample);
	delta_release(&src->delta);
	record_close(src->reader);
	collector_close(src->collector);
}
