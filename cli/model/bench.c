// SPDX-License-Identifier: GPL-2.0-only
#include "model/bench.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "model/reload.h"

const struct bench_figure_info bench_figure_infos[NR_BENCH_FIGURES] = {
	[BENCH_RESERVED] = { "reserved_bytes", "RESERVED", BENCH_BYTES },
	[BENCH_THROUGHPUT] = { "bytes_per_second", "RATE", BENCH_RATE },
	[BENCH_OPERATIONS] = { "operations", "OPS", BENCH_NUMBER },
	[BENCH_P50] = { "p50_ns", "P50", BENCH_TIME },
	[BENCH_P99] = { "p99_ns", "P99", BENCH_TIME },
	[BENCH_MAX] = { "max_ns", "MAX", BENCH_TIME },
	[BENCH_LEFT] = { "lowest", "LEFT", BENCH_NUMBER },
	[BENCH_TAKES] = { "takes", "TAKES", BENCH_NUMBER, true },
	[BENCH_DRAWN] = { "drawn", "DRAWN", BENCH_NUMBER, true },
	[BENCH_WAITS] = { "waits", "WAITS", BENCH_NUMBER, true },
	[BENCH_LONGEST] = { "longest_wait_ns", "LONGEST", BENCH_TIME, true },
	[BENCH_STALLS] = { "stalls", "STALLS", BENCH_NUMBER, true },
	[BENCH_DEADLOCKS] = { "deadlocks", "DEADLOCKS", BENCH_NUMBER, true },
	[BENCH_RECHECKS] = { "rechecks", "RECHECKS", BENCH_NUMBER, true },
	[BENCH_REPAIRS] = { "repairs", "REPAIRS", BENCH_NUMBER, true },
	[BENCH_ERRORS] = { "errors", "ERRORS", BENCH_NUMBER, true },
	[BENCH_STUCK] = { "stuck", "STUCK", BENCH_NUMBER, true },
};

const char *const bench_blocks_names[NR_BENCH_BLOCKS] = {
	[BENCH_CLEAN] = "clean",
	[BENCH_RECHECK] = "recheck",
	[BENCH_REPAIR] = "repair",
};

const char *const bench_load_names[NR_BENCH_LOADS] = {
	[BENCH_RANDOM] = "random",
	[BENCH_SEQUENTIAL] = "sequential",
	[BENCH_WRITE] = "write",
};

void bench_plan(struct bench *bench, const uint64_t *values, size_t nr,
		size_t repeats)
{
	bench->values = values;
	bench->nr_values = nr;
	bench->repeats = repeats;
	bench->runs = xcalloc(nr * repeats, sizeof(*bench->runs));
	for (size_t round = 0; round < repeats; round++) {
		for (size_t i = 0; i < nr; i++) {
			struct bench_run *run = &bench->runs[bench->nr_runs++];

			run->round = round;
			run->value = (i + round) % nr;
			bench_forget(run->figures);
		}
	}
}

void bench_release(struct bench *bench)
{
	for (size_t i = 0; i < bench->nr_runs; i++) {
		free(bench->runs[i].levels);
		free(bench->runs[i].stalls);
	}
	free(bench->runs);
	bench->runs = NULL;
	bench->nr_runs = 0;
}

void bench_forget(uint64_t figures[static NR_BENCH_FIGURES])
{
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++)
		figures[i] = MEMTOP_UNKNOWN;
}

size_t bench_baseline(const struct bench *bench)
{
	size_t largest = 0;

	for (size_t i = 0; i < bench->nr_values; i++) {
		if (bench->values[i] == RELOAD_DEFAULT)
			return i;
		if (bench->values[i] > bench->values[largest])
			largest = i;
	}
	return largest;
}

/* Fills @ret with one figure from all runs of a value; returns how many. */
static size_t pick(const struct bench *bench, size_t value,
		   enum bench_figure figure, uint64_t *ret)
{
	size_t nr = 0;

	for (size_t i = 0; i < bench->nr_runs; i++) {
		const struct bench_run *run = &bench->runs[i];

		if (run->value == value && run->done)
			ret[nr++] = run->figures[figure];
	}
	return nr;
}

struct bench_summary bench_summarize(const struct bench *bench, size_t value)
{
	size_t baseline = bench_baseline(bench), nr_others;
	struct bench_summary ret = { .value = bench->values[value],
				     .baseline = value == baseline };
	uint64_t *own = xcalloc(bench->nr_runs + 1, sizeof(*own));
	uint64_t *others = xcalloc(bench->nr_runs + 1, sizeof(*others));

	for (size_t figure = 0; figure < NR_BENCH_FIGURES; figure++) {
		ret.runs = pick(bench, value, figure, own);
		nr_others = pick(bench, baseline, figure, others);
		ret.spreads[figure] = stats_spread(own, ret.runs);
		ret.chances[figure] =
			ret.baseline ?
				1 :
				stats_chance(own, ret.runs, others, nr_others);
	}
	free(own);
	free(others);
	return ret;
}
