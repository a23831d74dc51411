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

/* Where a table is. 0 to 2 are DM_POOL_SLOT_* of the kernel series. */
enum memtop_slot {
	MEMTOP_SLOT_NONE, /* in no table */
	MEMTOP_SLOT_INACTIVE,
	MEMTOP_SLOT_LIVE,
	MEMTOP_SLOT_LEAVING, /* replaced or cleared, not yet destroyed */
};

/* Value of the map "pools"; its key is the pool's id. */
struct memtop_pool {
	__u64 id;
	__u64 table;
	__u32 major;
	__u32 minor;
	__s32 target;
	__u32 min_nr;
	__u32 curr_nr;
	__u32 lowest_nr; /* of all curr_nr that were seen */
	__u32 object_size;
	__u32 alloc_size;
	__u32 nr_cached;
	__u32 pass; /* the last one that named it */
	__u32 nr_caches; /* slab objects that one element takes */
	__u32 cache_size; /* bytes of those together; 0: unknown */
	char type[MEMTOP_TYPE_LEN];
	char role[MEMTOP_ROLE_LEN];
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
};

#ifdef __cplusplus
#define MEMTOP_ASSERT static_assert
#else
#define MEMTOP_ASSERT _Static_assert
#endif
MEMTOP_ASSERT(sizeof(struct memtop_pool) == 104, "wire format");
MEMTOP_ASSERT(sizeof(struct memtop_table) == 40, "wire format");

#endif
