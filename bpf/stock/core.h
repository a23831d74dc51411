/* SPDX-License-Identifier: GPL-2.0-only */
/* dm core's own pools, of a device or of a table that is not live. */
#ifndef MEMTOP_STOCK_CORE_H
#define MEMTOP_STOCK_CORE_H

#include "stock/clients.h"

/*
 * While a table replaces another one (dm_swap_table(), dm.c), the device is
 * suspended and its lock is held. Its old pools are freed meanwhile, one after
 * another, and the old table gets new ones.
 */
static __always_inline int is_in_swap(struct mapped_device *md)
{
	if (!HAS(mapped_device, suspend_lock.owner.counter) ||
	    !HAS(mapped_device, flags))
		return 0;
	return (BPF_CORE_READ(md, flags) & MD_SUSPENDED) &&
	       BPF_CORE_READ(md, suspend_lock.owner.counter);
}

/*
 * Of the device if its table @t is live, otherwise of the table: __bind(), dm.c
 */
static __always_inline void add_core(struct mapped_device *md,
				     struct dm_table *t, __u32 slot)
{
	struct dm_md_mempools *core;

	if (!HAS(mapped_device, mempools) || !HAS(dm_table, mempools)) {
		unknown(STOCK_NO_RESERVES);
		return;
	}
	core = slot == STOCK_LIVE ? BPF_CORE_READ(md, mempools) :
				    BPF_CORE_READ(t, mempools);
	if (!core)
		return;
	ADD_BIO_SET(core, dm_md_mempools, io_bs,
		    ((struct set_roles){ POOL_CORE_IO, POOL_CORE_IO_BVEC,
					 POOL_CORE_IO_BIP,
					 POOL_CORE_IO_BIP_BVEC }),
		    0);
	ADD_BIO_SET(core, dm_md_mempools, bs,
		    ((struct set_roles){ POOL_CORE_CLONE, POOL_CORE_CLONE_BVEC,
					 POOL_CORE_CLONE_BIP,
					 POOL_CORE_CLONE_BIP_BVEC }),
		    1);
}

#endif
