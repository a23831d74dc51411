/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sample: what one reading of the kernel gave, raw, nothing derived.
 *
 * collect/ fills it; everything to its right (snapshot, fields, views) only
 * reads it. Strings are NUL-terminated and hold whatever bytes the kernel
 * gave: views must escape them.
 */
#ifndef MEMTOP_SAMPLE_SAMPLE_H
#define MEMTOP_SAMPLE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A quantity that was not or could not be read. Never shown as a number. */
#define MEMTOP_UNKNOWN UINT64_MAX

/* Target index of a pool that serves the whole table (dm core's). */
#define SAMPLE_NO_TARGET UINT32_MAX

/* DM_NAME_LEN and DM_UUID_LEN of <linux/dm-ioctl.h>, each with its NUL. */
#define SAMPLE_NAME_LEN 128
#define SAMPLE_UUID_LEN 129
/* DM_MAX_TYPE_NAME of <linux/dm-ioctl.h>. */
#define SAMPLE_TYPE_LEN 16
/* Role: client "." kind, as the kernel names it, for instance "hash.bvec". */
#define SAMPLE_ROLE_LEN 24
/* TASK_COMM_LEN of <linux/sched.h>. */
#define SAMPLE_COMM_LEN 16

enum sample_source {
	SAMPLE_TRACEPOINTS, /* the kernel series' events */
	SAMPLE_STOCK, /* a walk over an unpatched kernel's structures */
	NR_SAMPLE_SOURCES,
};

enum sample_slot {
	SAMPLE_SLOT_UNKNOWN,
	SAMPLE_SLOT_LIVE,
	SAMPLE_SLOT_INACTIVE,
	NR_SAMPLE_SLOTS,
};

struct sample_devno {
	uint32_t major;
	uint32_t minor;
};

struct sample_target {
	enum sample_slot slot;
	uint32_t index; /* place in its table, from 0 */
	char type[SAMPLE_TYPE_LEN];
};

enum sample_op_kind {
	SAMPLE_RECHECK, /* a block is read again: its hash did not match */
	SAMPLE_DECODE, /* error correction of a block */
	NR_SAMPLE_OP_KINDS,
};

/* A block that a verity target repairs at the moment. */
struct sample_op {
	uint64_t op; /* its number, not used again while dm_mod is loaded */
	enum sample_op_kind kind;
	uint32_t pid; /* of the thread */
	char comm[SAMPLE_COMM_LEN];
	uint64_t since_ns; /* CLOCK_BOOTTIME, ns; may be unknown */
	bool metadata; /* the block is one of the hash tree */
	uint64_t block; /* on the device that it is on, in its blocks */
	struct sample_devno io_dev; /* that device */
	uint64_t io_sector; /* the same, in 512-byte sectors */
	uint64_t io_sectors;
};

enum sample_link_kind {
	SAMPLE_LINK_DATA, /* what a dm device's blocks are read from */
	SAMPLE_LINK_HASH, /* a verity target's hash tree */
	SAMPLE_LINK_FEC, /* its parity */
	SAMPLE_LINK_OTHER, /* of a target that we know nothing of */
	SAMPLE_LINK_FILE, /* a loop device: its file's file system is on it */
	SAMPLE_LINK_PARTITION, /* a partition and its disk */
	NR_SAMPLE_LINK_KINDS,
};

/*
 * One block device is on another one. Of a part of it, if that is known: then
 * I/O to the part goes to as many sectors of the lower one, from lower_start on.
 */
struct sample_link {
	struct sample_devno upper;
	struct sample_devno lower;
	enum sample_link_kind kind;
	bool mapped; /* the part below is known and what is in it, in order */
	uint64_t start; /* of the part of the upper one, in 512-byte sectors */
	uint64_t sectors;
	uint64_t lower_start; /* only if mapped */
	uint64_t in_flight; /* I/O that the lower one has at the moment; may be
			     * unknown */
};

/* The kernel's stack of a task at a moment. */
struct sample_stack {
	uint32_t pid; /* of the thread */
	char *text; /* owned; a line "function+0x1c/0x80 [module]" each, the
		     * innermost first */
};

/* What is unknown for want of a member of the kernel's structures; doctor names it. */
enum sample_gap {
	SAMPLE_NO_SUSPENDED = 1 << 0,
	SAMPLE_NO_TARGETS = 1 << 1, /* there seem to be none */
	SAMPLE_NO_LOWER = 1 << 2, /* likewise */
	SAMPLE_NO_RESERVES = 1 << 3, /* there may be more pools */
};

/* One mapped device, whether it has pools or not. */
struct sample_device {
	struct sample_devno dev;
	char name[SAMPLE_NAME_LEN];
	char uuid[SAMPLE_UUID_LEN]; /* "" when the device has none */
	bool suspended;
	bool torn; /* changed while it was read: its pools are not known */
	uint32_t gaps; /* enum sample_gap */
	/* Since its table was first seen; each may be unknown. */
	uint64_t rechecks; /* blocks read again as their hash mismatched */
	uint64_t failed_rechecks; /* of those that ended: still no match */
	uint64_t decodes; /* blocks that error correction was tried on */
	uint64_t failed_decodes; /* of those that ended: without success */
	/*
	 * 1: the live table's verity targets have met a block that stayed bad
	 * (their status is C), 0: they have not; unknown also where there are none.
	 */
	uint64_t corrupted;
	uint64_t rechecking; /* in progress now */
	uint64_t decoding;
	bool ops_known;
	struct sample_op *ops; /* owned; those, the oldest first */
	size_t nr_ops;
	struct sample_target *targets; /* owned; live slot's first */
	size_t nr_targets;
	struct sample_devno *lower; /* owned; devices the live table uses */
	size_t nr_lower;
};

