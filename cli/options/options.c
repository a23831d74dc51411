// SPDX-License-Identifier: GPL-2.0-only
#include "options/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/times.h"
#include "model/reload.h"

#define REPORT (1U << COMMAND_REPORT)
#define TOP (1U << COMMAND_TOP)
#define RECORD (1U << COMMAND_RECORD)
#define WATCH (1U << COMMAND_WATCH)
#define CHECK (1U << COMMAND_CHECK)
#define ADVISE (1U << COMMAND_ADVISE)
#define BENCH (1U << COMMAND_BENCH)
#define DOCTOR (1U << COMMAND_DOCTOR)
#define EXPORT (1U << COMMAND_EXPORT)
/* A year, so that no sum of delays can overflow. */
#define MAX_DELAY (366 * 86400 * SECOND)
/*
 * Of the alarms that nobody watches as they come: twice the time after which a
 * task that waits looks for memory again. Normal waits are shorter.
 */
#define ALARM_THRESHOLD (10 * SECOND)
/* That a check has beyond its threshold. */
#define CHECK_TIME (15 * SECOND)
/* More looks than that would be a load of their own. */
#define MIN_INTERVAL (SECOND / 1000)

const struct command_info command_infos[NR_COMMANDS] = {
	[COMMAND_REPORT] = { "report", "[DEVICE...]",
			     "print the reserves of each device" },
	[COMMAND_TOP] = { "top", "[DEVICE...]",
			  "live view, with rates and stalled tasks" },
	[COMMAND_RECORD] = { "record", "FILE",
			     "write samples to a file, for --replay" },
	[COMMAND_WATCH] = { "watch", "",
			    "report stalls and deadlocks as they are detected" },
	[COMMAND_CHECK] = { "check", "", "check once, as a monitoring plugin" },
	[COMMAND_ADVISE] = { "advise", "",
			     "recommend a size for the reserves, with reasons" },
	[COMMAND_BENCH] = { "bench", "",
			    "compare sizes of reserves, on devices that it makes" },
	[COMMAND_DOCTOR] = { "doctor", "",
			     "report what this kernel and the privileges allow" },
	[COMMAND_EXPORT] = { "export", "",
			     "serve metrics to Prometheus, or write them to a file" },
	[COMMAND_HELP] = { "help", "[COMMAND]",
			   "print a summary of the tool or of a command" },
	[COMMAND_VERSION] = { "version", "", "print the version" },
};

/* Their places in option_infos. */
enum option {
	OPTION_BATCH,
	OPTION_POOLS,
	OPTION_TREE,
	OPTION_COLUMNS,
	OPTION_LIST_COLUMNS,
	OPTION_SORT,
	OPTION_BYTES,
	OPTION_NOHEADINGS,
	OPTION_NO_TOTALS,
	OPTION_WIDE,
	OPTION_JSON,
	OPTION_CSV,
	OPTION_NAME,
	OPTION_TARGET,
	OPTION_SUBTOTAL,
	OPTION_REPLAY,
	OPTION_SAMPLE,
	OPTION_SOURCE,
	OPTION_VERIFY,
	OPTION_FILTER,
	OPTION_ASCII,
	OPTION_COUNT,
	OPTION_DELAY,
	OPTION_WATCH,
	OPTION_THRESHOLD,
	OPTION_INTERVAL,
	OPTION_FOR,
	OPTION_MIN_VERDICT,
	OPTION_EXEC,
	OPTION_SYSLOG,
	OPTION_JOURNAL,
	OPTION_DROP_RIGHTS,
	OPTION_WARNING,
	OPTION_CRITICAL,
	OPTION_RULES,
	OPTION_TIMEOUT,
	OPTION_LISTEN,
	OPTION_TELEMETRY_PATH,
	OPTION_TEXTFILE,
	OPTION_IOS,
	OPTION_DEVICES,
	OPTION_DEPTH,
	OPTION_SNAPSHOT,
	OPTION_FEC,
	OPTION_BLOCK_SIZE,
	OPTION_SIZE,
	OPTION_DIRECTORY,
	OPTION_ON,
	OPTION_OVERWRITE,
	OPTION_LOAD,
	OPTION_BLOCKS,
	OPTION_JOBS,
	OPTION_RUNTIME,
	OPTION_REPEATS,
	OPTION_PRESSURE,
	OPTION_PRESSURE_COMMAND,
	OPTION_FORCE,
	OPTION_PLOT,
	OPTION_DEBUG,
	OPTION_HELP,
	OPTION_VERSION,
};

