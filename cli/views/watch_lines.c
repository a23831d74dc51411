// SPDX-License-Identifier: GPL-2.0-only
#include "views/watch_lines.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/times.h"
#include "base/units.h"
#include "base/wall_time.h"
#include "model/watch_state.h"
#include "sample/sample.h"
#include "views/finding_json.h"
#include "views/finding_text.h"
#include "views/json_value.h"

const char *watch_event_name(const struct watch_event *event)
{
	return event->change == WATCH_CLEAR ?
		       "clear" :
		       finding_kind_names[event->told.kind];
}

static void add_dev(struct strbuf *sb, struct sample_devno dev)
{
	strbuf_addf(sb, "%" PRIu32 ":%" PRIu32, dev.major, dev.minor);
}

/* An id has 64 bits, which not all readers of JSON can hold as a number. */
static void add_id(struct strbuf *sb, uint64_t id)
{
	strbuf_addf(sb, "%016" PRIx64, id);
}

/* --- for people ----------------------------------------------------------- */

/* Its duration; its end was not seen, so where that matters, a range. */
static void add_duration(struct strbuf *sb, const struct watch_event *event)
{
	const struct watch_told *told = &event->told;
	struct strbuf least = { 0 }, most = { 0 };

	if (told->seen_ns != MEMTOP_UNKNOWN)
		units_add_time(&least, told->seen_ns);
	units_add_time(&most, event->age_ns);
	if (told->since_at_least)
		strbuf_addstr(sb, "at least ");
	else if (!least.len)
		strbuf_addstr(sb, "at most ");
	else if (strcmp(strbuf_text(&least), strbuf_text(&most)) != 0)
		strbuf_addf(sb, "at least %s, at most ", strbuf_text(&least));
	strbuf_addf(sb, "%s ", strbuf_text(&most));
	strbuf_release(&least);
	strbuf_release(&most);
}

/* Like a finding, for one that has ended. */
static void add_clear(struct strbuf *sb, const struct watch_event *event,
		      bool ascii_only)
{
	const struct watch_told *told = &event->told;

	strbuf_addstr(sb, "clear: ");
	if (*told->name)
		text_escape(sb, told->name, ascii_only);
	if (told->dev_known) {
		strbuf_addstr(sb, *told->name ? " (" : "");
		add_dev(sb, told->dev);
		strbuf_addstr(sb, *told->name ? ")" : "");
	} else if (!*told->name) {
		strbuf_addstr(sb, "device unknown");
	}
	strbuf_addstr(sb, ": ");
	text_escape(sb, told->comm, ascii_only);
	strbuf_addf(sb, "[%" PRIu32 "] waited ", told->pid);
	if (event->age_ns != MEMTOP_UNKNOWN)
		add_duration(sb, event);
	strbuf_addstr(sb, "for ");
	text_escape(sb, told->role, ascii_only);
}

void watch_headline(struct strbuf *sb, const struct sample *sample,
		    const struct watch_event *event, bool ascii_only)
{
	if (event->finding)
		finding_text_add(sb, sample, event->finding, ascii_only);
	else
		add_clear(sb, event, ascii_only);
}

void watch_text(struct strbuf *sb, const struct sample *sample,
		const struct watch_event *event, bool ascii_only)
{
	if (sample->realtime_ns != MEMTOP_UNKNOWN) {
		wall_time_add(sb, sample->realtime_ns);
		strbuf_addstr(sb, " ");
	}
	if (*sample->host) {
		text_escape(sb, sample->host, ascii_only);
		strbuf_addstr(sb, " ");
	}
	if (sample->boottime_ns == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "- ");
	else
		strbuf_addf(
			sb, "%" PRIu64 ".%06u ", sample->boottime_ns / SECOND,
			(unsigned int)(sample->boottime_ns % SECOND / 1000));
	watch_headline(sb, sample, event, ascii_only);
	strbuf_addstr(sb, "\n");
}

/* --- JSON ----------------------------------------------------------------- */

static void put_id(struct json_writer *w, const char *key, uint64_t id)
{
	struct strbuf text = { 0 };

	add_id(&text, id);
	json_put_text(w, key, strbuf_text(&text));
	strbuf_release(&text);
}

/* The keys of a finding; of one that has ended, the remaining ones. */
static void put_clear(struct json_writer *w, const struct watch_event *event)
{
	const struct watch_told *told = &event->told;

	if (told->dev_known)
		json_put_devno(w, "dev", told->dev);
	else
		json_put_null(w, "dev");
	json_put_text(w, "name", *told->name ? told->name : NULL);
	json_put_number(w, "pool_id", told->pool_id);
	json_put_text(w, "role", told->role);
	json_put_object(w, "waiter");
	json_put_number(w, "pid", told->pid);
	json_put_text(w, "comm", told->comm);
	json_put_null(w, "stack");
	json_put_null(w, "op");
	json_put_null(w, "io");
	json_put_end(w);
	json_put_number(w, "age_ns", event->age_ns);
	json_put_bool(w, "since_at_least", told->since_at_least);
	json_put_object(w, "cause");
	json_put_text(w, "kind", stall_cause_names[told->cause]);
	json_put_null(w, "dev");
	json_put_null(w, "name");
	json_put_null(w, "in_flight");
	json_put_end(w);
	json_put_array(w, "holders");
	json_put_end(w);
	json_put_null(w, "cycle");
	json_put_null(w, "evidence");
}

static void put_event(struct json_writer *w, const struct sample *s,
		      const struct watch_event *event)
{
	json_put_object(w, NULL);
	json_put_text(w, "schema", "verity-memtop/watch/1");
	json_put_number(w, "seq", event->seq);
	json_put_number(w, "boottime_ns", s->boottime_ns);
	json_put_number(w, "realtime_ns", s->realtime_ns);
	json_put_text(w, "host", *s->host ? s->host : NULL);
	json_put_text(w, "boot_id", *s->boot_id ? s->boot_id : NULL);
	json_put_text(w, "event", watch_event_name(event));
	put_id(w, "id", event->told.id);
	if (event->finding)
		finding_json_put(w, s, event->finding);
	else
		put_clear(w, event);
	json_put_losses(w, "lost", &s->losses);
	json_put_end(w);
}

void watch_json(struct strbuf *sb, const struct sample *sample,
		const struct watch_event *event)
{
	struct json_writer w = { .to = sb };

	put_event(&w, sample, event);
	strbuf_addstr(sb, "\n");
}

/* --- variables ------------------------------------------------------------ */

static void add_variable(struct strbuf *sb, const char *name, const char *value)
{
	strbuf_addf(sb, WATCH_PREFIX "%s=%s", name, value);
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

	add_variable(sb, "EVENT", watch_event_name(event));
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
