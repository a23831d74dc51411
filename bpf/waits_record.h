/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values of the maps of waits.bpf.c: fixed layout, both sides on one machine.
 * Include <linux/types.h> (or vmlinux.h) before. Addresses are for finding a queue
 * again; they are not shown.
 */
#ifndef MEMTOP_WAITS_RECORD_H
#define MEMTOP_WAITS_RECORD_H

/*
 * Value of the map "queues"; its key is the address of a pool's wait queue. The tool
 * adds and removes entries.
 */
struct waits_queue {
	__u64 queue;
	__u64 waits; /* that began while the entry existed */
	__u64 wait_ns; /* of these, up to the end of their last sleep */
	__u64 longest_ns;
	/* of these, by wait_bucket_of(): those that do not sleep */
	__u64 histogram[32];
};

/*
 * Value of the map "tasks"; its key is the thread. The last wait of a task that has
 * waited; it stays until the task ends.
 */
struct waits_task {
	__u64 tid;
	__u64 queue;
	__u64 entry; /* on the queue: on the stack of mempool_alloc() */
	__u64 since; /* CLOCK_BOOTTIME, ns; 0: it began before it was watched */
	__u64 ended; /* the end of the last sleep; 0: it sleeps */
	__u64 counted; /* how much of it is in the queue's wait_ns */
	__u64 switches; /* that do not end the wait: task_struct.nvcsw then */
	__u64 in_reclaim; /* nvcsw at the beginning of reclaim; ~0: not in it */
};

#ifdef __cplusplus
#define WAITS_ASSERT static_assert
#else
#define WAITS_ASSERT _Static_assert
#endif
WAITS_ASSERT(sizeof(struct waits_queue) == 288, "wire format");
WAITS_ASSERT(sizeof(struct waits_task) == 64, "wire format");

#endif
