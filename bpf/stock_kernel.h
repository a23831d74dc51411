/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's structures that the walk reads, as far as it reads them, and
 * every difference between versions: all code that depends on the version is
 * here. The running kernel's BTF shows which members exist; version numbers are
 * only for the reader. The tool uses the lists of names at the end, for
 * kernel_facts.h.
 */
#ifndef MEMTOP_STOCK_KERNEL_H
#define MEMTOP_STOCK_KERNEL_H

#ifdef __bpf__

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

/* from a descriptor of the process that runs a program to its sysfs node */
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
	 * With CONFIG_BLK_DEV_INTEGRITY. Since 6.15 users of payloads have
	 * their own pools: "block: split struct bio_integrity_data".
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

/* not with CONFIG_PREEMPT_RT, which has another mutex */
struct mutex {
	struct {
		long counter;
	} owner;
};

struct kobject {
	const char *name;
};

/* drivers/md/dm-core.h: the owner of /sys/block/dm-N/dm */
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
	/* kernel/fix: if not 0, the client has bio_pool instead of bios */
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

/* drivers/md/dm-kcopyd.c, include/linux/dm-io.h */
struct dm_kcopyd_client {
	unsigned int nr_reserved_pages;
	unsigned int nr_free_pages;
	struct dm_io_client *io_client;
	struct mempool_s job_pool;
};

struct page_list {
	struct page_list *next;
};

/* drivers/md/dm-crypt.c */
struct crypt_config {
	struct mempool_s tag_pool;
	struct mempool_s req_pool;
	struct mempool_s page_pool;
	struct bio_set bs;
};

/* drivers/md/dm-snap.c, dm-exception-store.h, dm-snap-persistent.c */
struct dm_exception_store_type {
	const char *name;
};

struct dm_exception_store {
	struct dm_exception_store_type *type;
	void *context;
};

struct dm_snapshot {
	struct mempool_s pending_pool;
	struct dm_exception_store *store;
	struct dm_kcopyd_client *kcopyd_client;
};

struct pstore {
	struct dm_io_client *io_client;
};

/* drivers/md/persistent-data/dm-block-manager.c */
struct dm_block_manager {
	struct dm_bufio_client *bufio;
};

/* drivers/md/dm-bio-prison-v1.c, dm-bio-prison-v2.c */
struct dm_bio_prison {
	struct mempool_s cell_pool;
};

struct dm_bio_prison_v2 {
	struct mempool_s cell_pool;
};

/* drivers/md/dm-thin.c, dm-thin-metadata.c */
struct dm_pool_metadata {
	struct dm_block_manager *bm;
};

struct pool {
	struct dm_pool_metadata *pmd;
	struct dm_bio_prison *prison;
	struct dm_kcopyd_client *copier;
	struct mempool_s mapping_pool;
};

struct pool_c {
	struct pool *pool;
};

/* drivers/md/dm-cache-target.c, dm-cache-metadata.c */
struct dm_cache_metadata {
	struct dm_block_manager *bm;
};

struct cache {
	struct dm_cache_metadata *cmd;
	struct dm_kcopyd_client *copier;
	struct dm_bio_prison_v2 *prison;
	struct mempool_s migration_pool;
	struct bio_set bs;
};

/* drivers/md/dm-clone-target.c, dm-clone-metadata.c */
struct dm_clone_metadata {
	struct dm_block_manager *bm;
};

struct clone {
	struct dm_clone_metadata *cmd;
	struct mempool_s hydration_pool;
	struct dm_kcopyd_client *kcopyd_client;
};

/* drivers/md/dm-era-target.c */
struct era_metadata {
	struct dm_block_manager *bm;
};

struct era {
	struct era_metadata *md;
};

