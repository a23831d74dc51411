// SPDX-License-Identifier: GPL-2.0-only
#include "bench/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "bench/backing.h"
#include "bench/crypt.h"

#define MIB (1UL << 20)
#define ROOTS 2
/*
 * Number of blocks from which error correction takes one byte each at a time.
 */
#define CODEWORD (255 - ROOTS)

static const char *const file_names[NR_BENCH_PARTS] = {
	[BENCH_DATA] = "data",
	[BENCH_HASH] = "hash",
	[BENCH_PARITY] = "parity",
};

uint64_t image_room(enum bench_part part, uint64_t bytes)
{
	/*
	 * a tree is less than 1/15 for blocks of 512 bytes, parity about 1/127
	 */
	switch (part) {
	case BENCH_HASH:
		return bytes / 14 + MIB;
	case BENCH_PARITY:
		return bytes / 64 + MIB;
	default:
		return bytes;
	}
}

static char *join(const char *directory, const char *name)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "%s/%s", directory, name);
	return sb.text;
}

char *image_directory(const struct bench_image_params *params)
{
	/* the prefix ends in a dash */
	struct strbuf name = { 0 };
	char *ret;

	strbuf_addf(&name, "%sfiles", params->prefix);
	ret = join(params->directory, strbuf_text(&name));
	strbuf_release(&name);
	return ret;
}

const char *image_data_path(const struct bench_image *image, size_t nr)
{
	return image->nr_given ? image->given[nr] : image->paths[BENCH_DATA];
}

static int say_write_failed(const struct bench_image *image, size_t nr, int err)
{
	return msg_error_errno(err, "cannot write the data to %s",
			       image_data_path(image, nr));
}

/* Writes @len bytes at @at to all of @fds, which hold the data of @image. */
static int write_all(const struct bench_image *image, const int *fds, size_t nr,
		     const char *buffer, size_t len, uint64_t at)
{
	for (size_t i = 0; i < nr; i++) {
		ssize_t written = pwrite(fds[i], buffer, len, (off_t)at);

		if (written != (ssize_t)len)
			return say_write_failed(image, i,
						written < 0 ? errno : ENOSPC);
	}
	return 0;
}

/* Fills the first @bytes of all of them with the same random data. */
static int fill(const struct bench_image *image, const int *fds, size_t nr,
		uint64_t bytes)
{
	char *buffer = xcalloc(1, MIB);
	int err = 0;

	for (uint64_t done = 0; done < bytes && !err; done += MIB) {
		size_t len = bytes - done < MIB ? bytes - done : MIB;

		for (size_t at = 0; at < len && !err; at += 256) {
			if (getrandom(buffer + at, 256, 0) != 256)
				err = msg_error_errno(EIO,
						      "cannot get random data");
		}
		if (!err)
			err = write_all(image, fds, nr, buffer, len, done);
	}
	/* devices above read past the cache of a device */
	for (size_t i = 0; i < nr && !err; i++)
		err = fsync(fds[i]) ? say_write_failed(image, i, errno) : 0;
	free(buffer);
	return err;
}

static int make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd < 0 ? msg_error_errno(errno, "cannot make %s", path) : fd;
}

/*
 * Opens the place of the @nr-th copy of the data: a given device, or the file.
 */
static int open_first(struct bench_image *image, size_t nr)
{
	if (image->nr_given)
		return backing_open(image->given[nr], image->bytes,
				    image->overwrite, &image->ids[nr]);
	return make_file(image->paths[BENCH_DATA]);
}

/* The same, if it was written to before. */
static int open_again(struct bench_image *image, size_t nr)
{
	const char *path = image_data_path(image, nr);
	int fd;

	if (image->nr_given)
		return backing_reopen(path, &image->ids[nr]);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? msg_error_errno(errno, "cannot open %s", path) : fd;
}

/*
 * Writes the first @bytes of each copy of the data, opened by @open_one. All
 * are opened before the first is written to.
 */
static int write_data(struct bench_image *image, uint64_t bytes,
		      int (*open_one)(struct bench_image *image, size_t nr))
{
	size_t nr = image->nr_given ? image->nr_given : 1, opened;
	int *fds = xcalloc(nr, sizeof(*fds)), err = 0;

	for (opened = 0; opened < nr; opened++) {
		fds[opened] = open_one(image, opened);
		if (fds[opened] < 0) {
			err = fds[opened];
			break;
		}
	}
	if (!err) {
		image->written = true;
		err = fill(image, fds, nr, bytes);
	}
	for (size_t i = 0; i < opened; i++)
		close(fds[i]);
	free(fds);
	return err;
}

