// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/dm_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/text.h"
#include "base/times.h"
#include "kernel/dm_ask.h"
#include "kernel/dm_control.h"
#include "sample/sample.h"
#include "system/guard.h"
#include "system/stop.h"

/* For one query, which takes microseconds if nothing hangs. */
#define TIMEOUT (5 * SECOND)
/* For queries after one without an answer: all of a hanging system may be so. */
#define TIMEOUT_AGAIN (SECOND / 2)

/* How many answers are read at once, at most. */
#define MANY 32

/* One reading, by as many processes as necessary. */
struct reading {
	struct sample *s; /* NULL: the answers are not needed */
	struct dm_params params;
	struct dm_progress *progress; /* shared with the process that queries */
	struct sample_devno *stuck; /* owned; did not answer */
	size_t nr_stuck;
	size_t nr_before; /* devices that earlier processes have read */
};

static void ask(void *arg, int fd)
{
	const struct reading *r = arg;

	dm_ask(&r->params, r->progress, fd);
}

static struct sample_device *last(const struct reading *r)
{
	struct sample *s = r->s;

	return s && s->nr_devices ? &s->devices[s->nr_devices - 1] : NULL;
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

static void take_asked(struct sample *s, const struct dm_answer *answer,
		       struct sample_devno dev)
{
	struct sample_device *d;

	s->devices = xgrow(s->devices, s->nr_devices, sizeof(*s->devices));
	d = &s->devices[s->nr_devices++];
	*d = sample_device_new(dev);
	text_copy(d->name, sizeof(d->name), answer->text);
}

static void take(struct reading *r, const struct dm_answer *answer)
{
	struct sample_devno dev = { answer->major, answer->minor };
	struct sample_device *d = last(r);

	if (answer->kind == DM_ANSWER_ASKED && r->s)
		take_asked(r->s, answer, dev);
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

/*
 * Reads some bytes, as guard_read() does; -ETIMEDOUT: a query has taken longer
 * than @timeout.
 */
static int read_some(const struct reading *r, const struct guard *guard,
		     void *to, size_t room, uint64_t timeout)
{
	uint64_t since = 0, before;
	int n;

	do {
		uint64_t now = stop_clock();

		before = since;
		since = __atomic_load_n(&r->progress->since_ns,
					__ATOMIC_ACQUIRE);
		n = guard_read(guard, to, room,
			       now < since + timeout ? since + timeout - now :
						       0);
	} while (n == -ETIMEDOUT && since != before);
	return n;
}

/*
 * Takes answers until the last one, and returns its error, already reported.
 * Returns 0 if the process has ended before, or -errno, not reported.
 */
static int take_all(struct reading *r, const struct guard *guard,
		    struct dm_answer *end)
{
	uint64_t timeout = r->nr_stuck ? TIMEOUT_AGAIN : TIMEOUT;
	struct dm_answer answers[MANY];
	size_t have = 0;

	for (;;) {
		size_t nr = have / sizeof(*answers), i;
		int n;

		for (i = 0; i < nr; i++) {
			if (answers[i].kind == DM_ANSWER_END) {
				*end = answers[i];
				return 1;
			}
			take(r, &answers[i]);
		}
		have -= nr * sizeof(*answers);
		memmove(answers, answers + nr, have);
		n = read_some(r, guard, (char *)answers + have,
			      sizeof(answers) - have, timeout);
		if (n <= 0)
			return n;
		have += (size_t)n;
	}
}

/* Returns 0 or -errno: -ETIMEDOUT not reported, others reported. */
static int read_answers(struct reading *r)
{
	struct dm_answer end;
	struct guard guard;
	int err;

	*r->progress = (struct dm_progress){ 0 };
	dm_progress_note(r->progress);
	err = guard_begin(ask, r, &guard);
	if (err)
		return msg_error_errno(err, "cannot start a process");
	r->nr_before = r->s ? r->s->nr_devices : 0;
	err = take_all(r, &guard, &end);
	guard_end(&guard);
	if (err > 0)
		return end.err;
	if (err == 0)
		return msg_error_errno(
			-EIO,
			"the process that queries device-mapper has ended");
	return err;
}

/*
 * The device that was queried last did not answer, so the next process queries
 * less of it. It queries the devices again whose answers were not sent, or not
 * all of them. Returns 0, or -ETIMEDOUT if that does not help.
 */
static int give_up_on_asked(struct reading *r)
{
	const struct dm_progress p = *r->progress;

	if (!p.listed || !p.asks)
		return -ETIMEDOUT;
	for (size_t i = 0; i < r->nr_stuck; i++) {
		if (!sample_compare_devno(r->stuck[i], p.dev))
			return -ETIMEDOUT;
	}
	msg_warning(
		"device %s (%u:%u): device-mapper does not answer the query of its table",
		p.name, p.dev.major, p.dev.minor);
	if (r->s && r->s->nr_devices > r->nr_before)
		remove_last(r->s);
	r->stuck = xgrow(r->stuck, r->nr_stuck, sizeof(*r->stuck));
	r->stuck[r->nr_stuck++] = p.dev;
	r->params.stuck = r->stuck;
	r->params.nr_stuck = r->nr_stuck;
	return 0;
}

static int read_all(struct reading *r)
{
	void *shared = mmap(NULL, sizeof(*r->progress), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int err;

	if (shared == MAP_FAILED)
		return msg_error_errno(errno, "cannot share memory");
	r->progress = shared;
	err = read_answers(r);
	while (err == -ETIMEDOUT && !give_up_on_asked(r)) {
		r->params.known = r->s;
		err = read_answers(r);
	}
	if (err == -ETIMEDOUT)
		msg_error(
			"device-mapper does not answer: a hung task holds its lock");
	munmap(shared, sizeof(*r->progress));
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
	struct reading r = { .s = s, .params = { .lower = lower } };
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
	struct reading r = { .params = { .only_name_pools = true } };
	int err = read_all(&r);

	free(r.stuck);
	return err;
}

int dm_source_control(void)
{
	/* checks the effective ids, including capabilities */
	return faccessat(AT_FDCWD, dm_control_path(), R_OK | W_OK, AT_EACCESS) ?
		       -errno :
		       0;
}
