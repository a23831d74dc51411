/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the BPF programs and the tool tell each other: keys and values of the
 * maps, and the words both sides read and write. Fixed widths, explicit
 * padding, includes nothing: whoever includes it has __u16, __u32, __u64 and
 * __s32.
 */
#ifndef MEMTOP_RECORD_H
#define MEMTOP_RECORD_H

/* The layout of the kernel's events that the programs read. */
#define MEMTOP_EVENT_VERSION 1

#define MEMTOP_TYPE_LEN 16
#define MEMTOP_ROLE_LEN 24
#define MEMTOP_COMM_LEN 16

/* Where a table is. 0 to 2 are DM_POOL_SLOT_* of the kernel series. */
enum memtop_slot {
	MEMTOP_SLOT_NONE, /* in no table */
	MEMTOP_SLOT_INACTIVE,
	MEMTOP_SLOT_LIVE,
	MEMTOP_SLOT_LEAVING, /* replaced or cleared, not yet destroyed */
};

/*
 * How many elements a pool has, and how many uses of pools had been traced when that
 * was read. It is one word, so that both are read and written together.
 */
#define MEMTOP_LEVEL(nr, uses) ((__u64)(uses) << 32 | (__u32)(nr))
#define MEMTOP_LEVEL_NR(level) ((__u32)(level))
#define MEMTOP_LEVEL_USES(level) ((__u32)((level) >> 32))

/* What happened to a pool while we watched: other events than say what it is. */
struct memtop_use {
	__u64 waits; /* that began */
	__u64 sleeps; /* of those that have ended */
	__u64 wait_ns; /* in those that have ended */
	__u64 longest_wait_ns;
	__u64 takes; /* elements taken, from the reserve or not */
	__u64 gives; /* given back, likewise */
	__u64 drawn; /* of those taken, from the reserve: at least so many */
	__u64 moved; /* CLOCK_BOOTTIME, ns: last taking or giving; 0: none */
	__u32 lowest_nr; /* fewest elements after something was taken */
	__u32 whole; /* it was made after we began: no element is out unseen */
	__u64 level; /* after the last taking or giving; MEMTOP_LEVEL() */
};

/* Value of the map "pools"; its key is the pool's id. */
struct memtop_pool {
	__u64 id;
	__u64 table;
	/*
	 * When it was last named; MEMTOP_LEVEL() with the uses that the kernel had
	 * traced before it read the level. If use.level has later ones, that is newer.
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
	__u32 pass; /* the last one that named it */
	__u32 nr_caches; /* slab objects that one element takes */
	__u32 cache_size; /* bytes of those together; 0: unknown */
	__u32 pad;
	char type[MEMTOP_TYPE_LEN];
	char role[MEMTOP_ROLE_LEN];
	struct memtop_use use; /* last: the others are written as one */
};

/* Value of the map "tables"; its key is the table's number. */
struct memtop_table {
	__u64 table;
	__u32 major;
	__u32 minor;
	__u32 slot; /* enum memtop_slot */
	__u32 nr_pools; /* of it in the map "pools" */
	__u32 pass; /* the last one that named pools of it */
	__u32 named; /* pools that this pass named */
	__u32 of; /* pools that it announced */
	__u32 pad;
	__u64 rechecks; /* of its targets, that we saw */
	__u64 failed_rechecks; /* of those that have ended */
	__u64 decodes;
	__u64 failed_decodes;
};

/* One that waits for an element of a pool, or has taken it. */
struct memtop_task {
	__u64 op; /* on whose behalf; 0: not of a recheck or decode */
	__u64 since; /* CLOCK_BOOTTIME, ns */
	__u64 io_sector; /* what the element is for */
	__u32 io_sectors; /* 0: not said */
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
	__u32 pass; /* the last one that named it, or in which it began */
	__u32 pad;
};

/* Key of the map "elements". */
struct memtop_element_key {
	__u64 pool;
	__u64 address; /* 0: the pool's elements are not told apart */
};

/* Value of it. */
struct memtop_element {
	__u64 number; /* of the taking, not used again */
	__u64 pool;
	struct memtop_task task; /* that took it last */
	__u32 nr; /* taken more often than given by so much */
	__u32 pad;
};

enum memtop_op_kind {
	MEMTOP_RECHECK,
	MEMTOP_DECODE,
};

/* Value of the map "ops", of what is in progress; its key is its number. */
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
 * In the ring "news": a task has begun to wait. Only a hint to look at the maps,
 * which have all there is.
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
MEMTOP_ASSERT(sizeof(struct memtop_task) == 56, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_wait) == 80, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_op) == 88, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_element_key) == 16, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_news) == 24, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_element) == 80, "wire format");

#endif