const struct option_info option_infos[] = {
	[OPTION_BATCH] = { 'b', "batch", NULL, TOP,
			   "print the samples, and read no keys" },
	[OPTION_POOLS] = { '\0', "pools", NULL, REPORT,
			   "print one row for each pool" },
	[OPTION_TREE] = { '\0', "tree", NULL, REPORT | TOP,
			  "show the devices below each device" },
	[OPTION_COLUMNS] = { 'o', "columns", "LIST", REPORT | TOP,
			     "columns to show; +LIST adds to the default ones" },
	[OPTION_LIST_COLUMNS] = { '\0', "list-columns", NULL, REPORT | TOP,
				  "list the columns and exit" },
	[OPTION_SORT] = { 's', "sort", "COLUMN", REPORT | TOP,
			  "sort by COLUMN, COLUMN:asc or COLUMN:desc" },
	[OPTION_BYTES] = { 'b', "bytes", NULL, REPORT,
			   "print sizes in bytes and times in ns, without units" },
	[OPTION_NOHEADINGS] = { 'n', "noheadings", NULL, REPORT,
				"do not print the headings" },
	[OPTION_NO_TOTALS] = { '\0', "no-totals", NULL, REPORT,
			       "do not print the totals" },
	[OPTION_WIDE] = { 'W', "wide", NULL,
			  REPORT | TOP | WATCH | CHECK | ADVISE | BENCH |
				  DOCTOR,
			  "do not fit the output to the terminal" },
	[OPTION_JSON] = { 'J', "json", NULL,
			  REPORT | WATCH | ADVISE | BENCH | DOCTOR,
			  "print JSON" },
	[OPTION_CSV] = { '\0', "csv", NULL, REPORT | BENCH,
			 "print comma-separated values, without totals" },
	[OPTION_NAME] = { '\0', "name", "GLOB", REPORT | TOP | EXPORT,
			  "only devices whose name matches; repeatable" },
	[OPTION_TARGET] = { '\0', "target", "TYPE", REPORT | TOP | EXPORT,
			    "only tables with a target of this type; repeatable" },
	[OPTION_SUBTOTAL] = { '\0', "subtotal", "GLOB", REPORT,
			      "add a sum of the devices whose name matches" },
	[OPTION_REPLAY] = { '\0', "replay", "FILE",
			    REPORT | TOP | WATCH | CHECK | ADVISE,
			    "read a recording; '-' is stdin" },
	[OPTION_SAMPLE] = { '\0', "sample", "NUMBER", REPORT | CHECK | ADVISE,
			    "sample of the recording (default: the last)" },
	[OPTION_SOURCE] = { '\0', "source", "NAME",
			    REPORT | TOP | RECORD | WATCH | CHECK | EXPORT |
				    ADVISE | BENCH,
			    "best, tracepoints or stock (default: best)" },
	[OPTION_VERIFY] = { '\0', "verify", NULL, REPORT,
			    "compare both sources" },
	[OPTION_FILTER] = { '\0', "filter", "TEXT", TOP,
			    "only names that contain TEXT or match a pattern" },
	[OPTION_ASCII] = { '\0', "ascii", NULL, TOP,
			   "draw with ASCII characters only" },
	[OPTION_COUNT] = { 'n', "count", "NUMBER",
			   TOP | RECORD | WATCH | ADVISE,
			   "number of samples or events; 0: no end" },
	[OPTION_DELAY] = { 'd', "delay", "SECONDS", TOP | RECORD | ADVISE,
			   "time between samples (default: 1)" },
	[OPTION_WATCH] = { '\0', "watch", NULL, RECORD,
			   "also record what watch and check need" },
	[OPTION_THRESHOLD] = { '\0', "threshold", "SECONDS",
			       WATCH | CHECK | EXPORT,
			       "ignore shorter waits (default: 1; check, export: 10)" },
	[OPTION_INTERVAL] = { 'i', "interval", "SECONDS", WATCH,
			      "time between samples (default: 0.1)" },
	[OPTION_FOR] = { '\0', "for", "SECONDS", WATCH, "end after this time" },
	[OPTION_MIN_VERDICT] = { '\0', "min-verdict", "KIND", WATCH,
				 "least severe kind to report (default: wait)" },
	[OPTION_EXEC] = { '\0', "exec", "COMMAND", WATCH,
			  "run it on a stall or worse, and when it clears" },
	[OPTION_SYSLOG] = { '\0', "syslog", NULL, WATCH,
			    "also write events to the system log" },
	[OPTION_JOURNAL] = { '\0', "journal", NULL, WATCH,
			     "also write events to the systemd journal" },
	[OPTION_DROP_RIGHTS] = { '\0', "drop-rights", NULL, WATCH,
				 "drop privileges once started (not for --exec)" },
	[OPTION_WARNING] = { 'w', "warning", "RANGE", CHECK,
			     "limit of wait_age, or FIGURE=RANGE (default: 10)" },
	[OPTION_CRITICAL] = { 'c', "critical", "RANGE", CHECK,
			      "the same for the status CRITICAL" },
	[OPTION_RULES] = { '\0', "rules", "LIST", CHECK,
			   "static rules that warn (default: shared,parameter)" },
	[OPTION_TIMEOUT] = { 't', "timeout", "SECONDS", CHECK,
			     "end as UNKNOWN (default: the threshold + 15)" },
	[OPTION_LISTEN] = { '\0', "web.listen-address", "ADDRESS", EXPORT,
			    "listen here (default: 127.0.0.1:10953)" },
	[OPTION_TELEMETRY_PATH] = { '\0', "web.telemetry-path", "PATH", EXPORT,
				    "path (default: /metrics)" },
	[OPTION_TEXTFILE] = { '\0', "textfile", "FILE", EXPORT,
			      "write the metrics once to this file" },
	[OPTION_IOS] = { '\0', "ios", "LIST", ADVISE | BENCH,
			 "values from 1 to 1024, for example 1,16" },
	[OPTION_DEVICES] = { '\0', "devices", "NUMBER", BENCH,
			     "number of stacks of devices (default: 4)" },
	[OPTION_DEPTH] = { '\0', "depth", "NUMBER", BENCH,
			   "verity devices in each stack (default: 1)" },
	[OPTION_SNAPSHOT] = { '\0', "snapshot", NULL, BENCH,
			      "put a snapshot on top of each stack" },
	[OPTION_FEC] = { '\0', "fec", NULL, BENCH,
			 "use forward error correction" },
	[OPTION_BLOCK_SIZE] = { '\0', "block-size", "BYTES", BENCH,
				"size of blocks and reads (default: 4096)" },
	[OPTION_SIZE] = { '\0', "size", "MIB", BENCH,
			  "size of the data in MiB (default: 16)" },
	[OPTION_DIRECTORY] = { '\0', "directory", "DIR", BENCH,
			       "directory for files (default: /dev/shm)" },
	[OPTION_ON] = { '\0', "on", "LIST", BENCH,
			"loop, ram, or devices to overwrite (default: loop)" },
	[OPTION_OVERWRITE] = { '\0', "overwrite", NULL, BENCH,
			       "allow --on to overwrite devices that are not empty" },
	[OPTION_LOAD] = { '\0', "load", "NAME", BENCH,
			  "random, sequential or write (default: random)" },
	[OPTION_BLOCKS] = { '\0', "blocks", "NAME", BENCH,
			    "clean, recheck or repair (default: clean)" },
	[OPTION_JOBS] = { '\0', "jobs", "NUMBER", BENCH,
			  "processes that read or write (default: 8)" },
	[OPTION_RUNTIME] = { '\0', "runtime", "SECONDS", BENCH,
			     "length of each run (default: 2)" },
	[OPTION_REPEATS] = { '\0', "repeats", "NUMBER", BENCH,
			     "runs of each value (default: 5)" },
	[OPTION_PRESSURE] = { '\0', "pressure", "NAME", BENCH,
			      "none or shortage (default: none)" },
	[OPTION_PRESSURE_COMMAND] = { '\0', "pressure-command", "WORDS", BENCH,
				      "shell command to run during the load" },
	[OPTION_FORCE] = { '\0', "force", NULL, BENCH,
			   "allow shortage outside of a virtual machine" },
	[OPTION_PLOT] = { '\0', "plot", "FILE", BENCH,
			  "also draw a plot, as SVG" },
	[OPTION_DEBUG] = { '\0', "debug", NULL, OPTION_ALL_COMMANDS,
			   "log steps to stderr; twice: also those of libraries" },
	[OPTION_HELP] = { 'h', "help", NULL, OPTION_ALL_COMMANDS,
			  "print this summary and exit" },
	[OPTION_VERSION] = { 'V', "version", NULL, OPTION_ALL_COMMANDS,
			     "print the version and exit" },
};
const size_t nr_option_infos = ARRAY_SIZE(option_infos);

