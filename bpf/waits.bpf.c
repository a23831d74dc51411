// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs of waits.h, called by kprobes. Programs that the kernel's functions call
 * directly (fentry) would cost less, but to detach one the kernel waits until each task
 * has slept (synchronize_rcu_tasks() in kernel/trace/ftrace.c). A kernel thread that is
 * always busy, such as dm-multipath's without a path, would keep the tool from ending.
 */
#include "waits.h"

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
