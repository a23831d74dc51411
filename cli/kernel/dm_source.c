// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/dm_source.h"

#include <errno.h>
#include <fcntl.h>
#include <libdevmapper.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/text.h"
#include "base/times.h"
#include "kernel/dm_ask.h"
#include "sample/sample.h"
#include "system/guard.h"

/* For one answer: a query takes microseconds if nothing hangs. */
#define TIMEOUT (5 * SECOND)
/* For answers after a missing one: all of a hanging system may be like that. */
#define TIMEOUT_AGAIN (SECOND / 2)

/* One reading, by as many processes as necessary. */
struct reading {
	struct sample *s; /* NULL: the answers are not needed */
	struct dm_wish wish;
	struct sample_devno *stuck; /* owned; did not answer */
	size_t nr_stuck;
	struct sample_device asked; /* last; owns nothing */
	bool asks; /* there is one */
	bool listed;
};

static void ask(void *arg, int fd)
{
	const struct reading *r = arg;

	dm_ask(&r->wish, fd);
}

static struct sample_device *last(const struct reading *r)
{
	struct sample *s = r->s;

	return s && s->nr_devices ? &s->devices[s->nr_devices - 1] : NULL;
}

static struct sample_device *add_device(struct reading *r)
{
	struct sample *s = r->s;

	s->devices = xgrow(s->devices, s->nr_devices, sizeof(*s->devices));
	s->devices[s->nr_devices] = r->asked;
	return &s->devices[s->nr_devices++];
}

static void remove_last(struct sample *s)
{
	struct sample_device *d = &s->devices[--s->nr_devices];

	free(d->targets);
	free(d->lower);
	*d = (struct sample_device){ 0 };
}

static void take_target(struct sample_device *d, const struct dm_answer *answer)
{
	struct sample_target *t;

	d->targets = xgrow(d->targets, d->nr_targets, sizeof(*d->targets));
	t = &d->targets[d->nr_targets++];
	*t = (struct sample_target){ .slot = answer->slot,
				     .index = answer->index };
	text_copy(t->type, sizeof(t->type), answer->text);
}

static void take_device(struct sample_device *d, const struct dm_answer *answer)
{
	text_copy(d->name, sizeof(d->name), answer->text);
	text_copy(d->uuid, sizeof(d->uuid), answer->uuid);
	d->suspended = answer->suspended;
}

static void take_lower(struct sample_device *d, struct sample_devno dev)
{
	d->lower = xgrow(d->lower, d->nr_lower, sizeof(*d->lower));
	d->lower[d->nr_lower++] = dev;
}

static void take_asked(struct reading *r, const struct dm_answer *answer,
		       struct sample_devno dev)
{
	r->asked = sample_device_new(dev);
	text_copy(r->asked.name, sizeof(r->asked.name), answer->text);
	r->asks = true;
	if (r->s)
		add_device(r);
}

static void take(struct reading *r, const struct dm_answer *answer)
{
	struct sample_devno dev = { answer->major, answer->minor };
	struct sample_device *d = last(r);

	if (answer->kind == DM_ANSWER_LISTED)
		r->listed = true;
	if (answer->kind == DM_ANSWER_ASKED)
		take_asked(r, answer, dev);
	if (!d)
		return;
	if (answer->kind == DM_ANSWER_DEVICE)
		take_device(d, answer);
	if (answer->kind == DM_ANSWER_TARGET)
		take_target(d, answer);
	if (answer->kind == DM_ANSWER_BLOCKS)
		d->corrupted = answer->corrupted;
	if (answer->kind == DM_ANSWER_LOWER)
		take_lower(d, dev);
	if (answer->kind == DM_ANSWER_VANISHED) {
		msg_debug("device %s (%u:%u) has vanished", d->name,
			  d->dev.major, d->dev.minor);
		remove_last(r->s);
	}
}

/* Returns 0 or -errno: -ETIMEDOUT not reported, others reported. */
static int read_answers(struct reading *r)
{
	uint64_t timeout = r->nr_stuck ? TIMEOUT_AGAIN : TIMEOUT;
	struct dm_answer answer;
	struct guard guard;
	int err = guard_begin(ask, r, &guard);

	if (err)
		return msg_error_errno(err, "cannot start a process");
	r->asks = false;
	do {
		err = guard_read(&guard, &answer, sizeof(answer), timeout);
		if (err > 0)
			take(r, &answer);
	} while (err > 0 && answer.kind != DM_ANSWER_END);
	guard_end(&guard);
	if (err > 0)
		return answer.err;
	if (err == 0)
		return msg_error_errno(
			-EIO,
			"the process that queries device-mapper has ended");
	return err;
}

/*
 * The device that was queried last did not answer. Its answers are dropped, and
 * the next process queries less of it. Returns 0, or -ETIMEDOUT if that does
 * not help.
 */
static int give_up_on_asked(struct reading *r)
{
	const struct sample_device *d = &r->asked;

	if (!r->asks || !r->listed)
		return -ETIMEDOUT;
	for (size_t i = 0; i < r->nr_stuck; i++) {
		if (!sample_compare_devno(r->stuck[i], d->dev))
			return -ETIMEDOUT;
	}
	msg_warning(
		"device %s (%u:%u): device-mapper does not answer the query of its table",
		d->name, d->dev.major, d->dev.minor);
	if (r->s)
		remove_last(r->s);
	r->stuck = xgrow(r->stuck, r->nr_stuck, sizeof(*r->stuck));
	r->stuck[r->nr_stuck++] = d->dev;
	r->wish.stuck = r->stuck;
	r->wish.nr_stuck = r->nr_stuck;
	return 0;
}

static int read_all(struct reading *r)
{
	int err = read_answers(r);

	while (err == -ETIMEDOUT && !give_up_on_asked(r)) {
		r->wish.known = r->s;
		err = read_answers(r);
	}
	if (err == -ETIMEDOUT)
		msg_error(
			"device-mapper does not answer: a hung task holds its lock");
	return err;
}

/* Their pools may be known, but not their targets. */
static void mark_stuck(const struct reading *r)
{
	for (size_t i = 0; i < r->nr_stuck; i++) {
		struct sample_device *d = sample_find_device(r->s, r->stuck[i]);

		if (d)
			d->torn = true;
	}
}

int dm_source_read(bool lower, struct sample *s)
{
	struct reading r = { .s = s, .wish = { .lower = lower } };
	int err = read_all(&r);

	if (!err) {
		qsort(s->devices, s->nr_devices, sizeof(*s->devices),
		      sample_compare_devices);
		mark_stuck(&r);
	}
	free(r.stuck);
	return err;
}

int dm_source_name_pools(void)
{
	struct reading r = { .wish = { .only_name_pools = true } };
	int err = read_all(&r);

	free(r.stuck);
	return err;
}

int dm_source_control(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/" DM_CONTROL_NODE, dm_dir());
	/* checks the effective ids, including capabilities */
	return faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) ? -errno : 0;
}

bool dm_source_works(void)
{
	return dm_source_control() == 0 && access("/proc/misc", R_OK) == 0 &&
	       access("/proc/devices", R_OK) == 0;
}
