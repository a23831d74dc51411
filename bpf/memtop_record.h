/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface between the BPF programs and the tool: keys and values of the
 * maps, and the variables of both sides. Fixed widths, explicit padding, no
 * includes: the including file must have __u16, __u32, __u64 and __s32.
 */
#ifndef MEMTOP_RECORD_H
#define MEMTOP_RECORD_H

/* The layout of the kernel's events that the programs read. */
#define MEMTOP_EVENT_VERSION 1

#define MEMTOP_TYPE_LEN 16
#define MEMTOP_ROLE_LEN 24
#define MEMTOP_COMM_LEN 16

/* The slot of a table. 0 to 2 are DM_POOL_SLOT_* of the kernel series. */
enum memtop_slot {
	MEMTOP_SLOT_NONE, /* in no table */
	MEMTOP_SLOT_INACTIVE,
	MEMTOP_SLOT_LIVE,
	MEMTOP_SLOT_LEAVING, /* replaced or cleared, not yet destroyed */
};

/*
 * How many elements a pool has, and how many uses of pools had been traced when
 * that was read. Both are in one word, so that they are read and written
 * together.
 */
#define MEMTOP_LEVEL(nr, uses) ((__u64)(uses) << 32 | (__u32)(nr))
#define MEMTOP_LEVEL_NR(level) ((__u32)(level))
#define MEMTOP_LEVEL_USES(level) ((__u32)((level) >> 32))

/* Counts of the events of a pool's use since the watch started. */
struct memtop_use {
	__u64 waits; /* waits that began */
	__u64 sleeps; /* sum over finished waits */
	__u64 wait_ns; /* longest finished wait */
	__u64 longest_wait_ns;
	__u64 takes; /* elements taken, from the reserve or not */
	__u64 gives; /* elements returned, from the reserve or not */
	__u64 drawn; /* of those taken, from the reserve: a lower bound */
	__u64 last_activity; /* CLOCK_BOOTTIME, ns: last taking or return; 0: none */
	__u32 lowest_nr; /* fewest elements after something was taken */
	__u32 whole; /* created after the start: all uses are traced */
	__u64 level; /* after the last taking or return; MEMTOP_LEVEL() */
};

/* Value of the map "pools"; its key is the pool's id. */
struct memtop_pool {
	__u64 id;
	__u64 table;
	/*
	 * When it was last named; MEMTOP_LEVEL() with the uses that the kernel
	 * had traced before it read the level. If use.level has more uses, that
	 * one is newer.
	 */
	__u64 level;
	__u32 major;
	__u32 minor;
	__s32 target;
	__u32 min_nr;
	__u32 lowest_nr; /* of all levels when it was named */
	__u32 object_size;
	__u32 alloc_size;
	__u32 nr_cached;
	__u32 pass; /* the last pass that named it */
	__u32 nr_caches; /* slab objects that one element takes */
	__u32 cache_size; /* bytes of those together; 0: unknown */
	__u32 pad;
	char type[MEMTOP_TYPE_LEN];
	char role[MEMTOP_ROLE_LEN];
	struct memtop_use use; /* last: the other members are written as one */
};

/* Value of the map "tables"; its key is the table's number. */
struct memtop_table {
	__u64 table;
	__u32 major;
	__u32 minor;
	__u32 slot; /* enum memtop_slot */
	__u32 nr_pools; /* of it in the map "pools" */
	__u32 pass; /* the last pass that named pools of it */
	__u32 named; /* pools that this pass named */
	__u32 of; /* pools that it announced */
	__u32 pad;
	__u64 rechecks; /* of its targets, since the start */
	__u64 failed_rechecks; /* of those that have ended */
	__u64 decodes;
	__u64 failed_decodes;
};

/*
 * Value of the map "histograms"; its key is the pool's id. Pools that have had a wait
 * have one.
 */
struct memtop_histogram {
	__u64 pool;
	__u64 waits[32]; /* finished ones, by wait_bucket_of() */
};

/* A task that waits for an element of a pool, or has taken it. */
struct memtop_task {
	__u64 op; /* the repair; 0: none */
	__u64 since; /* CLOCK_BOOTTIME, ns */
	__u64 io_sector; /* the I/O that uses the element */
	__u32 io_sectors; /* 0: not known */
	__u32 io_major;
	__u32 io_minor;
	__u32 tid; /* 0: an interrupt */
	char comm[MEMTOP_COMM_LEN];
};

/* Value of the map "waits"; its key is the thread, which waits once at a time. */
struct memtop_wait {
	__u64 tid;
	__u64 pool;
	struct memtop_task task;
	__u32 pass; /* the last pass that named it, or in which it began */
	__u32 pad;
};

/* Key of the map "elements". */
struct memtop_element_key {
	__u64 pool;
	__u64 address; /* 0: the pool's elements have no identity */
};

/* Value of it. */
struct memtop_element {
	__u64 number; /* number of the taking, not reused */
	__u64 pool;
	struct memtop_task task; /* the last task that took it */
	__u32 nr; /* how many more times it was taken than returned */
	__u32 pad;
};

enum memtop_op_kind {
	MEMTOP_RECHECK,
	MEMTOP_DECODE,
};

/*
 * Value of the map "ops", of repairs in progress; its key is the repair's
 * number.
 */
struct memtop_op {
	__u64 op;
	__u64 block;
	__u64 since; /* CLOCK_BOOTTIME, ns */
	__u64 io_sector; /* the same block, on the device below */
	__u32 io_sectors;
	__u32 io_major;
	__u32 io_minor;
	__u32 major; /* the verity device */
	__u32 minor;
	__u32 kind; /* enum memtop_op_kind */
	__u32 metadata; /* the block is one of the hash tree */
	__u32 tid;
	__u32 pass; /* as above */
	__u32 pad;
	char comm[MEMTOP_COMM_LEN];
};

/*
 * In the ring "news": a task has begun to wait. Only a hint to read the maps,
 * which have all details.
 */
struct memtop_news {
	__u64 since; /* CLOCK_BOOTTIME, ns */
	__u64 pool;
	__u64 tid;
};

#ifdef __cplusplus
#define MEMTOP_ASSERT static_assert
#else
#define MEMTOP_ASSERT _Static_assert
#endif
MEMTOP_ASSERT(sizeof(struct memtop_pool) == 192, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_table) == 72, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_use) == 80, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_histogram) == 264, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_task) == 56, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_wait) == 80, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_op) == 88, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_element_key) == 16, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_news) == 24, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_element) == 80, "wire format");

#endif
