/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The place of the tree of all devices: up from a device for which the tool has
 * a descriptor in sysfs; or by the kernel's symbol.
 */
#ifndef MEMTOP_STOCK_ROOT_H
#define MEMTOP_STOCK_ROOT_H

#include "stock/walk.h"

#define KNOWS_DEVICES                                                    \
	(HAS(rb_node, rb_left) && HAS(rb_node, rb_right) &&              \
	 HAS(rb_node, __rb_parent_color) && HAS(hash_cell, name_node) && \
	 HAS(hash_cell, md) && HAS(mapped_device, disk) &&               \
	 HAS(gendisk, major) && HAS(gendisk, first_minor))

#define KNOWS_ANCHOR                                                        \
	(HAS(task_struct, files) && HAS(files_struct, fdt) &&               \
	 HAS(fdtable, fd) && HAS(fdtable, max_fds) && HAS(file, f_inode) && \
	 HAS(inode, i_private) && HAS(kernfs_node, priv) &&                 \
	 HAS(kernfs_node, active.counter) &&                                \
	 HAS(mapped_device, kobj_holder) && HAS(dm_kobject_holder, kobj) && \
	 HAS(mapped_device, interface_ptr))

/* include/linux/rbtree.h: the lowest bits are the colour */
static __always_inline struct rb_node *parent_of(struct rb_node *node)
{
	return (void *)(BPF_CORE_READ(node, __rb_parent_color) & ~3UL);
}

/* The sysfs directory of the anchor's descriptor. */
static __always_inline struct kernfs_node *anchor_node(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd), *file = NULL;

	if (anchor_fd < 0 || anchor_fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), files + anchor_fd);
	return BPF_CORE_READ(file, f_inode, i_private);
}

/* A red-black tree of 2^32 nodes is not deeper. */
#define MAX_DEPTH 64

static long climb(__u32 i, void *ctx)
{
	struct rb_node *node = w.node, *up;

	if (!KNOWS_DEVICES)
		return 1;
	up = parent_of(node);
	if (!up) {
		w.climbed = 1;
		return 1;
	}
	if (BPF_CORE_READ(up, rb_left) != node &&
	    BPF_CORE_READ(up, rb_right) != node)
		return 1;
	w.node = up;
	return 0;
}

/*
 * The top of the tree that contains the anchor's device; NULL if it is in none.
 *
 * The directory belongs to a kobject in the mapped device, and is removed
 * before that is freed (dm_sysfs_exit(), dm.c). A node that sysfs has removed
 * is never active again. So if it is active afterwards, the device existed all
 * the time, and its name was in the tree if it still has the same one.
 */
static __always_inline struct rb_node *above_anchor(void)
{
	struct kernfs_node *kn;
	struct mapped_device *md;
	struct hash_cell *cell;
	void *kobj;

	kn = anchor_node();
	kobj = BPF_CORE_READ(kn, priv);
	if (!kobj || BPF_CORE_READ(kn, active.counter) < 0)
		return NULL;
	md = kobj - bpf_core_field_offset(struct dm_kobject_holder, kobj) -
	     bpf_core_field_offset(struct mapped_device, kobj_holder);
	cell = BPF_CORE_READ(md, interface_ptr);
	if (!cell || BPF_CORE_READ(cell, md) != md ||
	    BPF_CORE_READ(md, disk, first_minor) != anchor_minor)
		return NULL;
	then();
	w.node = MEMBER(cell, struct hash_cell, name_node);
	w.climbed = 0;
	bpf_loop(MAX_DEPTH, climb, NULL, no_flags);
	then();
	if (!w.climbed || BPF_CORE_READ(kn, active.counter) < 0 ||
	    BPF_CORE_READ(md, interface_ptr) != cell)
		return NULL;
	return w.node;
}

/*
 * Looked up once, because dm_mod stays in place as long as this program is
 * used.
 */
static __u64 by_symbol;

/*
 * drivers/md/dm-ioctl.c: all devices with a name. NULL without
 * CONFIG_KALLSYMS_ALL, or for a process that may not see symbols.
 */
static __always_inline struct rb_root *root_by_symbol(void)
{
	static const char name[] = "name_rb_tree";

	if (!by_symbol &&
	    bpf_kallsyms_lookup_name(name, sizeof(name), 0, &by_symbol))
		by_symbol = 0;
	return (void *)by_symbol;
}

/*
 * Sets the beginning of the walk. The symbol comes second: it is not an extern
 * __ksym, because a program with a missing one is refused.
 */
static __always_inline void find_root(void)
{
	struct rb_root *root;

	if (KNOWS_DEVICES && KNOWS_ANCHOR) {
		guarded();
		if (anchor_fd >= 0 && above_anchor()) {
			w.done.root = STOCK_ROOT_SYSFS;
			return;
		}
	}
	w.node = NULL;
	root = anchor_fd < 0 ? root_by_symbol() : NULL;
	if (!root || !KNOWS_DEVICES || !HAS(rb_root, rb_node))
		return;
	w.node = BPF_CORE_READ(root, rb_node);
	w.done.root = STOCK_ROOT_SYMBOL;
}

#endif
