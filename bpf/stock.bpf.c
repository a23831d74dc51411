// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks over device-mapper's devices, their tables and targets, and records
 * every pool, in a kernel without events about them.
 *
 * No lock is taken and nothing is written. So everything that is read may be
 * inconsistent, or freed. Reading cannot fault (bpf_probe_read_kernel()). Each
 * step checks that an object points back to the previous one, before and after
 * it was read. The tool compares two passes.
 *
 * stock_kernel.h   the kernel's structures, and differences between versions
 * kernel_facts.h   unknown facts on a kernel that lacks a member
 * stock_record.h   the records that the walk writes and the tool reads
 * stock/walk.h     the state of the walk; room in the maps
 * stock/root.h     the place of the tree of devices
 * stock/waits.h    tasks on a wait queue
 * stock/slab.h     sizes of elements
 * stock/pools.h    one mempool
 * stock/clients.h  bio sets, dm-io, dm-bufio
 * stock/core.h     dm core's own pools
 * stock/verity.h   dm-verity; each other target has a header, too
 * stock/tables.h   tables, their targets and the devices below
 */
#include "stock/root.h"
#include "stock/tables.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline void new_device(struct hash_cell *cell,
				       struct mapped_device *md)
{
	struct gendisk *disk = BPF_CORE_READ(md, disk);
	struct stock_device *to = NEW(devices, devices);

	w.unknown = 0;
	if (!to)
		return;
	to->md = (__u64)md;
	to->cell = (__u64)cell;
	to->major = BPF_CORE_READ(disk, major);
	to->minor = BPF_CORE_READ(disk, first_minor);
	to->suspended = !!(READ(md, flags) & MD_SUSPENDED);
	to->torn = 0;
	to->blocks = STOCK_BLOCKS_UNKNOWN;
	to->unknown = 0;
	to->nr_tables = 0;
	to->name[0] = to->uuid[0] = 0;
	if (!HAS(mapped_device, flags))
		to->unknown |= STOCK_NO_SUSPENDED;
	if (HAS(hash_cell, name))
		bpf_probe_read_kernel_str(to->name, sizeof(to->name),
					  BPF_CORE_READ(cell, name));
	else
		to->unknown |= STOCK_NO_NAME;
	if (READ(cell, uuid))
		bpf_probe_read_kernel_str(to->uuid, sizeof(to->uuid),
					  READ(cell, uuid));
}

/* Whether the name of @md is in @cell, as far as can be seen. */
static __always_inline int is_device_of(struct mapped_device *md,
					struct hash_cell *cell)
{
	return !HAS(mapped_device, interface_ptr) ||
	       BPF_CORE_READ(md, interface_ptr) == cell;
}

static __always_inline void note_unknown(void)
{
	struct stock_device *device = LAST(devices, devices);

	if (device)
		device->unknown |= w.unknown;
}

static __always_inline void note_device(struct rb_node *node)
{
	struct hash_cell *cell;
	struct mapped_device *md;
	struct dm_table *live, *inactive;

	if (!KNOWS_DEVICES)
		return;
	cell = (void *)node -
	       bpf_core_field_offset(struct hash_cell, name_node);
	md = BPF_CORE_READ(cell, md);
	if (!md || !is_device_of(md, cell))
		return;
	then();
	new_device(cell, md);
	if (is_in_swap(md))
		torn();
	live = READ(md, map);
	inactive = READ(cell, new_map);
	if (!HAS(mapped_device, map))
		unknown(STOCK_NO_TABLES);
	if (!HAS(hash_cell, new_map))
		unknown(STOCK_NO_RESERVES);
	note_table((__u64)md, (__u64)live, STOCK_LIVE);
	note_table((__u64)md, (__u64)inactive, STOCK_INACTIVE);
	then();
	if (READ(md, map) != live || READ(cell, new_map) != inactive ||
	    !is_device_of(md, cell) || is_in_swap(md))
		torn();
	note_unknown();
}

/* ---- the tree ------------------------------------------------------------------ */

/* One step along an edge of the tree: to the left, the node, to the right, up. */
static long walk(__u32 i, void *ctx)
{
	struct rb_node *node = w.node, *to;

	if (!node || !KNOWS_DEVICES)
		return 1;
	if (w.from == FROM_ABOVE) {
		to = BPF_CORE_READ(node, rb_left);
		if (to) {
			w.node = to;
			return 0;
		}
		w.from = FROM_LEFT;
	}
	if (w.from == FROM_LEFT) {
		note_device(node);
		to = BPF_CORE_READ(node, rb_right);
		if (to) {
			w.node = to;
			w.from = FROM_ABOVE;
			return 0;
		}
	}
	to = parent_of(node);
	w.from = to && BPF_CORE_READ(to, rb_left) == node ? FROM_LEFT :
							    FROM_RIGHT;
	w.node = to;
	return 0;
}

/* The members read here that the kernel lacks. */
static __always_inline void note_missing(void)
{
	__u32 at = 0;

#define NOTE(has, name, fact) missing[at++] = !(has);
	STOCK_MEMBERS(NOTE)
#undef NOTE
}

SEC("syscall")
int stock_walk(void *ctx)
{
	__builtin_memset(&w, 0, sizeof(w));
	__builtin_memset(unread_of, 0, sizeof(unread_of));
	run++;
	find_root();
	if (w.done.root) {
		bpf_loop(max_steps, walk, NULL, no_flags);
		w.done.finished = !w.node;
	}
	note_missing();
	passes[pass & 1] = w.done;
	return 0;
}
