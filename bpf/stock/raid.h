/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Targets of dm-raid, whose type is raid: the pools of md, and of its levels 0, 1 and
 * 10. Levels 4, 5 and 6 keep stripes as well, which are not counted.
 */
#ifndef MEMTOP_STOCK_RAID_H
#define MEMTOP_STOCK_RAID_H

#include "stock/clients.h"

/* A bio set of md itself, which had integrity payloads until 6.14. */
#define MD_SET_ROLES(ID)                                        \
	((struct set_roles){ POOL_##ID##_BIO, POOL_##ID##_BVEC, \
			     POOL_##ID##_BIP, POOL_##ID##_BIP_BVEC })

/* r1bio_pool_alloc(), raid1.c: each disk may have a replacement */
static __always_inline void add_raid1(struct r1conf *conf)
{
	struct r1conf___pointer *newer = (void *)conf;

	if (HAS(r1conf, r1bio_pool) && !HAS(r1bio, bios)) {
		UNREAD(r1bio);
	} else if (HAS(r1conf, r1bio_pool) && HAS(r1conf, raid_disks)) {
		ADD_SIZED(conf, r1conf, r1bio_pool, POOL_RAID1_REQUEST,
			  bpf_core_field_offset(struct r1bio, bios) +
				  2 * sizeof(void *) *
					  BPF_CORE_READ(conf, raid_disks));
	} else if (HAS(r1conf___pointer, r1bio_pool)) {
		add_item(BPF_CORE_READ(newer, r1bio_pool), POOL_RAID1_REQUEST,
			 1);
	} else {
		UNREAD(r1conf);
	}
	ADD(conf, r1conf, r1buf_pool, POOL_RAID1_RESYNC);
	ADD_BIO_SET(conf, r1conf, bio_split, SET_ROLES(MD_SPLIT), 1);
}

/* r10bio_pool_alloc(), raid10.c */
static __always_inline void add_raid10(struct r10conf *conf)
{
	if (!HAS(r10conf, geo.raid_disks)) {
		UNREAD(r10conf);
		return;
	}
	if (!HAS(r10bio, devs)) {
		UNREAD(r10bio);
		return;
	}
	if (LACKS_TYPE(r10dev)) {
		UNREAD(r10dev);
		return;
	}
	ADD_SIZED(conf, r10conf, r10bio_pool, POOL_RAID10_REQUEST,
		  bpf_core_field_offset(struct r10bio, devs) +
			  bpf_core_type_size(struct r10dev) *
				  BPF_CORE_READ(conf, geo.raid_disks));
	ADD(conf, r10conf, r10buf_pool, POOL_RAID10_RESYNC);
	ADD_BIO_SET(conf, r10conf, bio_split, SET_ROLES(MD_SPLIT), 1);
}

static __always_inline void add_md(struct mddev *md)
{
	ADD_BIO_SET(md, mddev, bio_set, MD_SET_ROLES(MD), 0);
	ADD_BIO_SET(md, mddev, sync_set, MD_SET_ROLES(MD_SYNC), 0);
	/* renamed between 6.1 and 6.12 */
	if (HAS(mddev, io_acct_set))
		ADD_BIO_SET(md, mddev, io_acct_set, SET_ROLES(MD_CLONE), 0);
	else
		ADD_BIO_SET(md, mddev, io_clone_set, SET_ROLES(MD_CLONE), 0);
	if (!HAS(mddev, serial_info_pool))
		unknown(STOCK_NO_RESERVES);
	else if (BPF_CORE_READ(md, serial_info_pool))
		add_item(BPF_CORE_READ(md, serial_info_pool), POOL_MD_SERIAL,
			 1);
}

static __always_inline void add_raid(void *private)
{
	struct raid_set *rs = private;
	struct mddev *md;
	void *conf;

	if (!HAS(raid_set, md)) {
		UNREAD(raid_set);
		return;
	}
	if (!HAS(mddev, level) || !HAS(mddev, private)) {
		UNREAD(mddev);
		return;
	}
	md = MEMBER(rs, struct raid_set, md);
	add_md(md);
	conf = BPF_CORE_READ(md, private);
	if (!conf) {
		unknown(STOCK_NO_RESERVES);
		return;
	}
	switch (BPF_CORE_READ(md, level)) {
	case 0:
		break;
	case 1:
		add_raid1(conf);
		break;
	case 10:
		add_raid10(conf);
		break;
	default:
		unknown(STOCK_NO_RESERVES);
	}
}

#endif
