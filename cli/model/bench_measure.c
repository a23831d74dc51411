// SPDX-License-Identifier: GPL-2.0-only
/* Evaluates samples for the devices of a bench, and for those of others. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/text.h"
#include "model/bench.h"
#include "model/reload.h"
#include "sample/quantity.h"
#include "sample/roles.h"
#include "stall/stall.h"

static bool has_prefix(const struct sample_device *device, const char *prefix)
{
	return device && strncmp(device->name, prefix, strlen(prefix)) == 0;
}

/* Whether a device of @s whose name begins with @prefix has @pool. */
static bool is_ours(const struct sample *s, const struct sample_pool *pool,
		    const char *prefix)
{
	return pool->dev_known &&
	       has_prefix(sample_find_device(s, pool->dev), prefix);
}

/* --- levels --------------------------------------------------------------- */

/* Keeps the lower of @with and the known level of its role. */
static void lower_level(struct bench_level **levels, size_t *nr,
			const struct bench_level *with)
{
	struct bench_level *level;
	size_t i, rank = role_rank(with->role);

	for (i = 0; i < *nr; i++) {
		level = &(*levels)[i];
		if (strcmp(level->role, with->role) == 0) {
			/* unknown is more than any number */
			if (with->lowest < level->lowest)
				*level = *with;
			return;
		}
		if (role_rank(level->role) > rank)
			break;
	}
	*levels = xgrow(*levels, *nr, sizeof(**levels));
	level = &(*levels)[i];
	memmove(level + 1, level, (*nr - i) * sizeof(*level));
	*level = *with;
	++*nr;
}

size_t bench_levels(const struct bench *bench, size_t value,
		    struct bench_level **ret)
{
	size_t nr = 0;

	*ret = NULL;
	for (size_t i = 0; i < bench->nr_runs; i++) {
		const struct bench_run *run = &bench->runs[i];

		if (run->value != value || !run->done)
			continue;
		for (size_t j = 0; j < run->nr_levels; j++)
			lower_level(ret, &nr, &run->levels[j]);
	}
	return nr;
}

/* --- pools and devices ---------------------------------------------------- */

static void measure_level(struct bench_run *run, const struct sample_pool *pool,
			  bool by_need)
{
	struct bench_level level = { .min = pool->min };
	uint64_t *figure = &run->figures[BENCH_LEFT];

	level.lowest = pool->lowest < pool->current ? pool->lowest :
						      pool->current;
	text_copy(level.role, sizeof(level.role), pool->role);
	lower_level(&run->levels, &run->nr_levels, &level);
	if (reload_sizes_pool(pool, by_need) && level.lowest < *figure)
		*figure = level.lowest;
}

/* Including waits that have ended, and current ones. */
static void measure_longest(uint64_t *longest, const struct sample *s,
			    const struct sample_pool *pool)
{
	if (pool->longest_wait_ns > *longest)
		*longest = pool->longest_wait_ns;
	for (size_t i = 0; i < pool->nr_waiters; i++) {
		uint64_t since = pool->waiters[i].since_ns;

		if (*longest != MEMTOP_UNKNOWN && since < s->boottime_ns &&
		    s->boottime_ns - since > *longest)
			*longest = s->boottime_ns - since;
	}
}

static void measure_pool(struct bench_run *run, const struct sample *s,
			 const struct sample_pool *pool, bool by_need)
{
	uint64_t *figures = run->figures;

	figures[BENCH_RESERVED] =
		quantity_add(figures[BENCH_RESERVED],
			     quantity_mul(pool->min, pool->footprint_bytes));
	figures[BENCH_WAITS] = quantity_add(figures[BENCH_WAITS], pool->waits);
	figures[BENCH_DRAWN] = quantity_add(figures[BENCH_DRAWN], pool->drawn);
	measure_longest(&figures[BENCH_LONGEST], s, pool);
	/* unknown for pools that each bio uses */
	if (pool->takes != MEMTOP_UNKNOWN)
		figures[BENCH_TAKES] =
			quantity_add(figures[BENCH_TAKES] == MEMTOP_UNKNOWN ?
					     0 :
					     figures[BENCH_TAKES],
				     pool->takes);
	measure_level(run, pool, by_need);
}

