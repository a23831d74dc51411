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

#define STOCK_COMM_LEN 16

enum stock_slot {
	STOCK_LIVE = 1,
	STOCK_INACTIVE,
};

/* Of whom; the first word of a role. */
enum stock_client {
	STOCK_CORE,
	STOCK_RECHECK,
	STOCK_HASH,
	STOCK_FEC,
	STOCK_FEC_PARITY,
	STOCK_FEC_DATA,
	NR_STOCK_CLIENTS,
};

/*
 * Of what; the second word of a role. The four pools of a bio set follow each
 * other: bios, biovecs, integrity payloads, the biovecs of those.
 */
enum stock_kind {
	STOCK_IO,
	STOCK_IO_BVEC,
	STOCK_IO_BIP,
	STOCK_IO_BIP_BVEC,
	STOCK_CLONE,
	STOCK_CLONE_BVEC,
	STOCK_CLONE_BIP,
	STOCK_CLONE_BIP_BVEC,
	STOCK_BIO,
	STOCK_BVEC,
	STOCK_BIP,
	STOCK_BIP_BVEC,
	STOCK_PAGE,
	STOCK_BUFFER,
	STOCK_RS,
	STOCK_PREALLOC,
	STOCK_EXTRA,
	STOCK_OUTPUT,
	STOCK_FIO,
	NR_STOCK_KINDS,
};

/* One slot of a device. */
struct stock_table {
	__u64 md; /* the device */
	__u64 table; /* 0: the slot is empty */
	__u32 major;
	__u32 minor;
	__u32 slot; /* enum stock_slot */
	__u32 torn; /* what it points to did not point back */
	__u32 nr_targets;
	__u32 nr_pools;
};

struct stock_pool {
	__u64 pool;
	__u64 table; /* the struct stock_table's */
	__u64 object_size; /* bytes asked for, one element; 0: unknown */
	__u64 footprint; /* bytes taken, one element; 0: unknown */
	__u64 nr_cached; /* buffers beside the reserve */
	__u32 place; /* of its struct stock_table */
	__u32 target; /* index in its table; ~0: the whole table's */
	__u32 client;
	__u32 kind;
	__u32 min_nr;
	__u32 curr_nr;
};

/* A task on a pool's wait queue. */
struct stock_wait {
	__u64 pool;
	__u32 tid;
	char comm[STOCK_COMM_LEN];
	__u32 pad;
};

/* How a pass ended. */
struct stock_pass {
	__u64 nr_tables; /* written, each from the pass's first place on */
	__u64 nr_pools;
	__u64 nr_waits;
	__u64 map_full; /* that found no room */
	__u64 steps;
	__u32 finished; /* all of the tree was seen */
	__u32 pad;
};

#ifdef __cplusplus
#define STOCK_ASSERT static_assert
#else
#define STOCK_ASSERT _Static_assert
#endif
STOCK_ASSERT(sizeof(struct stock_table) == 40, "wire format");
STOCK_ASSERT(sizeof(struct stock_pool) == 64, "wire format");
STOCK_ASSERT(sizeof(struct stock_wait) == 32, "wire format");

#endif