/* struct parser has a bit for each. */
_Static_assert(ARRAY_SIZE(option_infos) <= 64, "options fit a mask");

/* A walk over argv. */
struct parser {
	char **next; /* *next is NULL at the end */
	struct options *options;
	uint64_t given; /* bit 1 << enum option */
	struct strbuf *problem;
};

static bool given(const struct parser *p, enum option option)
{
	return p->given >> option & 1;
}

static void word_list_add(struct word_list *list, const char *word)
{
	list->words = xgrow(list->words, list->nr, sizeof(*list->words));
	list->words[list->nr++] = word;
}

/* What @value is not: @err as text_to_u64() gives it. */
static int bad_number(struct parser *p, enum option option, const char *value,
		      int err)
{
	strbuf_addf(p->problem, "--%s: '%s' is %s", option_infos[option].name,
		    value, err == -ERANGE ? "out of range" : "not a number");
	return -EINVAL;
}

static int take_source(struct parser *p, const char *value)
{
	static const char *const names[] = {
		[SOURCE_BEST] = "best",
		[SOURCE_TRACEPOINTS] = "tracepoints",
		[SOURCE_STOCK] = "stock",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(names[i], value) == 0) {
			p->options->source = i;
			return 0;
		}
	}
	strbuf_addf(p->problem,
		    "--source: '%s' is not one of best, tracepoints and stock",
		    value);
	return -EINVAL;
}

