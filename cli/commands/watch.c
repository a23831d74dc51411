// SPDX-License-Identifier: GPL-2.0-only
#include "commands/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "kernel/collect.h"
#include "model/snapshot.h"
#include "model/watch_state.h"
#include "options/options.h"
#include "recording/record.h"
#include "sample/sample.h"
#include "stall/stall.h"
#include "stream/wish.h"
#include "system/boottime.h"
#include "system/lock_memory.h"
#include "system/notify.h"
#include "system/rights.h"
#include "system/stop.h"
#include "views/output.h"
#include "views/report_view.h"
#include "views/watch_out.h"

/* News tell when to look; should they ever get lost, we look anyway. */
#define UNPROMPTED (10 * SECOND)
/* An alarm without stacks is better than none, but not as good as with them. */
#define STACKS_TIMEOUT SECOND
#define MAX_STACKS 64

struct watch {
	const struct options *options;
	struct collector *collector; /* NULL: a recording is shown */
	struct sample sample; /* the collector's newest */
	struct watch_out out;
	struct watch_state state;
	struct notify notify;
	struct sample_losses losses; /* as of the last look */
	uint64_t told; /* events */
	bool alarm; /* one of them was a verdict */
	bool limited; /* a search reached its limit, which was said */
	uint64_t looked; /* the last time; as all that follow, on stop_clock() */
	uint64_t next; /* when to look again */
	uint64_t end; /* UINT64_MAX: none */
};

/* --- one look ------------------------------------------------------------- */

struct pids {
	uint32_t all[MAX_STACKS];
	size_t nr;
};

static void add_pid(struct pids *pids, uint32_t pid)
{
	for (size_t i = 0; i < pids->nr; i++) {
		if (pids->all[i] == pid)
			return;
	}
	/* an interrupt has no stack to show */
	if (pid && pids->nr < MAX_STACKS)
		pids->all[pids->nr++] = pid;
}

static void add_pids(struct pids *pids, const struct finding *f)
{
	add_pid(pids, f->waiter->pid);
	for (size_t i = 0; i < f->nr_holders && i < MAX_STACKS; i++) {
		if (f->holders[i].task)
			add_pid(pids, f->holders[i].task->pid);
		if (f->holders[i].op)
			add_pid(pids, f->holders[i].op->pid);
	}
	for (size_t i = 0; i < f->nr_steps && i < 4 * MAX_STACKS; i++) {
		if (f->cycle[i].task)
			add_pid(pids, f->cycle[i].task->pid);
		if (f->cycle[i].op)
			add_pid(pids, f->cycle[i].op->pid);
	}
}

/* Where those stand who are part of a verdict. */
static void read_stacks(const struct watch *w,
			const struct watch_events *events, struct sample *s)
{
	struct pids pids = { 0 };

	if (!w->collector)
		return;
	for (size_t i = 0; i < events->nr && pids.nr < MAX_STACKS; i++) {
		const struct finding *f = events->all[i].finding;

		if (f && f->kind > FINDING_WAIT)
			add_pids(&pids, f);
	}
	if (pids.nr)
		collector_read_stacks(w->collector, pids.all, pids.nr,
				      STACKS_TIMEOUT, s);
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
		w->alarm |= watch_is_verdict(&events->all[i]);
	}
	return err;
}

/* Now or at @time, on CLOCK_BOOTTIME, as a time of stop_clock(). */
static uint64_t to_clock(uint64_t time)
{
	uint64_t now = boottime_now();

	return stop_clock() + (time > now ? time - now : 0);
}

/* When the next of those who wait reaches the threshold. */
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

/* @due, or as soon after the last look as may be. */
static uint64_t not_too_soon(const struct watch *w, uint64_t due)
{
	uint64_t least = w->looked + w->options->interval_ns / 4;

	return due > least ? due : least;
}

/* Takes in what @s has, and tells what is new. */
static int take_in(struct watch *w, struct sample *s)
{
	struct watch_events events;
	struct findings found;
	int err;

	stall_find(s, w->options->threshold_ns, &found);
	if (found.limited && !w->limited)
		msg_warning(
			"the search for deadlocks reached its limit: a deadlock may be shown as a stall");
	w->limited |= found.limited;
	watch_state_update(&w->state, s, &found, &events);
	read_stacks(w, &events, s);
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
	bool same;
	int err;

	w->looked = stop_clock();
	err = collector_renew(w->collector, &w->sample, &same);
	if (!err)
		err = take_in(w, &w->sample);
	*devices = w->sample.nr_devices;
	return err;
}

/* Those who wait are looked at when they may have reached the threshold. */
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

/* Waits for a reserve that is not known are not seen, however long they are. */
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
		say_unknown(&w->sample);
		notify_ready(&w->notify);
	}
	while (!err && !stop_wanted() && !is_over(w)) {
		sleep_until_next(w);
		if (stop_wanted() || stop_clock() >= w->end)
			break;
		err = look(w, &devices);
	}
	notify_stopping(&w->notify);
	return err;
}

/* What has been opened can be looked at without any. */
static int drop_rights(void)
{
	lock_memory_keep();
	return rights_drop(RIGHTS_NOBODY);
}

static int run_on_kernel(struct watch *w)
{
	struct collect_wish wish = wish_make(w->options, COLLECT_WATCH, true);
	int err;

	stop_catch();
	err = lock_memory_begin();
	wish.keeps_loading = w->options->drop_rights;
	wish.locked = !err;
	if (err)
		msg_warning(
			"cannot lock memory (%s): if memory is exhausted, an alarm may be late",
			strerror(-err));
	watch_out_rehearse(&w->out);
	notify_open(&w->notify);
	err = collector_open(&wish, &w->collector);
	if (!err && w->options->drop_rights)
		err = drop_rights();
	if (!err) {
		lock_memory_settle();
		w->end = w->options->for_ns ?
				 stop_clock() + w->options->for_ns :
				 UINT64_MAX;
		err = watch_kernel(w);
	}
	collector_close(w->collector);
	sample_release(&w->sample);
	notify_close(&w->notify);
	return err;
}

/* --- a recording ---------------------------------------------------------- */

static int run_on_recording(struct watch *w)
{
	struct record_reader *reader;
	struct sample s;
	uint64_t nr = 0;
	int err = record_open(w->options->replay, &reader);

	if (err)
		return err;
	while (!is_over(w) && (err = record_read(reader, &s)) > 0) {
		nr++;
		err = take_in(w, &s);
		sample_release(&s);
		if (err)
			break;
	}
	record_close(reader);
	if (!err && !nr) {
		msg_error("%s: there is no sample", w->options->replay);
		return -ENODEV;
	}
	return err > 0 ? 0 : err;
}

enum exit_status watch_run(const struct options *options)
{
	struct watch w = { .options = options,
			   .state = { .least = options->least } };
	int err = watch_out_open(options, &w.out);

	if (!err)
		err = options->replay ? run_on_recording(&w) :
					run_on_kernel(&w);
	watch_out_close(&w.out);
	watch_state_release(&w.state);
	warn_losses(&w.losses);
	if (err)
		return exit_status_of(err);
	return w.alarm && !stop_wanted() ? STATUS_ALARM : STATUS_OK;
}
