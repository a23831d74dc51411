// SPDX-License-Identifier: GPL-2.0-only

#include <inttypes.h>
#include <string.h>

#include "stall/stall.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "top/top_frame.h"

static void add_dev(struct strbuf *sb, bool known, struct sample_devno dev)
{
	if (known)
		strbuf_addf(sb, "%" PRIu32 ":%" PRIu32, dev.major, dev.minor);
	else
		strbuf_addstr(sb, "an unknown device");
}

static void add_task(struct strbuf *sb, const char *comm, uint32_t pid,
		     bool ascii_only)
{
	if (!pid) {
		strbuf_addstr(sb, "an interrupt");
		return;
	}
	text_escape(sb, comm, ascii_only);
	strbuf_addf(sb, "[%" PRIu32 "]", pid);
}

/* The task, or otherwise the one that works on @op. */
static void add_worker(struct strbuf *sb, const struct sample_task *task,
		       const struct sample_op *op, bool ascii_only)
{
	if (task)
		add_task(sb, task->comm, task->pid, ascii_only);
	else if (op)
		add_task(sb, op->comm, op->pid, ascii_only);
	else
		strbuf_addstr(sb, "an unknown task");
}

static void add_op(struct strbuf *sb, const struct sample_op *op)
{
	strbuf_addf(sb, "%s of %sblock ",
		    op->kind == SAMPLE_RECHECK ? "the recheck" :
						 "the correction",
		    op->metadata ? "hash " : "");
	if (op->block == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "-");
	else
		strbuf_addf(sb, "%" PRIu64, op->block);
}

static void add_holder(struct strbuf *sb, const struct finding_holder *h,
		       bool ascii_only)
{
	strbuf_addstr(sb, "    ");
	add_worker(sb, h->task, h->op, ascii_only);
	if (h->op) {
		strbuf_addstr(sb, ", for ");
		add_op(sb, h->op);
	}
	strbuf_addstr(sb, " of ");
	add_dev(sb, h->dev_known, h->dev);
	if (h->inferred)
		strbuf_addstr(sb, ", because it is past that point");
	strbuf_addstr(sb, h->blocked ? ", and cannot return it\n" : "\n");
}

static void add_holders(struct strbuf *sb, const struct finding *f,
			bool ascii_only)
{
	size_t i;

	if (f->nr_holders)
		strbuf_addf(sb,
			    "  missing elements of the pool are held by%s\n",
			    f->holders_complete ? "" : ", and perhaps others:");
	else
		strbuf_addstr(
			sb, "  the holders of missing elements are unknown\n");
	for (i = 0; i < f->nr_holders; i++)
		add_holder(sb, &f->holders[i], ascii_only);
}

static void add_range(struct strbuf *sb, const struct cycle_step *step)
{
	strbuf_addstr(sb, "sectors ");
	if (step->sector == MEMTOP_UNKNOWN || step->sectors == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "-");
	else
		strbuf_addf(sb, "%" PRIu64 "+%" PRIu64, step->sector,
			    step->sectors);
	strbuf_addstr(sb, " of ");
	add_dev(sb, step->dev_known, step->dev);
}

/* Each begins where the previous one ended. */
static void add_step(struct strbuf *sb, const struct cycle_step *step,
		     bool ascii_only)
{
	strbuf_addstr(sb, "    ");
	switch (step->kind) {
	case STEP_WAITS:
		add_worker(sb, step->task, step->op, ascii_only);
		strbuf_addstr(sb, " waits for ");
		text_escape(sb, step->pool ? step->pool->role : "-",
			    ascii_only);
		break;
	case STEP_HELD:
		strbuf_addstr(sb, "which ");
		add_worker(sb, step->task, step->op, ascii_only);
		strbuf_addstr(sb, " holds");
		break;
	case STEP_NEEDS:
		strbuf_addstr(sb, "until it has ");
		add_range(sb, step);
		break;
	case STEP_WORKED_ON:
		strbuf_addstr(sb, "on which ");
		add_worker(sb, step->task, step->op, ascii_only);
		strbuf_addstr(sb, " works");
		break;
	}
	if (step->op && step->kind != STEP_NEEDS) {
		strbuf_addstr(sb, ", for ");
		add_op(sb, step->op);
		strbuf_addstr(sb, " of ");
		add_dev(sb, step->dev_known, step->dev);
	}
	strbuf_addstr(sb, "\n");
}

static void add_stack(struct strbuf *sb, const struct sample *sample,
		      const char *comm, uint32_t pid, bool ascii_only)
{
	const struct sample_stack *stack = sample_find_stack(sample, pid);
	const char *line;
	size_t len;

	if (!pid || !stack)
		return;
	strbuf_addstr(sb, "  the kernel's stack of ");
	add_task(sb, comm, pid, ascii_only);
	strbuf_addstr(sb, "\n");
	for (line = stack->text; *line; line += len + (line[len] == '\n')) {
		struct strbuf one = { 0 };

		len = strcspn(line, "\n");
		strbuf_add(&one, line, len);
		strbuf_addstr(sb, "    ");
		text_escape(sb, strbuf_text(&one), ascii_only);
		strbuf_addstr(sb, "\n");
		strbuf_release(&one);
	}
}

void top_evidence_add(struct strbuf *sb, const struct sample *sample,
		      const struct finding *f, bool ascii_only)
{
	size_t i;

	add_holders(sb, f, ascii_only);
	if (f->nr_steps)
		strbuf_addstr(sb, "  no order of events can serve these:\n");
	for (i = 0; i < f->nr_steps; i++)
		add_step(sb, &f->cycle[i], ascii_only);
	if (f->waiter)
		add_stack(sb, sample, f->waiter->comm, f->waiter->pid,
			  ascii_only);
	for (i = 0; i < f->nr_holders; i++) {
		const struct finding_holder *h = &f->holders[i];

		if (h->task)
			add_stack(sb, sample, h->task->comm, h->task->pid,
				  ascii_only);
		else if (h->op)
			add_stack(sb, sample, h->op->comm, h->op->pid,
				  ascii_only);
	}
}
