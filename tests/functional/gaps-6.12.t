#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the programs read, taken away one by one, on Debian's kernel of the 6.12 line;
# structures, too.
# shellcheck source=tests/functional/gaps.sh
. "$(dirname "$0")/gaps.sh"
ALL=1 gaps_on 6.12 mempool mempool.{curr_nr,elements,min_nr,pool_data,wait} dm_verity_fec.fio_pool dm_bufio_client.n_buffers \
	dm_io_client.{max_vecs,bio_pool}
done_testing
