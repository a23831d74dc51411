// SPDX-License-Identifier: GPL-2.0-only
/* A finding as JSON: a stable interface, described in docs/watch.md. */
#include "views/finding_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sample/words.h"
#include "stall/stall.h"
#include "views/json_value.h"

/* Limit of holders; their total is printed as well. */
#define MAX_HOLDERS 64

/* Limit of steps of a cycle; their total is printed, too. */
#define MAX_STEPS 64

static void put_dev(struct json_writer *w, const struct sample *s, bool known,
		    struct sample_devno dev)
{
	const struct sample_device *d = known ? sample_find_device(s, dev) :
						NULL;

	if (known)
		json_put_devno(w, "dev", dev);
	else
		json_put_null(w, "dev");
	json_put_text(w, "name", d ? d->name : NULL);
}

/*
 * One line for each function, the innermost first; null if the stack was not
 * read.
 */
static void put_stack(struct json_writer *w, const char *key,
		      const struct sample *s, uint32_t pid)
{
	const struct sample_stack *stack = sample_find_stack(s, pid);
	char *text, *line, *rest;

	if (!stack) {
		json_put_null(w, key);
		return;
	}
	json_put_array(w, key);
	text = xstrdup(stack->text);
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		json_put_text(w, NULL, line);
	free(text);
	json_put_end(w);
}

/* The task, or that of the repair; both may be missing. */
static void put_who(struct json_writer *w, const struct sample_task *task,
		    const struct sample_op *op)
{
	json_put_number(w, "pid",
			task ? task->pid :
			op   ? op->pid :
			       MEMTOP_UNKNOWN);
	json_put_text(w, "comm", task ? task->comm : op ? op->comm : NULL);
}

static uint32_t pid_of(const struct finding_holder *h)
{
	return h->task ? h->task->pid : h->op ? h->op->pid : 0;
}

static void put_range(struct json_writer *w, uint64_t sector, uint64_t sectors)
{
	json_put_number(w, "sector", sector);
	json_put_number(w, "sectors", sectors);
}

static void put_io(struct json_writer *w, const char *key,
		   const struct sample *s, bool known, struct sample_devno dev,
		   uint64_t sector, uint64_t sectors)
{
	if (!known) {
		json_put_null(w, key);
		return;
	}
	json_put_object(w, key);
	put_dev(w, s, true, dev);
	put_range(w, sector, sectors);
	json_put_end(w);
}

static void put_op(struct json_writer *w, const char *key,
		   const struct sample *s, const struct sample_op *op)
{
	if (!op) {
		json_put_null(w, key);
		return;
	}
	json_put_object(w, key);
	json_put_number(w, "op", op->op);
	json_put_text(w, "kind", sample_op_words[op->kind]);
	json_put_number(w, "since_ns", op->since_ns);
	json_put_number(w, "block", op->block);
	put_io(w, "io", s, true, op->io_dev, op->io_sector, op->io_sectors);
	json_put_end(w);
}

static void put_holders(struct json_writer *w, const char *key,
			const struct sample *s, const struct finding *f)
{
	json_put_array(w, key);
	for (size_t i = 0; i < f->nr_holders && i < MAX_HOLDERS; i++) {
		const struct finding_holder *h = &f->holders[i];
		const struct sample_task *t = h->task;

		json_put_object(w, NULL);
		put_who(w, t, h->op);
		put_stack(w, "stack", s, pid_of(h));
		put_dev(w, s, h->dev_known, h->dev);
		json_put_number(w, "since_ns",
				t ? t->since_ns : MEMTOP_UNKNOWN);
		put_op(w, "for", s, h->op);
		if (t)
			put_io(w, "io", s, t->io_known, t->io_dev, t->io_sector,
			       t->io_sectors);
		else
			json_put_null(w, "io");
		json_put_bool(w, "inferred", h->inferred);
		json_put_bool(w, "blocked", h->blocked);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_step(struct json_writer *w, const char *key,
		     const struct sample *s, const struct cycle_step *step)
{
	static const char *const words[] = {
		[STEP_WAITS] = "waits",
		[STEP_HELD] = "held",
		[STEP_NEEDS] = "needs",
		[STEP_WORKED_ON] = "worked_on",
	};

	json_put_object(w, key);
	json_put_text(w, "step", words[step->kind]);
	if (step->kind != STEP_NEEDS)
		put_who(w, step->task, step->op);
	if (step->kind == STEP_WAITS || step->kind == STEP_HELD) {
		json_put_number(w, "pool_id", step->pool->id);
		json_put_text(w, "role", step->pool->role);
	}
	if (step->kind != STEP_WAITS)
		put_dev(w, s, step->dev_known, step->dev);
	if (step->kind == STEP_NEEDS)
		put_range(w, step->sector, step->sectors);
	if (step->kind == STEP_HELD || step->kind == STEP_WORKED_ON)
		put_op(w, "for", s, step->op);
	json_put_end(w);
}

static void put_cycle(struct json_writer *w, const char *key,
		      const struct sample *s, const struct finding *f)
{
	if (!f->nr_steps) {
		json_put_null(w, key);
		return;
	}
	json_put_array(w, key);
	for (size_t i = 0; i < f->nr_steps && i < MAX_STEPS; i++)
		put_step(w, NULL, s, &f->cycle[i]);
	json_put_end(w);
}

static void put_waiter(struct json_writer *w, const char *key,
		       const struct sample *s, const struct sample_task *t)
{
	json_put_object(w, key);
	put_who(w, t, NULL);
	put_stack(w, "stack", s, t->pid);
	json_put_number(w, "op", t->op);
	put_io(w, "io", s, t->io_known, t->io_dev, t->io_sector, t->io_sectors);
	json_put_end(w);
}

static void put_cause(struct json_writer *w, const char *key,
		      const struct sample *s, const struct finding *f)
{
	json_put_object(w, key);
	json_put_text(w, "kind", stall_cause_names[f->cause]);
	put_dev(w, s, f->cause_dev_known, f->cause_dev);
	json_put_number(w, "in_flight", f->in_flight);
	json_put_end(w);
}

/* The facts that the finding rests on. */
static void put_evidence(struct json_writer *w, const char *key,
			 const struct sample *s, const struct finding *f)
{
	json_put_object(w, key);
	json_put_text(w, "source", sample_source_words[s->source]);
	json_put_number(w, "min", f->pool->min);
	json_put_number(w, "current", f->pool->current);
	json_put_number(w, "last_activity_ns",
			f->pool->last_activity_ns ? f->pool->last_activity_ns :
						    MEMTOP_UNKNOWN);
	json_put_number(w, "watched_since_ns", s->watched_since_ns);
	json_put_number(w, "holders", f->nr_holders);
	json_put_bool(w, "holders_complete", f->holders_complete);
	json_put_bool(w, "links_known", s->links_known);
	json_put_number(w, "cycle_steps", f->nr_steps);
	json_put_end(w);
}

void finding_json_put(struct json_writer *w, const struct sample *s,
		      const struct finding *f)
{
	put_dev(w, s, f->dev_known, f->dev);
	json_put_number(w, "pool_id", f->pool->id);
	json_put_text(w, "role", f->pool->role);
	put_waiter(w, "waiter", s, f->waiter);
	json_put_number(w, "age_ns", f->age_ns);
	json_put_bool(w, "since_at_least", f->since_at_least);
	put_cause(w, "cause", s, f);
	put_holders(w, "holders", s, f);
	put_cycle(w, "cycle", s, f);
	put_evidence(w, "evidence", s, f);
}