static void measure_device(uint64_t figures[static NR_BENCH_FIGURES],
			   const struct sample_device *device)
{
	uint64_t ended = quantity_sub(device->decodes, device->decoding);
	uint64_t repairs = quantity_sub(ended, device->failed_decodes);

	figures[BENCH_RECHECKS] =
		quantity_add(figures[BENCH_RECHECKS], device->rechecks);
	figures[BENCH_REPAIRS] = quantity_add(figures[BENCH_REPAIRS], repairs);
}

/* --- stalls --------------------------------------------------------------- */

/* Records that the wait @id is a stall, and perhaps a deadlock. */
static void note_stall(struct bench_run *run, uint64_t id, bool deadlock)
{
	for (size_t i = 0; i < run->nr_stalls; i++) {
		if (run->stalls[i].id != id)
			continue;
		run->stalls[i].deadlock |= deadlock;
		return;
	}
	run->stalls = xgrow(run->stalls, run->nr_stalls, sizeof(*run->stalls));
	run->stalls[run->nr_stalls++] =
		(struct bench_stall){ .id = id, .deadlock = deadlock };
}

/*
 * A wait is recorded if a sample is taken while it is a stall; one that ends
 * earlier is missed.
 */
static void measure_stalls(struct bench_run *run, const struct sample *s,
			   const char *prefix)
{
	struct findings found;
	uint64_t deadlocks = 0;

	stall_find(s, BENCH_STALL_NS, &found);
	for (size_t i = 0; i < found.nr; i++) {
		const struct finding *f = &found.all[i];

		if (finding_is_stall(f->kind) && has_prefix(f->device, prefix))
			note_stall(run, f->id, f->kind == FINDING_DEADLOCK);
	}
	findings_release(&found);
	for (size_t i = 0; i < run->nr_stalls; i++)
		deadlocks += run->stalls[i].deadlock;
	run->figures[BENCH_STALLS] = run->nr_stalls;
	/* I/O that cannot be followed down cannot prove a deadlock */
	run->figures[BENCH_DEADLOCKS] = s->links_known ? deadlocks :
							 MEMTOP_UNKNOWN;
}

void bench_measure(struct bench_run *run, const struct sample *s,
		   const char *prefix)
{
	static const enum bench_figure summed[] = {
		BENCH_RESERVED, BENCH_WAITS,	BENCH_LONGEST,
		BENCH_DRAWN,	BENCH_RECHECKS, BENCH_REPAIRS,
	};
	bool found = false, waiters_known = true;
	bool by_need = reload_is_by_need(s);

	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];

		if (!is_ours(s, pool, prefix))
			continue;
		for (size_t j = 0; !found && j < ARRAY_SIZE(summed); j++)
			run->figures[summed[j]] = 0;
		if (!found)
			run->figures[BENCH_TAKES] = MEMTOP_UNKNOWN;
		found = true;
		waiters_known &= pool->waiters_known;
		measure_pool(run, s, pool, by_need);
	}
	if (!found)
		return;
	for (size_t i = 0; i < s->nr_devices; i++) {
		if (has_prefix(&s->devices[i], prefix))
			measure_device(run->figures, &s->devices[i]);
	}
	/* only a watch has the activity of pools */
	if (waiters_known && s->watched_since_ns != MEMTOP_UNKNOWN)
		measure_stalls(run, s, prefix);
}

/* --- devices of others ---------------------------------------------------- */

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
	bool by_need = reload_is_by_need(after);
	uint64_t last = MEMTOP_UNKNOWN;
	size_t nr = 0;

	for (size_t i = 0; i < after->nr_pools; i++) {
		const struct sample_pool *pool = &after->pools[i];

		if (pool->min != ios || !reload_sizes_pool(pool, by_need) ||
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
