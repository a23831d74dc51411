// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/dm_ask.h"

#include <errno.h>
#include <fcntl.h>
#include <libdevmapper.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/text.h"

/* A device that no longer exists; not an error. */
#define VANISHED 1

#define NEEDS_ADMIN \
	"device-mapper's ioctls need CAP_SYS_ADMIN: run this as root"

struct asker {
	const struct dm_wish *wish;
	int fd;
};

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
	/* 0: libdevmapper itself failed, and has reported it */
	int err = dm_task_get_errno(task) ? dm_task_get_errno(task) : EIO;

	if (d)
		msg_error_errno(err, "device %s (%u:%u): cannot %s", d->name,
				d->dev.major, d->dev.minor, what);
	else
		msg_error_errno(err, "cannot %s", what);
	if (err == EPERM || err == EACCES)
		msg_info(NEEDS_ADMIN);
	else
		msg_info("--debug shows libdevmapper's messages");
	return -err;
}

/* Returns whether libdevmapper lacks @path, already reported. */
static bool say_unreadable(const char *path)
{
	if (access(path, R_OK) == 0)
		return false;
	msg_error_errno(errno, "cannot talk to device-mapper: %s", path);
	msg_info(
		"libdevmapper finds device-mapper through /proc: mount -t proc proc /proc");
	return true;
}

/*
 * libdevmapper creates no task if the kernel does not answer, and does not
 * return the errno: query again. Returns -errno, already reported.
 */
