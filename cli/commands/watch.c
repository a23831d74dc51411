// SPDX-License-Identifier: GPL-2.0-only
#include "commands/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "base/units.h"
#include "model/snapshot.h"
#include "model/watch_state.h"
#include "options/options.h"
#include "sample/sample.h"
#include "stall/stall.h"
#include "stream/stream.h"
#include "system/clocks.h"
#include "system/lock_memory.h"
#include "system/notify.h"
#include "system/rights.h"
#include "system/stop.h"
#include "views/output.h"
#include "views/report_view.h"
#include "views/watch_out.h"

/* News trigger a sample; if they get lost, a sample is taken anyway. */
#define UNPROMPTED (10 * SECOND)
/* A gap that lasts is reported again. */
#define REMINDER (60 * SECOND)
/*
 * A report without stacks is worse than one with stacks, and better than none.
 */
#define STACKS_TIMEOUT SECOND

struct watch {
	const struct options *options;
	struct stream *stream; /* owned */
	struct collector *collector; /* the stream's; NULL: a recording */
	struct watch_out out;
	struct watch_state state;
	struct notify notify;
	struct sample_losses losses; /* of the last sample */
	uint64_t told; /* events */
	bool stalled; /* one of them was a stall or worse */
	bool limited; /* a search reached its limit, already reported */
	uint64_t looked; /* last sample; like the following, on stop_clock() */
	uint64_t gap; /* since when reading fails; 0: it works */
	uint64_t gap_told; /* when that was last reported */
	uint64_t next; /* when to sample next */
	uint64_t end; /* UINT64_MAX: none */
};

/* --- one sample ----------------------------------------------------------- */

static void add_tasks(struct stream_tasks *tasks, const struct finding *f)
{
	stream_add_task(tasks, f->waiter->pid);
	for (size_t i = 0; i < f->nr_holders && i < STREAM_MAX_STACKS; i++) {
		if (f->holders[i].task)
			stream_add_task(tasks, f->holders[i].task->pid);
		if (f->holders[i].op)
			stream_add_task(tasks, f->holders[i].op->pid);
	}
	for (size_t i = 0; i < f->nr_steps && i < 4 * STREAM_MAX_STACKS; i++) {
		if (f->cycle[i].task)
			stream_add_task(tasks, f->cycle[i].task->pid);
		if (f->cycle[i].op)
			stream_add_task(tasks, f->cycle[i].op->pid);
	}
}

/* Reads the stacks of the tasks that are part of a stall or worse. */
static void add_stacks(struct watch *w, const struct watch_events *events)
{
	struct stream_tasks tasks = { 0 };

	for (size_t i = 0; i < events->nr && tasks.nr < STREAM_MAX_STACKS;
	     i++) {
		const struct finding *f = events->all[i].finding;

		if (f && finding_is_stall(f->kind))
			add_tasks(&tasks, f);
	}
	stream_add_stacks(w->stream, &tasks, STACKS_TIMEOUT);
}

static bool is_over(const struct watch *w)
{
	return w->options->count && w->told >= w->options->count;
}

static int tell(struct watch *w, const struct sample *s,
		const struct watch_events *events)
{
	int err = 0;

	for (size_t i = 0; !err && i < events->nr && !is_over(w); i++) {
		err = watch_out_tell(&w->out, s, &events->all[i]);
		w->told++;
		w->stalled |= watch_event_is_stall(&events->all[i]);
	}
	return err;
}

/* @time (CLOCK_BOOTTIME), or now, as a time of stop_clock(). */
static uint64_t to_clock(uint64_t time)
{
	uint64_t now = boottime_now();

	return stop_clock() + (time > now ? time - now : 0);
}

