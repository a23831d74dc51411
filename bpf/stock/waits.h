/* SPDX-License-Identifier: GPL-2.0-only */
/* The tasks on a wait queue. */
#ifndef MEMTOP_STOCK_WAITS_H
#define MEMTOP_STOCK_WAITS_H

#include "stock/walk.h"

/* Limit of tasks that wait for one pool. */
#define MAX_WAITERS 4096

/* The members that lead from a wait queue to its tasks. */
#define KNOWS_WAITERS                                                      \
	(HAS(wait_queue_head, head) && HAS(list_head, next) &&             \
	 HAS(wait_queue_entry, entry) && HAS(wait_queue_entry, private) && \
	 HAS(task_struct, pid))

static long note_waiter(__u32 i, void *ctx)
{
	struct wait_queue_entry *entry;
	struct task_struct *task;
	struct stock_wait *to;

	if (w.entry == w.head || !w.entry || !KNOWS_WAITERS)
		return 1;
	entry = (void *)w.entry -
		bpf_core_field_offset(struct wait_queue_entry, entry);
	w.entry = next_of(w.entry);
	task = BPF_CORE_READ(entry, private);
	if (!task)
		return 0;
	w.listed++;
	to = NEW(waits, waits);
	if (!to)
		return 0;
	to->tid = BPF_CORE_READ(task, pid);
	to->switches = 0;
	if (HAS(task_struct, nvcsw) && HAS(task_struct, nivcsw))
		to->switches = BPF_CORE_READ(task, nvcsw) +
			       BPF_CORE_READ(task, nivcsw);
	to->comm[0] = 0;
	if (HAS(task_struct, comm))
		BPF_CORE_READ_STR_INTO(&to->comm, task, comm);
	return 0;
}

/* @first: of its list */
__noinline __u32 note_waiters(__u64 queue, __u64 first)
{
	if (!queue || !KNOWS_WAITERS)
		return 0;
	guarded();
	w.head = (void *)queue +
		 bpf_core_field_offset(struct wait_queue_head, head);
	w.entry = (void *)first;
	w.listed = 0;
	if (w.entry != w.head)
		bpf_loop(MAX_WAITERS, note_waiter, NULL, no_flags);
	return w.listed;
}

#endif