static int take_least(struct parser *p, const char *value)
{
	size_t i;

	for (i = 0; i < NR_FINDING_KINDS; i++) {
		if (strcmp(finding_kind_names[i], value) == 0) {
			p->options->least = i;
			return 0;
		}
	}
	strbuf_addf(p->problem, "--min-verdict: '%s' is not one of", value);
	for (i = 0; i < NR_FINDING_KINDS; i++)
		strbuf_addf(p->problem, " %s", finding_kind_names[i]);
	return -EINVAL;
}

/* Notes @option, whose value is a number. */
static int take_number(struct parser *p, enum option option, const char *value)
{
	struct options *o = p->options;
	int err;

	if (option == OPTION_SAMPLE)
		err = text_to_u64(value, 1, UINT64_MAX - 1, &o->sample);
	else
		err = text_to_u64(value, 0, UINT64_MAX - 1, &o->count);
	return err ? bad_number(p, option, value, err) : 0;
}

/* Notes @option, whose value is a time of at least @min ns. */
static int take_time(struct parser *p, enum option option, const char *value,
		     uint64_t min, uint64_t *ret)
{
	int err = text_to_ns(value, MAX_DELAY, ret);

	if (!err && *ret < min)
		err = -ERANGE;
	return err ? bad_number(p, option, value, err) : 0;
}

/* Adds @word to the values of the kernel's parameter. */
static int add_one_ios(struct parser *p, const char *word)
{
	struct options *o = p->options;
	uint64_t ios;
	int err = text_to_u64(word, 0, UINT64_MAX, &ios);

	if (!err && ios >= 1 && ios <= RELOAD_MOST) {
		o->ios = xgrow(o->ios, o->nr_ios, sizeof(*o->ios));
		o->ios[o->nr_ios++] = ios;
		return 0;
	}
	if (err)
		return bad_number(p, OPTION_IOS, word, err);
	if (!ios)
		strbuf_addf(
			p->problem,
			"--ios: invalid value 0: the kernel would use its default, %d",
			RELOAD_DEFAULT);
	else
		strbuf_addf(p->problem, "--ios: the maximum is %d, not %s",
			    RELOAD_MOST, word);
	return -EINVAL;
}

/* Numbers with commas between them. */
static int add_ios(struct parser *p, const char *list)
{
	struct strbuf word = { 0 };
	size_t len;
	int err;

	do {
		len = strcspn(list, ",");
		strbuf_reset(&word);
		strbuf_add(&word, list, len);
		err = add_one_ios(p, strbuf_text(&word));
		list += len;
	} while (!err && *list++);
	strbuf_release(&word);
	return err;
}

/* @value is one of two words: *@ret is whether it is the second. */
static int take_word(struct parser *p, enum option option, const char *value,
		     const char *first, const char *second, bool *ret)
{
	*ret = strcmp(value, second) == 0;
	if (*ret || strcmp(value, first) == 0)
		return 0;
	strbuf_addf(p->problem, "--%s: '%s' is neither %s nor %s",
		    option_infos[option].name, value, first, second);
	return -EINVAL;
}

/* @value is one of @nr @names; *@ret is its place among them. */
static int take_choice(struct parser *p, enum option option, const char *value,
		       const char *const *names, size_t nr, unsigned int *ret)
{
	struct text_nearest near = { .word = value };

	for (size_t i = 0; i < nr; i++) {
		if (strcmp(value, names[i]) == 0) {
			*ret = (unsigned int)i;
			return 0;
		}
		text_nearest_offer(&near, names[i]);
	}
	strbuf_addf(p->problem, "--%s: '%s' is not one of",
		    option_infos[option].name, value);
	for (size_t i = 0; i < nr; i++)
		strbuf_addf(p->problem, "%s %s", i ? "," : "", names[i]);
	if (near.best)
		strbuf_addf(p->problem, "; did you mean %s?", near.best);
	return -EINVAL;
}

/* A power of two that both verity and the kernel's page size allow. */
static int take_block_size(struct parser *p, const char *value)
{
	uint64_t n;
	int err = text_to_u64(value, 512, 4096, &n);

	if (!err && n & (n - 1))
		err = -ERANGE;
	if (err)
		return bad_number(p, OPTION_BLOCK_SIZE, value, err);
	p->options->block_size = n;
	return 0;
}

/* Options of bench that are a number. */
static int take_bench_number(struct parser *p, enum option option,
			     const char *value)
{
	struct options *o = p->options;
	const struct {
		uint64_t most;
		uint64_t *to;
	} numbers[] = {
		[OPTION_DEVICES] = { 4096, &o->devices },
		[OPTION_DEPTH] = { 9, &o->depth },
		[OPTION_SIZE] = { 1 << 20, &o->size },
		[OPTION_JOBS] = { 256, &o->jobs },
		[OPTION_REPEATS] = { 100, &o->repeats },
	};
	int err =
		text_to_u64(value, 1, numbers[option].most, numbers[option].to);

	if (err)
		return bad_number(p, option, value, err);
	if (option == OPTION_SIZE)
		o->size <<= 20;
	return 0;
}

