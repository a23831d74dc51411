// SPDX-License-Identifier: GPL-2.0-only
#include "model/bench.h"

#include <stdlib.h>
#include <string.h>

#include "model/advise.h"
#include "model/quantity.h"
#include "util/alloc.h"

const struct bench_figure_info bench_figure_infos[NR_BENCH_FIGURES] = {
	[BENCH_RESERVED] = { "reserved_bytes", "RESERVED", BENCH_BYTES },
	[BENCH_THROUGHPUT] = { "bytes_per_second", "READS", BENCH_RATE },
	[BENCH_P50] = { "p50_ns", "P50", BENCH_TIME },
	[BENCH_P99] = { "p99_ns", "P99", BENCH_TIME },
	[BENCH_MAX] = { "max_ns", "MAX", BENCH_TIME },
	[BENCH_LEFT] = { "lowest", "LEFT", BENCH_NUMBER },
	[BENCH_TAKES] = { "takes", "TAKES", BENCH_NUMBER },
	[BENCH_WAITS] = { "waits", "WAITS", BENCH_NUMBER },
	[BENCH_LONGEST] = { "longest_wait_ns", "LONGEST", BENCH_TIME },
	[BENCH_ERRORS] = { "errors", "ERRORS", BENCH_NUMBER },
	[BENCH_STUCK] = { "stuck", "STUCK", BENCH_NUMBER },
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
	free(bench->runs);
	bench->runs = NULL;
	bench->nr_runs = 0;
}

void bench_forget(uint64_t figures[static NR_BENCH_FIGURES])
{
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++)
		figures[i] = MEMTOP_UNKNOWN;
}

/* Whether a device of @s whose name begins with @prefix has @pool. */
static bool is_ours(const struct sample *s, const struct sample_pool *pool,
		    const char *prefix)
{
	const struct sample_device *device;

	if (!pool->dev_known)
		return false;
	device = sample_find_device(s, pool->dev);
	return device && strncmp(device->name, prefix, strlen(prefix)) == 0;
}

static void measure_pool(uint64_t figures[static NR_BENCH_FIGURES],
			 const struct sample_pool *pool)
{
	/* unknown is more than any number */
	uint64_t lowest = pool->lowest < pool->current ? pool->lowest :
							 pool->current;

	figures[BENCH_RESERVED] =
		quantity_add(figures[BENCH_RESERVED],
			     quantity_mul(pool->min, pool->footprint_bytes));
	figures[BENCH_WAITS] = quantity_add(figures[BENCH_WAITS], pool->waits);
	if (pool->longest_wait_ns > figures[BENCH_LONGEST])
		figures[BENCH_LONGEST] = pool->longest_wait_ns;
	/* not known of the pools that each bio is from */
	if (pool->takes != MEMTOP_UNKNOWN)
		figures[BENCH_TAKES] =
			quantity_add(figures[BENCH_TAKES] == MEMTOP_UNKNOWN ?
					     0 :
					     figures[BENCH_TAKES],
				     pool->takes);
	if (advise_sizes(pool->role) && lowest < figures[BENCH_LEFT])
		figures[BENCH_LEFT] = lowest;
}

void bench_measure(uint64_t figures[static NR_BENCH_FIGURES],
		   const struct sample *s, const char *prefix)
{
	bool found = false;

	for (size_t i = 0; i < s->nr_pools; i++) {
		if (!is_ours(s, &s->pools[i], prefix))
			continue;
		if (!found) {
			figures[BENCH_RESERVED] = 0;
			figures[BENCH_WAITS] = 0;
			figures[BENCH_LONGEST] = 0;
			figures[BENCH_TAKES] = MEMTOP_UNKNOWN;
		}
		found = true;
		measure_pool(figures, &s->pools[i]);
	}
}

size_t bench_baseline(const struct bench *bench)
{
	size_t largest = 0;

	for (size_t i = 0; i < bench->nr_values; i++) {
		if (bench->values[i] == ADVISE_DEFAULT)
			return i;
		if (bench->values[i] > bench->values[largest])
			largest = i;
	}
	return largest;
}

/* Fills @ret with one figure of the runs of a value; how many. */
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

static bool has_table(const struct sample *s, uint64_t table_id)
{
	for (size_t i = 0; i < s->nr_pools; i++) {
		if (s->pools[i].table_id == table_id)
			return true;
	}
	return false;
}

size_t bench_find_foreign(const struct sample *before,
			  const struct sample *after, const char *prefix,
			  uint64_t ios,
			  void (*report)(const struct sample *after,
					 const struct sample_pool *pool))
{
	uint64_t last = MEMTOP_UNKNOWN;
	size_t nr = 0;

	for (size_t i = 0; i < after->nr_pools; i++) {
		const struct sample_pool *pool = &after->pools[i];

		if (pool->min != ios || !advise_sizes(pool->role) ||
		    pool->table_id == MEMTOP_UNKNOWN ||
		    pool->table_id == last || is_ours(after, pool, prefix) ||
		    has_table(before, pool->table_id))
			continue;
		last = pool->table_id;
		nr++;
		if (report)
			report(after, pool);
	}
	return nr;
}
