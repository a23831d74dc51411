/* SPDX-License-Identifier: GPL-2.0-only */
/* dm core's own pools, of a device or of a table that is not live. */
#ifndef MEMTOP_STOCK_CORE_H
#define MEMTOP_STOCK_CORE_H

#include "stock/clients.h"

/*
 * While a table replaces another one (dm_swap_table(), dm.c), the device is
 * suspended and its lock is held. Its old pools are freed then, one after the
 * other, and there are new ones under the old table.
 */
static __always_inline int is_in_swap(struct mapped_device *md)
{
	struct mutex *lock = &md->suspend_lock;

	if (!bpf_core_field_exists(lock->owner))
		return 0;
	return (BPF_CORE_READ(md, flags) & MD_SUSPENDED) &&
	       BPF_CORE_READ(md, suspend_lock.owner.counter);
}

static __always_inline void add_core(struct dm_md_mempools *core)
{
	if (!core)
		return;
	add_bio_set(MEMBER(core, struct dm_md_mempools, io_bs), STOCK_CORE,
		    STOCK_IO);
	add_bio_set(MEMBER(core, struct dm_md_mempools, bs), STOCK_CORE,
		    STOCK_CLONE);
}

#endif
