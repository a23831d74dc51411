/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the walk over an unpatched kernel's structures (stock.bpf.c) writes and
 * the tool reads: fixed layout, both on one machine. Include <linux/types.h>
 * (or vmlinux.h) before.
 *
 * Addresses are for comparing one pass with another; they are not shown.
 */
#ifndef MEMTOP_STOCK_RECORD_H
#define MEMTOP_STOCK_RECORD_H

#include "sample/role_table.h"

/*
 * All sizes are multiples of 8, as the kernel keeps them in arrays.
 * Everything is in the order in which it was found: a device's tables follow
 * the tables of the devices before it, a table's pools the pools of the tables
 * before it, and so on.
 */

/* DM_NAME_LEN and DM_UUID_LEN of <linux/dm-ioctl.h>, DM_MAX_TYPE_NAME. */
#define STOCK_NAME_LEN 128
#define STOCK_UUID_LEN 129
#define STOCK_TYPE_LEN 16
#define STOCK_COMM_LEN 16

enum stock_slot {
	STOCK_LIVE = 1,
	STOCK_INACTIVE,
};

/* Of the live table's verity targets, whether a block of theirs was bad. */
enum stock_blocks {
	STOCK_BLOCKS_UNKNOWN, /* also: it has no such target */
	STOCK_BLOCKS_GOOD, /* as far as they were read */
	STOCK_BLOCKS_BAD,
};

/* Where the kernel lacks a member that is read (kernel_facts.h). */
enum stock_unknown {
	/* of a device */
	STOCK_NO_NAME = 1 << 0,
	STOCK_NO_SUSPENDED = 1 << 1,
	STOCK_NO_TABLES = 1 << 2, /* nor anything that is in them */
	STOCK_NO_LOWER = 1 << 3,
	STOCK_NO_RESERVES = 1 << 4, /* not all of them */
	/* of a pool */
	STOCK_NO_MIN = 1 << 0,
	STOCK_NO_LEVEL = 1 << 1,
	STOCK_NO_WAITS = 1 << 2,
	STOCK_NO_CACHED = 1 << 3,
};

struct stock_device {
	__u64 md;
	__u64 cell; /* its name's */
	__u32 major;
	__u32 minor;
	__u32 suspended;
	__u32 torn; /* something did not point back to where it was found */
	__u32 nr_tables; /* these are the next ones among the tables */
	char name[STOCK_NAME_LEN];
	char uuid[STOCK_UUID_LEN];
	__u8 blocks; /* enum stock_blocks */
	__u8 unknown; /* enum stock_unknown */
	char pad;
};

/* One slot of a device, if it is not empty. Its parts are the next ones too. */
struct stock_table {
	__u64 table;
	__u32 slot; /* enum stock_slot */
	__u32 nr_targets;
	__u32 nr_lower;
	__u32 nr_pools;
};

struct stock_target {
	char type[STOCK_TYPE_LEN];
};

struct stock_lower {
	__u32 dev; /* the kernel's dev_t */
	__u32 pad;
};

struct stock_pool {
	__u64 pool;
	__u64 object_size; /* bytes asked for, one element; 0: unknown */
	__u64 footprint; /* bytes taken, one element; 0: unknown */
	__u64 nr_cached; /* buffers beside the reserve */
	__u32 target; /* index in its table; ~0: the whole table's */
	__u32 role; /* enum pool_role */
	__u32 min_nr;
	__u32 curr_nr;
	__u32 nr_waits; /* the next ones among the waits */
	__u32 unknown; /* enum stock_unknown */
	__u32 pad[2];
};

/* A task on a pool's wait queue. */
struct stock_wait {
	__u64 switches; /* how often it was scheduled out */
	__u32 tid;
	char comm[STOCK_COMM_LEN];
	__u32 pad;
};

/* How many there are of what, also those that found no room. */
struct stock_numbers {
	__u64 devices;
	__u64 tables;
	__u64 targets;
	__u64 lower;
	__u64 pools;
	__u64 waits;
};

/* By which way the tree of devices was found. */
enum stock_root {
	STOCK_ROOT_NONE,
	STOCK_ROOT_SYSFS, /* the descriptor of a device's directory in sysfs */
	STOCK_ROOT_SYMBOL, /* name_rb_tree */
};

/* How a pass ended. */
struct stock_pass {
	struct stock_numbers nr;
	__u32 root; /* enum stock_root */
	__u32 finished; /* all of it was seen */
	/*
	 * verity targets whose structures this program does not know: their
	 * module came after it, or has no BTF
	 */
	__u32 strange;
	__u32 unread; /* likewise of other targets: their reserves are unknown */
};

#ifdef __cplusplus
#define STOCK_ASSERT static_assert
#else
#define STOCK_ASSERT _Static_assert
#endif
STOCK_ASSERT(sizeof(struct stock_device) == 296, "wire format");
STOCK_ASSERT(sizeof(struct stock_table) == 24, "wire format");
STOCK_ASSERT(sizeof(struct stock_pool) == 64, "wire format");
STOCK_ASSERT(sizeof(struct stock_wait) == 32, "wire format");

#endif