/* One that waits for an element, or has taken one. */
struct sample_task {
	uint32_t pid; /* of the thread; 0: an interrupt */
	char comm[SAMPLE_COMM_LEN];
	uint64_t since_ns; /* CLOCK_BOOTTIME, ns; may be unknown */
	bool since_at_least; /* it began then or earlier: it was met so */
	/*
	 * How often it was scheduled out when it was looked at, by which those who
	 * look know a wait again; not recorded. 0: unknown.
	 */
	uint64_t switches;
	uint64_t op; /* the struct sample_op that it is for; may be unknown */
	bool io_known;
	struct sample_devno io_dev; /* the I/O that the element is for */
	uint64_t io_sector; /* in 512-byte sectors; unknown without io_known */
	uint64_t io_sectors;
};

/* One reserve of one table. */
struct sample_pool {
	uint64_t id; /* not used again while dm_mod is loaded */
	uint64_t table_id; /* likewise; unknown: in no table */
	bool dev_known; /* false: a client nobody named */
	struct sample_devno dev;
	enum sample_slot slot;
	uint32_t target_index; /* or SAMPLE_NO_TARGET */
	char target_type[SAMPLE_TYPE_LEN]; /* "" for dm core's pools */
	char role[SAMPLE_ROLE_LEN];
	uint64_t min; /* elements the reserve keeps */
	uint64_t current; /* elements in it when last seen */
	uint64_t lowest; /* fewest ever seen by this process */
	uint64_t object_bytes; /* bytes asked for, one element */
	uint64_t footprint_bytes; /* bytes taken, one element */
	uint64_t cached_bytes; /* held beside the reserve (dm-bufio's
					 * buffers); 0 where nothing is cached */
	/* What it cost to find it empty; unknown until waits are traced. */
	uint64_t waits;
	uint64_t sleeps; /* waits that slept */
	uint64_t wait_ns; /* sum of those that ended */
	uint64_t longest_wait_ns; /* of those that ended */
	bool waiters_known;
	struct sample_task *waiters; /* owned */
	size_t nr_waiters;
	/*
	 * Elements taken, from the reserve or not, and given back: unknown
	 * until it is traced, and of pools that are used with each bio.
	 */
	uint64_t takes;
	uint64_t gives;
	/*
	 * Elements that the reserve itself had to give, at least so many; unknown
	 * until it is traced.
	 */
	uint64_t drawn;
	bool holders_known;
	bool holders_whole; /* seen since it was made: no other is out */
	struct sample_task *holders; /* owned; of each element, first taken
				      * first */
	size_t nr_holders;
	/*
	 * When an element was last seen to come back or to be taken,
	 * CLOCK_BOOTTIME, ns; 0: not since sample.watched_since_ns; unknown:
	 * nobody looked.
	 */
	uint64_t moved_ns;
};

/* What was lost on the way; every view shows it. */
struct sample_losses {
	uint64_t ring_full; /* news that found no room in the ring */
	uint64_t map_full; /* what found no room in a map */
	uint64_t missed_runs; /* events on which our program was skipped */
	uint64_t raced_reads; /* tables not shown whole: they changed meanwhile */
};

/* One of them, with its name in all views. */
struct sample_loss {
	const char *name;
	uint64_t nr;
};

#define SAMPLE_NR_LOSSES 4

struct sample {
	enum sample_source source;
	char kernel[65]; /* uname -r */
	uint64_t boottime_ns; /* CLOCK_BOOTTIME when it was taken */
	uint64_t realtime_ns; /* CLOCK_REALTIME then; may be unknown */
	uint64_t reserved_bio_based_ios; /* dm_mod's parameter; may be unknown */
	uint64_t mem_total_bytes; /* the kernel's MemTotal; may be unknown */
	struct sample_device *devices; /* owned; by number, each once */
	size_t nr_devices;
	struct sample_pool *pools; /* owned */
	size_t nr_pools;
	/*
	 * How devices are on each other, the live tables'; only if it was asked
	 * for. By upper device.
	 */
	bool links_known;
	struct sample_link *links; /* owned */
	size_t nr_links;
	struct sample_stack *stacks; /* owned; by thread, of those asked for */
	size_t nr_stacks;
	/* Since when what happens is seen, CLOCK_BOOTTIME; unknown: it is not. */
	uint64_t watched_since_ns;
	struct sample_losses losses;
};

/* -1, 0, 1: by major, then by minor. */
int sample_compare_devno(struct sample_devno a, struct sample_devno b);

/* The same for qsort(3) and bsearch(3), on numbers and on devices. */
int sample_compare_devnos(const void *a, const void *b);
int sample_compare_devices(const void *a, const void *b);

/* Likewise, by thread. */
int sample_compare_stacks(const void *a, const void *b);

/* A device of which nothing is known but its number. */
struct sample_device sample_device_new(struct sample_devno dev);

/* The one of this number in @s, whose devices are in order; NULL: none. */
struct sample_device *sample_find_device(const struct sample *s,
					 struct sample_devno dev);

/* That of thread @pid; NULL: nobody has looked. */
const struct sample_stack *sample_find_stack(const struct sample *s,
					     uint32_t pid);

/* Whether a task waits for an element of some pool. */
bool sample_anybody_waits(const struct sample *s);

/* Frees the stacks, of which there are none then. */
void sample_release_stacks(struct sample *s);

/* Frees what @s owns, not @s itself; fine on a zeroed sample. */
void sample_release(struct sample *s);

/* All of @losses, in the order of the views. */
void sample_list_losses(const struct sample_losses *losses,
			struct sample_loss list[SAMPLE_NR_LOSSES]);

#endif
