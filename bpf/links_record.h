/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The input and output of links.bpf.c: fixed layout, both on one machine.
 * Include <linux/types.h> (or vmlinux.h) before. All sizes are multiples of 8,
 * as the kernel stores them in arrays. Devices are the kernel's dev_t.
 */
#ifndef MEMTOP_LINKS_RECORD_H
#define MEMTOP_LINKS_RECORD_H

/* A live table to examine, from the walk. */
struct links_table {
	__u64 md;
	__u64 table;
};

/* In the order of enum sample_link_kind. */
enum links_kind {
	LINKS_DATA,
	LINKS_HASH,
	LINKS_FEC,
	LINKS_OTHER,
	LINKS_FILE,
	LINKS_PARTITION,
};

struct links_link {
	__u32 upper;
	__u32 lower;
	__u32 kind; /* enum links_kind */
	__u32 mapped; /* the following fields are known */
	__u64 start; /* 512-byte sectors */
	__u64 sectors;
	__u64 lower_start;
	__u64 in_flight; /* of the lower one */
	__u32 in_flight_known;
	__u32 pad;
};

#ifdef __cplusplus
#define LINKS_ASSERT static_assert
#else
#define LINKS_ASSERT _Static_assert
#endif
LINKS_ASSERT(sizeof(struct links_table) == 16, "wire format");
LINKS_ASSERT(sizeof(struct links_link) == 56, "wire format");

#endif
