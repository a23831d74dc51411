// SPDX-License-Identifier: GPL-2.0-only
#include "options/catalogue.h"

#include "base/array.h"
#include "base/exit_status.h"
#include "base/times.h"
#include "sample/words.h"

#define REPORT (1U << COMMAND_REPORT)
#define TOP (1U << COMMAND_TOP)
#define RECORD (1U << COMMAND_RECORD)
#define WATCH (1U << COMMAND_WATCH)
#define CHECK (1U << COMMAND_CHECK)
#define ADVISE (1U << COMMAND_ADVISE)
#define BENCH (1U << COMMAND_BENCH)
#define DOCTOR (1U << COMMAND_DOCTOR)
#define EXPORT (1U << COMMAND_EXPORT)
#define DIFF (1U << COMMAND_DIFF)

/* The rest of a row, by the type of its value. */
#define MEMBER(member) .offset = offsetof(struct options, member)
#define FLAG(member) .type = OPTION_IS_FLAG, MEMBER(member)
#define TEXT(member) .type = OPTION_IS_TEXT, MEMBER(member)
#define TEXTS(member) .type = OPTION_IS_TEXTS, MEMBER(member)
#define RANGE(kind, member, from, to) \
	.type = OPTION_IS_##kind, MEMBER(member), .least = (from), .most = (to)
#define SECONDS(member, from) \
	.type = OPTION_IS_SECONDS, MEMBER(member), .least = (from)
#define PERIOD(member, from) \
	.type = OPTION_IS_PERIOD, MEMBER(member), .least = (from)
#define NAME(member, list)                                     \
	.type = OPTION_IS_NAME, MEMBER(member), .names = list, \
	.nr_names = ARRAY_SIZE(list)

static const char *const group_names[] = {
	[GROUP_BY_NONE] = "none",
	[GROUP_BY_OWNER] = "owner",
};

static const char *const graph_names[] = {
	[GRAPH_IS_NONE] = "none",
	[GRAPH_IS_DOT] = "dot",
	[GRAPH_IS_MERMAID] = "mermaid",
};

static const char *const format_names[] = {
	[FORMAT_COMPACT] = "compact",
	[FORMAT_JSON] = "json",
	[FORMAT_TEXT] = "text",
	[FORMAT_PERFETTO] = "perfetto",
};

static const char *const detail_names[] = {
	[DETAIL_DEVICE] = "device",
	[DETAIL_ROLE] = "role",
	[DETAIL_POOL] = "pool",
};

static const char *const pressure_names[] = {
	[PRESSURE_NONE] = "none",
	[PRESSURE_SHORTAGE] = "shortage",
};

/* Exit statuses up to this number. */
#define TO_2 ((1U << (STATUS_USAGE + 1)) - 1)
#define TO_4 ((1U << (STATUS_UNSUPPORTED + 1)) - 1)
#define TO_5 ((1U << (STATUS_NOT_FOUND + 1)) - 1)

#define A_DEVICE                                                                    \
	"A DEVICE is a name, a UUID, a pattern, dm-N, MAJOR:MINOR, or a path of\n"  \
	"one of these; or the path of a disk, loop device or file that it is on,\n" \
	"or of a file on it.\n"

