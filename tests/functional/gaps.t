#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every member that the programs read is taken away in turn, on Debian's kernel of the
# 7.2 line.
# shellcheck source=tests/functional/gaps.sh
. "$(dirname "$0")/gaps.sh"
gaps_on 7.2 mempool_s mempool_s.{curr_nr,elements,min_nr,pool_data,wait} \
	bio_set.{bio_integrity_pool,bvec_integrity_pool} dm_verity_fec.extra_pool dm_bufio_client.n_buffers \
	dm_io_client.{max_vecs,bio_pool}
done_testing
