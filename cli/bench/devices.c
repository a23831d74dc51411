// SPDX-License-Identifier: GPL-2.0-only
#include "bench/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <libcryptsetup.h>
#include <libdevmapper.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/msg.h"
#include "util/strbuf.h"

#define MIB (1UL << 20)

static const char *const file_names[] = { "data", "hash", "parity" };
#define NR_FILES (sizeof(file_names) / sizeof(file_names[0]))

static char *join(const char *directory, const char *slash, const char *name)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "%s%s%s", directory, slash, name);
	return sb.text;
}

char *image_directory(const struct bench_image_wish *wish)
{
	/* the prefix ends in a dash */
	struct strbuf name = { 0 };
	char *ret;

	strbuf_addf(&name, "%sfiles", wish->prefix);
	ret = join(wish->directory, "/", strbuf_text(&name));
	strbuf_release(&name);
	return ret;
}

static int fill(int fd, uint64_t bytes)
{
	char *buffer = xcalloc(1, MIB);
	int err = 0;

	for (uint64_t done = 0; done < bytes && !err; done += MIB) {
		for (size_t at = 0; at < MIB && !err; at += 256) {
			if (getrandom(buffer + at, 256, 0) != 256)
				err = -EIO;
		}
		if (!err && write(fd, buffer, MIB) != (ssize_t)MIB)
			err = errno ? -errno : -EIO;
	}
	free(buffer);
	return err;
}

/* Makes a file, with @bytes of random data or empty. */
static int make_file(const char *path, uint64_t bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int err = 0;

	if (fd < 0)
		return msg_error_errno(errno, "can't make %s", path);
	errno = 0;
	err = fill(fd, bytes);
	if (close(fd) && !err)
		err = -errno;
	return err ? msg_error_errno(err, "can't write %s", path) : 0;
}

static void set_parameters(const struct bench_image *image,
			   struct crypt_params_verity *ret)
{
	*ret = (struct crypt_params_verity){
		.hash_name = "sha256",
		.hash_type = 1,
		.salt_size = 32,
		.data_device = image->data,
		.hash_device = image->hash,
		.data_block_size = (uint32_t)image->block_size,
		.hash_block_size = (uint32_t)image->block_size,
		.data_size = image->bytes / image->block_size,
		.flags = CRYPT_VERITY_CREATE_HASH,
	};
	if (image->parity) {
		ret->fec_device = image->parity;
		ret->fec_roots = 2;
	}
}

static int format(struct bench_image *image)
{
	struct crypt_params_verity parameters;
	struct crypt_device *cd = NULL;
	int err;

	set_parameters(image, &parameters);
	err = crypt_init(&cd, image->hash);
	if (!err)
		err = crypt_format(cd, CRYPT_VERITY, NULL, NULL, NULL, NULL, 0,
				   &parameters);
	image->root_len = sizeof(image->root);
	if (!err)
		err = crypt_volume_key_get(cd, CRYPT_ANY_SLOT,
					   (char *)image->root,
					   &image->root_len, NULL, 0);
	crypt_free(cd);
	return err < 0 ? msg_error_errno(err, "can't make a hash tree in %s",
					 image->directory) :
			 0;
}

int image_make(const struct bench_image_wish *wish, struct bench_image *ret)
{
	int err;

	*ret = (struct bench_image){ .block_size = wish->block_size,
				     .bytes = wish->bytes };
	ret->directory = image_directory(wish);
	ret->data = join(ret->directory, "/", file_names[0]);
	ret->hash = join(ret->directory, "/", file_names[1]);
	if (wish->fec)
		ret->parity = join(ret->directory, "/", file_names[2]);
	if (mkdir(ret->directory, 0700))
		return msg_error_errno(errno, "can't make %s", ret->directory);
	err = make_file(ret->data, ret->bytes);
	if (!err)
		err = make_file(ret->hash, 0);
	if (!err && ret->parity)
		err = make_file(ret->parity, 0);
	return err ? err : format(ret);
}

int image_remove(const char *directory)
{
	int err = 0;

	for (size_t i = 0; i < NR_FILES; i++) {
		char *path = join(directory, "/", file_names[i]);

		if (unlink(path) && errno != ENOENT)
			err = msg_error_errno(errno, "can't remove %s", path);
		free(path);
	}
	if (rmdir(directory) && errno != ENOENT)
		err = msg_error_errno(errno, "can't remove %s", directory);
	return err;
}

void image_release(struct bench_image *image)
{
	free(image->directory);
	free(image->data);
	free(image->hash);
	free(image->parity);
	*image = (struct bench_image){ 0 };
}

int device_open(const struct bench_image *image, const char *name,
		const char *below)
{
	struct crypt_params_verity parameters = {
		.fec_device = image->parity, .fec_roots = image->parity ? 2 : 0
	};
	char *lower = below ? join(dm_dir(), "/", below) : NULL;
	struct crypt_device *cd = NULL;
	int err;

	/* a file gets a loop device, which goes when the device does */
	err = crypt_init_data_device(&cd, image->hash,
				     lower ? lower : image->data);
	if (!err)
		err = crypt_load(cd, CRYPT_VERITY, &parameters);
	if (!err)
		err = crypt_activate_by_volume_key(cd, name,
						   (const char *)image->root,
						   image->root_len,
						   CRYPT_ACTIVATE_READONLY);
	crypt_free(cd);
	free(lower);
	return err < 0 ?
		       msg_error_errno(err, "can't make the device %s", name) :
		       0;
}

/* Names of devices that begin with @prefix, each ended by a NUL, oldest first. */
static int list_devices(const char *prefix, struct strbuf *ret)
{
	struct dm_task *task = dm_task_create(DM_DEVICE_LIST);
	const struct dm_names *names;
	unsigned int next = 0;
	int err = 0;

	if (!task || !dm_task_run(task))
		err = task && dm_task_get_errno(task) ?
			      -dm_task_get_errno(task) :
			      -EIO;
	names = err ? NULL : dm_task_get_names(task);
	if (names && names->dev) {
		do {
			names = (const void *)((const char *)names + next);
			if (strncmp(names->name, prefix, strlen(prefix)) == 0)
				strbuf_add(ret, names->name,
					   strlen(names->name) + 1);
			next = names->next;
		} while (next);
	}
	if (task)
		dm_task_destroy(task);
	return err;
}

/* Removes what can be; how many of @names are left. */
static size_t remove_once(const struct strbuf *names)
{
	size_t left = 0, end = names->len, at;

	/* The last name first: what is on others was made after them. */
	while (end) {
		for (at = end - 1; at && names->text[at - 1]; at--)
			;
		left += crypt_deactivate(NULL, names->text + at) != 0;
		end = at;
	}
	return left;
}

int devices_remove(const char *prefix)
{
	struct strbuf names = { 0 };
	size_t left = 0, before;
	int err = list_devices(prefix, &names);

	/* dm lists by name, so what is below may have come first */
	if (!err && names.len) {
		left = SIZE_MAX;
		do {
			before = left;
			left = remove_once(&names);
			strbuf_reset(&names);
			if (left)
				err = list_devices(prefix, &names);
		} while (!err && left && left < before);
	}
	strbuf_release(&names);
	if (!err && left)
		err = -EBUSY;
	return err ? msg_error_errno(err, "can't remove the devices %s*",
				     prefix) :
		     0;
}
