// SPDX-License-Identifier: GPL-2.0-only
#include "commands/check.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/colour.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "fields/field_where.h"
#include "model/check.h"
#include "model/part.h"
#include "model/snapshot.h"
#include "model/static_rules.h"
#include "options/options.h"
#include "sample/sample.h"
#include "stall/stall.h"
#include "stream/stream.h"
#include "system/guard.h"
#include "system/stop.h"
#include "views/check_line.h"
#include "views/output.h"

/* Tables that change while they are read are read again. */
#define MAX_TRIES 3

struct plan {
	const struct options *options;
	struct check_limits limits;
	bool rules[NR_STATIC_RULES];
	struct field_where where;
};

/* Rules that every device on today's kernels violates are off by default. */
#define DEFAULT_RULES "shared,parameter"

/* --- sampling, in a separate process --------------------------------------- */

/*
 * Whether a pool has activity shows only in a second sample, which takes time.
 * So it is taken only if a task waits.
 */
static int look_again(struct stream *stream, const struct options *options)
{
	int got = 1;

	if (sample_anybody_waits(stream_sample(stream))) {
		stop_sleep_until(stop_clock() + options->threshold_ns +
				 50 * MS);
		got = stream_next(stream);
	}
	for (int i = 1; got > 0 && i < MAX_TRIES &&
			stream_sample(stream)->losses.raced_reads;
	     i++)
		got = stream_next(stream);
	return got < 0 ? got : 0;
}

static int read_sample(const struct options *options, struct stream **ret)
{
	struct stream_params params =
		stream_params_of(options, COLLECT_WATCH, true);
	int err;

	params.collect.single = true;
	err = stream_open(&params, ret);
	if (!err)
		err = stream_last(*ret);
	if (!err && !options->replay)
		err = look_again(*ret, options);
	return err;
}

static size_t count_risks(const struct plan *plan,
			  const struct static_hits *risks)
{
	size_t nr = 0;

	for (size_t i = 0; i < risks->nr; i++)
		nr += plan->rules[risks->all[i].rule];
	return nr;
}

/* The devices of @snap that meet the conditions. */
static void choose(const struct plan *plan, const struct snapshot *snap,
		   struct part *ret)
{
	struct snap_selection sel;

	snapshot_select(snap, &(struct snap_filter){ 0 }, &sel);
	field_where_select(&plan->where, &sel);
	part_make(snap, &sel, ret);
	snap_selection_release(&sel);
}

/* Adds the status as a digit, and the lines. */
static void judge_sample(const struct plan *plan, const struct sample *sample,
			 struct strbuf *text)
{
	struct check_result result;
	struct static_hits risks;
	struct findings found;
	struct snapshot snap;
	struct part part = { 0 };
	struct check_view view = { .result = &result,
				   .limits = &plan->limits,
				   .snap = &snap,
				   .found = &found,
				   .risks = &risks,
				   .rules = plan->rules };

	snapshot_build(sample, &snap);
	stall_find(sample, plan->options->threshold_ns, &found);
	static_rules_find(sample, &risks);
	found.limited |= risks.limited;
	if (plan->where.nr) {
		choose(plan, &snap, &part);
		part_choose_findings(&part, &found);
		part_choose_hits(&part, &risks);
		view.snap = &part.snap;
	}
	check_judge(view.snap, &found, count_risks(plan, &risks), &plan->limits,
		    &result);
	strbuf_addf(text, "%d", (int)result.status);
	check_lines(text, &view);
	static_hits_release(&risks);
	findings_release(&found);
	if (plan->where.nr)
		part_release(&part);
	snapshot_release(&snap);
}

/* Adds nothing, if it cannot be determined. */
static void judge(void *arg, struct strbuf *text)
{
	const struct plan *plan = arg;
	struct stream *stream = NULL;

	/* the parent process prints the last line */
	check_unguard();
	if (read_sample(plan->options, &stream) == 0)
		judge_sample(plan, stream_sample(stream), text);
	stream_close(stream);
}

/* --- the rest -------------------------------------------------------------- */

static int plan_make(const struct options *options, struct plan *ret,
		     struct strbuf *problem)
{
	int err;

	*ret = (struct plan){ .options = options,
			      .limits = check_limits_default() };
	ret->limits.min_devices = options->min_devices;
	err = check_rules_take(ret->rules,
			       options->rules ? options->rules : DEFAULT_RULES,
			       problem);
	for (size_t i = 0; !err && i < options->warnings.nr; i++)
		err = check_limits_take(ret->limits.warning,
					options->warnings.words[i], problem);
	for (size_t i = 0; !err && i < options->criticals.nr; i++)
		err = check_limits_take(ret->limits.critical,
					options->criticals.words[i], problem);
	if (!err)
		err = field_where_add_all(&ret->where, &device_fields,
					  &options->wheres, problem);
	if (!err && options->timeout_ns <= options->threshold_ns) {
		strbuf_addstr(problem,
			      "--timeout has to be more than --threshold");
		err = -EINVAL;
	}
	return err;
}

