/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of reserved_bio_based_ios, compared: in which order they are tried,
 * what is kept of each run, and what the runs of a value say together. Nothing
 * here does anything; cli/bench does.
 */
#ifndef MEMTOP_MODEL_BENCH_H
#define MEMTOP_MODEL_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/stats.h"
#include "sample/sample.h"

enum bench_figure {
	BENCH_RESERVED, /* bytes kept by the devices made for it */
	BENCH_THROUGHPUT, /* bytes read or written a second */
	BENCH_OPERATIONS, /* reads or writes that were done */
	BENCH_P50, /* ns that one takes, the half of them at most */
	BENCH_P99,
	BENCH_MAX,
	BENCH_LEFT, /* fewest elements seen in a reserve that it sizes */
	BENCH_TAKES, /* elements taken of the pools of slow paths */
	BENCH_DRAWN, /* elements that came out of a reserve: at least so many */
	BENCH_WAITS, /* reserves found empty */
	BENCH_LONGEST, /* ns that one waited at most, also of those that go on */
	BENCH_STALLS, /* waits that became a stall, by the rule of stall.h */
	BENCH_DEADLOCKS, /* of these, those that became a deadlock */
	BENCH_RECHECKS, /* blocks read again as their hash mismatched */
	BENCH_REPAIRS, /* blocks that error correction put right */
	BENCH_ERRORS, /* reads or writes that failed */
	BENCH_STUCK, /* 1: the load did not end in time */
	NR_BENCH_FIGURES,
};

enum bench_unit { BENCH_BYTES, BENCH_RATE, BENCH_TIME, BENCH_NUMBER };

struct bench_figure_info {
	const char *name; /* key in JSON and CSV */
	const char *heading;
	enum bench_unit unit;
	bool rare; /* a table says in words that it is 0 in all runs */
};

/* The lowest level of all reserves of a role. */
struct bench_level {
	char role[SAMPLE_ROLE_LEN];
	uint64_t min; /* elements that this one keeps */
	uint64_t lowest; /* may be unknown */
};

/* A wait that is a stall, or worse, as long as it lasts. */
struct bench_stall {
	uint64_t id; /* of struct finding */
	bool deadlock;
};

extern const struct bench_figure_info bench_figure_infos[NR_BENCH_FIGURES];

/* One run: its place in the plan, and what was measured; each may be unknown. */
struct bench_run {
	size_t value; /* place among the values */
	size_t round; /* from 0 */
	bool done;
	uint64_t figures[NR_BENCH_FIGURES];
	struct bench_level *levels; /* owned; a role each, in their usual order */
	size_t nr_levels;
	struct bench_stall *stalls; /* owned; all that were seen */
	size_t nr_stalls;
};

/* What the blocks that are read are like. */
enum bench_blocks {
	BENCH_CLEAN,
	BENCH_RECHECK, /* no hash matches: read again, and let pass */
	BENCH_REPAIR, /* the same, and put right by error correction */
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
	bool snapshot; /* on top of each stack */
	enum bench_blocks blocks;
	enum bench_load load;
	const char *backing; /* "loop", or paths of devices */
	const char *pressure;
	const char *command; /* the command line that it was asked for with */
};

struct bench {
	struct bench_conditions conditions;
	const uint64_t *values;
	size_t nr_values;
	size_t repeats;
	struct bench_run *runs; /* owned; in the order in which they are made */
	size_t nr_runs;
	uint64_t foreign; /* tables that others loaded with one of our values */
};

/*
 * Plans every value once a round, so that what changes with time touches all;
 * each round begins with another one.
 */
void bench_plan(struct bench *bench, const uint64_t *values, size_t nr,
		size_t repeats);
void bench_release(struct bench *bench);

/* Makes the figures of a run unknown. */
void bench_forget(uint64_t figures[static NR_BENCH_FIGURES]);

/* What counts as a stall: the threshold that `watch` has by itself. */
#define BENCH_STALL_NS 1000000000ULL

/*
 * Adds what @s shows of devices whose name begins with @prefix. Levels are the
 * lowest of all samples, stalls those of all; the rest is as the last one has it.
 */
void bench_measure(struct bench_run *run, const struct sample *s,
		   const char *prefix);

/*
 * The levels of all runs of a value together, a role each; the caller frees
 * *@ret. Returns how many there are.
 */
size_t bench_levels(const struct bench *bench, size_t value,
		    struct bench_level **ret);

/* What the runs of one value that were made say together. */
struct bench_summary {
	uint64_t value;
	size_t runs;
	struct stats_spread spreads[NR_BENCH_FIGURES];
	/* That chance alone makes it differ from the baseline; 1: the same. */
	double chances[NR_BENCH_FIGURES];
	bool baseline;
};

/* The value that the others are compared with: 16, or else the largest. */
size_t bench_baseline(const struct bench *bench);

struct bench_summary bench_summarize(const struct bench *bench, size_t value);

/*
 * Tables in @after, but not in @before, that are none of ours and have a pool
 * of @ios elements that the parameter sizes: somebody else loaded them while it
 * was set. @report is called for each, and may be NULL; how many there are.
 */
size_t bench_find_foreign(const struct sample *before,
			  const struct sample *after, const char *prefix,
			  uint64_t ios,
			  void (*report)(const struct sample *after,
					 const struct sample_pool *pool));

#endif
