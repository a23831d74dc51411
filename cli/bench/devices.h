/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verity devices for a bench: files with random data, their hash tree and
 * parity, and devices on loop devices on them.
 */
#ifndef MEMTOP_BENCH_DEVICES_H
#define MEMTOP_BENCH_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What all devices of a bench have in common. */
struct bench_image {
	char *directory; /* owned; of the files, made by us */
	char *data; /* owned; paths */
	char *hash;
	char *parity; /* NULL: without error correction */
	uint64_t block_size;
	uint64_t bytes; /* of data */
	unsigned char root[64];
	size_t root_len;
};

struct bench_image_wish {
	const char *directory; /* where to make ours */
	const char *prefix; /* what to call it */
	uint64_t block_size;
	uint64_t bytes;
	bool fec;
};

/* The path of the directory that image_make() would make; the caller frees. */
char *image_directory(const struct bench_image_wish *wish);

/*
 * Makes the files. All return 0 or -errno, the reason already said. What was
 * made before an error is there, to be removed.
 */
int image_make(const struct bench_image_wish *wish, struct bench_image *ret);

/* Removes the files that a bench makes, and their directory; no others. */
int image_remove(const char *directory);
void image_release(struct bench_image *image);

/* Opens a device @name on @image, or on the device @below that has its data. */
int device_open(const struct bench_image *image, const char *name,
		const char *below);

/* Removes all devices whose name begins with @prefix, the last made first. */
int devices_remove(const char *prefix);

#endif
