/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables: their targets, and the devices below them. */
#ifndef MEMTOP_STOCK_TABLES_H
#define MEMTOP_STOCK_TABLES_H

#include "stock/copy.h"
#include "stock/core.h"
#include "stock/crypt.h"
#include "stock/integrity.h"
#include "stock/metadata.h"
#include "stock/mirror.h"
#include "stock/raid.h"
#include "stock/snapshot.h"
#include "stock/verity.h"

/* Limit of devices below one. */
#define MAX_LOWER 65536

/* Whether @t is a table of @md, as far as can be seen. */
static __always_inline int is_table_of(struct dm_table *t,
				       struct mapped_device *md)
{
	return !HAS(dm_table, md) || BPF_CORE_READ(t, md) == md;
}

/* The members that lead from a table to its targets and their types. */
#define KNOWS_TARGETS                                            \
	(HAS(dm_table, num_targets) && HAS(dm_table, targets) && \
	 HAS(dm_target, type) && HAS(target_type, name))

/* A target's type. */
union type_name {
	char text[STOCK_TYPE_LEN];
	__u64 word[STOCK_TYPE_LEN / 8];
};

static __always_inline int is_type(const union type_name *type,
				   union type_name wanted)
{
	return type->word[0] == wanted.word[0] &&
	       type->word[1] == wanted.word[1];
}

/*
 * Adds the pools of all targets other than verity; in a separate function, so
 * that the verifier checks it once.
 */
__noinline int add_target(__u64 target, __u64 private_data)
{
	struct dm_target *ti = (void *)target;
	void *private = (void *)private_data;
	union type_name type = {};

	bpf_probe_read_kernel_str(type.text, sizeof(type.text),
				  BPF_CORE_READ(ti, type, name));
#define WALK_WALKED(name, add)                                   \
	if (is_type(&type, (union type_name){ .text = name })) { \
		add(private);                                    \
		return 0;                                        \
	}
#define WALK_NONE(name, add)
#define WALK_UNKNOWN(name, add)
#define WALK_BOTH(name, add) /* verity: see note_target() */
#define WALK(name, reserves, add, module, least, most, kept) \
	WALK_##reserves(name, add)
	TARGET_TABLE(WALK)
#undef WALK
#undef WALK_WALKED
#undef WALK_NONE
#undef WALK_UNKNOWN
#undef WALK_BOTH
	return 0;
}

static long note_target(__u32 i, void *ctx)
{
	union type_name type = {};
	struct dm_table *t = w.t;
	struct dm_target *ti;
	struct stock_target *to;
	void *private;
	int verity;

	if (!KNOWS_TARGETS)
		return 1;
	ti = (void *)BPF_CORE_READ(t, targets) +
	     i * bpf_core_type_size(struct dm_target);
	if (HAS(dm_target, table) && BPF_CORE_READ(ti, table) != t) {
		torn();
		return 1;
	}
	bpf_probe_read_kernel_str(type.text, sizeof(type.text),
				  BPF_CORE_READ(ti, type, name));
	to = NEW(targets, targets);
	if (to)
		__builtin_memcpy(to->type, type.text, sizeof(to->type));
	w.target = i;
	if (!HAS(dm_target, private)) {
		unknown(STOCK_NO_RESERVES);
		return 0;
	}
	private = BPF_CORE_READ(ti, private);
	then();
	nr_items = 0;
	verity = is_type(&type, (union type_name){ .text = "verity" });
	if (verity)
		add_verity_target(ti, private);
	else
		add_target((__u64)ti, (__u64) private);
	if (!nr_items)
		return 0;
	bpf_loop(nr_items, note_item, NULL, no_flags);
	then();
	if (BPF_CORE_READ(ti, private) != private)
		torn();
	if (verity)
		check_verity_target(ti, private);
	return 0;
}

#define KNOWS_LOWER                                                    \
	(HAS(dm_table, devices) && HAS(list_head, next) &&             \
	 HAS(dm_dev_internal, list) && HAS(dm_dev_internal, dm_dev) && \
	 HAS(dm_dev, bdev) && HAS(block_device, bd_dev))

static long note_lower(__u32 i, void *ctx)
{
	struct dm_dev_internal *dd;
	struct stock_lower *to;

	if (w.entry == w.head || !w.entry || !KNOWS_LOWER)
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
	if (!KNOWS_LOWER) {
		unknown(STOCK_NO_LOWER);
		return 0;
	}
	guarded();
	w.head = MEMBER(t, struct dm_table, devices);
	w.entry = next_of(w.head);
	w.listed = 0;
	bpf_loop(MAX_LOWER, note_lower, NULL, no_flags);
	return w.listed;
}

/* Records the table in a slot of the last recorded device. */
__noinline int note_table(__u64 device_address, __u64 table_address, __u32 slot)
{
	struct mapped_device *md = (void *)device_address;
	struct dm_table *t = (void *)table_address;
	struct stock_device *device = LAST(devices, devices);
	struct stock_table *to;
	__u32 nr_targets;

	if (!t)
		return 0;
	if (!KNOWS_TARGETS) {
		unknown(STOCK_NO_TABLES);
		return 0;
	}
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
	if (!is_table_of(t, md)) {
		torn();
		return 0;
	}
	then();
	nr_items = 0;
	w.target = ~0U;
	add_core(md, t, slot);
	bpf_loop(nr_items, note_item, NULL, no_flags);
	w.t = t;
	w.slot = slot;
	bpf_loop(nr_targets, note_target, NULL, no_flags);
	then();
	if (!is_table_of(t, md))
		torn();
	return 0;
}

#endif
