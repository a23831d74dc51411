// SPDX-License-Identifier: GPL-2.0-only
#include "views/watch_lines.h"

#include <inttypes.h>
#include <string.h>

#include "model/sample.h"
#include "model/watch_state.h"
#include "util/alloc.h"
#include "util/strbuf.h"
#include "util/text.h"
#include "util/units.h"
#include "views/json_value.h"

#define SECOND UINT64_C(1000000000)

static const char *const step_names[] = {
	[STEP_WAITS] = "waits",
	[STEP_HELD] = "held",
	[STEP_NEEDS] = "needs",
	[STEP_WORKED_ON] = "worked_on",
};

static const char *const step_texts[] = {
	[STEP_WAITS] = " waits for ",
	[STEP_HELD] = " holds for a ",
	[STEP_NEEDS] = "needs ",
	[STEP_WORKED_ON] = " has in work, in its ",
};

static const char *event_name(const struct watch_event *event)
{
	return event->change == WATCH_CLEAR ?
		       "clear" :
		       finding_kind_names[event->told.kind];
}

static void add_dev(struct strbuf *sb, struct sample_devno dev)
{
	strbuf_addf(sb, "%" PRIu32 ":%" PRIu32, dev.major, dev.minor);
}

/* An id is some 64 bits, which not all that reads JSON has numbers for. */
static void add_id(struct strbuf *sb, uint64_t id)
{
	strbuf_addf(sb, "%016" PRIx64, id);
}

/* --- for people ----------------------------------------------------------- */

static void add_task(struct strbuf *sb, uint32_t pid, const char *comm,
		     bool ascii_only)
{
	if (!pid) {
		strbuf_addstr(sb, "an interrupt");
		return;
	}
	text_escape(sb, comm, ascii_only);
	strbuf_addf(sb, "[%" PRIu32 "]", pid);
}

static void add_where(struct strbuf *sb, const struct watch_told *told,
		      bool ascii_only)
{
	if (*told->name)
		text_escape(sb, told->name, ascii_only);
	else
		strbuf_addstr(sb, "-");
	strbuf_addstr(sb, " ");
	if (told->dev_known)
		add_dev(sb, told->dev);
	else
		strbuf_addstr(sb, "-");
	strbuf_addstr(sb, " ");
	text_escape(sb, told->role, ascii_only);
}

void watch_headline(struct strbuf *sb, const struct watch_event *event,
		    bool ascii_only)
{
	const struct watch_told *told = &event->told;

	strbuf_addf(sb, "%s ", event_name(event));
	add_where(sb, told, ascii_only);
	strbuf_addstr(sb, ": ");
	add_task(sb, told->pid, told->comm, ascii_only);
	strbuf_addstr(sb, event->change == WATCH_CLEAR ? " waited" : " waits");
	if (event->age_ns == MEMTOP_UNKNOWN) {
		strbuf_addstr(sb, ", it is unknown since when");
	} else {
		strbuf_addstr(sb, told->since_at_least ? " at least " : " ");
		units_add_time(sb, event->age_ns);
	}
	if (event->change != WATCH_CLEAR && told->kind > FINDING_WAIT)
		strbuf_addf(sb, ", cause: %s", stall_cause_names[told->cause]);
}

static void add_range(struct strbuf *sb, struct sample_devno dev,
		      uint64_t sector, uint64_t sectors)
{
	strbuf_addstr(sb, "sectors ");
	if (sector == MEMTOP_UNKNOWN || sectors == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "unknown");
	else
		strbuf_addf(sb, "%" PRIu64 "+%" PRIu64, sector, sectors);
	strbuf_addstr(sb, " of ");
	add_dev(sb, dev);
}

static void add_op(struct strbuf *sb, const struct sample_op *op)
{
	strbuf_addf(sb, "%s of %s ",
		    op->kind == SAMPLE_RECHECK ? "recheck" : "decode",
		    op->metadata ? "hash block" : "block");
	if (op->block == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "unknown");
	else
		strbuf_addf(sb, "%" PRIu64, op->block);
}

static void add_holder(struct strbuf *sb, const struct finding_holder *h,
		       bool ascii_only)
{
	strbuf_addstr(sb, "    held by ");
	if (h->task)
		add_task(sb, h->task->pid, h->task->comm, ascii_only);
	else if (h->op)
		add_task(sb, h->op->pid, h->op->comm, ascii_only);
	else
		strbuf_addstr(sb, "an unknown task");
	if (h->dev_known) {
		strbuf_addstr(sb, " for ");
		add_dev(sb, h->dev);
	}
	if (h->op) {
		strbuf_addstr(sb, ", ");
		add_op(sb, h->op);
	}
	if (h->inferred)
		strbuf_addstr(sb, ", inferred");
	strbuf_addstr(sb, h->blocked ? ", blocked\n" : "\n");
}

