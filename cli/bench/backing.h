/* SPDX-License-Identifier: GPL-2.0-only */
/* Block devices that the user has allowed to be overwritten. */
#ifndef MEMTOP_BENCH_BACKING_H
#define MEMTOP_BENCH_BACKING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Identifies the device that a path led to. */
struct backing_id {
	dev_t number;
	uint64_t sequence; /* of the disk; 0: before Linux 5.15 */
};

/*
 * Opens the block device @path for writing, if it has @bytes, is unused and
 * seems empty, or, with @overwrite, even if it is not empty. No other program can
 * claim it while it is open. Returns a descriptor, and the device in @ret, or
 * -errno, already reported.
 */
int backing_open(const char *path, uint64_t bytes, bool overwrite,
		 struct backing_id *ret);

/*
 * The same for a device that was written to before, if @path still leads to
 * @id.
 */
int backing_reopen(const char *path, const struct backing_id *id);

/* Returns 0 if @path still leads to @id, or -errno, already reported. */
int backing_check(const char *path, const struct backing_id *id);

/*
 * Overwrites the first and the last MiB of the device @path, if it still is
 * @id, which removes all structures at fixed places. Returns 0 or -errno,
 * already reported.
 */
int backing_wipe(const char *path, const struct backing_id *id);

#endif
