// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/dm_ask.h"

#include <errno.h>
#include <linux/dm-ioctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "kernel/dm_control.h"
#include "system/fds.h"
#include "system/stop.h"

/* A device that no longer exists; not an error. */
#define VANISHED 1

#define NEEDS_ADMIN \
	"device-mapper's ioctls need CAP_SYS_ADMIN: run this as root"

/* In bytes: answers are sent together. A pipe has room for them. */
#define ENOUGH (16U << 10)

struct asker {
	const struct dm_params *params;
	struct dm_progress *progress;
	int fd;
	struct dm_control dm;
	struct strbuf answers; /* of struct dm_answer; not yet sent */
};

static int say_failed(int err, const char *what, const struct sample_device *d)
{
	if (d)
		msg_error_errno(err, "device %s (%u:%u): cannot %s", d->name,
				d->dev.major, d->dev.minor, what);
	else
		msg_error_errno(err, "cannot %s", what);
	if (err == -EPERM || err == -EACCES)
		msg_info(NEEDS_ADMIN);
	return err;
}

/* Returns @err. */
static int say_no_answer(int err)
{
	msg_error_errno(err, "cannot talk to device-mapper through %s",
			dm_control_path());
	if (err == -EPERM || err == -EACCES)
		msg_info(NEEDS_ADMIN);
	else if (err == -ENOENT)
		msg_info(
			"the node is missing: mount -t devtmpfs devtmpfs /dev, or dmsetup mknodes");
	else if (err == -ENODEV || err == -ENXIO)
		msg_info("device-mapper is not loaded: modprobe dm_mod");
	return err;
}

/* ---- answers --------------------------------------------------------------- */

static void send(struct asker *a)
{
	/* the reader may have given up: then no query is needed */
	if (fds_write(a->fd, strbuf_text(&a->answers), a->answers.len))
		_exit(1);
	strbuf_reset(&a->answers);
}

static void answer(struct asker *a, const struct dm_answer *answer)
{
	strbuf_add(&a->answers, (const char *)answer, sizeof(*answer));
	if (a->answers.len >= ENOUGH)
		send(a);
}

static struct dm_answer answer_of(const struct sample_device *d,
				  enum dm_answer_kind kind)
{
	return (struct dm_answer){ .kind = kind,
				   .major = d->dev.major,
				   .minor = d->dev.minor };
}

static void answer_targets(struct asker *a, const struct sample_device *d,
			   enum sample_slot slot)
{
	struct dm_answer target = answer_of(d, DM_ANSWER_TARGET);
	const struct dm_target_spec *t = NULL;

	target.slot = slot;
	while ((t = dm_next_target(&a->dm, t, target.index))) {
		text_copy(target.text, sizeof(target.text), t->target_type);
		answer(a, &target);
		target.index++;
	}
}

static void answer_device(struct asker *a, const struct sample_device *d)
{
	struct dm_answer device = answer_of(d, DM_ANSWER_DEVICE);

	device.suspended = (a->dm.answer->flags & DM_SUSPEND_FLAG) != 0;
	text_copy(device.text, sizeof(device.text), a->dm.answer->name);
	text_copy(device.uuid, sizeof(device.uuid), a->dm.answer->uuid);
	answer(a, &device);
}

/* ---- one device -------------------------------------------------------------- */

/* Runs a query of a device. Returns 0, VANISHED or -errno, already reported. */
static int run(struct asker *a, unsigned long command, uint32_t flags,
	       const struct sample_device *d, const char *what)
{
	int err;

	dm_progress_note(a->progress);
	err = dm_control_query(&a->dm, command, flags, &d->dev);
	if (err == -ENXIO)
		return VANISHED;
	return err ? say_failed(err, what, d) : 0;
}

static bool has(const struct asker *a, uint32_t flag)
{
	return (a->dm.answer->flags & flag) != 0;
}

/* Whether the table of the last answer has only verity targets. */
static bool is_all_verity(const struct asker *a)
{
	const struct dm_target_spec *t = NULL;
	uint32_t nr = 0;

	while ((t = dm_next_target(&a->dm, t, nr))) {
		if (strcmp(t->target_type, "verity") != 0)
			return false;
		nr++;
	}
	return nr > 0;
}

/*
 * The targets of one slot; @verity: the live one has only verity targets;
 * @inactive: there is another table. Queries their table, not their status: the
 * status of some targets waits for I/O, or for a lock that is held across I/O.
 * The text of a table is built from memory.
 */
static int ask_slot(struct asker *a, const struct sample_device *d,
		    enum sample_slot slot, bool *verity, bool *inactive)
{
	bool live = slot == SAMPLE_SLOT_LIVE;
	int err = run(a, DM_TABLE_STATUS,
		      /* a table can contain keys */
		      DM_STATUS_TABLE_FLAG | DM_SECURE_DATA_FLAG |
			      DM_NOFLUSH_FLAG |
			      (live ? 0 : DM_QUERY_INACTIVE_TABLE_FLAG),
		      d, "query its table");

	if (!err && live)
		answer_device(a, d);
	if (!err &&
	    has(a, live ? DM_ACTIVE_PRESENT_FLAG : DM_INACTIVE_PRESENT_FLAG))
		answer_targets(a, d, slot);
	*verity = !err && live && has(a, DM_ACTIVE_PRESENT_FLAG) &&
		  is_all_verity(a);
	*inactive = !err && has(a, DM_INACTIVE_PRESENT_FLAG);
	dm_control_wipe(&a->dm);
	return err;
}

