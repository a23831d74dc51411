// SPDX-License-Identifier: GPL-2.0-only
#include "views/watch_out.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "model/watch_state.h"
#include "options/options.h"
#include "sample/sample.h"
#include "system/hook.h"
#include "system/log_socket.h"
#include "views/output.h"
#include "views/report_view.h"
#include "views/watch_lines.h"

int watch_out_open(const struct options *options, struct watch_out *ret)
{
	struct table_style style;
	int err = 0;

	output_style(&style, options->wide);
	*ret = (struct watch_out){ .json = options->json ||
					   options->format == FORMAT_JSON,
				   .traces = options->format == FORMAT_PERFETTO,
				   .wide = options->wide,
				   .ascii_only = style.ascii_only,
				   .no_wall_clock = options->no_wall_clock,
				   .no_host = options->no_host };
	if (options->exec)
		err = hook_start(options->exec, WATCH_PREFIX, &ret->hook);
	if (!err && options->syslog)
		err = log_socket_open(LOG_TO_SYSLOG,
				      getenv("VERITY_MEMTOP_SYSLOG"),
				      &ret->syslog);
	if (!err && options->journal)
		err = log_socket_open(LOG_TO_JOURNAL,
				      getenv("VERITY_MEMTOP_JOURNAL"),
				      &ret->journal);
	return err;
}

/* An event in all of its forms. */
struct forms {
	struct strbuf line; /* for stdout */
	struct strbuf json;
	struct strbuf headline;
	struct strbuf variables;
};

static void forms_make(const struct watch_out *out, const struct sample *sample,
		       const struct watch_event *event, struct forms *ret)
{
	struct sample shown = *sample;

	sample_leave_out(&shown, out->no_wall_clock, out->no_host);
	*ret = (struct forms){ 0 };
	if (out->json)
		watch_json(&ret->line, &shown, event);
	else if (!out->traces)
		watch_text(&ret->line, &shown, event, out->ascii_only);
	if (!out->hook && !out->syslog && !out->journal)
		return;
	watch_json(&ret->json, &shown, event);
	watch_headline(&ret->headline, &shown, event, true);
	watch_variables(&ret->variables, event);
}

static void forms_release(struct forms *forms)
{
	strbuf_release(&forms->line);
	strbuf_release(&forms->json);
	strbuf_release(&forms->headline);
	strbuf_release(&forms->variables);
}

static enum log_priority priority_of(const struct watch_event *event)
{
	if (event->change == WATCH_CLEAR)
		return LOG_PRIORITY_NOTICE;
	return finding_is_stall(event->told.kind) ? LOG_PRIORITY_CRITICAL :
						    LOG_PRIORITY_WARNING;
}

/* Destinations that must not block come before stdout, which may. */
static bool send_forms(struct watch_out *out, const struct watch_event *event,
		       const struct forms *forms)
{
	enum log_priority priority = priority_of(event);
	bool heard = true;

	if (out->syslog)
		heard &= log_socket_send(out->syslog, priority,
					 &forms->headline, &forms->variables);
	if (out->journal)
		heard &= log_socket_send(out->journal, priority,
					 &forms->headline, &forms->variables);
	if (out->hook && watch_event_is_stall(event))
		heard &= hook_run(out->hook, &forms->variables, &forms->json);
	return heard;
}

int watch_out_tell(struct watch_out *out, const struct sample *sample,
		   const struct watch_event *event)
{
	struct forms forms;
	int err;

	forms_make(out, sample, event, &forms);
	if (!send_forms(out, event, &forms))
		out->unheard++;
	if (out->traces)
		trace_events_add(&out->trace, sample, event, &forms.line);
	err = out->json || out->traces ? output_lines(&forms.line) :
					 output_prose(&forms.line, out->wide);
	forms_release(&forms);
	return err;
}

int watch_out_sample(struct watch_out *out, const struct sample *sample)
{
	struct strbuf text = { 0 };
	int err = 0;

	if (!out->traces)
		return 0;
	trace_events_sample(&out->trace, sample, &text);
	if (text.len)
		err = output_lines(&text);
	strbuf_release(&text);
	return err;
}

int watch_out_end(struct watch_out *out)
{
	struct strbuf text = { 0 };
	int err;

	if (!out->traces)
		return 0;
	trace_events_end(&out->trace, &text);
	err = output_lines(&text);
	strbuf_release(&text);
	return err;
}

void watch_out_rehearse(const struct watch_out *out)
{
	struct sample_task waiter = { .pid = 1, .comm = "waiter" };
	struct sample_pool pool = { .dev_known = true,
				    .role = "recheck.page",
				    .waiters_known = true,
				    .waiters = &waiter,
				    .nr_waiters = 1,
				    .holders_known = true,
				    .holders = &waiter,
				    .nr_holders = 1 };
	struct sample_device device = { .name = "device" };
	struct sample sample = { .boottime_ns = 1,
				 .realtime_ns = 1, /* reads the time zone */
				 .host = "host",
				 .devices = &device,
				 .nr_devices = 1,
				 .pools = &pool,
				 .nr_pools = 1 };
	struct watch_state state = { 0 };
	struct watch_events events;
	struct findings found;
	struct forms forms;

	stall_find(&sample, 0, &found);
	watch_state_update(&state, &sample, &found, &events);
	for (size_t i = 0; i < events.nr; i++) {
		forms_make(out, &sample, &events.all[i], &forms);
		forms_release(&forms);
	}
	watch_events_release(&events);
	watch_state_release(&state);
	findings_release(&found);
}

void watch_out_close(struct watch_out *out)
{
	hook_end(out->hook);
	log_socket_close(out->syslog);
	log_socket_close(out->journal);
	trace_events_release(&out->trace);
	if (out->unheard)
		msg_warning(
			"%llu events were dropped: a log was full, or the command was too slow",
			(unsigned long long)out->unheard);
	*out = (struct watch_out){ 0 };
}
