// SPDX-License-Identifier: GPL-2.0-only
#include "commands/record.h"

#include <errno.h>

#include "base/msg.h"
#include "kernel/collect.h"
#include "options/options.h"
#include "recording/file.h"
#include "sample/sample.h"
#include "stream/wish.h"
#include "system/stop.h"

#define STACKS_TIMEOUT 1000000000ULL
#define MAX_STACKS 64

/* Who has to do with reserves: those who wait, and those who repair. */
struct pids {
	uint32_t all[MAX_STACKS];
	size_t nr;
};

static void add_pid(struct pids *pids, uint32_t pid)
{
	if (pid && pids->nr < MAX_STACKS)
		pids->all[pids->nr++] = pid;
}

/* Where they stand, as a watch shows it of those that it tells of. */
static void read_stacks(struct collector *collector, struct sample *s)
{
	struct pids pids = { 0 };

	for (size_t i = 0; i < s->nr_pools; i++) {
		for (size_t j = 0; j < s->pools[i].nr_waiters; j++)
			add_pid(&pids, s->pools[i].waiters[j].pid);
	}
	for (size_t i = 0; i < s->nr_devices; i++) {
		for (size_t j = 0; j < s->devices[i].nr_ops; j++)
			add_pid(&pids, s->devices[i].ops[j].pid);
	}
	if (pids.nr)
		collector_read_stacks(collector, pids.all, pids.nr,
				      STACKS_TIMEOUT, s);
}

static int add_sample(const struct options *options, struct recording *rec,
		      struct collector *collector, struct sample *sample)
{
	bool same;
	int err = collector_renew(collector, sample, &same);

	if (!err && options->watch)
		read_stacks(collector, sample);
	if (!err)
		err = recording_add(rec, sample);
	return err;
}

/* Samples at a steady pace; one that took too long moves those after it. */
static int record_samples(const struct options *options, struct recording *rec,
			  struct collector *collector)
{
	uint64_t next = stop_clock();
	struct sample sample = { 0 };
	int err = 0;

	for (;;) {
		if (!stop_wanted())
			err = add_sample(options, rec, collector, &sample);
		if (err || stop_wanted() || rec->nr == options->count)
			break;
		next += options->delay_ns;
		if (next < stop_clock())
			next = stop_clock();
		stop_sleep_until(next);
	}
	sample_release(&sample);
	if (!err && !rec->nr) {
		msg_error("interrupted before the first sample");
		err = -EINTR;
	}
	return err;
}

static enum collect_span span_of(const struct options *options)
{
	if (options->watch)
		return COLLECT_WATCH;
	return options->count == 1 ? COLLECT_ONCE : COLLECT_ON;
}

enum exit_status record_run(const struct options *options)
{
	const struct collect_wish wish =
		wish_make(options, span_of(options), true);
	struct collector *collector;
	struct recording rec;
	int err;

	err = recording_open(&rec, options->arguments.words[0], false);
	if (err)
		return exit_status_of(err);
	stop_catch();
	err = collector_open(&wish, &collector);
	if (!err) {
		err = record_samples(options, &rec, collector);
		collector_close(collector);
	}
	return exit_status_of(recording_close(&rec, err));
}
