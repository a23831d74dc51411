// SPDX-License-Identifier: GPL-2.0-only
#include "commands/export.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "fields/field_where.h"
#include "model/counters.h"
#include "model/snapshot.h"
#include "model/static_rules.h"
#include "options/options.h"
#include "stall/stall.h"
#include "stream/stream.h"
#include "system/clocks.h"
#include "system/http.h"
#include "system/listen.h"
#include "system/notify.h"
#include "system/rights.h"
#include "system/stop.h"
#include "system/textfile.h"
#include "views/metrics.h"
#include "views/output.h"

/* None of the ports that exporters have registered. */
#define DEFAULT_ADDRESS "127.0.0.1:10953"

/* Once it is open, reading it needs no privileges. */
#define EXPORT_SPAN COLLECT_WATCH

struct exporter {
	const struct options *options;
	struct stream *stream; /* owned */
	struct counters *counters; /* owned; NULL: nothing is counted */
	struct metrics_health health;
	struct field_where where;
	bool replayed; /* the recording's sample is in the stream */
	bool limited; /* the last search for deadlocks reached its limit */
};

static uint64_t ns_of_timeval(struct timeval t)
{
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_usec * 1000;
}

static uint64_t cpu_ns(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	return ns_of_timeval(usage.ru_utime) + ns_of_timeval(usage.ru_stime);
}

/* The memory of this system, or of a recording's. */
static uint64_t machine_bytes(const struct exporter *e)
{
	struct sysinfo info;

	if (e->options->replay)
		return e->replayed ? stream_sample(e->stream)->mem_total_bytes :
				     MEMTOP_UNKNOWN;
	return sysinfo(&info) ? MEMTOP_UNKNOWN :
				(uint64_t)info.totalram * info.mem_unit;
}

/* Adds the counts of @snap, with sums over the pools of @sel. */
static void count(struct counters *counters, const struct snapshot *snap,
		  const struct snap_selection *sel)
{
	bool *shown = snap_selection_pools(snap, sel);

	counters_update(counters, snap->sample, shown);
	free(shown);
}

/* Writes the metrics of a sample to @text. */
static void write_sample(struct exporter *e, const struct sample *sample,
			 uint64_t began, bool open, struct strbuf *text)
{
	const struct snap_filter filter = { .names = e->options->names,
					    .targets = e->options->targets };
	const uint64_t threshold = e->options->threshold_ns;
	struct findings findings = { 0 };
	struct static_hits hits;
	struct snap_selection sel;
	struct snapshot snap;

	stall_find(sample, threshold, &findings);
	static_rules_find(sample, &hits);
	if (findings.limited && !e->limited)
		msg_warning(
			"the search for deadlocks reached its limit: a deadlock may be shown as a stall");
	e->limited = findings.limited;
	snapshot_build(sample, &snap);
	snapshot_select(&snap, &filter, &sel);
	field_where_select(&e->where, &sel);
	if (e->counters) {
		count(e->counters, &snap, &sel);
		counters_note(e->counters, &findings);
	}
	e->health.gathered = true;
	e->health.gather_ns = stop_clock() - began;
	metrics_text(text, &(struct metrics_view){
				   .detail = e->options->detail,
				   .open = open,
				   .snap = &snap,
				   .sel = &sel,
				   .findings = &findings,
				   .hits = &hits,
				   .counters = e->counters,
				   .threshold_ns = threshold,
				   .machine_bytes = machine_bytes(e),
				   .health = e->health,
			   });
	snap_selection_release(&sel);
	snapshot_release(&snap);
	static_hits_release(&hits);
	findings_release(&findings);
}

/* Reads the sample of a recording once. Returns 1, or -errno, already reported. */
static int replay(struct exporter *e)
{
	int err = e->replayed ? 0 : stream_last(e->stream);

	e->replayed = !err;
	return err ? err : 1;
}

/*
 * Takes a sample and writes the metrics to @text, in the format OpenMetrics if
 * @open. Returns 0 or -errno, already reported.
 */
static int gather(struct exporter *e, bool open, struct strbuf *text)
{
	uint64_t began = stop_clock();
	struct sample sample;
	int got = e->options->replay ? replay(e) : stream_next(e->stream);

	e->health.cpu_ns = cpu_ns();
	if (got <= 0) {
		e->health.failed++;
		e->health.gathered = false;
		e->health.gather_ns = stop_clock() - began;
		metrics_text(text, &(struct metrics_view){
					   .open = open,
					   .counters = e->counters,
					   .machine_bytes = machine_bytes(e),
					   .health = e->health,
				   });
		return got;
	}
	if (e->replayed) {
		write_sample(e, stream_sample(e->stream), began, open, text);
		return 0;
	}
	/* between two scrapes nothing needs to be kept */
	sample = stream_take(e->stream);
	write_sample(e, &sample, began, open, text);
	sample_release(&sample);
	return 0;
}

