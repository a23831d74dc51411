/* SPDX-License-Identifier: GPL-2.0-only */
/* Block devices that somebody has given to be overwritten. */
#ifndef MEMTOP_BENCH_BACKING_H
#define MEMTOP_BENCH_BACKING_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Opens the block device @path for writing, if it has @bytes, nobody uses it and
 * it seems empty, or, with @force, even if it does not. Nobody can begin to use
 * it while it is open. Returns a descriptor or -errno, the reason already said.
 */
int backing_open(const char *path, uint64_t bytes, bool force);

/*
 * Overwrites the beginning of the device @path, so that it seems empty again.
 * Returns 0 or -errno, said already.
 */
int backing_wipe(const char *path);

#endif