static int say_no_answer(void)
{
	static const char control[] = "/dev/" DM_DIR "/" DM_CONTROL_NODE;
	struct dm_ioctl version = { .version = { DM_VERSION_MAJOR, 0, 0 },
				    .data_size = sizeof(version) };
	int fd, err;

	if (say_unreadable("/proc/devices") || say_unreadable("/proc/misc"))
		return -EIO;
	fd = open(control, O_RDWR | O_CLOEXEC);
	err = fd < 0 || ioctl(fd, DM_VERSION, &version) ? errno : EIO;
	if (fd >= 0)
		close(fd);
	msg_error_errno(err, "cannot talk to device-mapper through %s",
			control);
	if (err == EPERM || err == EACCES)
		msg_info(NEEDS_ADMIN);
	else if (err == ENOENT)
		msg_info(
			"the node is missing: mount -t devtmpfs devtmpfs /dev, or dmsetup mknodes");
	else if (err == ENODEV || err == ENXIO)
		msg_info("device-mapper is not loaded: modprobe dm_mod");
	else
		msg_info("--debug shows libdevmapper's messages");
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

/* ---- answers --------------------------------------------------------------- */

/* The reader may have given up: then no query is needed. */
static void answer(const struct asker *a, const struct dm_answer *answer)
{
	if (write(a->fd, answer, sizeof(*answer)) != sizeof(*answer))
		_exit(1);
}

static struct dm_answer answer_of(const struct sample_device *d,
				  enum dm_answer_kind kind)
{
	return (struct dm_answer){ .kind = kind,
				   .major = d->dev.major,
				   .minor = d->dev.minor };
}

static void answer_end(const struct asker *a, int err)
{
	answer(a, &(struct dm_answer){ .kind = DM_ANSWER_END, .err = err });
}

static void answer_targets(const struct asker *a, const struct sample_device *d,
			   struct dm_task *task, enum sample_slot slot)
{
	struct dm_answer target = answer_of(d, DM_ANSWER_TARGET);
	void *next = NULL;

	target.slot = slot;
	do {
		uint64_t start, length;
		char *type = NULL, *params;

		next = dm_get_next_target(task, next, &start, &length, &type,
					  &params);
		if (!type)
			continue;
		text_copy(target.text, sizeof(target.text), type);
		answer(a, &target);
		target.index++;
	} while (next);
}

static void answer_device(const struct asker *a, const struct sample_device *d,
			  struct dm_task *task, const struct dm_info *info)
{
	struct dm_answer device = answer_of(d, DM_ANSWER_DEVICE);

	device.suspended = info->suspended != 0;
	text_copy(device.text, sizeof(device.text), dm_task_get_name(task));
	text_copy(device.uuid, sizeof(device.uuid), dm_task_get_uuid(task));
	answer(a, &device);
}

/* ---- one device -------------------------------------------------------------- */

/* Runs a query of a device. Returns 0, VANISHED or -errno, already reported. */
static int run(struct dm_task *task, const struct sample_device *d,
	       const char *what, struct dm_info *info)
{
	if (!dm_task_run(task))
		return dm_task_get_errno(task) == ENXIO ?
			       VANISHED :
			       say_failed(task, what, d);
	if (!dm_task_get_info(task, info))
		return say_failed(task, what, d);
	return info->exists ? 0 : VANISHED;
}

/* Whether a table has only verity targets. */
static bool is_all_verity(struct dm_task *task)
{
	void *next = NULL;
	bool any = false;

	do {
		uint64_t start, length;
		char *type = NULL, *params;

		next = dm_get_next_target(task, next, &start, &length, &type,
					  &params);
		if (type && strcmp(type, "verity") != 0)
			return false;
		any |= type != NULL;
	} while (next);
	return any;
}

/*
 * The targets of one slot; @verity: the live one has only verity targets.
 * Queries their table, not their status: the status of some targets waits for
 * I/O, or for a lock that is held across I/O. The text of a table is built from
 * memory.
 */
static int ask_slot(const struct asker *a, const struct sample_device *d,
		    enum sample_slot slot, struct dm_info *info, bool *verity)
{
	struct dm_task *task = new_device_task(DM_DEVICE_TABLE, d);
	bool live = slot == SAMPLE_SLOT_LIVE;
	int err;

	/* a table can contain keys */
	dm_task_secure_data(task);
	dm_task_no_flush(task);
	if (!live)
		dm_task_query_inactive_table(task);
	err = run(task, d, "query its table", info);
	if (!err && live)
		answer_device(a, d, task, info);
	if (!err && (live ? info->live_table : info->inactive_table))
		answer_targets(a, d, task, slot);
	*verity = !err && live && info->live_table && is_all_verity(task);
	dm_task_destroy(task);
	return err;
}

/* The status of a verity target begins with V, or C after a corrupted block. */
static void answer_blocks(const struct asker *a, const struct sample_device *d,
			  struct dm_task *task)
{
	struct dm_answer blocks = answer_of(d, DM_ANSWER_BLOCKS);
	void *next = NULL;

	do {
		uint64_t start, length;
		char *type = NULL, *params = NULL;

		next = dm_get_next_target(task, next, &start, &length, &type,
					  &params);
		if (!params || (*params != 'V' && *params != 'C'))
			return;
		blocks.corrupted |= *params == 'C';
	} while (next);
	answer(a, &blocks);
}

/*
 * The status of a table with only verity targets. Their status method takes no
 * lock and waits for nothing (verity_status(), dm-verity-target.c, read in
 * Linux 6.1 to 7.3); that of other targets may. Returns 0, VANISHED or -errno.
 */
static int ask_blocks(const struct asker *a, const struct sample_device *d)
{
	struct dm_task *task = new_device_task(DM_DEVICE_STATUS, d);
	struct dm_info info;
	int err;

	dm_task_no_flush(task);
	err = run(task, d, "query its status", &info);
	/* the table may have been replaced since the first query */
	if (!err && is_all_verity(task))
		answer_blocks(a, d, task);
	dm_task_destroy(task);
	return err;
}

static int ask_lower(const struct asker *a, const struct sample_device *d)
{
	struct dm_task *task = new_device_task(DM_DEVICE_DEPS, d);
	struct dm_answer lower = { .kind = DM_ANSWER_LOWER };
	const struct dm_deps *deps;
	struct dm_info info;
	int err = run(task, d, "query the devices below it", &info);

	deps = err ? NULL : dm_task_get_deps(task);
	for (uint32_t i = 0; deps && i < deps->count; i++) {
		lower.major = major(deps->device[i]);
		lower.minor = minor(deps->device[i]);
		answer(a, &lower);
	}
	dm_task_destroy(task);
	return err;
}

/* Queries neither a table nor a target. */
static int ask_state(const struct asker *a, const struct sample_device *d)
{
	struct dm_task *task = new_device_task(DM_DEVICE_INFO, d);
	struct dm_info info;
	int err = run(task, d, "query its state", &info);

	if (!err)
		answer_device(a, d, task, &info);
	dm_task_destroy(task);
	return err;
}

/* Makes the kernel name the pools of a slot; no target is queried. */
static int name_slot(const struct sample_device *d, enum sample_slot slot,
		     struct dm_info *info)
{
	struct dm_task *task = new_device_task(DM_DEVICE_DEPS, d);
	int err;

	if (slot == SAMPLE_SLOT_INACTIVE)
		dm_task_query_inactive_table(task);
	err = run(task, d, "query the devices below it", info);
	dm_task_destroy(task);
	return err;
}

static bool is_stuck(const struct dm_wish *wish, struct sample_devno dev)
{
	for (size_t i = 0; i < wish->nr_stuck; i++) {
		if (!sample_compare_devno(wish->stuck[i], dev))
			return true;
	}
	return false;
}

static int ask_device(const struct asker *a, const struct sample_device *d)
{
	struct dm_info info;
	bool verity;
	int err;

	if (is_stuck(a->wish, d->dev))
		return a->wish->only_name_pools ? 0 : ask_state(a, d);
	if (a->wish->only_name_pools) {
		err = name_slot(d, SAMPLE_SLOT_LIVE, &info);
		if (!err && info.inactive_table)
			err = name_slot(d, SAMPLE_SLOT_INACTIVE, &info);
		return err;
	}
	err = ask_slot(a, d, SAMPLE_SLOT_LIVE, &info, &verity);
	if (!err && verity)
		err = ask_blocks(a, d);
	if (!err && info.inactive_table)
		err = ask_slot(a, d, SAMPLE_SLOT_INACTIVE, &info, &verity);
	if (!err && a->wish->lower)
		err = ask_lower(a, d);
	return err;
}

/* ---- all devices --------------------------------------------------------------- */

static bool is_known(const struct dm_wish *wish, struct sample_devno dev)
{
	const struct sample *s = wish->known;

	for (size_t i = 0; s && i < s->nr_devices; i++) {
		if (!sample_compare_devno(s->devices[i].dev, dev))
			return true;
	}
	return false;
}

/* Returns 0 or -errno, already reported. */
static int ask_listed(const struct asker *a, const struct dm_names *entry)
{
	struct sample_device d = sample_device_new(
		(struct sample_devno){ major(entry->dev), minor(entry->dev) });
	struct dm_answer asked = answer_of(&d, DM_ANSWER_ASKED);
	struct dm_answer vanished = answer_of(&d, DM_ANSWER_VANISHED);
	int err;

	/* their presence is checked only after an error */
	if (is_known(a->wish, d.dev))
		return 0;
	text_copy(d.name, sizeof(d.name), entry->name);
	text_copy(asked.text, sizeof(asked.text), entry->name);
	answer(a, &asked);
	err = ask_device(a, &d);
	if (err == VANISHED)
		answer(a, &vanished);
	return err < 0 ? err : 0;
}

static int ask_all(const struct asker *a, struct dm_task *list)
{
	const struct dm_names *entry;
	int err = 0;

	if (!dm_task_run(list))
		return say_failed(list, "list the devices of device-mapper",
				  NULL);
	answer(a, &(struct dm_answer){ .kind = DM_ANSWER_LISTED });
	entry = dm_task_get_names(list);
	if (!entry || !entry->dev)
		return 0;
	for (;; entry = (const void *)((const char *)entry + entry->next)) {
		err = ask_listed(a, entry);
		if (err || !entry->next)
			return err;
	}
}

void dm_ask(const struct dm_wish *wish, int fd)
{
	const struct asker a = { .wish = wish, .fd = fd };
	struct dm_task *list;
	int err;

	dm_log_with_errno_init(print_libdm);
	/*
	 * Names unchanged: escaping is the task of the views. In any other mode
	 * libdevmapper refuses names with characters that it would have
	 * escaped.
	 */
	dm_set_name_mangling_mode(DM_STRING_MANGLING_NONE);
	list = dm_task_create(DM_DEVICE_LIST);
	err = list ? ask_all(&a, list) : say_no_answer();
	if (list)
		dm_task_destroy(list);
	answer_end(&a, err);
}