/* When the next waiter reaches the threshold. */
static uint64_t next_due(const struct watch *w, const struct sample *s)
{
	uint64_t oldest = MEMTOP_UNKNOWN;

	for (size_t i = 0; i < s->nr_pools; i++) {
		for (size_t j = 0; j < s->pools[i].nr_waiters; j++) {
			if (s->pools[i].waiters[j].since_ns < oldest)
				oldest = s->pools[i].waiters[j].since_ns;
		}
	}
	if (oldest == MEMTOP_UNKNOWN)
		return w->looked + UNPROMPTED;
	return to_clock(oldest + w->options->threshold_ns);
}

/* @due, or the earliest time that the minimum interval permits. */
static uint64_t not_too_soon(const struct watch *w, uint64_t due)
{
	uint64_t least = w->looked + w->options->interval_ns / 4;

	return due > least ? due : least;
}

/* Adds the newest sample to the state, and reports the new events. */
static int take_in(struct watch *w)
{
	const struct sample *s = stream_sample(w->stream);
	struct watch_events events;
	struct findings found;
	int err;

	stall_find(s, w->options->threshold_ns, &found);
	if (found.limited && !w->limited)
		msg_warning(
			"the search for deadlocks reached its limit: a deadlock may be shown as a stall");
	w->limited |= found.limited;
	watch_state_update(&w->state, s, &found, &events);
	add_stacks(w, &events);
	err = watch_out_sample(&w->out, s);
	if (!err)
		err = tell(w, s, &events);
	w->losses = s->losses;
	if (!w->collector || found.nr || w->state.nr ||
	    !collector_has_news(w->collector))
		w->next = w->looked + w->options->interval_ns;
	else
		w->next = not_too_soon(w, next_due(w, s));
	watch_events_release(&events);
	findings_release(&found);
	return err;
}

/* --- the running kernel --------------------------------------------------- */

static int look(struct watch *w, size_t *devices)
{
	int err;

	w->looked = stop_clock();
	err = stream_last(w->stream);
	if (!err)
		err = take_in(w);
	*devices = stream_sample(w->stream)->nr_devices;
	return err;
}

static void add_gap(const struct watch *w, struct strbuf *to)
{
	units_add_time(to, w->looked - w->gap);
}

/*
 * Reading fails at the moment: modules are being replaced. It is retried, at
 * first soon and then at the usual interval.
 */
static void tell_gap(struct watch *w)
{
	uint64_t pause;
	struct strbuf age = { 0 };

	if (!w->gap) {
		w->gap = w->gap_told = w->looked;
		msg_warning(
			"nothing is watched until devices can be read again");
	} else if (w->looked - w->gap_told >= REMINDER) {
		w->gap_told = w->looked;
		add_gap(w, &age);
		msg_warning(
			"nothing has been watched for %s: devices cannot be read",
			strbuf_text(&age));
	}
	strbuf_release(&age);
	pause = (w->looked - w->gap) / 4;
	if (pause > UNPROMPTED)
		pause = UNPROMPTED;
	if (pause < w->options->interval_ns)
		pause = w->options->interval_ns;
	w->next = stop_clock() + pause;
}

static void tell_gap_end(struct watch *w)
{
	struct strbuf age = { 0 };

	if (!w->gap)
		return;
	add_gap(w, &age);
	msg_warning("devices can be read again: nothing was watched for %s",
		    strbuf_text(&age));
	strbuf_release(&age);
	w->gap = 0;
}

/* Takes a sample, which a change of modules may prevent for a while. */
static int look_again(struct watch *w)
{
	int err;

	w->looked = stop_clock();
	err = stream_last(w->stream);
	if (err == -EAGAIN) {
		tell_gap(w);
		return 0;
	}
	if (err)
		return err;
	tell_gap_end(w);
	return take_in(w);
}

/* Waiters are sampled when they may have reached the threshold. */
static void sleep_until_next(struct watch *w)
{
	uint64_t since;

	while (!stop_wanted() && stop_clock() < w->next &&
	       stop_clock() < w->end) {
		uint64_t deadline = w->next < w->end ? w->next : w->end;
		uint64_t due = notify_alive(&w->notify);

		if (due < deadline)
			deadline = due;
		if (!collector_wait(w->collector, deadline, &since))
			continue;
		due = not_too_soon(w,
				   to_clock(since + w->options->threshold_ns));
		if (due < w->next)
			w->next = due;
	}
}

