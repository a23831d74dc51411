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

#include "model/sample.h"
#include "model/stats.h"

enum bench_figure {
	BENCH_RESERVED, /* bytes kept by the devices made for it */
	BENCH_THROUGHPUT, /* bytes read a second */
	BENCH_P50, /* ns a read takes, the half of them at most */
	BENCH_P99,
	BENCH_MAX,
	BENCH_LEFT, /* fewest elements seen in a reserve that it sizes */
	BENCH_TAKES, /* elements taken of the pools of slow paths */
	BENCH_WAITS, /* reserves found empty */
	BENCH_LONGEST, /* ns that one waited at most */
	BENCH_ERRORS, /* reads that failed */
	BENCH_STUCK, /* 1: the load did not end in time */
	NR_BENCH_FIGURES,
};

enum bench_unit { BENCH_BYTES, BENCH_RATE, BENCH_TIME, BENCH_NUMBER };

struct bench_figure_info {
	const char *name; /* key in JSON and CSV */
	const char *heading;
	enum bench_unit unit;
};

extern const struct bench_figure_info bench_figure_infos[NR_BENCH_FIGURES];

/* One run: its place in the plan, and what was measured; each may be unknown. */
struct bench_run {
	size_t value; /* place among the values */
	size_t round; /* from 0 */
	bool done;
	uint64_t figures[NR_BENCH_FIGURES];
};

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
	const char *load;
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

/*
 * Adds what @s shows of devices whose name begins with @prefix. Levels are the
 * lowest of all samples; the rest is as the last one has it.
 */
void bench_measure(uint64_t figures[static NR_BENCH_FIGURES],
		   const struct sample *s, const char *prefix);

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