/* The status of a verity target begins with V, or C after a corrupted block. */
static void answer_blocks(struct asker *a, const struct sample_device *d)
{
	struct dm_answer blocks = answer_of(d, DM_ANSWER_BLOCKS);
	const struct dm_target_spec *t = NULL;
	uint32_t nr = 0;

	while ((t = dm_next_target(&a->dm, t, nr++))) {
		char state = *dm_target_text(t);

		if (state != 'V' && state != 'C')
			return;
		blocks.corrupted |= state == 'C';
	}
	answer(a, &blocks);
}

/*
 * The status of a table with only verity targets. Their status method takes no
 * lock and waits for nothing (verity_status(), dm-verity-target.c, read in
 * Linux 6.1 to 7.3); that of other targets may. Returns 0, VANISHED or -errno.
 */
static int ask_blocks(struct asker *a, const struct sample_device *d)
{
	int err =
		run(a, DM_TABLE_STATUS, DM_NOFLUSH_FLAG, d, "query its status");

	/* the table may have been replaced since the first query */
	if (!err && is_all_verity(a))
		answer_blocks(a, d);
	return err;
}

static int ask_lower(struct asker *a, const struct sample_device *d)
{
	struct dm_answer lower = { .kind = DM_ANSWER_LOWER };
	const struct dm_target_deps *deps;
	int err = run(a, DM_TABLE_DEPS, 0, d, "query the devices below it");

	if (err || !has(a, DM_ACTIVE_PRESENT_FLAG))
		return err;
	deps = dm_lower(&a->dm);
	for (uint32_t i = 0; i < deps->count; i++) {
		lower.major = major(deps->dev[i]);
		lower.minor = minor(deps->dev[i]);
		answer(a, &lower);
	}
	return 0;
}

/* Queries neither a table nor a target. */
static int ask_state(struct asker *a, const struct sample_device *d)
{
	int err = run(a, DM_DEV_STATUS, 0, d, "query its state");

	if (!err)
		answer_device(a, d);
	return err;
}

/* Makes the kernel name the pools of a slot; no target is queried. */
static int name_slot(struct asker *a, const struct sample_device *d,
		     uint32_t flags)
{
	return run(a, DM_TABLE_DEPS, flags, d, "query the devices below it");
}

static bool is_stuck(const struct dm_params *params, struct sample_devno dev)
{
	for (size_t i = 0; i < params->nr_stuck; i++) {
		if (!sample_compare_devno(params->stuck[i], dev))
			return true;
	}
	return false;
}

static int ask_device(struct asker *a, const struct sample_device *d)
{
	bool verity, inactive, none;
	int err;

	if (is_stuck(a->params, d->dev))
		return a->params->only_name_pools ? 0 : ask_state(a, d);
	if (a->params->only_name_pools) {
		err = name_slot(a, d, 0);
		if (!err && has(a, DM_INACTIVE_PRESENT_FLAG))
			err = name_slot(a, d, DM_QUERY_INACTIVE_TABLE_FLAG);
		return err;
	}
	err = ask_slot(a, d, SAMPLE_SLOT_LIVE, &verity, &inactive);
	if (!err && verity)
		err = ask_blocks(a, d);
	if (!err && inactive)
		err = ask_slot(a, d, SAMPLE_SLOT_INACTIVE, &none, &none);
	if (!err && a->params->lower)
		err = ask_lower(a, d);
	return err;
}

/* ---- all devices --------------------------------------------------------------- */

static bool is_known(const struct dm_params *params, struct sample_devno dev)
{
	const struct sample *s = params->known;

	for (size_t i = 0; s && i < s->nr_devices; i++) {
		if (!sample_compare_devno(s->devices[i].dev, dev))
			return true;
	}
	return false;
}

/* What the reader needs if the next query never returns. */
static void note_asked(struct asker *a, const struct sample_device *d)
{
	struct dm_progress *p = a->progress;

	p->dev = d->dev;
	text_copy(p->name, sizeof(p->name), d->name);
	p->asks = true;
}

/* Returns 0 or -errno, already reported. */
static int ask_listed(struct asker *a, const struct dm_name_list *entry)
{
	struct sample_device d = sample_device_new(
		(struct sample_devno){ major(entry->dev), minor(entry->dev) });
	struct dm_answer asked = answer_of(&d, DM_ANSWER_ASKED);
	struct dm_answer vanished = answer_of(&d, DM_ANSWER_VANISHED);
	int err;

	/* their presence is checked only after an error */
	if (is_known(a->params, d.dev))
		return 0;
	text_copy(d.name, sizeof(d.name), entry->name);
	text_copy(asked.text, sizeof(asked.text), entry->name);
	note_asked(a, &d);
	answer(a, &asked);
	err = ask_device(a, &d);
	if (err == VANISHED)
		answer(a, &vanished);
	return err < 0 ? err : 0;
}

static int ask_all(struct asker *a)
{
	const struct dm_name_list *entry = NULL;
	struct dm_control list;
	int err;

	err = dm_control_query(&a->dm, DM_LIST_DEVICES, 0, NULL);
	if (err)
		return say_failed(err, "list the devices of device-mapper",
				  NULL);
	a->progress->listed = true;
	list = dm_control_take_answer(&a->dm);
	while (!err && (entry = dm_next_name(&list, entry)))
		err = ask_listed(a, entry);
	dm_control_close(&list);
	return err;
}

void dm_progress_note(struct dm_progress *p)
{
	__atomic_store_n(&p->since_ns, stop_clock(), __ATOMIC_RELEASE);
}

void dm_ask(const struct dm_params *params, struct dm_progress *progress,
	    int fd)
{
	struct asker a = { .params = params, .progress = progress, .fd = fd };
	struct dm_answer end = { .kind = DM_ANSWER_END };

	end.err = dm_control_open(&a.dm);
	end.err = end.err ? say_no_answer(end.err) : ask_all(&a);
	answer(&a, &end);
	send(&a);
	strbuf_release(&a.answers);
	dm_control_close(&a.dm);
}