/* The first of @messages without our name, otherwise the text of @err. */
static void add_why(struct strbuf *sb, const char *messages, int err)
{
	static const char name[] = "verity-memtop: ";

	if (err == -ETIMEDOUT) {
		strbuf_addstr(sb, "no answer before the timeout");
		return;
	}
	if (strncmp(messages, name, strlen(name)) == 0)
		messages += strlen(name);
	if (*messages)
		strbuf_add(sb, messages, strcspn(messages, "\n"));
	else
		strbuf_addstr(sb, err ? strerror(-err) : "the check failed");
}

static void end_without_memory(void)
{
	check_end(CHECK_END_MEMORY);
}

static void end_by_signal(int signal)
{
	(void)signal;
	check_end(CHECK_END_SIGNAL);
}

/* Signals that end a process by default and that others or limits can send. */
static const int ending_signals[] = { SIGHUP,  SIGINT,	 SIGQUIT, SIGTERM,
				      SIGALRM, SIGUSR1,	 SIGUSR2, SIGXCPU,
				      SIGPROF, SIGVTALRM };

static void set_signals(void (*handler)(int))
{
	const struct sigaction action = { .sa_handler = handler };
	struct sigaction old;

	for (size_t i = 0; i < ARRAY_SIZE(ending_signals); i++) {
		/* ignored signals stay ignored */
		if (sigaction(ending_signals[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(ending_signals[i], &action, NULL);
	}
}

void check_guard(void)
{
	alloc_on_failure(end_without_memory);
	set_signals(end_by_signal);
	/* then a file size limit is an error of write(2) */
	signal(SIGXFSZ, SIG_IGN);
}

void check_unguard(void)
{
	alloc_on_failure(NULL);
	set_signals(SIG_DFL);
}

/* Adds @lines with the status, which the first line begins with, in @colour. */
static void add_coloured(struct strbuf *sb, const char *lines,
			 enum colour colour)
{
	const size_t len = strcspn(lines, ":\n");

	strbuf_addstr(sb, colour_start(true, colour));
	strbuf_add(sb, lines, len);
	strbuf_addstr(sb, colour_stop(true, colour));
	strbuf_addstr(sb, lines + len);
}

static int write_lines(const struct strbuf *lines,
		       const struct options *options, int status)
{
	static const enum colour colours[] = {
		[CHECK_OK] = COLOUR_GOOD,
		[CHECK_WARNING] = COLOUR_WARN,
		[CHECK_CRITICAL] = COLOUR_BAD,
		[CHECK_UNKNOWN] = COLOUR_WARN,
	};
	struct strbuf coloured = { 0 };
	int err;

	if (output_colour(options->colour))
		add_coloured(&coloured, strbuf_text(lines), colours[status]);
	err = output_prose(coloured.len ? &coloured : lines, options->wide);
	strbuf_release(&coloured);
	return err ? (int)CHECK_UNKNOWN : status;
}

int check_refuse(const char *problem)
{
	struct strbuf lines = { 0 };

	check_unknown_lines(&lines, problem, "");
	/* the status is the same if it cannot be written */
	output_prose(&lines, false);
	strbuf_release(&lines);
	return CHECK_UNKNOWN;
}

/* Adds to @lines the @messages that belong there, and passes on the rest. */
static void sort_messages(const struct strbuf *messages, bool answered,
			  struct strbuf *lines)
{
	const char *next = strbuf_text(messages);

	while (*next) {
		size_t len = strcspn(next, "\n");

		if (answered || msg_is_debug(next)) {
			msg_forward(next, len);
		} else {
			strbuf_add(lines, next, len);
			strbuf_addstr(lines, "\n");
		}
		next += len + !!next[len];
	}
}

static int run(struct plan *plan)
{
	struct strbuf text = { 0 }, messages = { 0 }, why = { 0 };
	struct strbuf lines = { 0 }, said = { 0 };
	int status = CHECK_UNKNOWN;
	int err = guard_run(judge, plan, plan->options->timeout_ns, &text,
			    &messages);
	bool answered = !err && text.len;

	sort_messages(&messages, answered, &said);
	if (answered) {
		status = *text.text - '0';
		strbuf_addstr(&lines, text.text + 1);
	} else {
		add_why(&why, strbuf_text(&said), err);
		check_unknown_lines(&lines, strbuf_text(&why),
				    strbuf_text(&said));
	}
	status = write_lines(&lines, plan->options, status);
	strbuf_release(&said);
	strbuf_release(&lines);
	strbuf_release(&why);
	strbuf_release(&text);
	strbuf_release(&messages);
	return status;
}

int check_run(const struct options *options)
{
	struct strbuf problem = { 0 };
	struct plan plan;
	int status;

	if (plan_make(options, &plan, &problem))
		status = check_refuse(strbuf_text(&problem));
	else
		status = run(&plan);
	field_where_release(&plan.where);
	strbuf_release(&problem);
	return status;
}
