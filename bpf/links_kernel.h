/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's structures that links.bpf.c reads in addition to those of
 * stock_kernel.h, as far as it reads them; differences between versions are
 * here.
 */
#ifndef MEMTOP_LINKS_KERNEL_H
#define MEMTOP_LINKS_KERNEL_H

#include "stock_kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

/* kernel/bpf/arraymap.c: an array with a value for each CPU */
struct bpf_array {
	void *pptrs[1]; /* per-CPU address of an element */
};

/* include/linux/part_stat.h; for each CPU */
struct disk_stats {
	struct {
		struct {
			long counter;
		} a;
	} in_flight[2];
};

struct request_queue {
	const void *mq_ops;
};

struct gendisk___links {
	int major;
	struct block_device *part0;
	void *private_data;
	struct request_queue *queue;
};

struct block_device___links {
	__u64 bd_start_sect;
	__u64 bd_nr_sectors;
	struct disk_stats *bd_stats;
	struct gendisk___links *bd_disk;
	__u32 bd_dev;
};

/* drivers/md/dm-core.h */
struct mapped_device___links {
	unsigned long *pending_io; /* for each CPU: bios that have not ended */
};

struct super_block {
	struct block_device *s_bdev;
};

/* drivers/block/loop.c */
struct loop_device {
	long long lo_offset;
	struct file *lo_backing_file;
};

struct dm_target___links {
	struct dm_table *table;
	struct target_type *type;
	__u64 begin;
	__u64 len;
	void *private;
};

struct dm_verity___links {
	struct dm_dev *data_dev;
	struct dm_dev *hash_dev;
	__u64 data_start; /* in 512-byte sectors */
	struct dm_verity_fec *fec;
};

/* drivers/md/dm-linear.c */
struct linear_c {
	struct dm_dev *dev;
	__u64 start;
};

/* drivers/md/dm-delay.c: where reads go */
struct delay_class {
	struct dm_dev *dev;
	__u64 start;
};

struct delay_c {
	struct delay_class read;
};

#pragma clang attribute pop

/* include/uapi/linux/major.h */
#define LOOP_MAJOR 7
/* include/uapi/linux/stat.h */
#define S_IFMT 00170000
#define S_IFBLK 0060000

#endif