/* Other options of bench. */
static int take_bench(struct parser *p, enum option option, const char *value)
{
	struct options *o = p->options;
	bool shortage;
	int err;

	switch (option) {
	case OPTION_BLOCK_SIZE:
		return take_block_size(p, value);
	case OPTION_DIRECTORY:
		o->directory = value;
		return 0;
	case OPTION_LOAD:
		return take_choice(p, option, value, bench_load_names,
				   NR_BENCH_LOADS, &o->load);
	case OPTION_BLOCKS:
		return take_choice(p, option, value, bench_blocks_names,
				   NR_BENCH_BLOCKS, &o->blocks);
	case OPTION_ON:
		o->on = value;
		return 0;
	case OPTION_PRESSURE:
		err = take_word(p, option, value, "none", "shortage",
				&shortage);
		if (!err)
			o->pressure = shortage ? PRESSURE_SHORTAGE :
						 PRESSURE_NONE;
		return err;
	case OPTION_PRESSURE_COMMAND:
		o->pressure = PRESSURE_COMMAND;
		o->pressure_command = value;
		return 0;
	case OPTION_PLOT:
		o->plot = value;
		return 0;
	case OPTION_RUNTIME:
		err = text_to_ns(value, MAX_DELAY, &o->runtime_ns);
		if (!err && o->runtime_ns < SECOND / 1000)
			err = -ERANGE;
		return err ? bad_number(p, option, value, err) : 0;
	default:
		return take_bench_number(p, option, value);
	}
}

/* What an option without a value sets; NULL for the others. */
static bool *flag_of(struct options *o, enum option option)
{
	switch (option) {
	case OPTION_POOLS:
		return &o->pools;
	case OPTION_TREE:
		return &o->tree;
	case OPTION_LIST_COLUMNS:
		return &o->list_columns;
	case OPTION_BYTES:
		return &o->exact;
	case OPTION_NOHEADINGS:
		return &o->no_headings;
	case OPTION_NO_TOTALS:
		return &o->no_totals;
	case OPTION_WIDE:
		return &o->wide;
	case OPTION_JSON:
		return &o->json;
	case OPTION_CSV:
		return &o->csv;
	case OPTION_VERIFY:
		return &o->verify;
	case OPTION_SYSLOG:
		return &o->syslog;
	case OPTION_JOURNAL:
		return &o->journal;
	case OPTION_DROP_RIGHTS:
		return &o->drop_rights;
	case OPTION_FEC:
		return &o->fec;
	case OPTION_SNAPSHOT:
		return &o->snapshot;
	case OPTION_FORCE:
		return &o->force;
	case OPTION_OVERWRITE:
		return &o->overwrite;
	case OPTION_WATCH:
		return &o->watch;
	case OPTION_BATCH:
		return &o->batch;
	case OPTION_ASCII:
		return &o->ascii;
	default:
		return NULL;
	}
}

/* What an option whose value is a word sets; NULL for the others. */
static const char **word_of(struct options *o, enum option option)
{
	switch (option) {
	case OPTION_COLUMNS:
		return &o->columns;
	case OPTION_SORT:
		return &o->sort;
	case OPTION_REPLAY:
		return &o->replay;
	case OPTION_FILTER:
		return &o->filter;
	case OPTION_EXEC:
		return &o->exec;
	case OPTION_LISTEN:
		return &o->listen;
	case OPTION_TELEMETRY_PATH:
		return &o->telemetry_path;
	case OPTION_TEXTFILE:
		return &o->textfile;
	case OPTION_RULES:
		return &o->rules;
	default:
		return NULL;
	}
}

/* Likewise, of those that can be given several times. */
static struct word_list *list_of(struct options *o, enum option option)
{
	switch (option) {
	case OPTION_NAME:
		return &o->names;
	case OPTION_TARGET:
		return &o->targets;
	case OPTION_SUBTOTAL:
		return &o->subtotals;
	case OPTION_WARNING:
		return &o->warnings;
	case OPTION_CRITICAL:
		return &o->criticals;
	default:
		return NULL;
	}
}

/* Notes @option, whose value is to be looked at. */
static int take_value(struct parser *p, enum option option, const char *value)
{
	struct options *o = p->options;

	switch (option) {
	case OPTION_SOURCE:
		return take_source(p, value);
	case OPTION_IOS:
		return add_ios(p, value);
	case OPTION_SAMPLE:
	case OPTION_COUNT:
		return take_number(p, option, value);
	case OPTION_DELAY:
		return take_time(p, option, value, 0, &o->delay_ns);
	case OPTION_THRESHOLD:
		return take_time(p, option, value, 0, &o->threshold_ns);
	case OPTION_INTERVAL:
		return take_time(p, option, value, MIN_INTERVAL,
				 &o->interval_ns);
	case OPTION_FOR:
		return take_time(p, option, value, 1, &o->for_ns);
	case OPTION_TIMEOUT:
		return take_time(p, option, value, 1, &o->timeout_ns);
	case OPTION_MIN_VERDICT:
		return take_least(p, value);
	case OPTION_DEBUG:
		o->debug++;
		return 0;
	case OPTION_HELP: /* looked at later */
	case OPTION_VERSION:
		return 0;
	default:
		return take_bench(p, option, value);
	}
}

