/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records that the walk over an unpatched kernel's structures (stock.bpf.c)
 * writes and the tool reads: fixed layout, both on one machine. Include
 * <linux/types.h> (or vmlinux.h) before.
 *
 * Addresses are for comparing one pass with another; they are not shown.
 */
#ifndef MEMTOP_STOCK_RECORD_H
#define MEMTOP_STOCK_RECORD_H

#include "sample/reserve_table.h"

/*
 * All sizes are multiples of 8, as the kernel stores them in arrays. All
 * records are in the order in which they were found: a device's tables follow
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

/*
 * Whether one of the live table's verity targets has found a corrupted block.
 */
enum stock_blocks {
	STOCK_BLOCKS_UNKNOWN, /* also: it has no such target */
	STOCK_BLOCKS_GOOD, /* as far as they were read */
	STOCK_BLOCKS_BAD,
};

/* Unknown facts because the kernel lacks a member (kernel_facts.h). */
enum stock_unknown {
	/* of a device */
	STOCK_NO_NAME = 1 << 0,
	STOCK_NO_SUSPENDED = 1 << 1,
	STOCK_NO_TABLES = 1 << 2, /* nor anything in them */
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
	__u32 torn; /* an object did not point back to the previous one */
	__u32 nr_tables; /* these are the next ones among the tables */
	char name[STOCK_NAME_LEN];
	char uuid[STOCK_UUID_LEN];
	__u8 blocks; /* enum stock_blocks */
	__u8 unknown; /* enum stock_unknown */
	char pad;
};

/*
 * One slot of a device, if it is not empty. Its parts follow in the same order.
 */
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
	__u64 object_size; /* requested bytes of one element; 0: unknown */
	__u64 footprint; /* allocated bytes of one element; 0: unknown */
	__u64 nr_cached; /* buffers in addition to the reserve */
	__u32 target; /* index in its table; ~0: the whole table's */
	__u32 role; /* enum pool_role */
	__u32 min_nr;
	__u32 curr_nr;
	__u32 nr_waits; /* the next ones among the waits */
	__u32 unknown; /* enum stock_unknown */
	__u64 queue; /* a mempool's wait queue; 0: another way of waiting */
};

/* A task on a pool's wait queue. */
struct stock_wait {
	__u64 switches; /* how often it was scheduled out */
	__u32 tid;
	char comm[STOCK_COMM_LEN];
	__u32 pad;
};

/* The numbers of all objects, including those that did not fit. */
struct stock_numbers {
	__u64 devices;
	__u64 tables;
	__u64 targets;
	__u64 lower;
	__u64 pools;
	__u64 waits;
};

/* How the tree of devices was found. */
enum stock_root {
	STOCK_ROOT_NONE,
	STOCK_ROOT_SYSFS, /* the descriptor of a device's directory in sysfs */
	STOCK_ROOT_SYMBOL, /* name_rb_tree */
};

/* How a pass ended. */
struct stock_pass {
	struct stock_numbers nr;
	__u32 root; /* enum stock_root */
	__u32 finished; /* the pass is complete */
	/*
	 * verity targets whose structures this program does not know: their
	 * module was loaded after it, or has no BTF
	 */
	__u32 strange;
	__u32 unread; /* the same of other targets: unknown reserves */
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
