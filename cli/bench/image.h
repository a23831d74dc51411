/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the devices of a bench have in common: random data, their hash tree and
 * parity, in files; the data may be on devices that were given.
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
	char *directory; /* owned; of the files, made by us */
	char *paths[NR_BENCH_PARTS]; /* owned; NULL: there is no such part */
	/* Devices that the data are on instead, a copy each; not owned. */
	char *const *given;
	size_t nr_given; /* 0: they are in a file */
	struct backing_id *ids; /* owned; which devices these are */
	bool overwrite; /* them, even if they are not empty */
	bool written; /* the data are, or were begun to be */
	uint64_t block_size;
	uint64_t bytes; /* of data */
	uint64_t readable; /* from 0 on; what the load is to be of */
	enum bench_blocks blocks;
	unsigned char root[64];
	size_t root_len;
};

struct bench_image_wish {
	const char *directory; /* where to make ours */
	const char *prefix; /* what to call it */
	uint64_t block_size;
	uint64_t bytes;
	bool fec;
	enum bench_blocks blocks;
	char *const *devices; /* for the data, a path each; they have to outlive
			       * the image */
	size_t nr_devices; /* 0: make a file */
	bool overwrite; /* them, even if they are not empty */
};

/* What a part may take, of @bytes of data. */
uint64_t image_room(enum bench_part part, uint64_t bytes);

/* The path of the directory that image_make() would make; the caller frees. */
char *image_directory(const struct bench_image_wish *wish);

/*
 * Makes the files, or writes to the devices. All return 0 or -errno, the reason
 * already said. What was made before an error is there, to be removed. No device
 * is written to before all have been found fit for it.
 */
int image_make(const struct bench_image_wish *wish, struct bench_image *ret);

/* Removes the files that a bench makes, and their directory; no others. */
int image_remove(const char *directory);

/* What the @nr-th copy of the data is on. */
const char *image_data_path(const struct bench_image *image, size_t nr);

/* Returns 0 if that is what it was, or -errno. */
int image_check_data(const struct bench_image *image, size_t nr);

/*
 * Overwrites the first and the last MiB of the given devices, if they have been
 * written to.
 */
int image_wipe(const struct bench_image *image);

void image_release(struct bench_image *image);

#endif
