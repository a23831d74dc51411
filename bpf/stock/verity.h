/* SPDX-License-Identifier: GPL-2.0-only */
/* Targets of dm-verity. */
#ifndef MEMTOP_STOCK_VERITY_H
#define MEMTOP_STOCK_VERITY_H

#include "stock/clients.h"

static __always_inline void add_fec(struct dm_verity_fec *f)
{
	/* there is one for each target; it has a device if it is used */
	if (!f || !BPF_CORE_READ(f, dev))
		return;
	/* init_rs_internal(), lib/reed_solomon: 8 buffers of u16 for the decoder */
	rs_size = 0;
	if (bpf_core_type_exists(struct rs_control) &&
	    bpf_core_field_exists(f->roots))
		rs_size = bpf_core_type_size(struct rs_control) +
			  2 * 8 * (BPF_CORE_READ(f, roots) + 1);
	add(MEMBER(f, struct dm_verity_fec, rs_pool), STOCK_FEC, STOCK_RS);
	add(MEMBER(f, struct dm_verity_fec, prealloc_pool), STOCK_FEC,
	    STOCK_PREALLOC);
	if (bpf_core_field_exists(f->extra_pool))
		add(MEMBER(f, struct dm_verity_fec, extra_pool), STOCK_FEC,
		    STOCK_EXTRA);
	add(MEMBER(f, struct dm_verity_fec, output_pool), STOCK_FEC,
	    STOCK_OUTPUT);
	if (bpf_core_field_exists(f->fio_pool))
		add(MEMBER(f, struct dm_verity_fec, fio_pool), STOCK_FEC,
		    STOCK_FIO);
	add_bufio(BPF_CORE_READ(f, bufio), STOCK_FEC_PARITY);
	add_bufio(BPF_CORE_READ(f, data_bufio), STOCK_FEC_DATA);
}

static __always_inline void add_verity(struct dm_verity *v)
{
	if (bpf_core_field_exists(v->recheck_pool)) {
		add(MEMBER(v, struct dm_verity, recheck_pool), STOCK_RECHECK,
		    STOCK_PAGE);
		add_io_client(BPF_CORE_READ(v, io), STOCK_RECHECK);
	}
	add_bufio(BPF_CORE_READ(v, bufio), STOCK_HASH);
	if (bpf_core_type_exists(struct dm_verity_fec))
		add_fec(BPF_CORE_READ(v, fec));
}

/* What `dmsetup status` says as V or C. */
static __always_inline void note_blocks(struct dm_verity *v)
{
	struct stock_device *device = LAST(devices, devices);

	if (!device || w.slot != STOCK_LIVE ||
	    !bpf_core_field_exists(v->hash_failed))
		return;
	if (BPF_CORE_READ_BITFIELD_PROBED(v, hash_failed))
		device->blocks = STOCK_BLOCKS_BAD;
	else if (device->blocks == STOCK_BLOCKS_UNKNOWN)
		device->blocks = STOCK_BLOCKS_GOOD;
}

static __always_inline void note_verity(struct dm_target *ti)
{
	struct dm_verity *v;

	if (!knows_verity()) {
		w.done.strange++;
		return;
	}
	v = BPF_CORE_READ(ti, private);
	if (!v || BPF_CORE_READ(v, ti) != ti) {
		torn();
		return;
	}
	note_blocks(v);
	nr_items = 0;
	add_verity(v);
	bpf_loop(nr_items, note_item, NULL, 0);
	if (BPF_CORE_READ(v, ti) != ti)
		torn();
}

#endif
