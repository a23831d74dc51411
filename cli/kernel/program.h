/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs of stock.bpf.c and links.bpf.c, loaded into the kernel: with the
 * requested map sizes, for the modules that exist at that moment.
 */
#ifndef MEMTOP_KERNEL_PROGRAM_H
#define MEMTOP_KERNEL_PROGRAM_H

#include <linux/types.h>
#include <stddef.h>

#include "kernel/program_log.h"

struct kernel_types;
struct stock_pass;

enum program_kind {
	PROGRAM_STOCK, /* maps: devices, tables, targets, lower, pools, waits */
	PROGRAM_LINKS, /* maps: tables, links */
	NR_PROGRAMS,
};

#define PROGRAM_MAX_MAPS 6
/* Limit of map entries: far more than there can be devices. */
#define PROGRAM_MAX_ROOM (1U << 28)

/* Fixed size and no pointers: it may come from another process. */
struct program_params {
	__u32 kind; /* enum program_kind */
	__u32 nr_cpus;
	__u64 room[PROGRAM_MAX_MAPS]; /* entries, one map after the other */
};

/* Descriptors, owned; -1: none. */
struct program {
	int prog;
	int bss; /* the map of its variables */
	int maps[PROGRAM_MAX_MAPS];
};

#define PROGRAM_NR_FDS (2 + PROGRAM_MAX_MAPS)

/* A program without descriptors, which may be closed. */
struct program program_none(void);

/*
 * Loads the program of @params, relocated to @types; NULL: the kernel relocates it. Returns
 * 0 or -errno, not reported, with @why: -EINVAL also if there is no such program or the
 * maps are too large.
 */
int program_load(const struct program_params *params,
		 const struct kernel_types *types, struct program *ret,
		 struct program_refusal *why);

/* The variables of the program of PROGRAM_STOCK, its input and output. */
struct program_stock_vars {
	__u32 *pass;
	__s32 *anchor_fd;
	__u32 *anchor_minor;
	const struct stock_pass *passes; /* two of them */
	const __u8 *missing; /* NR_STOCK_MEMBERS; since the first run */
};

/* The same for PROGRAM_LINKS. */
struct program_links_vars {
	__u32 *nr_tables;
	const __u32 *nr_links;
	const __u8 *missing; /* NR_LINKS_MEMBERS; since the first run */
};

/* Size of the variables of @kind in bytes. */
size_t program_vars_size(enum program_kind kind);

/* Their place in @memory, which is the map bss. */
struct program_stock_vars program_stock_vars(void *memory);
struct program_links_vars program_links_vars(void *memory);

/*
 * Maps @size bytes of the map @fd for reading and, if @writable, writing.
 * Returns the memory, or NULL with errno set.
 */
void *program_map(int fd, size_t size, int writable);

/* Unmaps memory from program_map(). */
void program_unmap(void *memory, size_t size);

void program_close(struct program *p);

#endif
