// SPDX-License-Identifier: GPL-2.0-only
#include "collect/dm_source.h"

#include <errno.h>
#include <fcntl.h>
#include <libdevmapper.h>
#include <limits.h>
#include <linux/dm-ioctl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "model/sample.h"
#include "util/alloc.h"
#include "util/msg.h"
#include "util/text.h"

/* A device that is not there any more; not an error. */
#define VANISHED 1

#define NEEDS_ADMIN "device-mapper's ioctls take CAP_SYS_ADMIN: run it as root"

static void print_libdm(int level, const char *file, int line,
			int dm_errno_or_class, const char *fmt, ...)
{
	va_list ap;

	(void)file;
	(void)line;
	(void)dm_errno_or_class;
	va_start(ap, fmt);
	/* bits above the level are flags: lib/log of LVM2, log.h */
	msg_library((level & 7) <= 3 ? MSG_DEBUG : MSG_TRACE, "libdevmapper",
		    fmt, ap);
	va_end(ap);
}

static int say_failed(struct dm_task *task, const char *what,
		      const struct sample_device *d)
{
	/* 0: libdevmapper itself gave up, and said why */
	int err = dm_task_get_errno(task) ? dm_task_get_errno(task) : EIO;

	if (d)
		msg_error_errno(err, "device %s (%u:%u): can't %s", d->name,
				d->dev.major, d->dev.minor, what);
	else
		msg_error_errno(err, "can't %s", what);
	if (err == EPERM || err == EACCES)
		msg_info(
			"device-mapper's ioctls take CAP_SYS_ADMIN: run it as root");
	else
		msg_info("--debug shows what libdevmapper says");
	return -err;
}

/*
 * libdevmapper makes no task when the kernel does not answer it, and keeps the
 * errno for itself: ask again. Returns -errno, having said it.
 */
static int say_no_answer(void)
{
	struct dm_ioctl version = { .version = { DM_VERSION_MAJOR, 0, 0 },
				    .data_size = sizeof(version) };
	int fd = open("/dev/" DM_DIR "/" DM_CONTROL_NODE, O_RDWR | O_CLOEXEC);
	int err = EIO;

	if (fd < 0 || ioctl(fd, DM_VERSION, &version))
		err = errno;
	if (fd >= 0)
		close(fd);
	msg_error_errno(err, "can't talk to device-mapper");
	if (err == EPERM || err == EACCES)
		msg_info(NEEDS_ADMIN);
	return -err;
}

static struct dm_task *new_device_task(int type, const struct sample_device *d)
{
	struct dm_task *task = xcheck(dm_task_create(type));

	dm_task_no_open_count(task);
	/* by number: a name can go to another device meanwhile */
	dm_task_set_major(task, d->dev.major);
	dm_task_set_minor(task, d->dev.minor);
	return task;
}

static void add_targets(struct sample_device *d, struct dm_task *task,
			enum sample_slot slot)
{
	void *next = NULL;
	uint32_t index = 0;

	do {
		uint64_t start, length;
		char *type = NULL, *params;
		struct sample_target *t;

		next = dm_get_next_target(task, next, &start, &length, &type,
					  &params);
		if (!type)
			continue;
		d->targets =
			xgrow(d->targets, d->nr_targets, sizeof(*d->targets));
		t = &d->targets[d->nr_targets++];
		*t = (struct sample_target){ .slot = slot, .index = index++ };
		text_copy(t->type, sizeof(t->type), type);
	} while (next);
}

/* Asks for one slot's status. Returns 0, VANISHED or -errno. */
static int ask_slot(struct sample_device *d, enum sample_slot slot,
		    struct dm_info *info)
{
	struct dm_task *task = new_device_task(DM_DEVICE_STATUS, d);
	bool there;
	int err = 0;

	dm_task_no_flush(task);
	if (slot == SAMPLE_SLOT_INACTIVE)
		dm_task_query_inactive_table(task);
	if (!dm_task_run(task) || !dm_task_get_info(task, info)) {
		err = say_failed(task, "ask for its status", d);
		goto out;
	}
	if (!info->exists) {
		err = VANISHED;
		goto out;
	}
	if (slot == SAMPLE_SLOT_LIVE) {
		text_copy(d->name, sizeof(d->name), dm_task_get_name(task));
		text_copy(d->uuid, sizeof(d->uuid), dm_task_get_uuid(task));
		d->suspended = info->suspended;
	}
	there = slot == SAMPLE_SLOT_LIVE ? info->live_table :
					   info->inactive_table;
	if (there)
		add_targets(d, task, slot);
out:
	dm_task_destroy(task);
	return err;
}

