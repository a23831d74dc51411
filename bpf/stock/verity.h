/* SPDX-License-Identifier: GPL-2.0-only */
/* Targets of dm-verity. */
#ifndef MEMTOP_STOCK_VERITY_H
#define MEMTOP_STOCK_VERITY_H

#include "stock/clients.h"

/* init_rs_internal(), lib/reed_solomon: 8 buffers of u16 for the decoder */
static __always_inline __u64 rs_takes(struct dm_verity_fec *f)
{
	if (LACKS_TYPE(rs_control) || !HAS(dm_verity_fec, roots))
		return 0;
	return bpf_core_type_size(struct rs_control) +
	       2 * 8 * (BPF_CORE_READ(f, roots) + 1);
}

static __always_inline void add_fec(struct dm_verity_fec *f)
{
	if (!f)
		return;
	/* each target has one; it has a device if it is used */
	if (!HAS(dm_verity_fec, dev)) {
		unknown(STOCK_NO_RESERVES);
		return;
	}
	if (!BPF_CORE_READ(f, dev))
		return;
	rs_size = rs_takes(f);
	ADD(f, dm_verity_fec, rs_pool, POOL_FEC_RS);
	ADD(f, dm_verity_fec, prealloc_pool, POOL_FEC_PREALLOC);
	/* one until 6.19, the other from 7.0 on */
	if (HAS(dm_verity_fec, extra_pool) || !HAS(dm_verity_fec, fio_pool))
		ADD(f, dm_verity_fec, extra_pool, POOL_FEC_EXTRA);
	ADD(f, dm_verity_fec, output_pool, POOL_FEC_OUTPUT);
	if (HAS(dm_verity_fec, fio_pool))
		ADD(f, dm_verity_fec, fio_pool, POOL_FEC_FIO);
	if (HAS(dm_verity_fec, bufio))
		add_bufio((__u64)BPF_CORE_READ(f, bufio),
			  POOL_FEC_PARITY_BUFFER);
	else
		unknown(STOCK_NO_RESERVES);
	if (HAS(dm_verity_fec, data_bufio))
		add_bufio((__u64)BPF_CORE_READ(f, data_bufio),
			  POOL_FEC_DATA_BUFFER);
	else
		unknown(STOCK_NO_RESERVES);
}

/* A kernel without rechecks has neither of the two. */
static __always_inline void add_recheck(struct dm_verity *v)
{
	if (!HAS(dm_verity, recheck_pool) && !HAS(dm_verity, io))
		return;
	ADD(v, dm_verity, recheck_pool, POOL_RECHECK_PAGE);
	if (HAS(dm_verity, io))
		add_io_client((__u64)BPF_CORE_READ(v, io), POOL_RECHECK_IO);
	else
		unknown(STOCK_NO_RESERVES);
}

static __always_inline void add_verity(struct dm_verity *v)
{
	add_recheck(v);
	if (HAS(dm_verity, bufio))
		add_bufio((__u64)BPF_CORE_READ(v, bufio), POOL_HASH_BUFFER);
	else
		unknown(STOCK_NO_RESERVES);
	/* without CONFIG_DM_VERITY_FEC the struct has no members */
	if (HAS(dm_verity, fec))
		add_fec(BPF_CORE_READ(v, fec));
	else if (!LACKS_TYPE(dm_verity_fec))
		unknown(STOCK_NO_RESERVES);
}

/* The state that `dmsetup status` prints as V or C. */
static __always_inline void note_blocks(struct dm_verity *v)
{
	struct stock_device *device = LAST(devices, devices);

	if (!device || w.slot != STOCK_LIVE || !HAS(dm_verity, hash_failed))
		return;
	if (BPF_CORE_READ_BITFIELD_PROBED(v, hash_failed))
		device->blocks = STOCK_BLOCKS_BAD;
	else if (device->blocks == STOCK_BLOCKS_UNKNOWN)
		device->blocks = STOCK_BLOCKS_GOOD;
}

/* Whether @v belongs to the target, as far as can be seen. */
static __always_inline int is_verity_of(struct dm_verity *v,
					struct dm_target *ti)
{
	return v && (!HAS(dm_verity, ti) || BPF_CORE_READ(v, ti) == ti);
}

static __always_inline void add_verity_target(struct dm_target *ti,
					      void *private)
{
	struct dm_verity *v = private;

	if (!knows_verity()) {
		w.done.strange++;
		return;
	}
	if (!is_verity_of(v, ti)) {
		torn();
		return;
	}
	then();
	note_blocks(v);
	add_verity(v);
}

static __always_inline void check_verity_target(struct dm_target *ti,
						void *private)
{
	if (knows_verity() && !is_verity_of(private, ti))
		torn();
}

#endif