const struct command_info command_infos[NR_COMMANDS] = {
	[COMMAND_REPORT] = {
		.name = "report",
		.arguments = "[DEVICE...]",
		.max_arguments = SIZE_MAX,
		.offer = OFFER_DEVICE,
		.help = "print the reserves of each device",
		.details = A_DEVICE,
		.examples = "verity-memtop report --target verity --sort reserved\n"
			    "verity-memtop report --csv -s RESERVED -o NAME,RESERVED\n"
			    "verity-memtop report --where 'reserved >= 64K' --where 'target ~ verity*'\n"
			    "verity-memtop report --replay FILE --pools\n"
			    "verity-memtop report --replay FILE --graph mermaid",
		.statuses = TO_5,
	},
	[COMMAND_TOP] = {
		.name = "top",
		.arguments = "[DEVICE...]",
		.max_arguments = SIZE_MAX,
		.offer = OFFER_DEVICE,
		.help = "live view, with rates and stalled tasks",
		.details = A_DEVICE "On the screen, h explains the keys.\n",
		.examples = "verity-memtop top --target verity\n"
			    "verity-memtop top -b -n 3\n"
			    "verity-memtop top --replay FILE",
		.statuses = TO_5,
	},
	[COMMAND_RECORD] = {
		.name = "record",
		.arguments = "FILE",
		.min_arguments = 1,
		.max_arguments = 1,
		.offer = OFFER_FILE,
		.help = "write samples to a file, for --replay",
		.details = "FILE '-' is stdout. The default is one sample (--count 1).\n"
			   "A new file can be read by its owner only.\n"
			   "With --replay, the samples are those of another recording.\n",
		.examples = "verity-memtop record --watch -n 60 -d 1 /run/trouble\n"
			    "verity-memtop watch --replay /run/trouble\n"
			    "verity-memtop record --ring 64M --keep 7d DIRECTORY\n"
			    "verity-memtop record --replay /run/trouble --format json -",
		.statuses = TO_5,
	},
	[COMMAND_WATCH] = {
		.name = "watch",
		.arguments = "",
		.help = "report stalls and deadlocks as they are detected",
		.examples = "verity-memtop watch\n"
			    "verity-memtop watch --for 60 --min-verdict stall\n"
			    "verity-memtop watch --exec 'mail -s \"$VERITY_MEMTOP_EVENT\" root'",
		.statuses = TO_5 | 1U << STATUS_STALL,
	},
	[COMMAND_CHECK] = {
		.name = "check",
		.arguments = "",
		.help = "check once, as a monitoring plugin",
		.details = "A RANGE is 10 (0 to 10), 10: (10 or more), ~:10 (10 or less), 10:20, or @10:20\n"
			   "(outside of 10 to 20). Both ends belong to it.\n",
		.examples = "verity-memtop check\n"
			    "verity-memtop check -c devices=1: -w lowest=25:\n"
			    "verity-memtop check --where 'target ~ verity*'",
	},
	[COMMAND_ADVISE] = {
		.name = "advise",
		.arguments = "",
		.help = "recommend a size for the reserves, with reasons",
		.examples = "verity-memtop advise\n"
			    "verity-memtop advise --ios 4\n"
			    "verity-memtop advise --ios 1,2,4,8,16,64\n"
			    "verity-memtop advise --replay FILE",
		.statuses = TO_5,
	},
	[COMMAND_DIFF] = {
		.name = "diff",
		.arguments = "A B",
		.min_arguments = 2,
		.max_arguments = 2,
		.offer = OFFER_FILE,
		.help = "compare the reserves of two samples",
		.details = "A and B are recordings, of which the last sample counts, FILE@NUMBER for\n"
			   "another sample, or 'now' for the running kernel.\n",
		.examples = "verity-memtop diff FILE now\n"
			    "verity-memtop diff FILE@1 FILE --json\n"
			    "verity-memtop diff FILE now --sort -change",
		.own_statuses = "  0  no differences\n"
				"  1  differences\n"
				"  2  failure, or wrong usage\n",
	},
	[COMMAND_BENCH] = {
		.name = "bench",
		.arguments = "",
		.help = "compare sizes of reserves, on devices that it makes",
		.details = "It creates devices and writes the parameter. It puts everything back at its\n"
			   "end and after an interrupt; if it was killed, the next start does.\n",
		.examples = "verity-memtop bench --ios 1,16\n"
			    "verity-memtop bench --ios 1,16 --fec --blocks repair --plot bench.svg",
		.statuses = TO_4,
	},
	[COMMAND_DOCTOR] = {
		.name = "doctor",
		.arguments = "",
		.help = "report what this kernel and the privileges allow",
		.details = "The exit status is the one that report would have.\n",
		.examples = "verity-memtop doctor\n"
			    "verity-memtop doctor --json",
		.statuses = TO_5,
	},
	[COMMAND_EXPORT] = {
		.name = "export",
		.arguments = "",
		.help = "serve metrics to Prometheus, or write them to a file",
		.examples = "verity-memtop export\n"
			    "verity-memtop export --web.listen-address [::1]:9999\n"
			    "verity-memtop export --textfile -",
		.statuses = TO_5,
	},
	[COMMAND_HELP] = {
		.name = "help",
		.arguments = "[COMMAND]",
		.max_arguments = 1,
		.help = "print a summary of the tool or of a command",
		.examples = "verity-memtop help check",
		.statuses = TO_2,
	},
	[COMMAND_VERSION] = {
		.name = "version",
		.arguments = "",
		.help = "print the version",
		.examples = "verity-memtop version",
		.statuses = TO_2,
	},
};

