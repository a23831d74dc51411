/* SPDX-License-Identifier: GPL-2.0-only */
/* The devices of a bench: verity, and snapshots on it. */
#ifndef MEMTOP_BENCH_DEVICES_H
#define MEMTOP_BENCH_DEVICES_H

#include <stddef.h>
#include <stdint.h>

struct bench_image;

/*
 * Opens a verity device @name on @image, the @nr-th of its given devices if it has
 * any, or on the device @below that has its data. All return 0 or -errno, the reason already said.
 */
int device_open(const struct bench_image *image, size_t nr, const char *name,
		const char *below);

/*
 * Opens a snapshot @name of the device @below, that keeps what is written in
 * memory or wherever files in @directory are.
 */
int device_open_snapshot(const struct bench_image *image, const char *name,
			 const char *below, const char *directory);

/* What such a snapshot may take, of @bytes of data. */
uint64_t device_snapshot_room(uint64_t bytes);

/* Removes all devices whose name begins with @prefix, the last made first. */
int devices_remove(const char *prefix);

#endif
