/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables: their targets, and the devices below them. */
#ifndef MEMTOP_STOCK_TABLES_H
#define MEMTOP_STOCK_TABLES_H

#include "stock/core.h"
#include "stock/verity.h"

/* Devices below one, at most. */
#define MAX_LOWER 65536

static long note_target(__u32 i, void *ctx)
{
	union {
		char text[STOCK_TYPE_LEN];
		__u64 word;
	} type = {}, verity = { .text = "verity" };
	struct dm_table *t = w.t;
	struct dm_target *ti = BPF_CORE_READ(t, targets);
	struct stock_target *to;

	ti = (void *)ti + i * bpf_core_type_size(struct dm_target);
	if (BPF_CORE_READ(ti, table) != t) {
		torn();
		return 1;
	}
	bpf_probe_read_kernel_str(type.text, sizeof(type.text),
				  BPF_CORE_READ(ti, type, name));
	to = NEW(targets, targets);
	if (to)
		__builtin_memcpy(to->type, type.text, sizeof(to->type));
	w.target = i;
	if (type.word == verity.word)
		note_verity(ti);
	return 0;
}

static long note_lower(__u32 i, void *ctx)
{
	struct dm_dev_internal *dd;
	struct stock_lower *to;

	if (w.entry == w.head || !w.entry)
		return 1;
	dd = (void *)w.entry -
	     bpf_core_field_offset(struct dm_dev_internal, list);
	w.entry = next_of(w.entry);
	w.listed++;
	to = NEW(lower, lower);
	if (to)
		to->dev = BPF_CORE_READ(dd, dm_dev, bdev, bd_dev);
	return 0;
}

static __always_inline __u32 note_all_lower(struct dm_table *t)
{
	w.head = MEMBER(t, struct dm_table, devices);
	w.entry = next_of(w.head);
	w.listed = 0;
	bpf_loop(MAX_LOWER, note_lower, NULL, 0);
	return w.listed;
}

/* Notes what is in a slot of the device that was noted last. */
static __noinline int note_table(struct mapped_device *md, struct dm_table *t,
				 __u32 slot)
{
	struct stock_device *device = LAST(devices, devices);
	struct stock_table *to;
	__u32 nr_targets;

	if (!t)
		return 0;
	if (device)
		device->nr_tables++;
	to = NEW(tables, tables);
	nr_targets = BPF_CORE_READ(t, num_targets);
	if (to) {
		to->table = (__u64)t;
		to->slot = slot;
		to->nr_targets = nr_targets;
		to->nr_pools = 0;
		to->nr_lower = note_all_lower(t);
	}
	if (BPF_CORE_READ(t, md) != md) {
		torn();
		return 0;
	}
	/* the live table's have moved to the device: __bind(), dm.c */
	nr_items = 0;
	w.target = ~0U;
	add_core(slot == STOCK_LIVE ? BPF_CORE_READ(md, mempools) :
				      BPF_CORE_READ(t, mempools));
	bpf_loop(nr_items, note_item, NULL, 0);
	w.t = t;
	w.slot = slot;
	bpf_loop(nr_targets, note_target, NULL, 0);
	if (BPF_CORE_READ(t, md) != md)
		torn();
	return 0;
}

#endif
