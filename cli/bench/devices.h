/* SPDX-License-Identifier: GPL-2.0-only */
/* The devices of a bench: verity, and snapshots of it. */
#ifndef MEMTOP_BENCH_DEVICES_H
#define MEMTOP_BENCH_DEVICES_H

#include <stddef.h>
#include <stdint.h>

struct bench_image;

/*
 * Creates a verity device @name on @image: on its @nr-th given device if it has
 * any, or on the device @below that has its data. All functions return 0 or
 * -errno, already reported.
 */
int device_open(const struct bench_image *image, size_t nr, const char *name,
		const char *below);

/*
 * Creates a snapshot @name of the device @below, which stores written data in
 * memory or wherever files in @directory are.
 */
int device_open_snapshot(const struct bench_image *image, const char *name,
			 const char *below, const char *directory);

/* Size limit of such a snapshot, for @bytes of data. */
uint64_t device_snapshot_room(uint64_t bytes);

/* Removes all devices whose name begins with @prefix, the newest first. */
int devices_remove(const char *prefix);

#endif
