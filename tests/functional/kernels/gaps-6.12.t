#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every member that the programs read is taken away in turn, on Debian's kernel of the
# 6.12 line; whole structures, too.
# shellcheck source=tests/functional/kernels/gaps.sh
. "$(dirname "$0")/gaps.sh"
ALL=1 gaps_on 6.12 mempool mempool.{curr_nr,elements,min_nr,pool_data,wait} dm_verity_fec.fio_pool dm_bufio_client.n_buffers \
	dm_io_client.{max_vecs,bio_pool} mddev.io_acct_set log_c.flush_entry_pool clone clone.{cmd,hydration_pool,kcopyd_client} \
	dm_clone_metadata dm_clone_metadata.bm dm_integrity_c.{ahash_req_pool,internal_ahash} \
	dmz_dev dmz_dev.reclaim dmz_reclaim dmz_reclaim.kc dmz_target dmz_target.{bio_set,dev,nr_ddevs} ebs_c ebs_c.bufio
done_testing
