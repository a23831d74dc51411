// SPDX-License-Identifier: GPL-2.0-only
#include "views/finding_text.h"

#include <inttypes.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"
#include "stall/stall.h"

/* Limit of named holders; a pool may have very many. */
#define MAX_HOLDERS 3

/* Limit of steps of a cycle. A cycle of two tasks has eight. */
#define MAX_STEPS 64

/* A sentence while it is written. */
struct sentence {
	struct strbuf *to;
	const struct sample *sample;
	bool ascii_only;
};

static void add_dev(const struct sentence *s, struct sample_devno dev)
{
	const struct sample_device *d = sample_find_device(s->sample, dev);

	if (!d) {
		strbuf_addf(s->to, "%" PRIu32 ":%" PRIu32, dev.major,
			    dev.minor);
		return;
	}
	text_escape(s->to, d->name, s->ascii_only);
	strbuf_addf(s->to, " (%" PRIu32 ":%" PRIu32 ")", dev.major, dev.minor);
}

/* "dm-worker[57]"; of the repair if the task is not known. */
static void add_who(const struct sentence *s, const struct sample_task *task,
		    const struct sample_op *op)
{
	uint32_t pid = task ? task->pid : op ? op->pid : 0;

	if (!pid) {
		strbuf_addstr(s->to, "an interrupt");
		return;
	}
	text_escape(s->to, task ? task->comm : op->comm, s->ascii_only);
	strbuf_addf(s->to, "[%" PRIu32 "]", pid);
}

static void add_age(const struct sentence *s, const struct finding *f)
{
	strbuf_addstr(s->to, " waits ");
	if (f->age_ns == MEMTOP_UNKNOWN)
		return;
	if (f->since_at_least)
		strbuf_addstr(s->to, "at least ");
	units_add_time(s->to, f->age_ns);
	strbuf_addstr(s->to, " ");
}

static void add_holder(const struct sentence *s, const struct sample_task *task,
		       const struct sample_op *op, bool dev_known,
		       struct sample_devno dev)
{
	add_who(s, task, op);
	if (dev_known) {
		strbuf_addstr(s->to, " for ");
		add_dev(s, dev);
	}
}

static void add_step(const struct sentence *s, const struct cycle_step *step)
{
	switch (step->kind) {
	case STEP_WAITS:
		/* the holder, or a task whose repair was just named */
		strbuf_addstr(s->to, step[-1].kind == STEP_HELD ?
					     ", which waits for " :
					     " and waits for ");
		text_escape(s->to, step->pool->role, s->ascii_only);
		break;
	case STEP_HELD:
		strbuf_addstr(s->to, "; held by ");
		add_holder(s, step->task, step->op, step->dev_known, step->dev);
		break;
	case STEP_NEEDS:
		strbuf_addstr(s->to, ", which needs ");
		add_dev(s, step->dev);
		strbuf_addf(s->to, " sectors %" PRIu64 "+%" PRIu64,
			    step->sector, step->sectors);
		break;
	case STEP_WORKED_ON:
		strbuf_addstr(s->to, ", which ");
		add_who(s, step->task, step->op);
		strbuf_addstr(s->to, " works on");
		break;
	}
}

/* The cycle of a deadlock begins with the waiter, which has been named. */
static void add_cycle(const struct sentence *s, const struct finding *f)
{
	size_t first = 1;

	if (f->cycle[0].task != f->waiter) {
		strbuf_addstr(s->to, "; blocked by a deadlock: ");
		add_who(s, f->cycle[0].task, NULL);
		strbuf_addstr(s->to, " waits for ");
		text_escape(s->to, f->cycle[0].pool->role, s->ascii_only);
	}
	for (; first < f->nr_steps && first < MAX_STEPS; first++)
		add_step(s, &f->cycle[first]);
	if (f->nr_steps > first)
		strbuf_addf(s->to, "; and so on, %zu more steps",
			    f->nr_steps - first);
}

static void add_holders(const struct sentence *s, const struct finding *f)
{
	size_t i;

	for (i = 0; i < f->nr_holders && i < MAX_HOLDERS; i++) {
		const struct finding_holder *h = &f->holders[i];

		strbuf_addstr(s->to, i ? ", " : "; held by ");
		add_holder(s, h->task, h->op, h->dev_known, h->dev);
	}
	if (f->nr_holders > i)
		strbuf_addf(s->to, " and %zu more", f->nr_holders - i);
}

static void add_cause(const struct sentence *s, const struct finding *f)
{
	switch (f->cause) {
	case CAUSE_SUSPENDED:
		strbuf_addstr(s->to, "; suspended: ");
		add_dev(s, f->cause_dev);
		break;
	case CAUSE_IN_FLIGHT:
		strbuf_addstr(s->to, "; I/O in flight: ");
		add_dev(s, f->cause_dev);
		if (f->in_flight && f->in_flight != MEMTOP_UNKNOWN)
			strbuf_addf(s->to, ", %" PRIu64, f->in_flight);
		break;
	case CAUSE_DEADLOCK:
		strbuf_addstr(s->to, f->kind == FINDING_DEADLOCK ?
					     "; too many tasks are part of it" :
					     "; blocked by a deadlock");
		break;
	default:
		strbuf_addstr(s->to, "; cause unknown");
	}
}

void finding_text_add(struct strbuf *sb, const struct sample *sample,
		      const struct finding *f, bool ascii_only)
{
	const struct sentence s = { sb, sample, ascii_only };

	strbuf_addf(sb, "%s: ", finding_kind_names[f->kind]);
	if (f->dev_known)
		add_dev(&s, f->dev);
	else
		strbuf_addstr(sb, "device unknown");
	strbuf_addstr(sb, ": ");
	add_who(&s, f->waiter, NULL);
	add_age(&s, f);
	strbuf_addstr(sb, "for ");
	text_escape(sb, f->pool->role, ascii_only);
	if (f->nr_steps) {
		add_cycle(&s, f);
		return;
	}
	add_holders(&s, f);
	add_cause(&s, f);
}
