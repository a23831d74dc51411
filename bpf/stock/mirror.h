/* SPDX-License-Identifier: GPL-2.0-only */
/* Targets of dm-raid1, whose type is mirror. */
#ifndef MEMTOP_STOCK_MIRROR_H
#define MEMTOP_STOCK_MIRROR_H

#include "stock/clients.h"

/* Logs: core (in memory, no reserve), disk, userspace. Others are not known. */
static __always_inline void add_dirty_log(struct dm_dirty_log *log)
{
	union {
		char text[8];
		__u64 word;
	} name = {}, core = { .text = "core" }, disk = { .text = "disk" };
	void *context;

	if (!HAS(dm_dirty_log, type) || !HAS(dm_dirty_log, context)) {
		UNREAD(dm_dirty_log);
		return;
	}
	if (!HAS(dm_dirty_log_type, name)) {
		UNREAD(dm_dirty_log_type);
		return;
	}
	bpf_probe_read_kernel_str(name.text, sizeof(name.text),
				  BPF_CORE_READ(log, type, name));
	context = BPF_CORE_READ(log, context);
	if (name.word == core.word)
		return;
	if (name.word == disk.word && HAS(log_c, io_req.client)) {
		struct log_c *lc = context;

		add_io_client((__u64)BPF_CORE_READ(lc, io_req.client),
			      POOL_LOG_IO);
	} else if (name.text[0] == 'u' &&
		   HAS(log_c___userspace, flush_entry_pool)) {
		ADD(context, log_c___userspace, flush_entry_pool,
		    POOL_LOG_FLUSH);
	} else {
		UNREAD(log_c);
	}
}

static __always_inline void add_region_hash(struct dm_region_hash *rh)
{
	if (!HAS(dm_region_hash, region_pool)) {
		UNREAD(dm_region_hash);
		return;
	}
	ADD(rh, dm_region_hash, region_pool, POOL_MIRROR_REGION);
	if (HAS(dm_region_hash, log))
		add_dirty_log(BPF_CORE_READ(rh, log));
	else
		unknown(STOCK_NO_RESERVES);
}

static __always_inline void add_mirror(void *private)
{
	struct mirror_set *ms = private;

	if (LACKS_TYPE(mirror_set)) {
		UNREAD(mirror_set);
		return;
	}
	ADD_IO_CLIENT(ms, mirror_set, io_client, POOL_MIRROR_IO);
	ADD_KCOPYD(ms, mirror_set, kcopyd_client);
	if (HAS(mirror_set, rh))
		add_region_hash(BPF_CORE_READ(ms, rh));
	else
		unknown(STOCK_NO_RESERVES);
}

#endif
