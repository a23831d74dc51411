// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts the waits for elements of mempools in a kernel without events about them.
 *
 * mempool_alloc() (mm/mempool.c) sleeps between prepare_to_wait() and finish_wait() on
 * the pool's wait queue, for at most 5 seconds, then tries again. The kernel calls the
 * programs at both functions; most calls are for other queues.
 *
 * Successive sleeps are one wait if the task, the queue and the place of the entry on
 * the task's stack are the same, and if the task has not slept voluntarily in between.
 * A task that got an element soon sleeps for something else: its I/O, a lock, its next
 * work. Sleeps while it reclaims memory do not count, because an attempt to allocate
 * includes them.
 *
 * A task waits because there is no memory, so the maps' memory is allocated before.
 * Each entry of a task is written only by that task.
 *
 * The programs are called by kprobes. Programs that the kernel's functions call directly
 * (fentry) would cost less, but to detach one the kernel waits until each task has slept
 * (synchronize_rcu_tasks() in kernel/trace/ftrace.c). A kernel thread that is always
 * busy, such as dm-multipath's without a path, would keep the tool from ending.
 */
#include "kernel_facts.h"
#include "order.h"
#include "wait_buckets.h"
#include "waits_record.h"

char LICENSE[] SEC("license") = "GPL";

/* Read by the tool: changes of the maps, each counted after it was made. */
__u64 changes = 0;
/* Read by the tool: waits that did not fit. */
__u64 map_full = 0;
/*
 * Read by the tool: sleeps of which only the beginning or only the end was seen, because
 * the kernel skipped a program, or because they began before they were watched.
 */
__u64 unpaired = 0;

/*
 * The queues to watch. The tool sets the size before loading. Memory for an entry comes
 * from the kernel's cache for programs, without waiting.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct waits_queue);
} queues SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct waits_task);
} tasks SEC(".maps");

#define NOT_IN_RECLAIM (~0ULL)

static __always_inline __u64 this_thread(void)
{
	return (__u32)bpf_get_current_pid_tgid();
}

/* How often this task has gone to sleep. */
static __always_inline __u64 switches_now(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return READ(task, nvcsw);
}

static __always_inline struct waits_task *this_task(void)
{
	__u64 tid = this_thread();

	return bpf_map_lookup_elem(&tasks, &tid);
}

static __always_inline void changed(void)
{
	add_in_order(&changes, 1);
}

/*
 * A wait that begins now; if it has @ended, one whose beginning is not known. Not inline:
 * most calls of the programs do not come here, and need not clear its memory.
 */
static __noinline int keep_task(__u64 queue, __u64 entry, __u64 ended)
{
	struct waits_task task = {
		.tid = this_thread(),
		.queue = queue,
		.entry = entry,
		.since = ended ? 0 : bpf_ktime_get_boot_ns(),
		.ended = ended,
		.switches = ended ? switches_now() : 0,
		.in_reclaim = NOT_IN_RECLAIM,
	};
	int err = bpf_map_update_elem(&tasks, &task.tid, &task, BPF_ANY);

	if (err)
		__sync_fetch_and_add(&map_full, 1);
	return err;
}

/* Adds @n to the waits that took @ns. */
static __always_inline void count_duration(struct waits_queue *known, __u64 ns,
					   __s64 n)
{
	__u32 place = wait_bucket_of(ns) & (WAIT_BUCKETS - 1);

	__sync_fetch_and_add(&known->histogram[place], n);
}

/* prepare_to_wait(): the task is about to sleep. */
static __always_inline int begin_sleep(__u64 queue, __u64 entry)
{
	struct waits_queue *known = bpf_map_lookup_elem(&queues, &queue);
	struct waits_task *last;

	if (!known)
		return 0;
	last = this_task();
	if (last && !last->ended)
		__sync_fetch_and_add(&unpaired, 1);
	if (last && last->queue == queue && last->entry == entry &&
	    last->ended && last->switches == switches_now()) {
		/* the wait did not end there */
		if (last->since)
			count_duration(known, last->counted, -1);
		last->ended = 0;
	} else if (!keep_task(queue, entry, 0)) {
		/* without an entry, each retry would count */
		__sync_fetch_and_add(&known->waits, 1);
	}
	changed();
	return 0;
}

/* @counted: how much of the wait has been counted before. */
static __always_inline void count_time(struct waits_queue *known, __u64 ns,
				       __u64 counted)
{
	__sync_fetch_and_add(&known->wait_ns, ns - counted);
	raise_in_order(&known->longest_ns, ns);
	count_duration(known, ns, 1);
}

/* finish_wait(): the task runs again. */
static __always_inline int end_sleep(__u64 queue, __u64 entry)
{
	struct waits_queue *known = bpf_map_lookup_elem(&queues, &queue);
	struct waits_task *task;
	__u64 now;

	if (!known)
		return 0;
	now = bpf_ktime_get_boot_ns();
	task = this_task();
	if (!task || task->queue != queue || task->entry != entry ||
	    task->ended) {
		__sync_fetch_and_add(&unpaired, 1);
		keep_task(queue, entry, now);
	} else {
		if (task->since)
			count_time(known, now - task->since, task->counted);
		task->counted = now - task->since;
		task->ended = now;
		task->switches = switches_now();
	}
	changed();
	return 0;
}

/* try_to_free_pages(), which an attempt to allocate may call. */
static __always_inline int begin_reclaim(void)
{
	struct waits_task *task = this_task();

	if (task && task->ended)
		task->in_reclaim = switches_now();
	return 0;
}

static __always_inline int end_reclaim(void)
{
	struct waits_task *task = this_task();

	if (task && task->in_reclaim != NOT_IN_RECLAIM) {
		task->switches += switches_now() - task->in_reclaim;
		task->in_reclaim = NOT_IN_RECLAIM;
	}
	return 0;
}

static __always_inline int end_task(void)
{
	const struct waits_task *last = this_task();
	__u64 tid = this_thread();

	if (!last)
		return 0;
	if (!last->ended)
		__sync_fetch_and_add(&unpaired, 1);
	bpf_map_delete_elem(&tasks, &tid);
	return 0;
}

/* The words of struct pt_regs that have the first two arguments. */
#if defined(__TARGET_ARCH_x86)
#define FIRST 14
#define SECOND 13
#elif defined(__TARGET_ARCH_arm64)
#define FIRST 0
#define SECOND 1
#elif defined(__TARGET_ARCH_riscv)
#define FIRST 10
#define SECOND 11
#endif

SEC("kprobe")
int on_sleep(__u64 *regs)
{
	return begin_sleep(regs[FIRST], regs[SECOND]);
}

SEC("kprobe")
int on_awake(__u64 *regs)
{
	return end_sleep(regs[FIRST], regs[SECOND]);
}

SEC("kprobe")
int on_reclaim(void *regs)
{
	return begin_reclaim();
}

SEC("kprobe")
int on_reclaimed(void *regs)
{
	return end_reclaim();
}

SEC("raw_tp/sched_process_exit")
int on_exit(void *args)
{
	return end_task();
}
