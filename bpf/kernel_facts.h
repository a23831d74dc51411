/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which figures are unknown if the running kernel lacks a member of a
 * structure, or a type, that the programs read. One table for the programs,
 * which record missing members, and for the tool, which names it. No other
 * difference of a kernel may prevent a program from being loaded: each read is
 * guarded by HAS(). The members of targets are listed in stock_kernel.h.
 */
#ifndef MEMTOP_BPF_KERNEL_FACTS_H
#define MEMTOP_BPF_KERNEL_FACTS_H

#include "stock_kernel.h"

enum kernel_fact {
	/* of stock.bpf.c */
	FACT_DEVICES,
	FACT_BY_SYMBOL,
	FACT_BY_SYSFS,
	FACT_NAME,
	FACT_UUID,
	FACT_SUSPENDED,
	FACT_CHANGES,
	FACT_TABLES,
	FACT_LOWER,
	FACT_RESERVES,
	FACT_INACTIVE,
	FACT_MIN,
	FACT_LEVEL,
	FACT_SIZE,
	FACT_WAITERS,
	FACT_TASK_NAME,
	FACT_SWITCHES,
	FACT_COUNTS, /* by waits.bpf.c */
	FACT_CACHED,
	FACT_CORRUPTED,
	/* of links.bpf.c */
	FACT_LINKS,
	FACT_IN_FLIGHT,
	FACT_PARTS,
	FACT_LOOP,
	/* of stacks.bpf.c */
	FACT_STACKS,
	NR_KERNEL_FACTS,
};