/* A clause of a sentence that comes back to its begin. */
static void add_step(struct strbuf *sb, const struct cycle_step *step,
		     bool ascii_only)
{
	const struct sample_op *op = step->op;

	strbuf_addstr(sb, "    cycle: ");
	if (step->kind != STEP_WAITS)
		strbuf_addstr(sb, "which ");
	if (step->task)
		add_task(sb, step->task->pid, step->task->comm, ascii_only);
	else if (op)
		add_task(sb, op->pid, op->comm, ascii_only);
	strbuf_addstr(sb, step_texts[step->kind]);
	if (step->kind == STEP_WAITS && step->pool)
		text_escape(sb, step->pool->role, ascii_only);
	if (step->kind == STEP_NEEDS && step->dev_known)
		add_range(sb, step->dev, step->sector, step->sectors);
	if (op && step->kind != STEP_NEEDS) {
		add_op(sb, op);
		strbuf_addstr(sb, " of ");
		if (step->dev_known)
			add_dev(sb, step->dev);
		else
			strbuf_addstr(sb, "an unknown device");
	}
	strbuf_addstr(sb, "\n");
}

void watch_text(struct strbuf *sb, const struct sample *sample,
		const struct watch_event *event, bool ascii_only)
{
	const struct finding *f = event->finding;

	if (sample->boottime_ns == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "- ");
	else
		strbuf_addf(
			sb, "%" PRIu64 ".%06u ", sample->boottime_ns / SECOND,
			(unsigned int)(sample->boottime_ns % SECOND / 1000));
	watch_headline(sb, event, ascii_only);
	strbuf_addstr(sb, "\n");
	for (size_t i = 0; f && i < f->nr_holders; i++)
		add_holder(sb, &f->holders[i], ascii_only);
	for (size_t i = 0; f && i < f->nr_steps; i++)
		add_step(sb, &f->cycle[i], ascii_only);
}

/* --- JSON ----------------------------------------------------------------- */

static struct json_object *new_dev(struct sample_devno dev)
{
	struct strbuf text = { 0 };
	struct json_object *ret;

	add_dev(&text, dev);
	ret = json_new_text(strbuf_text(&text));
	strbuf_release(&text);
	return ret;
}

static struct json_object *new_id(uint64_t id)
{
	struct strbuf text = { 0 };
	struct json_object *ret;

	add_id(&text, id);
	ret = json_new_text(strbuf_text(&text));
	strbuf_release(&text);
	return ret;
}

static struct json_object *new_bool(bool value)
{
	return xcheck(json_object_new_boolean(value));
}

/* Line by line; null where it could not be had. */
static struct json_object *new_stack(const struct sample *s, uint32_t pid)
{
	struct json_object *array;
	const char *line;

	for (size_t i = 0; i < s->nr_stacks; i++) {
		if (s->stacks[i].pid != pid)
			continue;
		array = json_new_array();
		for (line = s->stacks[i].text; *line;) {
			struct strbuf one = { 0 };
			size_t len = strcspn(line, "\n");

			strbuf_add(&one, line, len);
			json_append(array, json_new_text(strbuf_text(&one)));
			strbuf_release(&one);
			line += len + !!line[len];
		}
		return array;
	}
	return NULL;
}

static struct json_object *new_task(const struct sample *s, uint32_t pid,
				    const char *comm)
{
	struct json_object *object = json_new_object();

	json_put(object, "pid", json_new_number(pid));
	json_put(object, "comm", json_new_text(comm));
	json_put(object, "stack", s ? new_stack(s, pid) : NULL);
	return object;
}

static struct json_object *new_range(struct sample_devno dev, uint64_t sector,
				     uint64_t sectors)
{
	struct json_object *object = json_new_object();

	json_put(object, "dev", new_dev(dev));
	json_put(object, "sector", json_new_number(sector));
	json_put(object, "sectors", json_new_number(sectors));
	return object;
}

static struct json_object *new_op(const struct sample_op *op)
{
	struct json_object *object;

	if (!op)
		return NULL;
	object = json_new_object();
	json_put(object, "op", json_new_number(op->op));
	json_put(object, "kind",
		 json_new_text(op->kind == SAMPLE_RECHECK ? "recheck" :
							    "decode"));
	json_put(object, "metadata", new_bool(op->metadata));
	json_put(object, "block", json_new_number(op->block));
	json_put(object, "io",
		 new_range(op->io_dev, op->io_sector, op->io_sectors));
	return object;
}

/* @task, or else the one that works on @op. */
static struct json_object *new_worker(const struct sample *s,
				      const struct sample_task *task,
				      const struct sample_op *op)
{
	if (task)
		return new_task(s, task->pid, task->comm);
	return op ? new_task(s, op->pid, op->comm) : NULL;
}

static struct json_object *new_holders(const struct sample *s,
				       const struct finding *f)
{
	struct json_object *array = json_new_array(), *object;

	for (size_t i = 0; f && i < f->nr_holders; i++) {
		const struct finding_holder *h = &f->holders[i];

		object = json_new_object();
		json_put(object, "task", new_worker(s, h->task, h->op));
		json_put(object, "since_ns",
			 json_new_number(h->task ? h->task->since_ns :
						   MEMTOP_UNKNOWN));
		json_put(object, "dev", h->dev_known ? new_dev(h->dev) : NULL);
		json_put(object, "repair", new_op(h->op));
		json_put(object, "inferred", new_bool(h->inferred));
		json_put(object, "blocked", new_bool(h->blocked));
		json_append(array, object);
	}
	return array;
}

