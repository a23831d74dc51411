/* SPDX-License-Identifier: GPL-2.0-only */
/* Targets of dm-writecache, dm-zoned and dm-ebs. */
#ifndef MEMTOP_STOCK_COPY_H
#define MEMTOP_STOCK_COPY_H

#include "stock/clients.h"

static __always_inline void add_writecache(void *private)
{
	struct dm_writecache *wc = private;

	if (LACKS_TYPE(dm_writecache)) {
		UNREAD(dm_writecache);
		return;
	}
	ADD_IO_CLIENT(wc, dm_writecache, dm_io, POOL_WRITECACHE_IO);
	ADD_KCOPYD(wc, dm_writecache, dm_kcopyd);
	/* with persistent memory */
	ADD_BIO_SET(wc, dm_writecache, bio_set, SET_ROLES(WRITEBACK), 0);
	ADD(wc, dm_writecache, copy_pool, POOL_WRITECACHE_COPY);
}

/* Devices of a zoned target whose reclaim is read. */
#define MAX_ZONED 3

static __always_inline void add_zoned(void *private)
{
	struct dmz_target *dmz = private;

	if (!HAS(dmz_target, bio_set) || !HAS(dmz_target, nr_ddevs) ||
	    !HAS(dmz_target, dev)) {
		UNREAD(dmz_target);
		return;
	}
	if (!HAS(dmz_dev, reclaim)) {
		UNREAD(dmz_dev);
		return;
	}
	if (!HAS(dmz_reclaim, kc)) {
		UNREAD(dmz_reclaim);
		return;
	}
	ADD_BIO_SET(dmz, dmz_target, bio_set, SET_ROLES(ZONED), 1);
	if (BPF_CORE_READ(dmz, nr_ddevs) > MAX_ZONED)
		unknown(STOCK_NO_RESERVES);
	for (__u32 i = 0; i < MAX_ZONED; i++) {
		struct dmz_dev *dev = (void *)BPF_CORE_READ(dmz, dev) +
				      i * bpf_core_type_size(struct dmz_dev);

		if (i >= BPF_CORE_READ(dmz, nr_ddevs))
			break;
		add_kcopyd((__u64)BPF_CORE_READ(dev, reclaim, kc));
	}
}

static __always_inline void add_ebs(void *private)
{
	struct ebs_c *ec = private;

	if (LACKS_TYPE(ebs_c)) {
		UNREAD(ebs_c);
		return;
	}
	ADD_BUFIO(ec, ebs_c, bufio, POOL_EBS_BUFFER);
}

#endif
