/* SPDX-License-Identifier: GPL-2.0-only */
/* libblkid, which finds signatures on a device, loaded on demand. */
#ifndef MEMTOP_BENCH_BLKID_H
#define MEMTOP_BENCH_BLKID_H

#include <blkid.h>

#include "system/library.h"

/* clang-format off */
#define BLKID_FUNCTIONS(use)                   \
	use(blkid_new_probe)                   \
	use(blkid_free_probe)                  \
	use(blkid_probe_set_device)            \
	use(blkid_probe_enable_superblocks)    \
	use(blkid_probe_set_superblocks_flags) \
	use(blkid_probe_enable_partitions)     \
	use(blkid_do_safeprobe)                \
	use(blkid_probe_lookup_value)
/* clang-format on */

struct blkid_library {
	BLKID_FUNCTIONS(LIBRARY_MEMBER)
};

/* Returns 0, or -ELIBACC, already reported. The library stays loaded. */
int blkid_library_load(struct blkid_library *ret);

#endif