static bool has_range(const struct cycle_step *step)
{
	return step->dev_known &&
	       (step->kind == STEP_NEEDS || step->kind == STEP_WORKED_ON);
}

static struct json_object *new_cycle(const struct sample *s,
				     const struct finding *f)
{
	struct json_object *array = json_new_array(), *object;

	for (size_t i = 0; f && i < f->nr_steps; i++) {
		const struct cycle_step *step = &f->cycle[i];
		const struct sample_pool *pool = step->pool;

		object = json_new_object();
		json_put(object, "step", json_new_text(step_names[step->kind]));
		json_put(object, "task", new_worker(s, step->task, step->op));
		json_put(object, "pool_id",
			 pool ? json_new_number(pool->id) : NULL);
		json_put(object, "role",
			 pool ? json_new_text(pool->role) : NULL);
		json_put(object, "dev",
			 step->dev_known ? new_dev(step->dev) : NULL);
		json_put(object, "repair", new_op(step->op));
		json_put(object, "io",
			 has_range(step) ? new_range(step->dev, step->sector,
						     step->sectors) :
					   NULL);
		json_append(array, object);
	}
	return array;
}

/* What else the verdict rests on. */
static struct json_object *new_evidence(const struct finding *f)
{
	struct json_object *object;

	if (!f)
		return NULL;
	object = json_new_object();
	json_put(object, "pool_min", json_new_number(f->pool->min));
	json_put(object, "pool_current", json_new_number(f->pool->current));
	/* 0: not since it is watched */
	json_put(object, "pool_moved_ns",
		 json_new_number(f->pool->moved_ns ? f->pool->moved_ns :
						     MEMTOP_UNKNOWN));
	json_put(object, "holders_complete", new_bool(f->holders_complete));
	json_put(object, "cause_dev",
		 f->cause_dev_known ? new_dev(f->cause_dev) : NULL);
	json_put(object, "in_flight", json_new_number(f->in_flight));
	return object;
}

static struct json_object *new_event(const struct sample *s,
				     const struct watch_event *event)
{
	struct json_object *object = json_new_object();
	const struct watch_told *told = &event->told;
	const struct finding *f = event->finding;

	json_put(object, "schema", json_new_text("verity-memtop/watch/1"));
	json_put(object, "seq", json_new_number(event->seq));
	json_put(object, "boottime_ns", json_new_number(s->boottime_ns));
	json_put(object, "event", json_new_text(event_name(event)));
	json_put(object, "id", new_id(told->id));
	json_put(object, "dev", told->dev_known ? new_dev(told->dev) : NULL);
	json_put(object, "name",
		 *told->name ? json_new_text(told->name) : NULL);
	json_put(object, "pool_id", json_new_number(told->pool_id));
	json_put(object, "role", json_new_text(told->role));
	json_put(object, "waiter",
		 new_task(f ? s : NULL, told->pid, told->comm));
	json_put(object, "age_ns", json_new_number(event->age_ns));
	json_put(object, "since_at_least", new_bool(told->since_at_least));
	json_put(object, "cause",
		 json_new_text(stall_cause_names[told->cause]));
	json_put(object, "holders", new_holders(s, f));
	json_put(object, "cycle", new_cycle(s, f));
	json_put(object, "evidence", new_evidence(f));
	json_put(object, "lost", json_new_losses(&s->losses));
	return object;
}

void watch_json(struct strbuf *sb, const struct sample *sample,
		const struct watch_event *event)
{
	json_add_line(sb, new_event(sample, event));
}

/* --- variables ------------------------------------------------------------ */

static void add_variable(struct strbuf *sb, const char *name, const char *value)
{
	strbuf_addf(sb, "VERITY_MEMTOP_%s=%s", name, value);
	strbuf_add(sb, "", 1);
}

static void add_number(struct strbuf *sb, const char *name, uint64_t n)
{
	char text[24];

	if (n == MEMTOP_UNKNOWN)
		return;
	snprintf(text, sizeof(text), "%" PRIu64, n);
	add_variable(sb, name, text);
}

void watch_variables(struct strbuf *sb, const struct watch_event *event)
{
	const struct watch_told *told = &event->told;
	struct strbuf text = { 0 };

	add_variable(sb, "EVENT", event_name(event));
	add_number(sb, "SEQ", event->seq);
	add_id(&text, told->id);
	add_variable(sb, "ID", strbuf_text(&text));
	strbuf_reset(&text);
	if (told->dev_known) {
		add_dev(&text, told->dev);
		add_variable(sb, "DEV", strbuf_text(&text));
	}
	strbuf_release(&text);
	if (*told->name)
		add_variable(sb, "NAME", told->name);
	add_number(sb, "POOL_ID", told->pool_id);
	add_variable(sb, "ROLE", told->role);
	add_number(sb, "PID", told->pid);
	add_variable(sb, "COMM", told->comm);
	add_number(sb, "AGE_NS", event->age_ns);
	add_variable(sb, "CAUSE", stall_cause_names[told->cause]);
}
