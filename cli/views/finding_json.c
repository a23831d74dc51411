// SPDX-License-Identifier: GPL-2.0-only
/* A finding as JSON: a stable interface, described in docs/watch.md. */
#include "views/finding_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/stall.h"
#include "util/alloc.h"
#include "views/json_value.h"

/* Of holders; how many there are is said as well. */
#define MAX_HOLDERS 64

/* Of steps of a cycle, whose number is said, too. */
#define MAX_STEPS 256

static struct json_object *new_bool(bool value)
{
	return xcheck(json_object_new_boolean(value));
}

static void put_dev(struct json_object *object, const struct sample *s,
		    bool known, struct sample_devno dev)
{
	const struct sample_device *d = known ? sample_find_device(s, dev) :
						NULL;
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu32 ":%" PRIu32, dev.major,
		 dev.minor);
	json_put(object, "dev", known ? json_new_text(text) : NULL);
	json_put(object, "name", d ? json_new_text(d->name) : NULL);
}

/* A line each, the innermost first; null if nobody has looked. */
static struct json_object *new_stack(const struct sample *s, uint32_t pid)
{
	const struct sample_stack *stack = sample_find_stack(s, pid);
	struct json_object *array;
	char *text, *line, *rest;

	if (!stack)
		return NULL;
	array = json_new_array();
	text = xstrdup(stack->text);
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		json_append(array, json_new_text(line));
	free(text);
	return array;
}

/* The task, or that of the repair; both may be missing. */
static void put_who(struct json_object *object, const struct sample_task *task,
		    const struct sample_op *op)
{
	json_put(object, "pid",
		 task ? json_new_number(task->pid) :
		 op   ? json_new_number(op->pid) :
			NULL);
	json_put(object, "comm",
		 task ? json_new_text(task->comm) :
		 op   ? json_new_text(op->comm) :
			NULL);
}

static uint32_t pid_of(const struct finding_holder *h)
{
	return h->task ? h->task->pid : h->op ? h->op->pid : 0;
}

static void put_range(struct json_object *object, uint64_t sector,
		      uint64_t sectors)
{
	json_put(object, "sector", json_new_number(sector));
	json_put(object, "sectors", json_new_number(sectors));
}

static struct json_object *new_io(const struct sample *s, bool known,
				  struct sample_devno dev, uint64_t sector,
				  uint64_t sectors)
{
	struct json_object *object;

	if (!known)
		return NULL;
	object = json_new_object();
	put_dev(object, s, true, dev);
	put_range(object, sector, sectors);
	return object;
}

static struct json_object *new_op(const struct sample *s,
				  const struct sample_op *op)
{
	struct json_object *object;

	if (!op)
		return NULL;
	object = json_new_object();
	json_put(object, "op", json_new_number(op->op));
	json_put(object, "kind",
		 json_new_text(op->kind == SAMPLE_RECHECK ? "recheck" :
							    "decode"));
	json_put(object, "since_ns", json_new_number(op->since_ns));
	json_put(object, "block", json_new_number(op->block));
	json_put(object, "io",
		 new_io(s, true, op->io_dev, op->io_sector, op->io_sectors));
	return object;
}

static struct json_object *new_holders(const struct sample *s,
				       const struct finding *f)
{
	struct json_object *array = json_new_array(), *object;

	for (size_t i = 0; i < f->nr_holders && i < MAX_HOLDERS; i++) {
		const struct finding_holder *h = &f->holders[i];
		const struct sample_task *t = h->task;

		object = json_new_object();
		put_who(object, t, h->op);
		json_put(object, "stack", new_stack(s, pid_of(h)));
		put_dev(object, s, h->dev_known, h->dev);
		json_put(object, "since_ns",
			 t ? json_new_number(t->since_ns) : NULL);
		json_put(object, "for", new_op(s, h->op));
		json_put(object, "io",
			 t ? new_io(s, t->io_known, t->io_dev, t->io_sector,
				    t->io_sectors) :
			     NULL);
		json_put(object, "inferred", new_bool(h->inferred));
		json_put(object, "blocked", new_bool(h->blocked));
		json_append(array, object);
	}
	return array;
}