/* drivers/md/dm-integrity.c */
struct dm_integrity_c {
	struct mempool_s journal_io_mempool;
	struct dm_io_client *io;
	struct dm_bufio_client *bufio;
	struct mempool_s recheck_pool;
	/* not in 6.1: the inline mode */
	struct bio_set recheck_bios;
	struct bio_set recalc_bios;
	/* in 7.2, not in 6.18 */
	void *internal_ahash;
	struct mempool_s ahash_req_pool;
};

/* drivers/md/dm-raid1.c, dm-region-hash.c, dm-log.c, dm-log-userspace-base.c */
struct dm_dirty_log_type {
	const char *name;
};

struct dm_dirty_log {
	struct dm_dirty_log_type *type;
	void *context;
};

struct dm_region_hash {
	struct dm_dirty_log *log;
	struct mempool_s region_pool;
};

struct mirror_set {
	struct dm_region_hash *rh;
	struct dm_kcopyd_client *kcopyd_client;
	struct dm_io_client *io_client;
};

struct dm_io_request {
	struct dm_io_client *client;
};

struct log_c {
	struct dm_io_request io_req;
};

/* of another module, which has the same name */
struct log_c___userspace {
	struct mempool_s flush_entry_pool;
};

/* drivers/md/dm-raid.c, md.h, raid1.h, raid10.h */
struct mddev {
	int level;
	void *private;
	struct bio_set bio_set;
	struct bio_set sync_set;
	/* renamed between 6.1 and 6.12 */
	struct bio_set io_acct_set;
	struct bio_set io_clone_set;
	void *serial_info_pool;
};

struct raid_set {
	struct mddev md;
};

struct r1bio {
	void *bios[0];
};

struct r1conf {
	int raid_disks;
	struct mempool_s r1bio_pool;
	struct mempool_s r1buf_pool;
	struct bio_set bio_split;
};

/* in 7.2, not in 6.18: a pool that was allocated separately */
struct r1conf___pointer {
	void *r1bio_pool;
};

struct r10dev {
	int devnum;
};

struct r10bio {
	struct r10dev devs[0];
};

struct geom {
	int raid_disks;
};

struct r10conf {
	struct geom geo;
	struct mempool_s r10bio_pool;
	struct mempool_s r10buf_pool;
	struct bio_set bio_split;
};

/* drivers/md/dm-writecache.c */
struct dm_writecache {
	struct dm_io_client *dm_io;
	struct dm_kcopyd_client *dm_kcopyd;
	struct bio_set bio_set;
	struct mempool_s copy_pool;
};

/* drivers/md/dm-zoned.h, dm-zoned-target.c, dm-zoned-reclaim.c */
struct dmz_reclaim {
	struct dm_kcopyd_client *kc;
};

struct dmz_dev {
	struct dmz_reclaim *reclaim;
};

struct dmz_target {
	unsigned int nr_ddevs;
	struct dmz_dev *dev;
	struct bio_set bio_set;
};

/* drivers/md/dm-ebs-target.c */
struct ebs_c {
	struct dm_bufio_client *bufio;
};

#pragma clang attribute pop

/* A member of a mempool, whichever of its two names the type has. */
#define HAS_POOL(member) (HAS(mempool_s, member) || HAS(mempool, member))

#endif /* __bpf__ */

/*
 * Structures on the way to the reserves of targets other than verity. One
 * counts as missing only if such a target exists: its module may not be loaded,
 * or have no BTF.
 */
