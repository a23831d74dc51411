/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The comparison of values of reserved_bio_based_ios: the order of runs, the
 * results of each run, and their summary for each value. Only calculates;
 * cli/bench acts.
 */
#ifndef MEMTOP_MODEL_BENCH_H
#define MEMTOP_MODEL_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/stats.h"
#include "sample/sample.h"

enum bench_figure {
	BENCH_RESERVED, /* bytes reserved by the devices created for it */
	BENCH_THROUGHPUT, /* bytes read or written per second */
	BENCH_OPERATIONS, /* completed reads or writes */
	BENCH_P50, /* median duration of one, in ns */
	BENCH_P99,
	BENCH_MAX,
	BENCH_LEFT, /* fewest elements seen in a reserve that it sizes */
	BENCH_TAKES, /* elements taken from pools of slow paths */
	BENCH_DRAWN, /* elements that came from a reserve: a lower bound */
	BENCH_WAITS, /* how often a reserve was exhausted */
	BENCH_LONGEST, /* longest wait in ns, including current ones */
	BENCH_STALLS, /* waits that became a stall, by the rule of stall.h */
	BENCH_DEADLOCKS, /* of these, those that became a deadlock */
	BENCH_RECHECKS, /* blocks read again because their hash did not match */
	BENCH_REPAIRS, /* blocks that error correction repaired */
	BENCH_ERRORS, /* failed reads or writes */
	BENCH_STUCK, /* 1: the load did not end in time */
	NR_BENCH_FIGURES,
};

enum bench_unit { BENCH_BYTES, BENCH_RATE, BENCH_TIME, BENCH_NUMBER };

struct bench_figure_info {
	const char *name; /* key in JSON and CSV */
	const char *heading;
	enum bench_unit unit;
	bool rare; /* if it is 0 in all runs, a table has a sentence */
};

/* The lowest level of all reserves of a role. */
struct bench_level {
	char role[SAMPLE_ROLE_LEN];
	uint64_t min; /* elements that the reserve keeps */
	uint64_t lowest; /* may be unknown */
};

/* A wait that is a stall or worse, as long as it lasts. */
struct bench_stall {
	uint64_t id; /* of struct finding */
	bool deadlock;
};

extern const struct bench_figure_info bench_figure_infos[NR_BENCH_FIGURES];

/* One run: its place in the plan, and its results; each may be unknown. */
struct bench_run {
	size_t value; /* place among the values */
	size_t round; /* from 0 */
	bool done;
	uint64_t figures[NR_BENCH_FIGURES];
	struct bench_level *levels; /* owned; by role, in their usual order */
	size_t nr_levels;
	struct bench_stall *stalls; /* owned; all stalls so far */
	size_t nr_stalls;
};

/* The state of the blocks that are read. */
enum bench_blocks {
	BENCH_CLEAN,
	BENCH_RECHECK, /* no hash matches: rechecked, and accepted anyway */
	BENCH_REPAIR, /* the same, and repaired by error correction */
	NR_BENCH_BLOCKS,
};

enum bench_load {
	BENCH_RANDOM, /* reads */
	BENCH_SEQUENTIAL, /* reads */
	BENCH_WRITE, /* random writes, to a snapshot */
	NR_BENCH_LOADS,
};

extern const char *const bench_blocks_names[NR_BENCH_BLOCKS];
extern const char *const bench_load_names[NR_BENCH_LOADS];

struct bench_conditions {
	char kernel[65];
	char machine[65];
	enum sample_source source;
	uint64_t devices;
	uint64_t depth;
	uint64_t block_size;
	uint64_t data_bytes; /* of each device */
	uint64_t jobs;
	uint64_t runtime_ns;
	bool fec;
	bool snapshot; /* on each other in each stack */
	enum bench_blocks blocks;
	enum bench_load load;
	const char *backing; /* "loop", or paths of devices */
	const char *pressure;
	const char *command; /* the command line of the bench */
};

struct bench {
	struct bench_conditions conditions;
	const uint64_t *values;
	size_t nr_values;
	size_t repeats;
	struct bench_run *runs; /* owned; in the order of execution */
	size_t nr_runs;
	uint64_t foreign; /* tables that others loaded with one of our values */
};

/*
 * Plans each value once per round, so that gradual changes affect all of them;
 * each round begins with another value.
 */
void bench_plan(struct bench *bench, const uint64_t *values, size_t nr,
		size_t repeats);
void bench_release(struct bench *bench);

/* Sets all figures of a run to unknown. */
void bench_forget(uint64_t figures[static NR_BENCH_FIGURES]);

/* The threshold of a stall: the default of `watch`. */
#define BENCH_STALL_NS 1000000000ULL

/*
 * Adds the data of @s about devices whose name begins with @prefix. Levels are
 * the lowest of all samples, stalls those of all; other figures are those of
 * the last sample.
 */
void bench_measure(struct bench_run *run, const struct sample *s,
		   const char *prefix);

/*
 * The lowest levels over all runs of a value, one for each role; the caller
 * frees *@ret. Returns how many there are.
 */
size_t bench_levels(const struct bench *bench, size_t value,
		    struct bench_level **ret);

/* Summary of a figure over the finished runs of one value. */
struct bench_summary {
	uint64_t value;
	size_t runs;
	struct stats_spread spreads[NR_BENCH_FIGURES];
	/*
	 * Probability that the difference from the baseline is chance; 1: no
	 * difference.
	 */
	double chances[NR_BENCH_FIGURES];
	bool baseline;
};

/* The baseline for comparisons: 16, otherwise the largest value. */
size_t bench_baseline(const struct bench *bench);

struct bench_summary bench_summarize(const struct bench *bench, size_t value);

/*
 * Tables in @after, but not in @before, that do not belong to the bench and
 * have a pool of @ios elements that the parameter sizes: another program loaded
 * them while it was set. Calls @report, which may be NULL, for each; returns
 * how many.
 */
size_t bench_find_foreign(const struct sample *before,
			  const struct sample *after, const char *prefix,
			  uint64_t ios,
			  void (*report)(const struct sample *after,
					 const struct sample_pool *pool));

#endif
