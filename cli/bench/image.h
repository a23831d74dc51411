/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The common parts of a bench's devices: random data, their hash tree and
 * parity, in files. The data may be on given devices.
 */
#ifndef MEMTOP_BENCH_IMAGE_H
#define MEMTOP_BENCH_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/backing.h"
#include "model/bench.h"

enum bench_part {
	BENCH_DATA,
	BENCH_HASH,
	BENCH_PARITY,
	NR_BENCH_PARTS,
};

struct bench_image {
	char *directory; /* owned; of the files' directory, created by us */
	char *paths[NR_BENCH_PARTS]; /* owned; NULL: there is no such part */
	/* Devices that hold the data instead, one copy each; not owned. */
	char *const *given;
	size_t nr_given; /* 0: they are in a file */
	struct backing_id *ids; /* owned; identities of these devices */
	bool overwrite; /* use devices that are not empty */
	bool written; /* writing the data has begun */
	uint64_t block_size;
	uint64_t bytes; /* of data */
	uint64_t readable; /* from 0 on; the part that the load uses */
	enum bench_blocks blocks;
	unsigned char root[64];
	size_t root_len;
};

struct bench_image_params {
	const char *directory; /* where to create the directory */
	const char *prefix; /* what to call it */
	uint64_t block_size;
	uint64_t bytes;
	bool fec;
	enum bench_blocks blocks;
	char *const *devices; /* paths, for the data; must outlive the image */
	size_t nr_devices; /* 0: make a file */
	bool overwrite; /* use devices that are not empty */
};

/* Size limit of a part, for @bytes of data. */
uint64_t image_room(enum bench_part part, uint64_t bytes);

/*
 * The path of the directory that image_make() would create; the caller frees.
 */
char *image_directory(const struct bench_image_params *params);

/*
 * Creates the files, or writes to the devices. All functions return 0 or
 * -errno, already reported. Files that were created before an error remain, to
 * be removed. No device is written to before all of them have been checked.
 */
int image_make(const struct bench_image_params *params,
	       struct bench_image *ret);

/* Removes the files that a bench creates, and their directory; no others. */
int image_remove(const char *directory);

/* The place of the @nr-th copy of the data. */
const char *image_data_path(const struct bench_image *image, size_t nr);

/* Returns 0 if that is still the same device, or -errno. */
int image_check_data(const struct bench_image *image, size_t nr);

/*
 * Overwrites the first and the last MiB of the given devices, if they were
 * written to.
 */
int image_wipe(const struct bench_image *image);

void image_release(struct bench_image *image);

#endif