#define TARGET_TYPES(Y, X)            \
	Y(X, crypt_config)            \
	Y(X, dm_snapshot)             \
	Y(X, dm_exception_store)      \
	Y(X, dm_exception_store_type) \
	Y(X, pstore)                  \
	Y(X, pool_c)                  \
	Y(X, pool)                    \
	Y(X, dm_bio_prison)           \
	Y(X, dm_pool_metadata)        \
	Y(X, dm_block_manager)        \
	Y(X, cache)                   \
	Y(X, dm_bio_prison_v2)        \
	Y(X, dm_cache_metadata)       \
	Y(X, clone)                   \
	Y(X, dm_clone_metadata)       \
	Y(X, era)                     \
	Y(X, era_metadata)            \
	Y(X, dm_integrity_c)          \
	Y(X, mirror_set)              \
	Y(X, dm_region_hash)          \
	Y(X, dm_dirty_log)            \
	Y(X, dm_dirty_log_type)       \
	Y(X, log_c)                   \
	Y(X, raid_set)                \
	Y(X, mddev)                   \
	Y(X, r1conf)                  \
	Y(X, r1bio)                   \
	Y(X, r10conf)                 \
	Y(X, r10bio)                  \
	Y(X, r10dev)                  \
	Y(X, dm_writecache)           \
	Y(X, dmz_target)              \
	Y(X, dmz_dev)                 \
	Y(X, dmz_reclaim)             \
	Y(X, ebs_c)                   \
	Y(X, dm_kcopyd_client)        \
	Y(X, dm_io_client)            \
	Y(X, dm_bufio_client)

#define TARGET_TYPE(X, type) X(!unread_of[UNREAD_##type], #type, FACT_RESERVES)

/* Members of them; each kernel with the structure must have one of them. */
#define TARGET_MEMBERS(Y, X)                      \
	Y(X, crypt_config, bs)                    \
	Y(X, crypt_config, page_pool)             \
	Y(X, crypt_config, req_pool)              \
	Y(X, crypt_config, tag_pool)              \
	Y(X, dm_snapshot, pending_pool)           \
	Y(X, dm_snapshot, kcopyd_client)          \
	Y(X, dm_snapshot, store)                  \
	Y(X, dm_exception_store, type)            \
	Y(X, dm_exception_store, context)         \
	Y(X, dm_exception_store_type, name)       \
	Y(X, pstore, io_client)                   \
	Y(X, pool_c, pool)                        \
	Y(X, pool, mapping_pool)                  \
	Y(X, pool, prison)                        \
	Y(X, pool, copier)                        \
	Y(X, pool, pmd)                           \
	Y(X, dm_bio_prison, cell_pool)            \
	Y(X, dm_pool_metadata, bm)                \
	Y(X, dm_block_manager, bufio)             \
	Y(X, cache, migration_pool)               \
	Y(X, cache, bs)                           \
	Y(X, cache, prison)                       \
	Y(X, cache, copier)                       \
	Y(X, cache, cmd)                          \
	Y(X, dm_bio_prison_v2, cell_pool)         \
	Y(X, dm_cache_metadata, bm)               \
	Y(X, clone, hydration_pool)               \
	Y(X, clone, kcopyd_client)                \
	Y(X, clone, cmd)                          \
	Y(X, dm_clone_metadata, bm)               \
	Y(X, era, md)                             \
	Y(X, era_metadata, bm)                    \
	Y(X, dm_integrity_c, journal_io_mempool)  \
	Y(X, dm_integrity_c, io)                  \
	Y(X, dm_integrity_c, bufio)               \
	Y(X, mirror_set, rh)                      \
	Y(X, mirror_set, kcopyd_client)           \
	Y(X, mirror_set, io_client)               \
	Y(X, dm_region_hash, region_pool)         \
	Y(X, dm_region_hash, log)                 \
	Y(X, dm_dirty_log, type)                  \
	Y(X, dm_dirty_log, context)               \
	Y(X, dm_dirty_log_type, name)             \
	Y(X, raid_set, md)                        \
	Y(X, mddev, level)                        \
	Y(X, mddev, private)                      \
	Y(X, mddev, bio_set)                      \
	Y(X, mddev, sync_set)                     \
	Y(X, mddev, serial_info_pool)             \
	Y(X, r1conf, r1buf_pool)                  \
	Y(X, r1conf, bio_split)                   \
	Y(X, r10conf, geo)                        \
	Y(X, r10conf, r10bio_pool)                \
	Y(X, r10conf, r10buf_pool)                \
	Y(X, r10conf, bio_split)                  \
	Y(X, r10bio, devs)                        \
	Y(X, dm_writecache, dm_io)                \
	Y(X, dm_writecache, dm_kcopyd)            \
	Y(X, dm_writecache, bio_set)              \
	Y(X, dm_writecache, copy_pool)            \
	Y(X, dmz_target, bio_set)                 \
	Y(X, dmz_target, nr_ddevs)                \
	Y(X, dmz_target, dev)                     \
	Y(X, dmz_dev, reclaim)                    \
	Y(X, dmz_reclaim, kc)                     \
	Y(X, ebs_c, bufio)                        \
	Y(X, dm_kcopyd_client, job_pool)          \
	Y(X, dm_kcopyd_client, nr_reserved_pages) \
	Y(X, dm_kcopyd_client, io_client)

