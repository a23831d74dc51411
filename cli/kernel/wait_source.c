// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/wait_source.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "decode/map_copy.h"
#include "decode/stock_maps.h"
#include "decode/wait_maps.h"
#include "kernel/gaps.h"
#include "kernel/kprobe.h"
#include "kernel/light_skeleton.h"
#include "kernel/map_read.h"
#include "kernel/program.h"
#include "kernel/program_log.h"
#include "sample/sample.h"
#include "system/clocks.h"
#include "system/stop.h"

#include "waits_record.h"

#include "waits.lskel.h"

/* Map entries for living tasks that have waited. */
#define MAX_TASKS 4096

/* The programs, in the order in which they are attached. */
enum {
	ON_AWAKE, /* first: a sleep whose end is not seen would never end */
	ON_EXIT,
	ON_RECLAIM,
	ON_RECLAIMED,
	ON_SLEEP,
	NR_PROGS,
};

struct wait_source {
	int progs[NR_PROGS]; /* descriptors, owned; -1: none */
	int links[NR_PROGS]; /* the same */
	int queues; /* the same, of maps */
	int tasks_map;
	int bss;
	const struct waits_bpf__bss *vars; /* mapped; NULL: not attached */
	size_t room; /* for queues */
	size_t room_tasks;
	const struct kernel_types *types; /* only while it opens */
	struct program_refusal why; /* it is not attached */

	struct wait_pools pools;
	struct map_copy tasks; /* the map as it was last read */
	bool read; /* there was a reading: */
	bool begun; /* since then, more pools are watched */
	uint64_t changes; /* those that it may contain, and no more */
	struct sample_losses losses; /* until then */
	uint64_t left_out; /* pools that did not fit */
};

/* ---- loading and attaching ------------------------------------------------------ */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void detach(struct wait_source *src)
{
	for (size_t i = 0; i < NR_PROGS; i++) {
		close_fd(&src->links[i]);
		close_fd(&src->progs[i]);
	}
	close_fd(&src->queues);
	close_fd(&src->tasks_map);
	close_fd(&src->bss);
}

/* A skeleton's descriptor is ours from now on: it closes none that is 0. */
static int take(int *fd)
{
	int taken = *fd;

	*fd = 0;
	return taken;
}

static const char *const relocated[] = { "on_sleep", "on_awake", "on_reclaim",
					 "on_reclaimed", NULL };

/* Returns 0 or -errno. */
static int load(struct wait_source *src)
{
	struct light_load how = { .programs = relocated, .types = src->types };
	struct waits_bpf *skel = waits_bpf__open();
	int err;

	if (!skel)
		return -ENOMEM;
	skel->maps.queues.max_entries = (__u32)src->room;
	skel->maps.tasks.max_entries = (__u32)src->room_tasks;
	light_load_set(&skel->ctx, &how);
	err = waits_bpf__load(skel);
	if (!err) {
		src->progs[ON_SLEEP] = take(&skel->progs.on_sleep.prog_fd);
		src->progs[ON_AWAKE] = take(&skel->progs.on_awake.prog_fd);
		src->progs[ON_RECLAIM] = take(&skel->progs.on_reclaim.prog_fd);
		src->progs[ON_RECLAIMED] =
			take(&skel->progs.on_reclaimed.prog_fd);
		src->progs[ON_EXIT] = take(&skel->progs.on_exit.prog_fd);
		src->queues = take(&skel->maps.queues.map_fd);
		src->tasks_map = take(&skel->maps.tasks.map_fd);
		src->bss = take(&skel->maps.bss.map_fd);
	}
	waits_bpf__destroy(skel);
	return err;
}

/* The function whose beginning, or end, runs each program; NULL: another event. */
static const struct {
	const char *function;
	bool at_return;
} places[NR_PROGS] = {
	[ON_AWAKE] = { "finish_wait", false },
	[ON_EXIT] = { NULL, false },
	[ON_RECLAIM] = { "try_to_free_pages", false },
	[ON_RECLAIMED] = { "try_to_free_pages", true },
	[ON_SLEEP] = { "prepare_to_wait", false },
};

/* Returns a descriptor or -errno. */
static int attach_one(const struct wait_source *src, size_t i)
{
	int fd;

	if (places[i].function)
		return kprobe_open(places[i].function, places[i].at_return,
				   src->progs[i]);
	fd = bpf_raw_tracepoint_open("sched_process_exit", src->progs[i]);
	return fd < 0 ? -errno : fd;
}

static int attach(struct wait_source *src)
{
	for (size_t i = 0; i < NR_PROGS; i++) {
		int fd = attach_one(src, i);

		if (fd < 0)
			return fd;
		src->links[i] = fd;
	}
	return 0;
}

/* All or nothing. Returns 0 or -errno. */
static int start(void *arg)
{
	struct wait_source *src = arg;
	int err = load(src);
	void *vars = NULL;

	if (!err) {
		vars = program_map(src->bss, sizeof(*src->vars), false);
		err = vars ? attach(src) : -errno;
	}
	if (!err) {
		src->vars = vars;
		return 0;
	}
	msg_debug("counting waits: %s", strerror(-err));
	program_unmap(vars, sizeof(*src->vars));
	detach(src);
	return err;
}

