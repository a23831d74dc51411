// SPDX-License-Identifier: GPL-2.0-only
/*
 * The current kernel stacks of some tasks, with names of functions. It is an
 * iterator over all tasks, because no other program may read another task's
 * stack. It writes the requested ones as text, which the tool reads from the
 * iterator's descriptor without opening a file.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "has.h"
#include "kernel_facts.h"
#include "stock_kernel.h"

char LICENSE[] SEC("license") = "GPL";

#define MAX_DEPTH 48
#define MAX_WANTED 64

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop

#define KNOWS_TASK                                                 \
	(HAS(bpf_iter__task, meta) && HAS(bpf_iter__task, task) && \
	 HAS(bpf_iter_meta, seq) && HAS(task_struct, pid))

/* Written by the tool before it reads: the requested threads. */
__u32 wanted[MAX_WANTED] = {};
__u32 nr_wanted = 0;

/*
 * Read by the tool afterwards, in the order of STACKS_MEMBERS: 1 if it is
 * missing.
 */
__u8 missing[NR_STACKS_MEMBERS] = {};

static __u64 stack[MAX_DEPTH];

static __always_inline int is_wanted(__u32 tid)
{
	for (__u32 i = 0; i < MAX_WANTED; i++) {
		if (i >= nr_wanted)
			break;
		if (wanted[i] == tid)
			return 1;
	}
	return 0;
}

static __always_inline void write_text(struct seq_file *seq, const char *format,
				       __u32 size, const __u64 *value)
{
	bpf_seq_printf(seq, format, size, value, sizeof(*value));
}

static __always_inline void note_missing(void)
{
	__u32 at = 0;

#define NOTE(has, name, fact) missing[at++] = !(has);
	STACKS_MEMBERS(NOTE)
#undef NOTE
}

SEC("iter/task")
int write_stack(struct bpf_iter__task *ctx)
{
	static const char head[] = "%llu\n", line[] = " %pB\n";
	struct seq_file *seq;
	struct task_struct *task;
	__u64 tid;
	long size;

	note_missing();
	if (!KNOWS_TASK)
		return 0;
	guarded();
	seq = ctx->meta->seq;
	task = ctx->task;
	if (!task || !is_wanted(task->pid))
		return 0;
	size = bpf_get_task_stack(task, stack, sizeof(stack), 0);
	if (size <= 0)
		return 0;
	tid = task->pid;
	write_text(seq, head, sizeof(head), &tid);
	for (__u32 i = 0; i < MAX_DEPTH; i++) {
		if (i >= size / sizeof(stack[0]))
			break;
		write_text(seq, line, sizeof(line), &stack[i]);
	}
	return 0;
}
