/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Targets of dm-snapshot: snapshot and snapshot-merge. An origin has no reserve of
 * its own: it uses those of its snapshots.
 */
#ifndef MEMTOP_STOCK_SNAPSHOT_H
#define MEMTOP_STOCK_SNAPSHOT_H

#include "stock/clients.h"

/* A store on a disk has a client of dm-io, one in memory has none. */
static __always_inline void add_store(struct dm_exception_store *store)
{
	char name[2] = {};
	struct pstore *ps;

	if (!HAS(dm_exception_store, type) ||
	    !HAS(dm_exception_store, context)) {
		UNREAD(dm_exception_store);
		return;
	}
	if (!HAS(dm_exception_store_type, name)) {
		UNREAD(dm_exception_store_type);
		return;
	}
	bpf_probe_read_kernel_str(name, sizeof(name),
				  BPF_CORE_READ(store, type, name));
	if (name[0] != 'P')
		return;
	if (!HAS(pstore, io_client)) {
		UNREAD(pstore);
		return;
	}
	ps = BPF_CORE_READ(store, context);
	add_io_client((__u64)BPF_CORE_READ(ps, io_client), POOL_STORE_IO);
}

static __always_inline void add_snapshot(void *private)
{
	struct dm_snapshot *s = private;

	if (LACKS_TYPE(dm_snapshot)) {
		UNREAD(dm_snapshot);
		return;
	}
	ADD(s, dm_snapshot, pending_pool, POOL_SNAPSHOT_PENDING);
	ADD_KCOPYD(s, dm_snapshot, kcopyd_client);
	if (HAS(dm_snapshot, store))
		add_store(BPF_CORE_READ(s, store));
	else
		unknown(STOCK_NO_RESERVES);
}

#endif