/* X(whether it exists, its name, the columns that are unknown without it) */
#define STOCK_MEMBERS(X)                                                       \
	TARGET_TYPES(TARGET_TYPE, X)                                           \
	TARGET_MEMBERS(TARGET_MEMBER, X)                                       \
	OTHER_TARGET_MEMBERS(X)                                                \
	X(HAS(rb_node, rb_left), "rb_node.rb_left", FACT_DEVICES)              \
	X(HAS(rb_node, rb_right), "rb_node.rb_right", FACT_DEVICES)            \
	X(HAS(rb_node, __rb_parent_color), "rb_node.__rb_parent_color",        \
	  FACT_DEVICES)                                                        \
	X(HAS(hash_cell, name_node), "hash_cell.name_node", FACT_DEVICES)      \
	X(HAS(hash_cell, md), "hash_cell.md", FACT_DEVICES)                    \
	X(HAS(mapped_device, disk), "mapped_device.disk", FACT_DEVICES)        \
	X(HAS(gendisk, major), "gendisk.major", FACT_DEVICES)                  \
	X(HAS(gendisk, first_minor), "gendisk.first_minor", FACT_DEVICES)      \
	X(HAS(rb_root, rb_node), "rb_root.rb_node", FACT_BY_SYMBOL)            \
	X(HAS(task_struct, files), "task_struct.files", FACT_BY_SYSFS)         \
	X(HAS(files_struct, fdt), "files_struct.fdt", FACT_BY_SYSFS)           \
	X(HAS(fdtable, fd), "fdtable.fd", FACT_BY_SYSFS)                       \
	X(HAS(fdtable, max_fds), "fdtable.max_fds", FACT_BY_SYSFS)             \
	X(HAS(file, f_inode), "file.f_inode", FACT_BY_SYSFS)                   \
	X(HAS(inode, i_private), "inode.i_private", FACT_BY_SYSFS)             \
	X(HAS(kernfs_node, priv), "kernfs_node.priv", FACT_BY_SYSFS)           \
	X(HAS(kernfs_node, active.counter), "kernfs_node.active",              \
	  FACT_BY_SYSFS)                                                       \
	X(HAS(dm_kobject_holder, kobj), "dm_kobject_holder.kobj",              \
	  FACT_BY_SYSFS)                                                       \
	X(HAS(mapped_device, kobj_holder), "mapped_device.kobj_holder",        \
	  FACT_BY_SYSFS)                                                       \
	X(HAS(mapped_device, interface_ptr), "mapped_device.interface_ptr",    \
	  FACT_BY_SYSFS)                                                       \
	X(HAS(hash_cell, name), "hash_cell.name", FACT_NAME)                   \
	X(HAS(hash_cell, uuid), "hash_cell.uuid", FACT_UUID)                   \
	X(HAS(mapped_device, flags), "mapped_device.flags", FACT_SUSPENDED)    \
	X(HAS(mapped_device, suspend_lock), "mapped_device.suspend_lock",      \
	  FACT_CHANGES)                                                        \
	X(HAS(mutex, owner.counter), "mutex.owner", FACT_CHANGES)              \
	X(HAS(dm_table, md), "dm_table.md", FACT_CHANGES)                      \
	X(HAS(dm_target, table), "dm_target.table", FACT_CHANGES)              \
	X(LACKS_TYPE(dm_verity) || HAS(dm_verity, ti), "dm_verity.ti",         \
	  FACT_CHANGES)                                                        \
	X(HAS(mapped_device, map), "mapped_device.map", FACT_TABLES)           \
	X(HAS(dm_table, num_targets), "dm_table.num_targets", FACT_TABLES)     \
	X(HAS(dm_table, targets), "dm_table.targets", FACT_TABLES)             \
	X(HAS(dm_target, type), "dm_target.type", FACT_TABLES)                 \
	X(HAS(target_type, name), "target_type.name", FACT_TABLES)             \
	X(HAS(dm_table, devices), "dm_table.devices", FACT_LOWER)              \
	X(HAS(dm_dev_internal, list), "dm_dev_internal.list", FACT_LOWER)      \
	X(HAS(dm_dev_internal, dm_dev), "dm_dev_internal.dm_dev", FACT_LOWER)  \
	X(HAS(dm_dev, bdev), "dm_dev.bdev", FACT_LOWER)                        \
	X(HAS(block_device, bd_dev), "block_device.bd_dev", FACT_LOWER)        \
	X(HAS(list_head, next), "list_head.next", FACT_LEVEL)                  \
	X(HAS(list_head, next), "list_head.next", FACT_SIZE)                   \
	X(HAS(list_head, next), "list_head.next", FACT_WAITERS)                \
	X(HAS(list_head, next), "list_head.next", FACT_LOWER)                  \
	X(HAS(hash_cell, new_map), "hash_cell.new_map", FACT_INACTIVE)         \
	X(HAS(mapped_device, mempools), "mapped_device.mempools",              \
	  FACT_RESERVES)                                                       \
	X(HAS(dm_table, mempools), "dm_table.mempools", FACT_RESERVES)         \
	X(HAS(dm_md_mempools, bs), "dm_md_mempools.bs", FACT_RESERVES)         \
	X(HAS(dm_md_mempools, io_bs), "dm_md_mempools.io_bs", FACT_RESERVES)   \
	X(HAS(bio_set, bio_pool), "bio_set.bio_pool", FACT_RESERVES)           \
	X(HAS(bio_set, bvec_pool), "bio_set.bvec_pool", FACT_RESERVES)         \
	X(HAS(bio_set, bio_integrity_pool) ||                                  \
		  !HAS(bio_set, bvec_integrity_pool),                          \
	  "bio_set.bio_integrity_pool", FACT_RESERVES)                         \
	X(HAS(bio_set, bvec_integrity_pool) ||                                 \
		  !HAS(bio_set, bio_integrity_pool),                           \
	  "bio_set.bvec_integrity_pool", FACT_RESERVES)                        \
	X(HAS(dm_target, private), "dm_target.private", FACT_RESERVES)         \
	X(LACKS_TYPE(dm_io_client) || HAS(dm_io_client, pool),                 \
	  "dm_io_client.pool", FACT_RESERVES)                                  \
	X(LACKS_TYPE(dm_io_client) || HAS(dm_io_client, bios),                 \
	  "dm_io_client.bios", FACT_RESERVES)                                  \
	X(HAS(dm_io_client, max_vecs) || !HAS(dm_io_client, bio_pool),         \
	  "dm_io_client.max_vecs", FACT_RESERVES)                              \
	X(HAS(dm_io_client, bio_pool) || !HAS(dm_io_client, max_vecs),         \
	  "dm_io_client.bio_pool", FACT_RESERVES)                              \
	X(LACKS_TYPE(dm_bufio_client) || HAS(dm_bufio_client, dm_io),          \
	  "dm_bufio_client.dm_io", FACT_RESERVES)                              \
	X(LACKS_TYPE(dm_verity) || !LACKS_TYPE(dm_io_client), "dm_io_client",  \
	  FACT_RESERVES)                                                       \
	X(LACKS_TYPE(dm_verity) || HAS(dm_verity, bufio), "dm_verity.bufio",   \
	  FACT_RESERVES)                                                       \
	X(HAS(dm_verity, io) || !HAS(dm_verity, recheck_pool), "dm_verity.io", \
	  FACT_RESERVES)                                                       \
	X(HAS(dm_verity, recheck_pool) || !HAS(dm_verity, io),                 \
	  "dm_verity.recheck_pool", FACT_RESERVES)                             \
	X(LACKS_TYPE(dm_verity) || LACKS_TYPE(dm_verity_fec) ||                \
		  HAS(dm_verity, fec),                                         \
	  "dm_verity.fec", FACT_RESERVES)                                      \
	X(!HAS(dm_verity, fec) || !LACKS_TYPE(dm_verity_fec), "dm_verity_fec", \
	  FACT_RESERVES)                                                       \
	X(LACKS_TYPE(dm_verity_fec) || HAS(dm_verity_fec, dev),                \
	  "dm_verity_fec.dev", FACT_RESERVES)                                  \
	X(LACKS_TYPE(dm_verity_fec) || HAS(dm_verity_fec, bufio),              \
	  "dm_verity_fec.bufio", FACT_RESERVES)                                \
	X(LACKS_TYPE(dm_verity_fec) || HAS(dm_verity_fec, data_bufio),         \
	  "dm_verity_fec.data_bufio", FACT_RESERVES)                           \
	X(LACKS_TYPE(dm_verity_fec) || HAS(dm_verity_fec, rs_pool),            \
	  "dm_verity_fec.rs_pool", FACT_RESERVES)                              \
	X(LACKS_TYPE(dm_verity_fec) || HAS(dm_verity_fec, prealloc_pool),      \
	  "dm_verity_fec.prealloc_pool", FACT_RESERVES)                        \
	X(LACKS_TYPE(dm_verity_fec) || HAS(dm_verity_fec, output_pool),        \
	  "dm_verity_fec.output_pool", FACT_RESERVES)                          \
	X(LACKS_TYPE(dm_verity_fec) || HAS(dm_verity_fec, extra_pool) ||       \
		  HAS(dm_verity_fec, fio_pool),                                \
	  "dm_verity_fec.extra_pool or fio_pool", FACT_RESERVES)               \
	X(HAS_POOL(elements), "mempool.elements", FACT_RESERVES)               \
	X(HAS_POOL(min_nr), "mempool.min_nr", FACT_MIN)                        \
	X(LACKS_TYPE(dm_bufio_client) ||                                       \
		  HAS(dm_bufio_client, need_reserved_buffers),                 \
	  "dm_bufio_client.need_reserved_buffers", FACT_MIN)                   \
	X(HAS_POOL(curr_nr), "mempool.curr_nr", FACT_LEVEL)                    \
	X(LACKS_TYPE(dm_bufio_client) ||                                       \
		  HAS(dm_bufio_client, reserved_buffers),                      \
	  "dm_bufio_client.reserved_buffers", FACT_LEVEL)                      \
	X(HAS_POOL(pool_data), "mempool.pool_data", FACT_SIZE)                 \
	X(HAS(kmem_cache, size), "kmem_cache.size", FACT_SIZE)                 \
	X(HAS(kmem_cache, object_size), "kmem_cache.object_size", FACT_SIZE)   \
	X(HAS(kmem_cache, name), "kmem_cache.name", FACT_SIZE)                 \
	X(HAS(kmem_cache, list), "kmem_cache.list", FACT_SIZE)                 \
	X(LACKS_TYPE(dm_verity_fec) || HAS(dm_verity_fec, roots),              \
	  "dm_verity_fec.roots", FACT_SIZE)                                    \
	X(LACKS_TYPE(dm_verity_fec) || !LACKS_TYPE(rs_control), "rs_control",  \
	  FACT_SIZE)                                                           \
	X(LACKS_TYPE(dm_bufio_client) || HAS(dm_bufio_client, block_size),     \
	  "dm_bufio_client.block_size", FACT_SIZE)                             \
	X(LACKS_TYPE(dm_bufio_client) || HAS(dm_bufio_client, slab_buffer),    \
	  "dm_bufio_client.slab_buffer", FACT_SIZE)                            \
	X(LACKS_TYPE(dm_bufio_client) || HAS(dm_bufio_client, slab_cache),     \
	  "dm_bufio_client.slab_cache", FACT_SIZE)                             \
	X(HAS_POOL(wait), "mempool.wait", FACT_WAITERS)                        \
	X(HAS(wait_queue_head, head), "wait_queue_head.head", FACT_WAITERS)    \
	X(HAS(wait_queue_entry, entry), "wait_queue_entry.entry",              \
	  FACT_WAITERS)                                                        \
	X(HAS(wait_queue_entry, private), "wait_queue_entry.private",          \
	  FACT_WAITERS)                                                        \
	X(HAS(task_struct, pid), "task_struct.pid", FACT_WAITERS)              \
	X(LACKS_TYPE(dm_bufio_client) ||                                       \
		  HAS(dm_bufio_client, free_buffer_wait),                      \
	  "dm_bufio_client.free_buffer_wait", FACT_WAITERS)                    \
	X(HAS(task_struct, comm), "task_struct.comm", FACT_TASK_NAME)          \
	X(HAS(task_struct, nvcsw), "task_struct.nvcsw", FACT_SWITCHES)         \
	X(HAS(task_struct, nivcsw), "task_struct.nivcsw", FACT_SWITCHES)       \
	X(HAS(task_struct, nvcsw), "task_struct.nvcsw", FACT_COUNTS)           \
	X(LACKS_TYPE(dm_bufio_client) || KNOWS_CACHED,                         \
	  "dm_bufio_client.cache or n_buffers", FACT_CACHED)                   \
	X(LACKS_TYPE(dm_verity) || HAS(dm_verity, hash_failed),                \
	  "dm_verity.hash_failed", FACT_CORRUPTED)