/* --- a file ---------------------------------------------------------------- */

static int put(const char *path, const struct strbuf *text)
{
	if (strcmp(path, "-") != 0)
		return textfile_replace(path, text);
	output_put(output_stream(), text);
	return output_flush();
}

/* No counters: this process ends before anything happens. */
static int write_textfile(struct exporter *e)
{
	const struct stream_params params =
		stream_params_of(e->options, EXPORT_SPAN, true);
	struct strbuf text = { 0 };
	int err;

	err = stream_open(&params, &e->stream);
	if (err)
		return err;
	err = rights_drop(RIGHTS_KEEP_USER);
	if (!err)
		err = gather(e, false, &text);
	/* an old file that stays has an old time, which can be noticed */
	if (!err)
		err = put(e->options->textfile, &text);
	strbuf_release(&text);
	return err;
}

/* --- HTTP ------------------------------------------------------------------ */

/* A page and the parts of the server that it needs. */
struct page {
	struct exporter *exporter;
	struct http_server *server;
};

static void make_page(void *context, bool open, struct strbuf *body)
{
	struct page *page = context;
	struct exporter *e = page->exporter;

	e->health.scrapes++;
	e->health.refused = http_refused(page->server);
	/* the log has the reason, the metrics have the fact */
	gather(e, open, body);
}

/*
 * After a failure the kernel is read again, because this may be the only
 * request.
 */
static bool is_ready(void *context)
{
	struct page *page = context;
	struct exporter *e = page->exporter;
	const uint64_t failed = e->health.failed;
	struct strbuf text = { 0 };

	if (!e->health.gathered)
		gather(e, false, &text);
	/* this was no scrape */
	e->health.failed = failed;
	strbuf_release(&text);
	return e->health.gathered;
}

static void say_where(const struct listening *listening, const char *path)
{
	struct strbuf where = { 0 };

	listen_describe(listening, &where);
	if (!listening->local)
		msg_warning(
			"%s can be reached from other systems, and has no authentication",
			strbuf_text(&where));
	msg_info("serving metrics at http://%s%s", strbuf_text(&where), path);
	strbuf_release(&where);
}

/* Drops all privileges, and takes the first sample without them. */
static int settle(struct exporter *e)
{
	struct strbuf text = { 0 };
	int err = rights_drop(RIGHTS_NOBODY);

	/* counts begin with the first sample, and errors appear here */
	if (!err)
		err = gather(e, false, &text);
	strbuf_release(&text);
	return err;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* One thread does everything, so its notification proves that it is alive. */
static void serve(struct http_server *server, struct notify *notify)
{
	notify_ready(notify);
	while (!stop_wanted()) {
		uint64_t next = http_serve(server);

		next = earlier(next, notify_alive(notify));
		stop_sleep_until_readable(http_fd(server), next);
	}
	notify_stopping(notify);
}

static int serve_http(struct exporter *e, struct listening *listening)
{
	struct stream_params params =
		stream_params_of(e->options, EXPORT_SPAN, true);
	struct page page = { .exporter = e };
	struct notify notify;
	const struct http_params http = { .fd = listening->fd,
					  .path = e->options->telemetry_path,
					  .types = { METRICS_TYPE,
						     METRICS_TYPE_OPEN },
					  .page = make_page,
					  .ready = is_ready,
					  .context = &page };
	int err;

	/* later samples may need larger maps, or other programs */
	params.collect.keeps_loading = true;
	err = http_open(&http, &page.server);
	if (err)
		return err;
	notify_open(&notify);
	err = stream_open(&params, &e->stream);
	if (!err)
		err = settle(e);
	if (!err) {
		say_where(listening, e->options->telemetry_path);
		serve(page.server, &notify);
	}
	notify_close(&notify);
	http_close(page.server);
	return err;
}

static enum exit_status run_http(struct exporter *e)
{
	const char *address = e->options->listen ?: DEFAULT_ADDRESS;
	struct listening listening;
	int err;

	err = listen_at(address, &listening);
	if (err == -EINVAL)
		return STATUS_USAGE;
	if (err)
		return exit_status_of(err);
	/*
	 * a reload: there is no configuration to read again, and counts
	 * continue
	 */
	signal(SIGHUP, SIG_IGN);
	stop_catch();
	e->counters = counters_new();
	e->health.started_ns = realtime_now();
	return exit_status_of(serve_http(e, &listening));
}

enum exit_status export_run(const struct options *options)
{
	struct exporter e = { .options = options };
	enum exit_status status;

	if (field_where_take(&e.where, &options->wheres))
		status = STATUS_USAGE;
	else if (options->textfile)
		status = exit_status_of(write_textfile(&e));
	else
		status = run_http(&e);
	stream_close(e.stream);
	counters_free(e.counters);
	field_where_release(&e.where);
	return status;
}
