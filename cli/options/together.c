// SPDX-License-Identifier: GPL-2.0-only
#include "options/together.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/strbuf.h"
#include "base/times.h"

#define TOP (1U << COMMAND_TOP)
#define RECORD (1U << COMMAND_RECORD)

static bool has(const struct option_set *given, enum option option)
{
	return given->has[option];
}

int options_check_allowed(const struct options *options,
			  const struct option_set *given,
			  struct strbuf *problem)
{
	for (size_t i = 0; i < NR_OPTIONS; i++) {
		if (!has(given, i) ||
		    option_infos[i].commands & 1U << options->command)
			continue;
		strbuf_addf(problem, "--%s is not for %s", option_infos[i].name,
			    command_infos[options->command].name);
		return -EINVAL;
	}
	return 0;
}

/* Options that exclude each other. */
#define FIXED ", whose shape is fixed"

static const struct {
	enum option one;
	enum option other;
	const char *why; /* after the second's name */
	unsigned int but; /* commands that accept both */
} pairs[] = {
	{ OPTION_COLUMNS, OPTION_JSON, FIXED, 0 },
	{ OPTION_NOHEADINGS, OPTION_JSON, FIXED, 0 },
	{ OPTION_NO_TOTALS, OPTION_JSON, FIXED, 0 },
	{ OPTION_JSON, OPTION_CSV, "", 0 },
	{ OPTION_LKML, OPTION_JSON, "", 0 },
	{ OPTION_HTML, OPTION_JSON, "", 0 },
	{ OPTION_HTML, OPTION_CSV, "", 0 },
	{ OPTION_HTML, OPTION_LKML, "", 0 },
	{ OPTION_HTML, OPTION_WIDE, "", 0 },
	{ OPTION_HTML, OPTION_COLOUR, "", 0 },
	{ OPTION_HTML, OPTION_GRAPH, "", 0 },
	{ OPTION_HTML, OPTION_TREE, "", 0 },
	{ OPTION_HTML, OPTION_GROUP_BY, "", 0 },
	{ OPTION_HTML, OPTION_NOHEADINGS, "", 0 },
	{ OPTION_HTML, OPTION_LIST_COLUMNS, "", 0 },
	{ OPTION_LKML, OPTION_CSV, "", 0 },
	{ OPTION_LKML, OPTION_WIDE, "", 0 },
	{ OPTION_LKML, OPTION_COLOUR, "", 0 },
	{ OPTION_LKML, OPTION_GRAPH, "", 0 },
	{ OPTION_LKML, OPTION_LIST_COLUMNS, "", 0 },
	{ OPTION_SCRIPT, OPTION_JSON, "", 0 },
	{ OPTION_SUBTOTAL, OPTION_CSV, "", 0 },
	{ OPTION_GROUP_BY, OPTION_CSV, "", 0 },
	{ OPTION_GROUP_BY, OPTION_POOLS, "", 0 },
	{ OPTION_GROUP_BY, OPTION_TREE, "", 0 },
	{ OPTION_GROUP_BY, OPTION_SORT, "", 0 },
	{ OPTION_GRAPH, OPTION_JSON, "", 0 },
	{ OPTION_GRAPH, OPTION_CSV, "", 0 },
	{ OPTION_GRAPH, OPTION_POOLS, "", 0 },
	{ OPTION_GRAPH, OPTION_TREE, "", 0 },
	{ OPTION_GRAPH, OPTION_GROUP_BY, "", 0 },
	{ OPTION_GRAPH, OPTION_COLUMNS, "", 0 },
	{ OPTION_GRAPH, OPTION_LIST_COLUMNS, "", 0 },
	{ OPTION_GRAPH, OPTION_SORT, "", 0 },
	{ OPTION_GRAPH, OPTION_SUBTOTAL, "", 0 },
	{ OPTION_GRAPH, OPTION_VERIFY, "", 0 },
	{ OPTION_POOLS, OPTION_TREE, "", 0 },
	{ OPTION_AT, OPTION_SAMPLE, "", 0 },
	{ OPTION_AGO, OPTION_SAMPLE, "", 0 },
	{ OPTION_AGO, OPTION_AT, "", 0 },
	{ OPTION_JSON, OPTION_FORMAT, "", 0 },
	{ OPTION_RING, OPTION_FORMAT, "", 0 },
	{ OPTION_KEEP, OPTION_FORMAT, "", 0 },
	{ OPTION_WATCH, OPTION_REPLAY, "", 0 },
	{ OPTION_JSON, OPTION_TREE, "", 0 },
	{ OPTION_CSV, OPTION_TREE, "", 0 },
	{ OPTION_TEXTFILE, OPTION_LISTEN, "", 0 },
	{ OPTION_TEXTFILE, OPTION_TELEMETRY_PATH, "", 0 },
	{ OPTION_PRESSURE_COMMAND, OPTION_PRESSURE, "", 0 },
	/* a recording has one source and its own times */
	{ OPTION_SOURCE, OPTION_REPLAY, "", 0 },
	{ OPTION_ON_FILE, OPTION_REPLAY, ", which has files of another time",
	  0 },
	{ OPTION_VERIFY, OPTION_REPLAY, "", 0 },
	{ OPTION_INTERVAL, OPTION_REPLAY, "", 0 },
	{ OPTION_FOR, OPTION_REPLAY, "", 0 },
	{ OPTION_COUNT, OPTION_REPLAY, "", TOP | RECORD },
	{ OPTION_DELAY, OPTION_REPLAY, "", TOP },
	{ OPTION_SOURCE, OPTION_VERIFY, ", which reads both sources", 0 },
};