#define LINKS_MEMBERS(X)                                                      \
	X(HAS(mapped_device, map), "mapped_device.map", FACT_LINKS)           \
	X(HAS(mapped_device, disk), "mapped_device.disk", FACT_LINKS)         \
	X(HAS(gendisk, major), "gendisk.major", FACT_LINKS)                   \
	X(HAS(gendisk, first_minor), "gendisk.first_minor", FACT_LINKS)       \
	X(HAS(dm_table, devices), "dm_table.devices", FACT_LINKS)             \
	X(HAS(list_head, next), "list_head.next", FACT_LINKS)                 \
	X(HAS(dm_dev_internal, list), "dm_dev_internal.list", FACT_LINKS)     \
	X(HAS(dm_dev_internal, dm_dev), "dm_dev_internal.dm_dev", FACT_LINKS) \
	X(HAS(dm_dev, bdev), "dm_dev.bdev", FACT_LINKS)                       \
	X(HAS(block_device, bd_dev), "block_device.bd_dev", FACT_LINKS)       \
	X(HAS(dm_table, md), "dm_table.md", FACT_CHANGES)                     \
	X(HAS(dm_target, table), "dm_target.table", FACT_CHANGES)             \
	X(HAS(block_device___links, bd_disk), "block_device.bd_disk",         \
	  FACT_IN_FLIGHT)                                                     \
	X(HAS(block_device___links, bd_stats), "block_device.bd_stats",       \
	  FACT_IN_FLIGHT)                                                     \
	X(HAS(gendisk___links, private_data), "gendisk.private_data",         \
	  FACT_IN_FLIGHT)                                                     \
	X(HAS(gendisk___links, queue), "gendisk.queue", FACT_IN_FLIGHT)       \
	X(HAS(request_queue, mq_ops), "request_queue.mq_ops", FACT_IN_FLIGHT) \
	X(HAS(mapped_device___links, pending_io), "mapped_device.pending_io", \
	  FACT_IN_FLIGHT)                                                     \
	X(HAS(disk_stats, in_flight[0].a.counter), "disk_stats.in_flight",    \
	  FACT_IN_FLIGHT)                                                     \
	X(HAS(bpf_array, pptrs), "bpf_array.pptrs", FACT_IN_FLIGHT)           \
	X(HAS(dm_table, num_targets), "dm_table.num_targets", FACT_PARTS)     \
	X(HAS(dm_table, targets), "dm_table.targets", FACT_PARTS)             \
	X(HAS(dm_target, type), "dm_target.type", FACT_PARTS)                 \
	X(HAS(target_type, name), "target_type.name", FACT_PARTS)             \
	X(HAS(dm_target, private), "dm_target.private", FACT_PARTS)           \
	X(HAS(dm_target___links, begin), "dm_target.begin", FACT_PARTS)       \
	X(HAS(dm_target___links, len), "dm_target.len", FACT_PARTS)           \
	X(LACKS_TYPE(dm_verity) || HAS(dm_verity___links, data_dev),          \
	  "dm_verity.data_dev", FACT_PARTS)                                   \
	X(LACKS_TYPE(dm_verity) || HAS(dm_verity___links, hash_dev),          \
	  "dm_verity.hash_dev", FACT_PARTS)                                   \
	X(LACKS_TYPE(dm_verity) || LACKS_TYPE(dm_verity_fec) ||               \
		  HAS(dm_verity___links, fec),                                \
	  "dm_verity.fec", FACT_PARTS)                                        \
	X(!HAS(dm_verity___links, fec) || HAS(dm_verity_fec, dev),            \
	  "dm_verity_fec.dev", FACT_PARTS)                                    \
	X(!met[MET_LINEAR], "linear_c", FACT_PARTS)                           \
	X(!met[MET_DELAY], "delay_c", FACT_PARTS)                             \
	X(!met[MET_LOOP], "loop_device", FACT_LOOP)                           \
	X(LACKS_TYPE(linear_c) || HAS(linear_c, dev), "linear_c.dev",         \
	  FACT_PARTS)                                                         \
	X(LACKS_TYPE(linear_c) || HAS(linear_c, start), "linear_c.start",     \
	  FACT_PARTS)                                                         \
	X(LACKS_TYPE(delay_c) || HAS(delay_c, read), "delay_c.read",          \
	  FACT_PARTS)                                                         \
	X(LACKS_TYPE(delay_c) || HAS(delay_c, read.dev), "delay_class.dev",   \
	  FACT_PARTS)                                                         \
	X(LACKS_TYPE(delay_c) || HAS(delay_c, read.start),                    \
	  "delay_class.start", FACT_PARTS)                                    \
	X(HAS(gendisk___links, part0), "gendisk.part0", FACT_LOOP)            \
	X(HAS(block_device___links, bd_nr_sectors),                           \
	  "block_device.bd_nr_sectors", FACT_LOOP)                            \
	X(HAS(block_device___links, bd_start_sect),                           \
	  "block_device.bd_start_sect", FACT_LOOP)                            \
	X(LACKS_TYPE(loop_device) || HAS(loop_device, lo_backing_file),       \
	  "loop_device.lo_backing_file", FACT_LOOP)                           \
	X(LACKS_TYPE(loop_device) || HAS(loop_device, lo_offset),             \
	  "loop_device.lo_offset", FACT_LOOP)                                 \
	X(HAS(file, f_inode), "file.f_inode", FACT_LOOP)                      \
	X(HAS(inode, i_mode), "inode.i_mode", FACT_LOOP)                      \
	X(HAS(inode, i_rdev), "inode.i_rdev", FACT_LOOP)                      \
	X(HAS(inode, i_sb), "inode.i_sb", FACT_LOOP)                          \
	X(HAS(super_block, s_bdev), "super_block.s_bdev", FACT_LOOP)

#define STACKS_MEMBERS(X)                                                \
	X(HAS(bpf_iter__task, meta), "bpf_iter__task.meta", FACT_STACKS) \
	X(HAS(bpf_iter__task, task), "bpf_iter__task.task", FACT_STACKS) \
	X(HAS(bpf_iter_meta, seq), "bpf_iter_meta.seq", FACT_STACKS)     \
	X(HAS(task_struct, pid), "task_struct.pid", FACT_STACKS)

#define ONE(has, name, fact) +1
enum {
	NR_STOCK_MEMBERS = 0 STOCK_MEMBERS(ONE),
	NR_LINKS_MEMBERS = 0 LINKS_MEMBERS(ONE),
	NR_STACKS_MEMBERS = 0 STACKS_MEMBERS(ONE),
};
#undef ONE

#endif
