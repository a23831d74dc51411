// SPDX-License-Identifier: GPL-2.0-only
#include "views/trace_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/json_writer.h"
#include "base/strbuf.h"
#include "model/watch_state.h"
#include "sample/sample.h"
#include "views/watch_lines.h"

struct trace_device {
	struct sample_devno dev;
	char name[SAMPLE_NAME_LEN];
};

struct trace_level {
	uint64_t id; /* of the pool */
	bool dev_known;
	struct sample_devno dev;
	enum sample_slot slot;
	uint64_t current; /* elements in it; may be unknown */
	bool shown; /* the trace has its level */
};

/* The process of pools without a device. */
#define NOBODY 1

/* ---- an event ------------------------------------------------------------------- */

/*
 * A device is a process, whose id is the kernel's number of it: 11 bits for the major,
 * which is below 512 (BLKDEV_MAJOR_MAX, fs.h), 20 for the minor.
 */
static uint32_t process_of(bool known, struct sample_devno dev)
{
	return known ? (dev.major & 0x7ff) << 20 | (dev.minor & 0xfffff) :
		       NOBODY;
}

/* Begins an event of the type @phase; json_put_end() and end_event() follow. */
static struct json_writer begin_event(struct trace_events *trace,
				      struct strbuf *to, const char *phase,
				      const char *name, uint32_t process)
{
	struct json_writer w = { .to = to };

	strbuf_addstr(to, trace->begun ? ",\n" : "[\n");
	trace->begun = true;
	json_put_object(&w, NULL);
	json_put_text(&w, "ph", phase);
	json_put_text(&w, "name", name);
	json_put_u64(&w, "pid", process);
	json_put_u64(&w, "tid", process);
	return w;
}

/* The format has microseconds. */
static void put_time(struct json_writer *w, uint64_t ns)
{
	json_put_thousandths(w, "ts", ns == MEMTOP_UNKNOWN ? 0 : ns);
}

static void name_process(struct trace_events *trace, struct strbuf *to,
			 uint32_t process, const char *name)
{
	struct json_writer w =
		begin_event(trace, to, "M", "process_name", process);

	json_put_object(&w, "args");
	json_put_text(&w, "name", name);
	json_put_end(&w);
	json_put_end(&w);
}

/* ---- devices -------------------------------------------------------------------- */

static void name_device(struct trace_events *trace, struct strbuf *to,
			const struct sample_device *device)
{
	struct strbuf name = { 0 };

	if (*device->name)
		strbuf_addf(&name, "%s (%" PRIu32 ":%" PRIu32 ")", device->name,
			    device->dev.major, device->dev.minor);
	else
		strbuf_addf(&name, "%" PRIu32 ":%" PRIu32, device->dev.major,
			    device->dev.minor);
	name_process(trace, to, process_of(true, device->dev),
		     strbuf_text(&name));
	strbuf_release(&name);
}

/* Both lists are sorted, so one pass finds the devices that are new. */
static void name_devices(struct trace_events *trace, const struct sample *s,
			 struct strbuf *to)
{
	struct trace_device *now = xcalloc(s->nr_devices, sizeof(*now));
	size_t at = 0;

	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *device = &s->devices[i];

		now[i].dev = device->dev;
		memcpy(now[i].name, device->name, sizeof(now[i].name));
		while (at < trace->nr_devices &&
		       sample_compare_devno(trace->devices[at].dev,
					    device->dev) < 0)
			at++;
		if (at == trace->nr_devices ||
		    sample_compare_devno(trace->devices[at].dev, device->dev) ||
		    strcmp(trace->devices[at].name, device->name) != 0)
			name_device(trace, to, device);
	}
	free(trace->devices);
	trace->devices = now;
	trace->nr_devices = s->nr_devices;
}

/* ---- levels --------------------------------------------------------------------- */

static int compare_levels(const void *pa, const void *pb)
{
	const struct trace_level *a = pa, *b = pb;
	int order = compare_u64(a->id, b->id);

	if (!order)
		order = compare_u64(a->dev_known, b->dev_known);
	if (!order && a->dev_known)
		order = sample_compare_devno(a->dev, b->dev);
	return order ? order : compare_u64(a->slot, b->slot);
}

/* "hash.io", or "hash.io 1 (inactive)": pools of one role have different names. */
static void add_counter_name(struct strbuf *sb, const struct sample_pool *pool)
{
	strbuf_addstr(sb, pool->role);
	if (pool->target_index != SAMPLE_NO_TARGET && pool->target_index)
		strbuf_addf(sb, " %" PRIu32, pool->target_index);
	if (pool->slot == SAMPLE_SLOT_INACTIVE)
		strbuf_addstr(sb, " (inactive)");
}

static void add_level(struct trace_events *trace, struct strbuf *to,
		      const struct sample_pool *pool, uint64_t ns,
		      uint64_t level)
{
	struct strbuf name = { 0 };
	struct json_writer w;

	add_counter_name(&name, pool);
	w = begin_event(trace, to, "C", strbuf_text(&name),
			process_of(pool->dev_known, pool->dev));
	strbuf_release(&name);
	put_time(&w, ns);
	json_put_object(&w, "args");
	json_put_u64(&w, "free", level);
	json_put_end(&w);
	json_put_end(&w);
}

