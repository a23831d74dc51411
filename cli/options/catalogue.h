/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every command and every option, each in one row. Parsing, help, the option
 * lists of the man pages and the completions of the shells come from here.
 */
#ifndef MEMTOP_OPTIONS_CATALOGUE_H
#define MEMTOP_OPTIONS_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options/options.h"

/* The options, by their place in option_infos. */
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
	OPTION_COLOUR,
	OPTION_JSON,
	OPTION_CSV,
	OPTION_LKML,
	OPTION_HTML,
	OPTION_NAME,
	OPTION_TARGET,
	OPTION_WHERE,
	OPTION_SUBTOTAL,
	OPTION_GROUP_BY,
	OPTION_GRAPH,
	OPTION_REPLAY,
	OPTION_SAMPLE,
	OPTION_AT,
	OPTION_AGO,
	OPTION_LIST_SAMPLES,
	OPTION_SOURCE,
	OPTION_VERIFY,
	OPTION_FILTER,
	OPTION_ASCII,
	OPTION_COUNT,
	OPTION_DELAY,
	OPTION_WATCH,
	OPTION_NO_WALL_CLOCK,
	OPTION_NO_HOST,
	OPTION_FORMAT,
	OPTION_RING,
	OPTION_KEEP,
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
	OPTION_MIN_DEVICES,
	OPTION_LISTEN,
	OPTION_TELEMETRY_PATH,
	OPTION_DETAIL,
	OPTION_TEXTFILE,
	OPTION_IOS,
	OPTION_SYSTEM,
	OPTION_SCRIPT,
	OPTION_DEVICES,
	OPTION_DEPTH,
	OPTION_SNAPSHOT,
	OPTION_FEC,
	OPTION_BLOCK_SIZE,
	OPTION_SIZE,
	OPTION_DIRECTORY,
	OPTION_ON,
	OPTION_ON_FILE,
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
	NR_OPTIONS,
};

/* A set of options. */
struct option_set {
	bool has[NR_OPTIONS];
};

/*
 * The type of a value, which determines the type of the member that holds it.
 */
enum option_type {
	OPTION_IS_COMMAND, /* no value and no member: help, version */
	OPTION_IS_FLAG, /* no value; bool */
	OPTION_IS_COUNTED, /* no value; unsigned int: how often it was given */
	OPTION_IS_TEXT, /* const char *; the last one counts */
	OPTION_IS_TEXTS, /* struct word_list; each one counts */
	OPTION_IS_NUMBER, /* uint64_t, from .least to .most */
	OPTION_IS_POWER_OF_2, /* uint64_t, a power of two, from .least to .most */
	OPTION_IS_MIB, /* a number of MiB, stored as bytes in a uint64_t */
	OPTION_IS_SECONDS, /* uint64_t, ns; .least in ns */
	OPTION_IS_BYTES, /* uint64_t, "64M"; .least in bytes */
	OPTION_IS_PERIOD, /* uint64_t, ns, "10m", "7d"; .least in ns */
	OPTION_IS_NAME, /* an enum: one of the .nr_names .names */
	OPTION_IS_IOS, /* values of reserved_bio_based_ios */
	OPTION_IS_MOMENT, /* struct wall_time; .at_given becomes true */
};

/* Values that a shell offers, in addition to .names. */
enum option_offer {
	OFFER_NOTHING,
	OFFER_FILE,
	OFFER_DIRECTORY,
	OFFER_DEVICE, /* names of device-mapper devices */
	OFFER_COLUMN, /* names that --list-columns prints */
	OFFER_TARGET, /* types of targets */
	OFFER_COMMAND, /* a command of the shell */
};

#define OPTION_ALL_COMMANDS (~0U)

struct option_info {
	char letter; /* '\0': none */
	const char *name; /* without the dashes */
	const char *argument; /* NULL: it takes none */
	unsigned int commands; /* bit 1 << enum command: those that accept it */
	const char *help; /* fits on one line */
	enum option_type type;
	size_t offset; /* of the member in struct options */
	uint64_t least;
	uint64_t most; /* 0: no limit */
	const char *const *names;
	size_t nr_names;
	enum option_offer offer;
};

extern const struct option_info option_infos[NR_OPTIONS];

struct command_info {
	const char *name;
	const char *arguments;
	size_t min_arguments;
	size_t max_arguments;
	enum option_offer offer; /* offered as arguments */
	const char *help; /* fits on one line */
	const char *details; /* whole lines; NULL: none */
	const char *examples; /* command lines, one a line */
	unsigned int statuses; /* bit 1 << enum exit_status */
	const char *own_statuses; /* whole lines; replaces the common meanings */
};

extern const struct command_info command_infos[NR_COMMANDS];

#endif