/* Returns 0, VANISHED or -errno. */
static int run_deps(struct dm_task *task, const struct sample_device *d)
{
	if (dm_task_run(task))
		return 0;
	return dm_task_get_errno(task) == ENXIO ?
		       VANISHED :
		       say_failed(task, "ask for the devices below it", d);
}

static int ask_lower(struct sample_device *d)
{
	struct dm_task *task = new_device_task(DM_DEVICE_DEPS, d);
	const struct dm_deps *deps;
	int err = run_deps(task, d);

	if (err)
		goto out;
	deps = dm_task_get_deps(task);
	if (!deps || !deps->count)
		goto out;
	d->lower = xcalloc(deps->count, sizeof(*d->lower));
	for (uint32_t i = 0; i < deps->count; i++)
		d->lower[d->nr_lower++] =
			(struct sample_devno){ major(deps->device[i]),
					       minor(deps->device[i]) };
out:
	dm_task_destroy(task);
	return err;
}

static int ask_device(bool lower, struct sample_device *d)
{
	struct dm_info info;
	int err = ask_slot(d, SAMPLE_SLOT_LIVE, &info);

	if (!err && info.inactive_table)
		err = ask_slot(d, SAMPLE_SLOT_INACTIVE, &info);
	if (!err && lower)
		err = ask_lower(d);
	return err;
}

static void add_listed(struct sample *s, const struct dm_names *entry)
{
	struct sample_device *d;

	s->devices = xgrow(s->devices, s->nr_devices, sizeof(*s->devices));
	d = &s->devices[s->nr_devices++];
	*d = sample_device_new(
		(struct sample_devno){ major(entry->dev), minor(entry->dev) });
	text_copy(d->name, sizeof(d->name), entry->name);
}

static int list_devices(struct sample *s)
{
	struct dm_task *task = dm_task_create(DM_DEVICE_LIST);
	const struct dm_names *entry;
	int err = 0;

	if (!task)
		return say_no_answer();
	if (!dm_task_run(task)) {
		err = say_failed(task, "list device-mapper's devices", NULL);
		goto out;
	}
	entry = dm_task_get_names(task);
	if (!entry || !entry->dev)
		goto out;
	for (;; entry = (const void *)((const char *)entry + entry->next)) {
		add_listed(s, entry);
		if (!entry->next)
			break;
	}
out:
	dm_task_destroy(task);
	return err;
}

int dm_source_read(bool lower, struct sample *s)
{
	size_t kept = 0;
	int err;

	dm_log_with_errno_init(print_libdm);
	/* names as the kernel has them: escaping is the views' business */
	dm_set_name_mangling_mode(DM_STRING_MANGLING_NONE);

	err = list_devices(s);
	if (err)
		return err;

	for (size_t i = 0; i < s->nr_devices; i++) {
		struct sample_device *d = &s->devices[i];

		err = ask_device(lower, d);
		if (err < 0)
			return err;
		if (err == VANISHED) {
			msg_debug("device %s (%u:%u) has vanished", d->name,
				  d->dev.major, d->dev.minor);
			free(d->targets);
			free(d->lower);
			*d = (struct sample_device){ 0 };
			continue;
		}
		if (kept != i) {
			s->devices[kept] = *d;
			*d = (struct sample_device){ 0 };
		}
		kept++;
	}
	s->nr_devices = kept;
	qsort(s->devices, s->nr_devices, sizeof(*s->devices),
	      sample_compare_devices);
	return 0;
}

/* No target is asked, so that this ends whatever hangs. */
static int name_slot(const struct sample_device *d, enum sample_slot slot,
		     struct dm_info *info)
{
	struct dm_task *task = new_device_task(DM_DEVICE_DEPS, d);
	int err;

	if (slot == SAMPLE_SLOT_INACTIVE)
		dm_task_query_inactive_table(task);
	err = run_deps(task, d);
	if (!err && !dm_task_get_info(task, info))
		err = VANISHED;
	dm_task_destroy(task);
	return err;
}

int dm_source_name_pools(void)
{
	struct sample s = { 0 };
	int err;

	dm_log_with_errno_init(print_libdm);
	err = list_devices(&s);
	for (size_t i = 0; !err && i < s.nr_devices; i++) {
		struct dm_info info = { 0 };

		err = name_slot(&s.devices[i], SAMPLE_SLOT_LIVE, &info);
		if (!err && info.inactive_table)
			err = name_slot(&s.devices[i], SAMPLE_SLOT_INACTIVE,
					&info);
		if (err == VANISHED)
			err = 0;
	}
	sample_release(&s);
	return err;
}

int dm_source_control(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/" DM_CONTROL_NODE, dm_dir());
	/* by what is in effect, capabilities included */
	return faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) ? -errno : 0;
}
