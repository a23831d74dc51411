/* SPDX-License-Identifier: GPL-2.0-only */
/* The parsed command line: data only. */
#ifndef MEMTOP_OPTIONS_OPTIONS_H
#define MEMTOP_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/colour.h"
#include "base/distribution.h"
#include "base/wall_time.h"
#include "model/bench.h"
#include "model/snapshot.h"
#include "sample/source_choice.h"
#include "stall/stall.h"

enum command {
	COMMAND_REPORT,
	COMMAND_TOP,
	COMMAND_RECORD,
	COMMAND_WATCH,
	COMMAND_CHECK,
	COMMAND_ADVISE,
	COMMAND_DIFF,
	COMMAND_BENCH,
	COMMAND_DOCTOR,
	COMMAND_EXPORT,
	COMMAND_HELP,
	COMMAND_VERSION,
	NR_COMMANDS,
};

/* Values of --group-by. */
enum options_group {
	GROUP_BY_NONE,
	GROUP_BY_OWNER,
};

/* Values of --graph. */
enum options_graph {
	GRAPH_IS_NONE,
	GRAPH_IS_DOT,
	GRAPH_IS_MERMAID,
};

/* Values of --detail; each includes the ones before it. */
enum options_detail {
	DETAIL_DEVICE, /* devices, with the sums over their pools */
	DETAIL_ROLE, /* the sums over all pools of a role */
	DETAIL_POOL, /* each role of each table */
};

/* Values of --format; of record the first two, of watch the others and JSON. */
enum options_format {
	FORMAT_COMPACT,
	FORMAT_JSON,
	FORMAT_TEXT,
	FORMAT_PERFETTO,
};

/* Values of --pressure. */
enum options_pressure {
	PRESSURE_NONE,
	PRESSURE_SHORTAGE,
	PRESSURE_COMMAND, /* by --pressure-command */
};

/* Unchanged; strings point into argv. */
struct options {
	enum command command;
	bool command_named;
	unsigned int debug; /* how often --debug was given */
	struct word_list arguments;

	bool pools;
	bool tree;
	bool json;
	bool csv;
	bool exact;
	bool lkml; /* as text for a mail */
	bool html; /* as a page */
	bool no_headings;
	bool no_totals;
	enum colour_when colour;
	bool wide; /* lines may be wider than the terminal */
	bool list_columns;
	const char *columns; /* NULL: the default ones */
	const char *sort; /* NULL: by device number */
	struct word_list names;
	struct word_list
		on_files; /* files whose file systems' devices are shown */
	struct word_list targets;
	struct word_list wheres; /* conditions on columns */
	struct word_list subtotals;
	enum options_group group_by;
	enum options_graph graph;
	enum source_choice source; /* of the running kernel's figures */
	bool verify; /* compare with the other source */
	const char *replay; /* NULL: the running kernel */
	uint64_t sample; /* of the recording; 0: the last */
	bool at_given; /* the sample is chosen by .at */
	struct wall_time at;
	uint64_t ago_ns; /* the sample this long before the last; 0: not given */
	bool list_samples; /* list the samples of the recording */

	bool batch;
	bool ascii;
	const char *filter; /* pattern for names in the live view; NULL: none */

	uint64_t count; /* samples to record or events to report; 0: no limit */
	uint64_t delay_ns; /* between two samples */
	bool watch; /* record samples as a watch takes them */
	bool no_wall_clock; /* leave out the time of day */
	bool no_host; /* leave out the machine's name and boot ID */
	enum options_format format; /* COMPACT: the command's default */
	uint64_t ring_bytes; /* limit of the directory's size; 0: none */
	uint64_t keep_ns; /* limit of the files' age; 0: none */

	uint64_t threshold_ns; /* shorter waits are not reported */
	uint64_t interval_ns; /* between two samples while tasks wait */
	uint64_t for_ns; /* how long to watch; 0: no limit */
	const char *exec; /* NULL: no command */
	bool syslog;
	bool journal;
	bool drop_rights;
	enum finding_kind least; /* the least severe finding that is reported */

	struct word_list warnings; /* "RANGE" or "FIGURE=RANGE" */
	struct word_list criticals;
	const char *rules; /* NULL: the default ones */
	uint64_t timeout_ns;
	uint64_t min_devices; /* number of devices that a check expects at least */
	const char *listen; /* address to serve metrics at; NULL: the default */
	const char *telemetry_path; /* URL path of the metrics */
	enum options_detail detail; /* how much is exported */
	const char *textfile; /* file to write metrics to instead; NULL: none */
	uint64_t *ios; /* owned; values of reserved_bio_based_ios */
	size_t nr_ios;
	enum distribution system; /* to set it on; other: the one that runs */
	bool script; /* print advice as a script */

	/* owned; report's or bench's command line, for a shell; otherwise NULL */
	char *command_line;

	/* options of bench */
	uint64_t devices;
	uint64_t depth;
	uint64_t size; /* bytes of data */
	uint64_t block_size;
	uint64_t jobs;
	uint64_t runtime_ns;
	uint64_t repeats;
	bool fec;
	bool snapshot;
	bool force; /* allow a memory shortage on any machine */
	bool overwrite; /* allow devices that are not empty */
	enum bench_blocks blocks;
	enum bench_load load;
	const char *on; /* "loop", "ram", or paths of devices */
	enum options_pressure pressure;
	const char *pressure_command;
	const char *directory;
	const char *plot; /* NULL: none */
};

#endif