static struct json_object *new_step(const struct sample *s,
				    const struct cycle_step *step)
{
	static const char *const words[] = {
		[STEP_WAITS] = "waits",
		[STEP_HELD] = "held",
		[STEP_NEEDS] = "needs",
		[STEP_WORKED_ON] = "worked_on",
	};
	struct json_object *object = json_new_object();

	json_put(object, "step", json_new_text(words[step->kind]));
	if (step->kind != STEP_NEEDS)
		put_who(object, step->task, step->op);
	if (step->kind == STEP_WAITS || step->kind == STEP_HELD) {
		json_put(object, "pool_id", json_new_number(step->pool->id));
		json_put(object, "role", json_new_text(step->pool->role));
	}
	if (step->kind != STEP_WAITS)
		put_dev(object, s, step->dev_known, step->dev);
	if (step->kind == STEP_NEEDS)
		put_range(object, step->sector, step->sectors);
	if (step->kind == STEP_HELD || step->kind == STEP_WORKED_ON)
		json_put(object, "for", new_op(s, step->op));
	return object;
}

static struct json_object *new_cycle(const struct sample *s,
				     const struct finding *f)
{
	struct json_object *array;

	if (!f->nr_steps)
		return NULL;
	array = json_new_array();
	for (size_t i = 0; i < f->nr_steps && i < MAX_STEPS; i++)
		json_append(array, new_step(s, &f->cycle[i]));
	return array;
}

static struct json_object *new_waiter(const struct sample *s,
				      const struct sample_task *t)
{
	struct json_object *object = json_new_object();

	put_who(object, t, NULL);
	json_put(object, "stack", new_stack(s, t->pid));
	json_put(object, "op", json_new_number(t->op));
	json_put(object, "io",
		 new_io(s, t->io_known, t->io_dev, t->io_sector,
			t->io_sectors));
	return object;
}

static struct json_object *new_cause(const struct sample *s,
				     const struct finding *f)
{
	struct json_object *object = json_new_object();

	json_put(object, "kind", json_new_text(stall_cause_names[f->cause]));
	put_dev(object, s, f->cause_dev_known, f->cause_dev);
	json_put(object, "in_flight", json_new_number(f->in_flight));
	return object;
}

/* What it was concluded from. */
static struct json_object *new_evidence(const struct sample *s,
					const struct finding *f)
{
	static const char *const sources[] = {
		[SAMPLE_TRACEPOINTS] = "tracepoints",
		[SAMPLE_STOCK] = "stock",
	};
	struct json_object *object = json_new_object();

	json_put(object, "source", json_new_text(sources[s->source]));
	json_put(object, "min", json_new_number(f->pool->min));
	json_put(object, "current", json_new_number(f->pool->current));
	json_put(object, "moved_ns",
		 f->pool->moved_ns ? json_new_number(f->pool->moved_ns) : NULL);
	json_put(object, "watched_since_ns",
		 json_new_number(s->watched_since_ns));
	json_put(object, "holders", json_new_number(f->nr_holders));
	json_put(object, "holders_complete", new_bool(f->holders_complete));
	json_put(object, "links_known", new_bool(s->links_known));
	json_put(object, "cycle_steps", json_new_number(f->nr_steps));
	return object;
}

void finding_json_put(struct json_object *object, const struct sample *s,
		      const struct finding *f)
{
	put_dev(object, s, f->dev_known, f->dev);
	json_put(object, "pool_id", json_new_number(f->pool->id));
	json_put(object, "role", json_new_text(f->pool->role));
	json_put(object, "waiter", new_waiter(s, f->waiter));
	json_put(object, "age_ns", json_new_number(f->age_ns));
	json_put(object, "since_at_least", new_bool(f->since_at_least));
	json_put(object, "cause", new_cause(s, f));
	json_put(object, "holders", new_holders(s, f));
	json_put(object, "cycle", new_cycle(s, f));
	json_put(object, "evidence", new_evidence(s, f));
}