/* Waits for an unknown reserve are invisible, however long they are. */
static void say_unknown(const struct sample *s)
{
	struct snap_selection all;
	struct snap_count count;
	struct snap_sums sums;
	struct snapshot snap;
	struct strbuf types = { 0 };

	snapshot_build(s, &snap);
	snapshot_select(&snap, &(struct snap_filter){ 0 }, &all);
	snap_selection_sum(&snap, &all, NULL, &sums, &count);
	if (snap_add_unknown_types(all.entries, all.nr, &types))
		msg_info(
			"unknown reserves: %zu devices with targets of type %s; tasks that wait for these are not reported",
			count.unknown, strbuf_text(&types));
	strbuf_release(&types);
	snap_selection_release(&all);
	snapshot_release(&snap);
}

static int watch_kernel(struct watch *w)
{
	size_t devices;
	int err = look(w, &devices);

	if (!err) {
		msg_info("watching %zu devices", devices);
		say_unknown(stream_sample(w->stream));
		notify_ready(&w->notify);
	}
	while (!err && !stop_wanted() && !is_over(w)) {
		sleep_until_next(w);
		if (stop_wanted() || stop_clock() >= w->end)
			break;
		err = look_again(w);
	}
	notify_stopping(&w->notify);
	return err;
}

/* The opened collector needs no privileges. */
static int drop_rights(void)
{
	lock_memory_keep();
	return rights_drop(RIGHTS_NOBODY);
}

static int run_on_kernel(struct watch *w)
{
	struct stream_params params =
		stream_params_of(w->options, COLLECT_WATCH, true);
	int err;

	stop_catch();
	err = lock_memory_begin();
	params.collect.keeps_loading = w->options->drop_rights;
	params.collect.locked = !err;
	if (err)
		msg_warning(
			"cannot lock memory (%s): if memory is exhausted, reports may be late",
			strerror(-err));
	watch_out_rehearse(&w->out);
	notify_open(&w->notify);
	err = stream_open(&params, &w->stream);
	if (!err)
		w->collector = stream_collector(w->stream);
	if (!err && w->options->drop_rights)
		err = drop_rights();
	if (!err) {
		lock_memory_settle();
		w->end = w->options->for_ns ?
				 stop_clock() + w->options->for_ns :
				 UINT64_MAX;
		err = watch_kernel(w);
	}
	notify_close(&w->notify);
	return err;
}

/* --- a recording ---------------------------------------------------------- */

static int run_on_recording(struct watch *w)
{
	const struct stream_params params =
		stream_params_of(w->options, COLLECT_WATCH, true);
	int got = stream_open(&params, &w->stream);

	while (got >= 0 && !is_over(w)) {
		got = stream_next(w->stream);
		if (got == 0)
			break;
		if (got > 0 && stream_new_run(w->stream)) {
			msg_info("another recording begins at sample %" PRIu64
				 ": the stalls before it stay open",
				 stream_number(w->stream));
			watch_state_forget(&w->state);
		}
		if (got > 0)
			got = take_in(w);
	}
	return got < 0 ? got : 0;
}

enum exit_status watch_run(const struct options *options)
{
	struct watch w = { .options = options,
			   .state = { .least = options->least } };
	int err = watch_out_open(options, &w.out);

	if (!err)
		err = options->replay ? run_on_recording(&w) :
					run_on_kernel(&w);
	if (!err)
		err = watch_out_end(&w.out);
	stream_close(w.stream);
	watch_out_close(&w.out);
	watch_state_release(&w.state);
	warn_losses(&w.losses);
	if (err)
		return exit_status_of(err);
	return w.stalled && !stop_wanted() ? STATUS_STALL : STATUS_OK;
}