struct wait_source *wait_source_open(size_t pools, size_t tasks,
				     const struct kernel_types *types)
{
	struct wait_source *src = xcalloc(1, sizeof(*src));
	int err;

	for (size_t i = 0; i < NR_PROGS; i++)
		src->progs[i] = src->links[i] = -1;
	src->queues = src->tasks_map = src->bss = -1;
	src->room = pools;
	src->room_tasks = tasks ? tasks : MAX_TASKS;
	src->types = types;
	err = stop_undisturbed(start, src);
	src->types = NULL;
	if (!err)
		return src;
	snprintf(src->why.words, sizeof(src->why.words),
		 "way to run a program at prepare_to_wait() (%s)",
		 strerror(-err));
	msg_warning(
		"cannot attach to the kernel's prepare_to_wait() (%s): numbers and durations of waits are unknown",
		strerror(-err));
	return src;
}

/* ---- reading -------------------------------------------------------------------- */

static uint64_t changes_now(const struct wait_source *src)
{
	return __atomic_load_n(&src->vars->changes, __ATOMIC_ACQUIRE);
}

/* Runs that the kernel skipped; it does not count those of kprobes before 6.7. */
static uint64_t skipped_runs(const struct wait_source *src)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < NR_PROGS; i++) {
		struct bpf_prog_info info = { 0 };
		uint32_t len = sizeof(info);

		if (bpf_obj_get_info_by_fd(src->progs[i], &info, &len))
			return MEMTOP_UNKNOWN;
		sum += info.recursion_misses;
	}
	return sum;
}

/*
 * Skipped runs that can have been for a watched queue. A task that is preempted in the
 * program makes the kernel skip it for other tasks on that CPU, which hardly ever wait
 * for a pool.
 */
static uint64_t missed_runs(const struct wait_source *src)
{
	uint64_t unpaired = src->vars->unpaired;
	uint64_t skipped = unpaired ? skipped_runs(src) : 0;

	return skipped == MEMTOP_UNKNOWN || skipped < unpaired ? skipped :
								 unpaired;
}

static struct sample_losses losses_now(const struct wait_source *src)
{
	return (struct sample_losses){
		.map_full = src->vars->map_full + src->left_out,
		.missed_runs = missed_runs(src),
	};
}

static void forget_queues(const struct wait_source *src,
			  const struct wait_pools *gone)
{
	for (size_t i = 0; i < gone->nr; i++) {
		if (gone->all[i].watched)
			bpf_map_delete_elem(src->queues, &gone->all[i].queue);
	}
}

/*
 * The queues of pools that are new. Those of the first sample are counted from then on;
 * of a later pool, the first sample does not know what happened before. A queue that
 * does not fit is counted as lost; without memory for it, a later sample tries again.
 */
static void watch_queues(struct wait_source *src)
{
	src->begun = false;
	src->left_out = 0;
	for (size_t i = 0; i < src->pools.nr; i++) {
		struct wait_pool *pool = &src->pools.all[i];
		const struct waits_queue fresh = { .queue = pool->queue };

		pool->counted = pool->watched;
		if (pool->watched)
			continue;
		pool->watched = !bpf_map_update_elem(src->queues, &pool->queue,
						     &fresh, BPF_ANY);
		pool->counted = pool->watched && !src->read;
		pool->since_ns = boottime_now();
		src->left_out += !pool->watched;
		src->begun |= pool->watched && src->read;
	}
}

/* Returns 0 or -errno: then the earlier reading stays valid. */
static int read_maps(struct wait_source *src)
{
	struct map_copy queues, tasks;
	int err = map_read(src->queues, sizeof(__u64),
			   sizeof(struct waits_queue), &queues);

	if (err) {
		map_copy_release(&queues);
		return err;
	}
	err = map_read(src->tasks_map, sizeof(__u64), sizeof(struct waits_task),
		       &tasks);
	if (err) {
		map_copy_release(&tasks);
	} else {
		wait_pools_count(&src->pools, &queues);
		map_copy_release(&src->tasks);
		src->tasks = tasks;
	}
	map_copy_release(&queues);
	return err;
}

void wait_source_fill(struct wait_source *src, const struct stock_ids *ids,
		      struct sample *s)
{
	struct wait_pools gone;
	uint64_t changes;

	if (!src->vars)
		return;
	wait_pools_update(&src->pools, ids, &gone);
	forget_queues(src, &gone);
	wait_pools_release(&gone);
	watch_queues(src);
	changes = changes_now(src);
	if (changes == src->changes || !read_maps(src)) {
		src->changes = changes;
		src->read = true;
	}
	wait_maps_fill(&src->pools, &src->tasks, s);
	src->losses = losses_now(src);
	s->losses.map_full = src->losses.map_full;
	s->losses.missed_runs = src->losses.missed_runs;
}

bool wait_source_is_same(const struct wait_source *src)
{
	struct sample_losses now;

	if (!src->vars)
		return true;
	now = losses_now(src);
	return src->read && !src->begun && src->changes == changes_now(src) &&
	       memcmp(&src->losses, &now, sizeof(now)) == 0;
}

void wait_source_list_gaps(const struct wait_source *src,
			   struct doctor_gaps *to)
{
	if (!src->vars)
		gaps_add_no_counts(&src->why, to);
}

void wait_source_close(struct wait_source *src)
{
	if (!src)
		return;
	if (src->vars)
		program_unmap((void *)src->vars, sizeof(*src->vars));
	detach(src);
	map_copy_release(&src->tasks);
	wait_pools_release(&src->pools);
	free(src);
}