/* Notes @option; @value is NULL for those that take none. */
static int take(struct parser *p, enum option option, const char *value)
{
	struct options *o = p->options;
	struct word_list *list = list_of(o, option);
	const char **word = word_of(o, option);
	bool *flag = flag_of(o, option);

	p->given |= UINT64_C(1) << option;
	if (flag)
		*flag = true;
	else if (word)
		*word = value;
	else if (list)
		word_list_add(list, value);
	else
		return take_value(p, option, value);
	return 0;
}

static int unknown_option(struct parser *p, const char *word)
{
	struct text_nearest near = { .word = word };
	size_t i;

	for (i = 0; i < nr_option_infos; i++)
		text_nearest_offer(&near, option_infos[i].name);
	strbuf_addf(p->problem, "unknown option '--%s'", word);
	if (near.best)
		strbuf_addf(p->problem, ", did you mean --%s?", near.best);
	return -EINVAL;
}

/* Takes an option whose value, if it has come along, is @value. */
static int take_with_value(struct parser *p, enum option option,
			   const char *value)
{
	const struct option_info *info = &option_infos[option];

	if (!info->argument && value) {
		strbuf_addf(p->problem, "--%s takes no value", info->name);
		return -EINVAL;
	}
	if (info->argument && !value) {
		if (!*p->next) {
			strbuf_addf(p->problem, "--%s needs a value: %s",
				    info->name, info->argument);
			return -EINVAL;
		}
		value = *p->next++;
	}
	return take(p, option, value);
}

/* "--name", "--name=value"; @word comes without the dashes. */
static int parse_long(struct parser *p, const char *word)
{
	size_t len = strcspn(word, "="), i;
	struct strbuf name = { 0 };
	int err;

	for (i = 0; i < nr_option_infos; i++) {
		if (strlen(option_infos[i].name) == len &&
		    strncmp(option_infos[i].name, word, len) == 0)
			return take_with_value(
				p, i, word[len] ? word + len + 1 : NULL);
	}
	strbuf_add(&name, word, len);
	err = unknown_option(p, strbuf_text(&name));
	strbuf_release(&name);
	return err;
}

/*
 * The option of this letter: the same one can be another command's too, which
 * then has to stand before it. Its place, or nr_option_infos.
 */
static size_t find_letter(const struct parser *p, char letter)
{
	size_t found = nr_option_infos, i;

	for (i = 0; i < nr_option_infos; i++) {
		if (option_infos[i].letter != letter)
			continue;
		if (option_infos[i].commands & 1U << p->options->command)
			return i;
		if (found == nr_option_infos)
			found = i;
	}
	return found;
}

/* "-b", "-bn", "-oLIST"; @letters come without the dash. */
static int parse_letters(struct parser *p, const char *letters)
{
	size_t i;
	int err;

	for (; *letters; letters++) {
		i = find_letter(p, *letters);
		if (i == nr_option_infos) {
			strbuf_addf(p->problem, "unknown option '-%c'",
				    *letters);
			return -EINVAL;
		}
		if (option_infos[i].argument)
			return take_with_value(p, i,
					       letters[1] ? letters + 1 : NULL);
		err = take_with_value(p, i, NULL);
		if (err)
			return err;
	}
	return 0;
}

enum command command_find(const char *name, struct strbuf *problem)
{
	struct text_nearest near = { .word = name };
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++) {
		if (strcmp(command_infos[i].name, name) == 0)
			return i;
		text_nearest_offer(&near, command_infos[i].name);
	}
	strbuf_addf(problem, "unknown command '%s'", name);
	if (near.best)
		strbuf_addf(problem, ", did you mean %s?", near.best);
	return NR_COMMANDS;
}

/* The first word is the command, the others are its arguments. */
static int parse_word(struct parser *p, const char *word)
{
	struct options *o = p->options;

	if (o->command_named) {
		word_list_add(&o->arguments, word);
		return 0;
	}
	o->command_named = true;
	o->command = command_find(word, p->problem);
	return o->command == NR_COMMANDS ? -EINVAL : 0;
}

/* --help and --version stand for the commands of these names. */
static void apply_help(struct parser *p)
{
	struct options *o = p->options;

	if (given(p, OPTION_HELP)) {
		o->arguments.nr = 0;
		if (o->command_named)
			word_list_add(&o->arguments,
				      command_infos[o->command].name);
		o->command = COMMAND_HELP;
	} else if (given(p, OPTION_VERSION)) {
		o->arguments.nr = 0;
		o->command = COMMAND_VERSION;
	}
}