static int check_pairs(const struct options *o, const struct option_set *given,
		       struct strbuf *problem)
{
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (!has(given, pairs[i].one) || !has(given, pairs[i].other) ||
		    pairs[i].but & 1U << o->command)
			continue;
		strbuf_addf(problem, "--%s does not go with --%s%s",
			    option_infos[pairs[i].one].name,
			    option_infos[pairs[i].other].name, pairs[i].why);
		return -EINVAL;
	}
	return 0;
}

/* Options for recordings, and options that a list of samples accepts. */
static int check_samples(const struct options *o,
			 const struct option_set *given, struct strbuf *problem)
{
	static const enum option of_recordings[] = { OPTION_SAMPLE, OPTION_AT,
						     OPTION_AGO,
						     OPTION_LIST_SAMPLES };
	static const struct option_set with_list = {
		.has = { [OPTION_LIST_SAMPLES] = true,
			 [OPTION_REPLAY] = true,
			 [OPTION_NOHEADINGS] = true,
			 [OPTION_JSON] = true,
			 [OPTION_WIDE] = true,
			 [OPTION_DEBUG] = true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(of_recordings); i++) {
		if (!has(given, of_recordings[i]) || has(given, OPTION_REPLAY))
			continue;
		strbuf_addf(problem, "--%s goes with --replay only",
			    option_infos[of_recordings[i]].name);
		return -EINVAL;
	}
	for (size_t i = 0; i < NR_OPTIONS && o->list_samples; i++) {
		if (!has(given, i) || with_list.has[i])
			continue;
		strbuf_addf(problem, "--%s does not go with --list-samples",
			    option_infos[i].name);
		return -EINVAL;
	}
	if (!o->list_samples || !o->arguments.nr)
		return 0;
	strbuf_addstr(problem, "--list-samples takes no devices");
	return -EINVAL;
}

/* The path is compared with requests. */
static int check_telemetry_path(const struct options *o, struct strbuf *problem)
{
	const char *path = o->telemetry_path;

	if (path[0] == '/' && path[1] && !strpbrk(path, "?#% "))
		return 0;
	strbuf_addf(problem, "--web.telemetry-path: '%s' is not a path below /",
		    path);
	return -EINVAL;
}

/* --on: each device that it names has one stack. */
static int check_on(const struct options *o, const struct option_set *given,
		    struct strbuf *problem)
{
	const char *at = o->on;
	uint64_t nr = 0;

	if (strcmp(at, "loop") == 0 || strcmp(at, "ram") == 0)
		return 0;
	for (;; at++) {
		if (*at != '/') {
			strbuf_addf(problem,
				    "--on: '%s' is neither loop nor ram, nor "
				    "paths of devices",
				    o->on);
			return -EINVAL;
		}
		nr++;
		at += strcspn(at, ",");
		if (!*at)
			break;
	}
	if (!has(given, OPTION_DEVICES) || o->devices == nr)
		return 0;
	strbuf_addstr(problem, "--devices: each device of --on has one stack");
	return -EINVAL;
}

static int check_bench(const struct options *o, const struct option_set *given,
		       struct strbuf *problem)
{
	if (o->load == BENCH_WRITE && !o->snapshot)
		strbuf_addstr(
			problem,
			"--load write needs --snapshot: verity is read-only");
	else if (o->blocks == BENCH_REPAIR && !o->fec)
		strbuf_addstr(problem, "--blocks repair needs --fec");
	else if (o->blocks == BENCH_RECHECK && o->fec)
		strbuf_addstr(problem,
			      "--blocks recheck does not go with --fec, which "
			      "would try to repair them; see --blocks repair");
	else
		return check_on(o, given, problem);
	return -EINVAL;
}

/* Recordings and the events of a watch have different formats. */
static int check_format(const struct options *o, const struct option_set *given,
			struct strbuf *problem)
{
	const bool watch = o->command == COMMAND_WATCH;

	if (!has(given, OPTION_FORMAT) || o->format == FORMAT_JSON ||
	    watch == (o->format == FORMAT_TEXT || o->format == FORMAT_PERFETTO))
		return 0;
	if (watch)
		strbuf_addstr(problem,
			      "--format: watch has text, json and perfetto");
	else
		strbuf_addstr(problem, "--format: record has compact and json");
	return -EINVAL;
}

/* A view that changes more than ten times a second is not readable. */
static int check_top(const struct options *o, struct strbuf *problem)
{
	if (o->command != COMMAND_TOP || o->batch || o->delay_ns >= 100 * MS)
		return 0;
	strbuf_addstr(problem, "--delay: top takes 0.1 seconds at least");
	return -EINVAL;
}

static int check_arguments(const struct options *o, struct strbuf *problem)
{
	const struct command_info *command = &command_infos[o->command];

	if (o->arguments.nr < command->min_arguments) {
		strbuf_addf(problem, "%s needs %s", command->name,
			    command->arguments);
		return -EINVAL;
	}
	if (o->arguments.nr <= command->max_arguments)
		return 0;
	strbuf_addf(problem, "'%s' is one argument too many for %s",
		    o->arguments.words[command->max_arguments], command->name);
	return -EINVAL;
}

int options_check(const struct options *options, const struct option_set *given,
		  struct strbuf *problem)
{
	int err = check_pairs(options, given, problem);

	if (!err)
		err = check_samples(options, given, problem);
	if (!err)
		err = check_telemetry_path(options, problem);
	if (!err)
		err = check_bench(options, given, problem);
	if (!err)
		err = check_format(options, given, problem);
	if (!err)
		err = check_top(options, problem);
	return err ? err : check_arguments(options, problem);
}
