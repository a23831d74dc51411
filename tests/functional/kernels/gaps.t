#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every member that the programs read is taken away in turn, on Debian's kernel of the
# 7.2 line.
# shellcheck source=tests/functional/kernels/gaps.sh
. "$(dirname "$0")/gaps.sh"
gaps_on 7.2 mempool_s mempool_s.{curr_nr,elements,min_nr,pool_data,wait} \
	bio_set.{bio_integrity_pool,bvec_integrity_pool} dm_verity_fec.extra_pool dm_bufio_client.n_buffers \
	dm_io_client.{max_vecs,bio_pool} mddev.io_acct_set r1bio r1bio.bios r1conf.raid_disks log_c.flush_entry_pool \
	dmz_dev dmz_dev.reclaim dmz_reclaim dmz_reclaim.kc dmz_target dmz_target.{bio_set,dev,nr_ddevs} ebs_c ebs_c.bufio \
	dm_integrity_c.internal_ahash
done_testing