static int check_allowed(struct parser *p)
{
	const struct options *o = p->options;
	size_t i;

	for (i = 0; i < nr_option_infos; i++) {
		if (!given(p, i) || option_infos[i].commands & 1U << o->command)
			continue;
		strbuf_addf(p->problem, "--%s is not for %s",
			    option_infos[i].name,
			    command_infos[o->command].name);
		return -EINVAL;
	}
	return 0;
}

/* What excludes each other: outputs of their own, and parts not of all. */
static int check_pairs(struct parser *p)
{
	static const enum option pairs[][2] = {
		{ OPTION_JSON, OPTION_CSV },
		{ OPTION_SUBTOTAL, OPTION_CSV },
		{ OPTION_POOLS, OPTION_TREE },
		{ OPTION_JSON, OPTION_TREE },
		{ OPTION_CSV, OPTION_TREE },
		{ OPTION_TEXTFILE, OPTION_LISTEN },
		{ OPTION_TEXTFILE, OPTION_TELEMETRY_PATH },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (!given(p, pairs[i][0]) || !given(p, pairs[i][1]))
			continue;
		strbuf_addf(p->problem, "--%s does not go with --%s",
			    option_infos[pairs[i][0]].name,
			    option_infos[pairs[i][1]].name);
		return -EINVAL;
	}
	return 0;
}

/* What shapes a table has no meaning for JSON, whose shape is fixed. */
static int check_json(struct parser *p)
{
	static const enum option of_tables[] = { OPTION_COLUMNS,
						 OPTION_NOHEADINGS,
						 OPTION_NO_TOTALS };
	size_t i;

	for (i = 0; p->options->json && i < ARRAY_SIZE(of_tables); i++) {
		if (!given(p, of_tables[i]))
			continue;
		strbuf_addf(
			p->problem,
			"--%s does not go with --json, whose shape is fixed",
			option_infos[of_tables[i]].name);
		return -EINVAL;
	}
	return 0;
}

/* A recording is from one source, and which is in it. top alone has it pass. */
static int check_source(struct parser *p)
{
	static const enum option of_kernel[] = { OPTION_SOURCE, OPTION_VERIFY,
						 OPTION_COUNT, OPTION_DELAY };
	size_t nr = p->options->command == COMMAND_TOP ? 2 :
							 ARRAY_SIZE(of_kernel);
	size_t i;

	for (i = 0; given(p, OPTION_REPLAY) && i < nr; i++) {
		if (!given(p, of_kernel[i]))
			continue;
		strbuf_addf(p->problem, "--%s does not go with --replay",
			    option_infos[of_kernel[i]].name);
		return -EINVAL;
	}
	if (!given(p, OPTION_VERIFY) || !given(p, OPTION_SOURCE))
		return 0;
	strbuf_addstr(
		p->problem,
		"--verify reads both sources: --source does not go with it");
	return -EINVAL;
}

/* What is over when it is replayed needs no watching, and is no alarm. */
static int check_watch(struct parser *p)
{
	static const enum option of_now[] = { OPTION_INTERVAL, OPTION_FOR };
	size_t i;

	for (i = 0; given(p, OPTION_REPLAY) && i < ARRAY_SIZE(of_now); i++) {
		if (!given(p, of_now[i]))
			continue;
		strbuf_addf(p->problem, "--%s does not go with --replay",
			    option_infos[of_now[i]].name);
		return -EINVAL;
	}
	return 0;
}

/* A sample's number says which of a recording's. */
static int check_sample(struct parser *p)
{
	if (!given(p, OPTION_SAMPLE) || given(p, OPTION_REPLAY))
		return 0;
	strbuf_addstr(p->problem, "--sample goes with --replay only");
	return -EINVAL;
}

/* It is compared with what clients ask for. */
static int check_telemetry_path(struct parser *p)
{
	const char *path = p->options->telemetry_path;

	if (path[0] == '/' && path[1] && !strpbrk(path, "?#% "))
		return 0;
	strbuf_addf(p->problem,
		    "--web.telemetry-path: '%s' is not a path below /", path);
	return -EINVAL;
}

