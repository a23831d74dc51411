/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Queries to device-mapper. A query may never return, on a kernel where a task
 * holds a lock that it needs. Therefore a separate process (dm_source.c) makes
 * them, and writes the answers to a pipe, many at a time. The query that it
 * makes is noted in memory that both processes share.
 */
#ifndef MEMTOP_KERNEL_DM_ASK_H
#define MEMTOP_KERNEL_DM_ASK_H

#include <linux/dm-ioctl.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/sample.h"

/* The subject of an answer. */
enum dm_answer_kind {
	DM_ANSWER_ASKED, /* the next answers are about this device: number, name */
	DM_ANSWER_DEVICE, /* number, name, UUID, suspended */
	DM_ANSWER_TARGET, /* of this device: slot, index, type */
	DM_ANSWER_BLOCKS, /* of this device: whether a block was corrupted */
	DM_ANSWER_LOWER, /* a device below this one: number */
	DM_ANSWER_VANISHED, /* this device no longer exists */
	DM_ANSWER_END, /* no more devices, or an error */
};

/* Of fixed size. */
struct dm_answer {
	__u32 kind; /* enum dm_answer_kind */
	__s32 err; /* of the end: 0 or -errno, already reported */
	__u32 major;
	__u32 minor;
	__u32 slot; /* enum sample_slot */
	__u32 index;
	__u32 suspended;
	__u32 corrupted;
	char text[DM_NAME_LEN]; /* a name, or a target's type */
	char uuid[DM_UUID_LEN];
};

/* The requested answers. */
struct dm_params {
	bool only_name_pools; /* none, only the kernel's events */
	bool lower; /* the devices below, too */
	const struct sample *known; /* its devices are not queried again */
	/* those that did not answer: only their state is queried */
	const struct sample_devno *stuck;
	size_t nr_stuck;
};

/* How far the queries are. */
struct dm_progress {
	bool listed; /* the list has arrived */
	bool asks; /* and this device is queried now: */
	struct sample_devno dev;
	char name[DM_NAME_LEN];
	uint64_t since_ns; /* when the last query began, by stop_clock(); atomic */
};

/* A query begins now. */
void dm_progress_note(struct dm_progress *p);

/*
 * Makes the queries, and writes the answers to @fd, the last one being
 * DM_ANSWER_END.
 */
void dm_ask(const struct dm_params *params, struct dm_progress *progress,
	    int fd);

#endif