/*
 * Creates empty files for the hash tree and parity that libcryptsetup writes.
 */
static int make_empty(const char *path)
{
	int fd = make_file(path);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void set_parameters(const struct bench_image *image,
			   struct crypt_params_verity *ret)
{
	*ret = (struct crypt_params_verity){
		.hash_name = "sha256",
		.hash_type = 1,
		.salt_size = 32,
		.data_device = image_data_path(image, 0),
		.hash_device = image->paths[BENCH_HASH],
		.data_block_size = (uint32_t)image->block_size,
		.hash_block_size = (uint32_t)image->block_size,
		.data_size = image->bytes / image->block_size,
		.flags = CRYPT_VERITY_CREATE_HASH,
	};
	if (image->paths[BENCH_PARITY]) {
		ret->fec_device = image->paths[BENCH_PARITY];
		ret->fec_roots = ROOTS;
	}
}

static int format(struct bench_image *image)
{
	struct crypt_params_verity parameters;
	struct crypt_device *cd = NULL;
	struct crypt_library lib;
	int err = crypt_library_load(&lib);

	if (err)
		return err;
	set_parameters(image, &parameters);
	err = lib.crypt_init(&cd, image->paths[BENCH_HASH]);
	if (!err)
		err = lib.crypt_format(cd, CRYPT_VERITY, NULL, NULL, NULL, NULL,
				       0, &parameters);
	image->root_len = sizeof(image->root);
	if (!err)
		err = lib.crypt_volume_key_get(cd, CRYPT_ANY_SLOT,
					       (char *)image->root,
					       &image->root_len, NULL, 0);
	lib.crypt_free(cd);
	return err < 0 ? msg_error_errno(err, "cannot make a hash tree in %s",
					 image->paths[BENCH_HASH]) :
			 0;
}

/*
 * Corrupts the data that the load reads. Error correction can repair one block
 * of those that share a codeword, which are as far apart as there are codewords
 * per byte. So the first of each such set are corrupted.
 */
static int spoil(struct bench_image *image)
{
	uint64_t blocks = image->bytes / image->block_size;

	image->readable = image->bytes;
	if (image->blocks == BENCH_CLEAN)
		return 0;
	if (image->blocks == BENCH_REPAIR)
		image->readable = (blocks < CODEWORD ? 1 : blocks / CODEWORD) *
				  image->block_size;
	return write_data(image, image->readable, open_again);
}

int image_make(const struct bench_image_params *params, struct bench_image *ret)
{
	size_t nr = params->fec ? NR_BENCH_PARTS : BENCH_PARITY;
	int err;

	*ret = (struct bench_image){ .block_size = params->block_size,
				     .bytes = params->bytes,
				     .blocks = params->blocks,
				     .given = params->devices,
				     .nr_given = params->nr_devices,
				     .overwrite = params->overwrite };
	ret->ids = xcalloc(params->nr_devices, sizeof(*ret->ids));
	ret->directory = image_directory(params);
	for (size_t i = 0; i < nr; i++)
		ret->paths[i] = join(ret->directory, file_names[i]);
	if (mkdir(ret->directory, 0700))
		return msg_error_errno(errno, "cannot make %s", ret->directory);
	err = write_data(ret, ret->bytes, open_first);
	for (size_t i = BENCH_HASH; !err && i < nr; i++)
		err = make_empty(ret->paths[i]);
	if (!err)
		err = format(ret);
	return err ? err : spoil(ret);
}

int image_check_data(const struct bench_image *image, size_t nr)
{
	return image->nr_given ?
		       backing_check(image->given[nr], &image->ids[nr]) :
		       0;
}

int image_remove(const char *directory)
{
	int err = 0;

	for (size_t i = 0; i < NR_BENCH_PARTS; i++) {
		char *path = join(directory, file_names[i]);

		if (unlink(path) && errno != ENOENT)
			err = msg_error_errno(errno, "cannot remove %s", path);
		free(path);
	}
	if (rmdir(directory) && errno != ENOENT)
		err = msg_error_errno(errno, "cannot remove %s", directory);
	return err;
}

int image_wipe(const struct bench_image *image)
{
	int err = 0, one;

	/* devices that were not written to are left unchanged */
	for (size_t i = 0; image->written && i < image->nr_given; i++) {
		one = backing_wipe(image->given[i], &image->ids[i]);
		if (!err)
			err = one;
	}
	return err;
}

void image_release(struct bench_image *image)
{
	free(image->directory);
	free(image->ids);
	for (size_t i = 0; i < NR_BENCH_PARTS; i++)
		free(image->paths[i]);
	*image = (struct bench_image){ 0 };
}