const struct option_info option_infos[NR_OPTIONS] = {
	[OPTION_BATCH] = { 'b', "batch", NULL, TOP,
			   "print the samples, and read no keys", FLAG(batch) },
	[OPTION_POOLS] = { '\0', "pools", NULL, REPORT,
			   "print one row for each pool", FLAG(pools) },
	[OPTION_TREE] = { '\0', "tree", NULL, REPORT | TOP,
			  "show the devices below each device", FLAG(tree) },
	[OPTION_COLUMNS] = { 'o', "columns", "LIST", REPORT | TOP,
			     "columns to show: A,B or all; +A,-B changes the default",
			     TEXT(columns), .offer = OFFER_COLUMN },
	[OPTION_LIST_COLUMNS] = { '\0', "list-columns", NULL, REPORT | TOP,
				  "list the columns and exit",
				  FLAG(list_columns) },
	[OPTION_SORT] = { 's', "sort", "LIST", REPORT | TOP | DIFF,
			  "A, then B; +A up, -A down (default: DEV; diff: NAME)",
			  TEXT(sort), .offer = OFFER_COLUMN },
	[OPTION_BYTES] = { 'B', "bytes", NULL, REPORT | DIFF,
			   "print sizes in bytes and times in ns, without units",
			   FLAG(exact) },
	[OPTION_NOHEADINGS] = { 'H', "noheadings", NULL, REPORT | DIFF,
				"do not print the headings",
				FLAG(no_headings) },
	[OPTION_NO_TOTALS] = { '\0', "no-totals", NULL, REPORT,
			       "do not print the totals", FLAG(no_totals) },
	[OPTION_WIDE] = { 'W', "wide", NULL,
			  REPORT | DIFF | TOP | WATCH | CHECK | ADVISE | BENCH |
				  DOCTOR,
			  "do not fit the output to the terminal", FLAG(wide) },
	[OPTION_COLOUR] = { '\0', "color", "WHEN",
			    REPORT | DIFF | TOP | CHECK | ADVISE | DOCTOR,
			    "auto, always or never (default: auto)",
			    NAME(colour, colour_when_names) },
	[OPTION_JSON] = { 'J', "json", NULL,
			  REPORT | DIFF | WATCH | ADVISE | BENCH | DOCTOR,
			  "print JSON", FLAG(json) },
	[OPTION_CSV] = { '\0', "csv", NULL, REPORT | BENCH,
			 "print comma-separated values, without totals",
			 FLAG(csv) },
	[OPTION_LKML] = { '\0', "lkml", NULL, REPORT | BENCH,
			  "print text of 72 columns, for a mail to a list",
			  FLAG(lkml) },
	[OPTION_HTML] = { '\0', "html", NULL, REPORT | BENCH,
			  "print a page with table, bars and the recording",
			  FLAG(html) },
	[OPTION_NAME] = { '\0', "name", "GLOB", REPORT | DIFF | TOP | EXPORT,
			  "only devices whose name matches; repeatable",
			  TEXTS(names), .offer = OFFER_DEVICE },
	[OPTION_ON_FILE] = { '\0', "on", "FILE", REPORT | TOP,
			     "only devices that carry FILE's file system; repeatable",
			     TEXTS(on_files), .offer = OFFER_FILE },
	[OPTION_TARGET] = { '\0', "target", "TYPE",
			    REPORT | DIFF | TOP | EXPORT,
			    "only tables with a target of this type; repeatable",
			    TEXTS(targets), .offer = OFFER_TARGET },
	[OPTION_WHERE] = { '\0', "where", "CONDITION",
			   REPORT | TOP | CHECK | ADVISE | EXPORT,
			   "only rows with 'COLUMN OP VALUE'; repeatable",
			   TEXTS(wheres) },
	[OPTION_SUBTOTAL] = { '\0', "subtotal", "GLOB", REPORT,
			      "add a sum of the devices whose name matches",
			      TEXTS(subtotals), .offer = OFFER_DEVICE },
	[OPTION_GROUP_BY] = { '\0', "group-by", "KEY", REPORT,
			      "one row for each owner: none or owner (default: none)",
			      NAME(group_by, group_names) },
	[OPTION_GRAPH] = { '\0', "graph", "LANGUAGE", REPORT,
			   "draw the devices: none, dot or mermaid (default: none)",
			   NAME(graph, graph_names) },
	[OPTION_REPLAY] = { '\0', "replay", "FILE",
			    REPORT | TOP | RECORD | WATCH | CHECK | ADVISE |
				    EXPORT,
			    "read a recording; '-' is stdin", TEXT(replay),
			    .offer = OFFER_FILE },
	[OPTION_SAMPLE] = { '\0', "sample", "NUMBER",
			    REPORT | TOP | WATCH | CHECK | ADVISE | EXPORT,
			    "sample of the recording (default: last; top: first)",
			    RANGE(NUMBER, sample, 1, 0) },
	[OPTION_AT] = { '\0', "at", "TIME",
			REPORT | TOP | WATCH | CHECK | ADVISE | EXPORT,
			"the same, at or before [YYYY-MM-DD ]HH:MM[:SS]",
			.type = OPTION_IS_MOMENT, MEMBER(at) },
	[OPTION_AGO] = { 't', "ago", "TIME", REPORT | TOP,
			 "the same, this long before the last: 90, 10m, 1d",
			 PERIOD(ago_ns, 1) },
	[OPTION_LIST_SAMPLES] = { '\0', "list-samples", NULL, REPORT,
				  "list the samples of the recording and exit",
				  FLAG(list_samples) },
	[OPTION_SOURCE] = { '\0', "source", "NAME",
			    REPORT | DIFF | TOP | RECORD | WATCH | CHECK |
				    EXPORT | ADVISE | BENCH,
			    "best, tracepoints or stock (default: best)",
			    NAME(source, source_choice_words) },
	[OPTION_VERIFY] = { '\0', "verify", NULL, REPORT,
			    "compare both sources", FLAG(verify) },
	[OPTION_FILTER] = { '\0', "filter", "TEXT", TOP,
			    "only names that contain TEXT or match a pattern",
			    TEXT(filter) },
	[OPTION_ASCII] = { '\0', "ascii", NULL, TOP,
			   "draw with ASCII characters only", FLAG(ascii) },
	[OPTION_COUNT] = { 'n', "count", "NUMBER",
			   TOP | RECORD | WATCH | ADVISE,
			   "samples or events (default: 1; top, watch: no end)",
			   RANGE(NUMBER, count, 0, 0) },
	[OPTION_DELAY] = { 'd', "delay", "SECONDS", TOP | RECORD | ADVISE,
			   "time between samples (default: 1)",
			   SECONDS(delay_ns, 0) },
	[OPTION_WATCH] = { '\0', "watch", NULL, RECORD,
			   "also record what watch and check need",
			   FLAG(watch) },
	[OPTION_NO_WALL_CLOCK] = { '\0', "no-wall-clock", NULL, RECORD | WATCH,
				   "leave out the time of day",
				   FLAG(no_wall_clock) },
	[OPTION_NO_HOST] = { '\0', "no-host", NULL, RECORD | WATCH,
			     "leave out the host name and the boot ID",
			     FLAG(no_host) },
	[OPTION_FORMAT] = { '\0', "format", "NAME", RECORD | WATCH,
			    "format of the output (default: compact; watch: text)",
			    NAME(format, format_names) },
	[OPTION_RING] = { '\0', "ring", "SIZE", RECORD,
			  "FILE is a directory of at most SIZE (64M, 2G)",
			  .type = OPTION_IS_BYTES, MEMBER(ring_bytes),
			  .least = 1 << 20 },
	[OPTION_KEEP] = { '\0', "keep", "TIME", RECORD,
			  "FILE is a directory of the last TIME (12h, 7d)",
			  PERIOD(keep_ns, 60 * SECOND) },
	[OPTION_THRESHOLD] = { '\0', "threshold", "SECONDS",
			       WATCH | CHECK | EXPORT,
			       "ignore shorter waits (default: 1; check, export: 10)",
			       SECONDS(threshold_ns, 0) },
	[OPTION_INTERVAL] = { 'i', "interval", "SECONDS", WATCH,
			      "time between samples (default: 0.1)",
			      SECONDS(interval_ns, MS) },
	[OPTION_FOR] = { '\0', "for", "SECONDS", WATCH,
			 "end after this time (default: no end)",
			 SECONDS(for_ns, 1) },
	[OPTION_MIN_VERDICT] = { '\0', "min-verdict", "KIND", WATCH,
				 "least severe kind to report (default: wait)",
				 NAME(least, finding_kind_names) },
	[OPTION_EXEC] = { '\0', "exec", "COMMAND", WATCH,
			  "run it on a stall or worse, and when it clears",
			  TEXT(exec), .offer = OFFER_COMMAND },
	[OPTION_SYSLOG] = { '\0', "syslog", NULL, WATCH,
			    "also write events to the system log",
			    FLAG(syslog) },
	[OPTION_JOURNAL] = { '\0', "journal", NULL, WATCH,
			     "also write events to the systemd journal",
			     FLAG(journal) },
	[OPTION_DROP_RIGHTS] = { '\0', "drop-rights", NULL, WATCH,
				 "drop privileges once started (not for --exec)",
				 FLAG(drop_rights) },
	[OPTION_WARNING] = { 'w', "warning", "RANGE", CHECK,
			     "limit of wait_age, or FIGURE=RANGE (default: 10)",
			     TEXTS(warnings) },
	[OPTION_CRITICAL] = { 'c', "critical", "RANGE", CHECK,
			      "the same for the status CRITICAL",
			      TEXTS(criticals) },
	[OPTION_RULES] = { '\0', "rules", "LIST", CHECK,
			   "static rules that warn (default: shared,parameter)",
			   TEXT(rules) },
	[OPTION_TIMEOUT] = { '\0', "timeout", "SECONDS", CHECK,
			     "end as UNKNOWN (default: the threshold + 15)",
			     SECONDS(timeout_ns, 1) },
	[OPTION_MIN_DEVICES] = { '\0', "min-devices", "COUNT", CHECK,
				 "fewer devices are UNKNOWN (default: 1)",
				 RANGE(NUMBER, min_devices, 0, 0) },
	[OPTION_LISTEN] = { '\0', "web.listen-address", "ADDRESS", EXPORT,
			    "listen here (default: 127.0.0.1:10953)",
			    TEXT(listen) },
	[OPTION_TELEMETRY_PATH] = { '\0', "web.telemetry-path", "PATH", EXPORT,
				    "path (default: /metrics)",
				    TEXT(telemetry_path) },
	[OPTION_DETAIL] = { '\0', "detail", "NAME", EXPORT,
			    "device, role or pool (default: role)",
			    NAME(detail, detail_names) },
	[OPTION_TEXTFILE] = { '\0', "textfile", "FILE", EXPORT,
			      "write the metrics once to this file",
			      TEXT(textfile), .offer = OFFER_FILE },
	[OPTION_IOS] = { '\0', "ios", "LIST", ADVISE | BENCH,
			 "values, 1 to 1024 (default of bench: 1,2,4,8,16 ...)",
			 .type = OPTION_IS_IOS },
	[OPTION_SYSTEM] = { '\0', "system", "NAME", ADVISE,
			    "how to set it there (default: on this system)",
			    .type = OPTION_IS_NAME, MEMBER(system),
			    .names = distribution_names,
			    .nr_names = NR_DISTRIBUTIONS },
	[OPTION_SCRIPT] = { '\0', "script", NULL, ADVISE,
			    "print a shell script that sets it, and undoes it",
			    FLAG(script) },
	[OPTION_DEVICES] = { '\0', "devices", "NUMBER", BENCH,
			     "number of stacks of devices (default: 4)",
			     RANGE(NUMBER, devices, 1, 4096) },
	[OPTION_DEPTH] = { '\0', "depth", "NUMBER", BENCH,
			   "verity devices in each stack (default: 1)",
			   RANGE(NUMBER, depth, 1, 9) },
	[OPTION_SNAPSHOT] = { '\0', "snapshot", NULL, BENCH,
			      "put a snapshot on top of each stack",
			      FLAG(snapshot) },
	[OPTION_FEC] = { '\0', "fec", NULL, BENCH,
			 "use forward error correction", FLAG(fec) },
	[OPTION_BLOCK_SIZE] = { '\0', "block-size", "BYTES", BENCH,
				"size of blocks and reads (default: 4096)",
				RANGE(POWER_OF_2, block_size, 512, 4096) },
	[OPTION_SIZE] = { '\0', "size", "MIB", BENCH,
			  "size of the data in MiB (default: 16)",
			  RANGE(MIB, size, 1, 1 << 20) },
	[OPTION_DIRECTORY] = { '\0', "directory", "DIR", BENCH,
			       "directory for files (default: /dev/shm)",
			       TEXT(directory), .offer = OFFER_DIRECTORY },
	[OPTION_ON] = { '\0', "on", "LIST", BENCH,
			"loop, ram, or devices to overwrite (default: loop)",
			TEXT(on), .offer = OFFER_FILE },
	[OPTION_OVERWRITE] = { '\0', "overwrite", NULL, BENCH,
			       "allow --on to overwrite devices that are not empty",
			       FLAG(overwrite) },
	[OPTION_LOAD] = { '\0', "load", "NAME", BENCH,
			  "random, sequential or write (default: random)",
			  NAME(load, bench_load_names) },
	[OPTION_BLOCKS] = { '\0', "blocks", "NAME", BENCH,
			    "clean, recheck or repair (default: clean)",
			    NAME(blocks, bench_blocks_names) },
	[OPTION_JOBS] = { '\0', "jobs", "NUMBER", BENCH,
			  "processes that read or write (default: 8)",
			  RANGE(NUMBER, jobs, 1, 256) },
	[OPTION_RUNTIME] = { '\0', "runtime", "SECONDS", BENCH,
			     "length of each run (default: 2)",
			     SECONDS(runtime_ns, MS) },
	[OPTION_REPEATS] = { '\0', "repeats", "NUMBER", BENCH,
			     "runs of each value (default: 5)",
			     RANGE(NUMBER, repeats, 1, 100) },
	[OPTION_PRESSURE] = { '\0', "pressure", "NAME", BENCH,
			      "none or shortage (default: none)",
			      NAME(pressure, pressure_names) },
	[OPTION_PRESSURE_COMMAND] = { '\0', "pressure-command", "WORDS", BENCH,
				      "shell command to run during the load",
				      TEXT(pressure_command),
				      .offer = OFFER_COMMAND },
	[OPTION_FORCE] = { '\0', "force", NULL, BENCH,
			   "allow shortage outside of a virtual machine",
			   FLAG(force) },
	[OPTION_PLOT] = { '\0', "plot", "FILE", BENCH,
			  "also draw a plot, as SVG", TEXT(plot),
			  .offer = OFFER_FILE },
	[OPTION_DEBUG] = { '\0', "debug", NULL, OPTION_ALL_COMMANDS,
			   "log steps to stderr; twice: also those of libraries",
			   .type = OPTION_IS_COUNTED, MEMBER(debug) },
	[OPTION_HELP] = { 'h', "help", NULL, OPTION_ALL_COMMANDS,
			  "print this summary and exit",
			  .type = OPTION_IS_COMMAND },
	[OPTION_VERSION] = { 'V', "version", NULL, OPTION_ALL_COMMANDS,
			     "print the version and exit",
			     .type = OPTION_IS_COMMAND },
};