/* Devices that are given have a stack each. */
static int check_on(struct parser *p)
{
	struct options *o = p->options;
	const char *at = o->on;
	uint64_t nr = 0;

	if (strcmp(at, "loop") == 0 || strcmp(at, "ram") == 0)
		return 0;
	for (;; at++) {
		if (*at != '/') {
			strbuf_addf(p->problem,
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
	if (given(p, OPTION_DEVICES) && o->devices != nr) {
		strbuf_addstr(p->problem,
			      "--devices: each device of --on has one stack");
		return -EINVAL;
	}
	o->devices = nr;
	return 0;
}

/* One value can be looked at, or several compared. */
static int check_bench(struct parser *p)
{
	const struct options *o = p->options;

	if (o->command == COMMAND_ADVISE && o->nr_ios > 1) {
		strbuf_addstr(p->problem, "--ios: one value is enough here");
		return -EINVAL;
	}
	if (given(p, OPTION_PRESSURE) && given(p, OPTION_PRESSURE_COMMAND))
		strbuf_addstr(p->problem,
			      "--pressure-command does not go with --pressure");
	else if (o->load == BENCH_WRITE && !o->snapshot)
		strbuf_addstr(
			p->problem,
			"--load write needs --snapshot: verity is read-only");
	else if (o->blocks == BENCH_REPAIR && !o->fec)
		strbuf_addstr(p->problem, "--blocks repair needs --fec");
	else if (o->blocks == BENCH_RECHECK && o->fec)
		strbuf_addstr(p->problem,
			      "--blocks recheck does not go with --fec, which "
			      "would try to repair them; see --blocks repair");
	else
		return check_on(p);
	return -EINVAL;
}

/* Eyes can't follow what changes more often, and nobody wants one sample. */
static int check_top(struct parser *p)
{
	const struct options *o = p->options;

	if (o->command != COMMAND_TOP)
		return 0;
	if (o->batch || o->delay_ns >= SECOND / 10)
		return 0;
	strbuf_addstr(p->problem, "--delay: top takes 0.1 seconds at least");
	return -EINVAL;
}

static int check_arguments(struct parser *p)
{
	const struct options *o = p->options;
	size_t most = o->command == COMMAND_HELP    ? 1 :
		      o->command == COMMAND_RECORD  ? 1 :
		      o->command == COMMAND_WATCH   ? 0 :
		      o->command == COMMAND_CHECK   ? 0 :
		      o->command == COMMAND_ADVISE  ? 0 :
		      o->command == COMMAND_BENCH   ? 0 :
		      o->command == COMMAND_DOCTOR  ? 0 :
		      o->command == COMMAND_EXPORT  ? 0 :
		      o->command == COMMAND_VERSION ? 0 :
						      o->arguments.nr;

	if (o->command == COMMAND_RECORD && !o->arguments.nr) {
		strbuf_addstr(p->problem, "record needs a FILE to write");
		return -EINVAL;
	}
	if (o->arguments.nr <= most)
		return 0;
	strbuf_addf(p->problem, "'%s' is one argument too many for %s",
		    o->arguments.words[most], command_infos[o->command].name);
	return -EINVAL;
}

static int parse_all(struct parser *p)
{
	bool words_only = false;
	int err = 0;

	while (!err && *p->next) {
		const char *word = *p->next++;

		if (words_only || word[0] != '-' || !word[1])
			err = parse_word(p, word);
		else if (strcmp(word, "--") == 0)
			words_only = true;
		else if (word[1] == '-')
			err = parse_long(p, word + 2);
		else
			err = parse_letters(p, word + 1);
	}
	return err;
}

static char *command_line(char **argv)
{
	struct strbuf sb = { 0 };

	strbuf_addstr(&sb, "verity-memtop");
	for (; *argv; argv++) {
		strbuf_addstr(&sb, " ");
		text_quote(&sb, *argv);
	}
	return sb.text;
}

int options_parse(char **argv, struct options *ret, struct strbuf *problem)
{
	struct parser p = { .next = argv, .options = ret, .problem = problem };
	int err;

	*ret = (struct options){ .command = COMMAND_REPORT,
				 .count = 1,
				 .delay_ns = SECOND,
				 .threshold_ns = SECOND,
				 .interval_ns = SECOND / 10,
				 .telemetry_path = "/metrics",
				 .devices = 4,
				 .depth = 1,
				 .size = 16 << 20,
				 .block_size = 4096,
				 .jobs = 8,
				 .runtime_ns = 2 * SECOND,
				 .repeats = 5,
				 .directory = "/dev/shm",
				 .on = "loop" };
	err = parse_all(&p);
	if (err)
		return err;
	if (ret->command == COMMAND_BENCH)
		ret->command_line = command_line(argv);
	if ((ret->command == COMMAND_WATCH || ret->command == COMMAND_TOP) &&
	    !given(&p, OPTION_COUNT))
		ret->count = 0;
	if ((ret->command == COMMAND_EXPORT || ret->command == COMMAND_CHECK) &&
	    !given(&p, OPTION_THRESHOLD))
		ret->threshold_ns = ALARM_THRESHOLD;
	if (!given(&p, OPTION_TIMEOUT))
		ret->timeout_ns = ret->threshold_ns + CHECK_TIME;
	err = check_allowed(&p);
	if (err)
		return err;
	apply_help(&p);
	err = check_json(&p);
	if (!err)
		err = check_pairs(&p);
	if (!err)
		err = check_sample(&p);
	if (!err)
		err = check_watch(&p);
	if (!err)
		err = check_source(&p);
	if (!err)
		err = check_telemetry_path(&p);
	if (!err)
		err = check_bench(&p);
	if (!err)
		err = check_top(&p);
	return err ? err : check_arguments(&p);
}

void options_release(struct options *options)
{
	free(options->arguments.words);
	free(options->names.words);
	free(options->targets.words);
	free(options->subtotals.words);
	free(options->warnings.words);
	free(options->criticals.words);
	free(options->ios);
	free(options->command_line);
	*options = (struct options){ 0 };
}