#define TARGET_MEMBER(X, type, member)                              \
	X(LACKS_TYPE(type) || HAS(type, member), #type "." #member, \
	  FACT_RESERVES)

#define OTHER_TARGET_MEMBERS(X)                                                \
	X(!HAS(r1conf, r1bio_pool) || HAS(r1conf, raid_disks),                 \
	  "r1conf.raid_disks", FACT_RESERVES)                                  \
	X(!HAS(r1conf, r1bio_pool) || LACKS_TYPE(r1bio) || HAS(r1bio, bios),   \
	  "r1bio.bios", FACT_RESERVES)                                         \
	X(LACKS_TYPE(geom) || HAS(geom, raid_disks), "geom.raid_disks",        \
	  FACT_RESERVES)                                                       \
	X(LACKS_TYPE(dm_io_request) || HAS(dm_io_request, client),             \
	  "dm_io_request.client", FACT_RESERVES)                               \
	X(HAS(dm_integrity_c, recheck_pool) ||                                 \
		  !HAS(dm_integrity_c, recheck_bios),                          \
	  "dm_integrity_c.recheck_pool", FACT_RESERVES)                        \
	X(HAS(dm_integrity_c, recheck_bios) ||                                 \
		  !HAS(dm_integrity_c, recalc_bios),                           \
	  "dm_integrity_c.recheck_bios", FACT_RESERVES)                        \
	X(HAS(dm_integrity_c, recalc_bios) ||                                  \
		  !HAS(dm_integrity_c, recheck_bios),                          \
	  "dm_integrity_c.recalc_bios", FACT_RESERVES)                         \
	X(HAS(dm_integrity_c, ahash_req_pool) ||                               \
		  !HAS(dm_integrity_c, internal_ahash),                        \
	  "dm_integrity_c.ahash_req_pool", FACT_RESERVES)                      \
	X(LACKS_TYPE(mddev) || HAS(mddev, io_acct_set) ||                      \
		  HAS(mddev, io_clone_set),                                    \
	  "mddev.io_acct_set or io_clone_set", FACT_RESERVES)                  \
	X(LACKS_TYPE(r1conf) || HAS(r1conf, r1bio_pool) ||                     \
		  HAS(r1conf___pointer, r1bio_pool),                           \
	  "r1conf.r1bio_pool", FACT_RESERVES)                                  \
	X(LACKS_TYPE(log_c) || HAS(log_c, io_req.client) ||                    \
		  HAS(log_c___userspace, flush_entry_pool),                    \
	  "log_c.io_req", FACT_RESERVES)                                       \
	X(LACKS_TYPE(dm_kcopyd_client) ||                                      \
		  HAS(dm_kcopyd_client, nr_free_pages),                        \
	  "dm_kcopyd_client.nr_free_pages", FACT_LEVEL)                        \
	X(LACKS_TYPE(dm_kcopyd_client) || !LACKS_TYPE(page_list), "page_list", \
	  FACT_SIZE)

#endif
