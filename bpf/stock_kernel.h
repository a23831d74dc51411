/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's structures that the walk over them reads, as far as it reads
 * them, and every difference between versions: all that depends on the version
 * is here. What is there is asked of the running kernel's BTF, member by member;
 * versions are said for who wants to know why.
 */
#ifndef MEMTOP_STOCK_KERNEL_H
#define MEMTOP_STOCK_KERNEL_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "has.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

struct super_block;

struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

struct list_head {
	struct list_head *next;
};

/* from a descriptor of the process that runs a program to what sysfs has there */
struct inode {
	void *i_private; /* kernfs_init_inode(), fs/kernfs/inode.c */
	unsigned short i_mode;
	__u32 i_rdev;
	struct super_block *i_sb;
};

struct file {
	struct inode *f_inode;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct kernfs_node {
	struct {
		int counter;
	} active; /* below 0 as soon as it is being removed */
	void *priv; /* a directory's kobject: sysfs_create_dir_ns() */
};

struct task_struct {
	int pid;
	char comm[16];
	struct files_struct *files;
	unsigned long nvcsw;
	unsigned long nivcsw;
};

struct wait_queue_head {
	struct list_head head;
};

struct wait_queue_entry {
	void *private;
	struct list_head entry;
};

struct kmem_cache {
	unsigned int size;
	unsigned int object_size;
	const char *name;
	struct list_head list; /* of all caches */
};

/* include/linux/rslib.h: Reed-Solomon state, followed by its buffers */
struct rs_control {
	void *codec;
};

/* mm/mempool.c */
struct mempool_s {
	int min_nr;
	int curr_nr;
	void **elements;
	void *pool_data;
	struct wait_queue_head wait;
};

/* the same since "mempool: rename struct mempool_s to struct mempool" */
struct mempool {
	int min_nr;
	int curr_nr;
	void **elements;
	void *pool_data;
	struct wait_queue_head wait;
};

struct bio_set {
	struct mempool_s bio_pool;
	struct mempool_s bvec_pool;
	/*
	 * With CONFIG_BLK_DEV_INTEGRITY. Since 6.15 those who need them have
	 * their own: "block: split struct bio_integrity_data".
	 */
	struct mempool_s bio_integrity_pool;
	struct mempool_s bvec_integrity_pool;
};

/* drivers/md/dm-core.h, dm-ioctl.c */
struct dm_md_mempools {
	struct bio_set bs;
	struct bio_set io_bs;
};

struct gendisk {
	int major;
	int first_minor;
};

struct dm_table;

/* bit of mapped_device.flags: DMF_SUSPENDED, a macro */
#define MD_SUSPENDED (1UL << 1)

/* not with CONFIG_PREEMPT_RT, whose mutex is another one */
struct mutex {
	struct {
		long counter;
	} owner;
};

struct kobject {
	const char *name;
};

/* drivers/md/dm-core.h: what /sys/block/dm-N/dm is of */
struct dm_kobject_holder {
	struct kobject kobj;
};

struct mapped_device {
	struct mutex suspend_lock;
	struct dm_kobject_holder kobj_holder;
	struct dm_table *map;
	unsigned long flags;
	struct gendisk *disk;
	void *interface_ptr;
	struct dm_md_mempools *mempools;
};

struct target_type {
	const char *name;
};

struct dm_target {
	struct dm_table *table;
	struct target_type *type;
	void *private;
};

struct dm_table {
	struct mapped_device *md;
	unsigned int num_targets;
	struct dm_target *targets;
	struct list_head devices;
	struct dm_md_mempools *mempools;
};

struct block_device {
	__u32 bd_dev;
};

struct dm_dev {
	struct block_device *bdev;
};

struct dm_dev_internal {
	struct list_head list;
	struct dm_dev *dm_dev;
};

struct hash_cell {
	struct rb_node name_node;
	char *name;
	char *uuid;
	struct mapped_device *md;
	struct dm_table *new_map;
};

/* drivers/md/dm-io.c */
struct dm_io_client {
	struct mempool_s pool;
	struct bio_set bios;
	/* kernel/fix: if not 0, the client has bio_pool in place of bios */
	unsigned int max_vecs;
	struct mempool_s bio_pool;
};

/* drivers/md/dm-bufio.c */
struct lru {
	unsigned long count;
};

struct dm_buffer_cache {
	struct lru lru[2];
};

struct dm_bufio_client {
	unsigned int block_size;
	struct kmem_cache *slab_buffer;
	struct kmem_cache *slab_cache;
	struct dm_io_client *dm_io;
	struct list_head reserved_buffers;
	unsigned int need_reserved_buffers;
	struct wait_queue_head free_buffer_wait;
	struct dm_buffer_cache cache;
};

/* until 6.3: 2cd7a6d41fe8 "dm bufio: add dm_buffer_cache abstraction" */
struct dm_bufio_client___lists {
	unsigned long n_buffers[2];
};

/* drivers/md/dm-verity.h, dm-verity-fec.h */
struct dm_verity_fec {
	struct dm_dev *dev;
	unsigned char roots;
	struct dm_bufio_client *data_bufio;
	struct dm_bufio_client *bufio;
	struct mempool_s rs_pool;
	struct mempool_s prealloc_pool;
	struct mempool_s extra_pool; /* until 7.0 */
	struct mempool_s output_pool;
	/* since 7.0: b140a921eadf "dm-verity: move dm_verity_fec_io to mempool" */
	struct mempool_s fio_pool;
};

struct dm_verity {
	_Bool hash_failed : 1;
	struct dm_target *ti;
	struct dm_bufio_client *bufio;
	struct dm_verity_fec *fec;
	/* since 6.8: 9177f3c0dea6 "dm-verity: recheck the hash after a failure" */
	struct dm_io_client *io;
	struct mempool_s recheck_pool;
};

#pragma clang attribute pop

/* A member of a mempool, whichever of its two names the type has. */
#define HAS_POOL(member) (HAS(mempool_s, member) || HAS(mempool, member))

#endif