/*
 * The level of @pool, if it is not full, or was not. One that has been full until now
 * begins with that.
 */
static void follow_level(struct trace_events *trace, const struct sample *s,
			 const struct sample_pool *pool,
			 struct trace_level *now, struct strbuf *to)
{
	const struct trace_level *before =
		trace->nr_levels ? bsearch(now, trace->levels, trace->nr_levels,
					   sizeof(*now), compare_levels) :
				   NULL;

	now->shown = before && before->shown;
	if (pool->id == MEMTOP_UNKNOWN || pool->current == MEMTOP_UNKNOWN)
		return;
	if (before && before->current == pool->current)
		return;
	if (!before && pool->current >= pool->min)
		return;
	if (before && !before->shown && before->current != MEMTOP_UNKNOWN)
		add_level(trace, to, pool, trace->now_ns, before->current);
	add_level(trace, to, pool, s->boottime_ns, pool->current);
	now->shown = true;
}

static void follow_levels(struct trace_events *trace, const struct sample *s,
			  struct strbuf *to)
{
	struct trace_level *now = xcalloc(s->nr_pools, sizeof(*now));

	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];

		now[i] = (struct trace_level){ .id = pool->id,
					       .dev_known = pool->dev_known,
					       .dev = pool->dev,
					       .slot = pool->slot,
					       .current = pool->current };
		follow_level(trace, s, pool, &now[i], to);
	}
	if (s->nr_pools)
		sort_unsorted(now, s->nr_pools, sizeof(*now), compare_levels);
	free(trace->levels);
	trace->levels = now;
	trace->nr_levels = s->nr_pools;
}

void trace_events_sample(struct trace_events *trace, const struct sample *s,
			 struct strbuf *to)
{
	if (!trace->begun)
		name_process(trace, to, NOBODY, "pools without a known device");
	name_devices(trace, s, to);
	follow_levels(trace, s, to);
	trace->now_ns = s->boottime_ns;
}

/* ---- waits ---------------------------------------------------------------------- */

/* The beginning or the end of a slice, which has the id of its wait. */
static struct json_writer begin_slice(struct trace_events *trace,
				      struct strbuf *to, const char *phase,
				      const struct watch_told *told)
{
	struct json_writer w =
		begin_event(trace, to, phase, told->role,
			    process_of(told->dev_known, told->dev));
	char id[20];

	snprintf(id, sizeof(id), "0x%016" PRIx64, told->id);
	json_put_text(&w, "cat", "wait");
	json_put_text(&w, "id", id);
	return w;
}

static void add_begin(struct trace_events *trace, struct strbuf *to,
		      const struct watch_told *told)
{
	struct json_writer w = begin_slice(trace, to, "b", told);

	put_time(&w, told->since_ns == MEMTOP_UNKNOWN ? trace->now_ns :
							told->since_ns);
	json_put_object(&w, "args");
	json_put_text(&w, "task", told->comm);
	json_put_u64(&w, "thread", told->pid);
	json_put_bool(&w, "began_earlier",
		      told->since_at_least || told->since_ns == MEMTOP_UNKNOWN);
	json_put_end(&w);
	json_put_end(&w);
}

static void add_end(struct trace_events *trace, struct strbuf *to,
		    const struct watch_event *event)
{
	const struct watch_told *told = &event->told;
	struct json_writer w = begin_slice(trace, to, "e", told);
	const bool known = told->since_ns != MEMTOP_UNKNOWN &&
			   event->age_ns != MEMTOP_UNKNOWN;

	put_time(&w, known ? told->since_ns + event->age_ns : trace->now_ns);
	json_put_end(&w);
}

static void add_instant(struct trace_events *trace, const struct sample *s,
			struct strbuf *to, const struct watch_event *event)
{
	const struct watch_told *told = &event->told;
	struct json_writer w =
		begin_event(trace, to, "i", watch_event_name(event),
			    process_of(told->dev_known, told->dev));
	struct strbuf text = { 0 };

	watch_headline(&text, s, event, false);
	json_put_text(&w, "cat", "verdict");
	json_put_text(&w, "s", "p");
	put_time(&w, trace->now_ns);
	json_put_object(&w, "args");
	json_put_text(&w, "text", strbuf_text(&text));
	json_put_end(&w);
	json_put_end(&w);
	strbuf_release(&text);
}

void trace_events_add(struct trace_events *trace, const struct sample *s,
		      const struct watch_event *event, struct strbuf *to)
{
	if (event->change == WATCH_BEGIN)
		add_begin(trace, to, &event->told);
	add_instant(trace, s, to, event);
	if (event->change == WATCH_CLEAR)
		add_end(trace, to, event);
}

void trace_events_end(struct trace_events *trace, struct strbuf *to)
{
	strbuf_addstr(to, trace->begun ? "\n]\n" : "[\n]\n");
}

void trace_events_release(struct trace_events *trace)
{
	free(trace->devices);
	free(trace->levels);
	*trace = (struct trace_events){ 0 };
}
