// SPDX-License-Identifier: GPL-2.0-only
/* The programs of waits.h, called by the kernel's functions directly. */
#include "waits.h"

SEC("fentry/prepare_to_wait")
int on_sleep(__u64 *args)
{
	return begin_sleep(args[0], args[1]);
}

SEC("fentry/finish_wait")
int on_awake(__u64 *args)
{
	return end_sleep(args[0], args[1]);
}

SEC("fentry/try_to_free_pages")
int on_reclaim(void *args)
{
	return begin_reclaim();
}

SEC("fexit/try_to_free_pages")
int on_reclaimed(void *args)
{
	return end_reclaim();
}

SEC("raw_tp/sched_process_exit")
int on_exit(void *args)
{
	return end_task();
}
