// SPDX-License-Identifier: GPL-2.0-only
#include "bench/devices.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/dm-ioctl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/strbuf.h"
#include "bench/crypt.h"
#include "bench/devmapper.h"
#include "bench/image.h"
#include "bench/loop.h"

#define SECTOR 512
/*
 * In sectors. Larger than a read or write, so that each write copies a chunk
 * first.
 */
#define CHUNK 16

static char *path_of(const char *name)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "/dev/" DM_DIR "/%s", name);
	return sb.text;
}

int device_open(const struct bench_image *image, size_t nr, const char *name,
		const char *below)
{
	const char *data = image_data_path(image, nr);
	const char *parity = image->paths[BENCH_PARITY];
	struct crypt_params_verity parameters = { .fec_device = parity,
						  .fec_roots = parity ? 2 : 0 };
	uint32_t flags = CRYPT_ACTIVATE_READONLY;
	char *lower;
	struct crypt_device *cd = NULL;
	struct crypt_library lib;
	int err = below ? 0 : image_check_data(image, nr);

	if (!err)
		err = crypt_library_load(&lib);
	if (err)
		return err;
	lower = below ? path_of(below) : NULL;
	/* otherwise the first corrupted block is an error */
	if (image->blocks == BENCH_RECHECK)
		flags |= CRYPT_ACTIVATE_IGNORE_CORRUPTION;
	/* a file gets a loop device, which is freed together with the device */
	err = lib.crypt_init_data_device(&cd, image->paths[BENCH_HASH],
					 lower ? lower : data);
	if (!err)
		err = lib.crypt_load(cd, CRYPT_VERITY, &parameters);
	if (!err)
		err = lib.crypt_activate_by_volume_key(
			cd, name, (const char *)image->root, image->root_len,
			flags);
	lib.crypt_free(cd);
	free(lower);
	return err < 0 ?
		       msg_error_errno(err, "cannot make the device %s", name) :
		       0;
}

/* Runs @task, which creates or removes a device, and waits for its node. */
static int run_and_settle(const struct devmapper_library *lib,
			  struct dm_task *task)
{
	uint32_t cookie = 0;
	int err = 0;

	if (!lib->dm_task_set_cookie(task, &cookie, 0))
		return -EIO;
	if (!lib->dm_task_run(task))
		err = devmapper_error(lib, task);
	lib->dm_udev_wait(cookie);
	/* nodes that no other process creates */
	lib->dm_task_update_nodes();
	return err;
}

static int make_snapshot(const struct devmapper_library *lib, const char *name,
			 uint64_t sectors, const char *parameters)
{
	struct dm_task *task = lib->dm_task_create(DM_DEVICE_CREATE);
	int err = -ENOMEM;

	if (task && lib->dm_task_set_name(task, name) &&
	    lib->dm_task_set_add_node(task, DM_ADD_NODE_ON_CREATE) &&
	    lib->dm_task_add_target(task, 0, sectors, "snapshot", parameters))
		err = run_and_settle(lib, task);
	if (task)
		lib->dm_task_destroy(task);
	return err;
}

uint64_t device_snapshot_room(uint64_t bytes)
{
	return bytes + (1 << 20);
}

int device_open_snapshot(const struct bench_image *image, const char *name,
			 const char *below, const char *directory)
{
	struct strbuf parameters = { 0 };
	struct devmapper_library lib;
	char *origin;
	char store[LOOP_PATH_ROOM];
	int err = devmapper_library_load(&lib), fd;

	if (err)
		return err;
	origin = path_of(below);
	err = fd =
		loop_open(directory, device_snapshot_room(image->bytes), store);
	if (fd >= 0) {
		/* N: the written data is lost with the device */
		strbuf_addf(&parameters, "%s %s N %d", origin, store, CHUNK);
		err = make_snapshot(&lib, name, image->bytes / SECTOR,
				    strbuf_text(&parameters));
		/* the snapshot keeps the device open */
		close(fd);
		if (err)
			msg_error_errno(err, "cannot make the snapshot %s",
					name);
	}
	strbuf_release(&parameters);
	free(origin);
	return err < 0 ? err : 0;
}

static int remove_device(const struct devmapper_library *lib, const char *name)
{
	struct dm_task *task = lib->dm_task_create(DM_DEVICE_REMOVE);
	int err = -ENOMEM;

	if (task && lib->dm_task_set_name(task, name) &&
	    lib->dm_task_retry_remove(task))
		err = run_and_settle(lib, task);
	if (task)
		lib->dm_task_destroy(task);
	return err;
}

/*
 * Names of devices that begin with @prefix, each ended by a NUL, oldest first.
 */
static int list_devices(const struct devmapper_library *lib, const char *prefix,
			struct strbuf *ret)
{
	struct dm_task *task = lib->dm_task_create(DM_DEVICE_LIST);
	const struct dm_names *names = NULL;
	unsigned int next = 0;
	int err = 0;

	if (!task || !lib->dm_task_run(task))
		err = task ? devmapper_error(lib, task) : -EIO;
	else
		names = lib->dm_task_get_names(task);
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
		lib->dm_task_destroy(task);
	return err;
}

/* Removes as many as possible; returns how many of @names remain. */
static size_t remove_once(const struct devmapper_library *lib,
			  const struct strbuf *names)
{
	size_t left = 0, end = names->len, at;

	/*
	 * The last name first: upper devices were created after the lower ones.
	 */
	while (end) {
		for (at = end - 1; at && names->text[at - 1]; at--)
			;
		left += remove_device(lib, names->text + at) != 0;
		end = at;
	}
	return left;
}

int devices_remove(const char *prefix)
{
	struct strbuf names = { 0 };
	struct devmapper_library lib;
	size_t left = 0, before;
	int err = devmapper_library_load(&lib);

	if (err)
		return err;
	err = list_devices(&lib, prefix, &names);

	/* dm lists by name, so the lower device may have come first */
	if (!err && names.len) {
		left = SIZE_MAX;
		do {
			before = left;
			left = remove_once(&lib, &names);
			strbuf_reset(&names);
			if (left)
				err = list_devices(&lib, prefix, &names);
		} while (!err && left && left < before);
	}
	strbuf_release(&names);
	if (!err && left)
		err = -EBUSY;
	return err ? msg_error_errno(err, "cannot remove the devices %s*",
				     prefix) :
		     0;
}
