// SPDX-License-Identifier: GPL-2.0-only
/* The columns of pools, and their values. */
#include <inttypes.h>

#include "base/array.h"
#include "base/strbuf.h"
#include "fields/field_values.h"
#include "model/snapshot.h"

static uint64_t pool_id(const struct field_row *row)
{
	return row->pool->raw->id;
}

static uint64_t pool_table(const struct field_row *row)
{
	return row->pool->raw->table_id;
}

static uint64_t pool_target_index(const struct field_row *row)
{
	uint32_t index = row->pool->raw->target_index;

	return index == SAMPLE_NO_TARGET ? MEMTOP_UNKNOWN : index;
}

static bool pool_target(const struct field_row *row, struct strbuf *sb)
{
	return value_add_known(sb, row->pool->raw->target_type);
}

static bool pool_slot(const struct field_row *row, struct strbuf *sb)
{
	return value_add_slot(sb, row->pool->slot);
}

static bool pool_role(const struct field_row *row, struct strbuf *sb)
{
	return value_add_known(sb, row->pool->raw->role);
}

static uint64_t pool_min(const struct field_row *row)
{
	return row->pool->raw->min;
}

static uint64_t pool_current(const struct field_row *row)
{
	return row->pool->raw->current;
}

static uint64_t pool_lowest(const struct field_row *row)
{
	return row->pool->raw->lowest;
}

static uint64_t pool_object(const struct field_row *row)
{
	return row->pool->raw->object_bytes;
}

static uint64_t pool_footprint(const struct field_row *row)
{
	return row->pool->raw->footprint_bytes;
}

static uint64_t pool_reserved(const struct field_row *row)
{
	return row->pool->reserved;
}

static uint64_t pool_cached(const struct field_row *row)
{
	return row->pool->raw->cached_bytes;
}

static bool pool_cached_used(const struct field_row *row)
{
	return row->pool->raw->cached_bytes != 0;
}

static uint64_t pool_waits(const struct field_row *row)
{
	return row->pool->raw->waits;
}

static bool pool_waits_used(const struct field_row *row)
{
	return value_is_some(row->pool->raw->waits);
}

static uint64_t pool_sleeps(const struct field_row *row)
{
	return row->pool->raw->sleeps;
}

static bool pool_sleeps_used(const struct field_row *row)
{
	return value_is_some(row->pool->raw->sleeps);
}

static uint64_t pool_wait_time(const struct field_row *row)
{
	return row->pool->raw->wait_ns;
}

static bool pool_wait_time_used(const struct field_row *row)
{
	return value_is_some(row->pool->raw->wait_ns);
}

static uint64_t pool_longest_wait(const struct field_row *row)
{
	return row->pool->raw->longest_wait_ns;
}

static uint64_t pool_counted(const struct field_row *row)
{
	return snap_age(row->entry, row->pool->raw->counted_since_ns);
}

static bool pool_longest_wait_used(const struct field_row *row)
{
	return value_is_some(row->pool->raw->longest_wait_ns);
}

static uint64_t pool_waiters(const struct field_row *row)
{
	return snap_pool_waiters(row->pool);
}

static bool pool_waiters_used(const struct field_row *row)
{
	return snap_pool_nr_tasks(row->pool, false) != 0;
}

/* Whether @a began before @b; an unknown beginning counts as later. */
static bool is_longer(const struct sample_task *a, const struct sample_task *b)
{
	return a->since_ns < b->since_ns;
}

/* Fills @ret with up to @most of @pool's tasks, the longest waits first. */
static size_t longest_tasks(const struct snap_pool *pool, bool holders,
			    const struct sample_task **ret, size_t most)
{
	size_t nr_tasks = snap_pool_nr_tasks(pool, holders), nr = 0, i, j;

	for (i = 0; i < nr_tasks; i++) {
		const struct sample_task *next =
			snap_pool_task(pool, holders, i);

		for (j = 0; j < nr; j++) {
			const struct sample_task *at = ret[j];

			if (!is_longer(next, at))
				continue;
			ret[j] = next;
			next = at;
		}
		if (nr < most)
			ret[nr++] = next;
	}
	return nr;
}

/* "dd[12] 1.5s, kverityd/2[4711] -, +3" */
static bool add_tasks(struct strbuf *sb, const struct field_row *row,
		      bool holders)
{
	const struct sample_task *longest[VALUE_MOST_TASKS];
	size_t nr = longest_tasks(row->pool, holders, longest,
				  VALUE_MOST_TASKS),
	       i;
	size_t nr_tasks = snap_pool_nr_tasks(row->pool, holders);

	for (i = 0; i < nr; i++) {
		if (i)
			strbuf_addstr(sb, ", ");
		value_add_task(sb, row, longest[i]->comm, longest[i]->pid,
			       longest[i]->since_ns);
	}
	if (nr_tasks > nr)
		strbuf_addf(sb, ", +%zu", nr_tasks - nr);
	return nr_tasks > 0;
}

static bool pool_waiting(const struct field_row *row, struct strbuf *sb)
{
	return add_tasks(sb, row, false);
}

static uint64_t pool_takes(const struct field_row *row)
{
	return row->pool->raw->takes;
}

static uint64_t pool_gives(const struct field_row *row)
{
	return row->pool->raw->gives;
}

static uint64_t pool_held(const struct field_row *row)
{
	return row->pool->raw->holders_known ?
		       snap_pool_nr_tasks(row->pool, true) :
		       MEMTOP_UNKNOWN;
}

static bool pool_holders(const struct field_row *row, struct strbuf *sb)
{
	return add_tasks(sb, row, true);
}

static bool pool_holders_used(const struct field_row *row)
{
	return snap_pool_nr_tasks(row->pool, true) != 0;
}

/* Most devices that a cell names. */
#define MOST_SHARED 16

/* "254:1,254:2,+3" */
static bool pool_shared(const struct field_row *row, struct strbuf *sb)
{
	const struct snap_pool *pool = row->pool;
	size_t nr = 0;

	for (size_t i = 0; i < pool->nr_users && nr < MOST_SHARED; i++) {
		if (!snap_pool_is_shared_with(pool, pool->users[i]))
			continue;
		if (nr++)
			strbuf_addstr(sb, ",");
		value_add_devno(sb, pool->users[i]);
	}
	if (pool->nr_shared > nr)
		strbuf_addf(sb, ",+%zu", pool->nr_shared - nr);
	return pool->nr_shared > 0;
}

static uint64_t pool_serves(const struct field_row *row)
{
	return row->pool->nr_users;
}

static bool pool_shared_used(const struct field_row *row)
{
	return row->pool->nr_shared > 0;
}

/* clang-format off */
static const struct field of_pool[] = {
	{ "NAME", .help = "name of the device that the pool serves",
	  .key = true, .text = value_name },
	{ "DEV", .use = FIELD_ON_REQUEST,
	  .help = "number of this device, major:minor",
	  .key = true, .text = value_dev, .number = value_devno },
	{ "SLOT", .use = FIELD_IF_USED,
	  .help = "the table of the pool: live or inactive",
	  .key = true, .text = pool_slot, .used = value_slot_used },
	{ "ID", "id", FIELD_NUMBER, FIELD_ON_REQUEST,
	  .help = "number of the pool, unique while dm_mod is loaded",
	  .number = pool_id },
	{ "TABLE", "table_id", FIELD_NUMBER, FIELD_ON_REQUEST,
	  .help = "number of the table, unique while dm_mod is loaded",
	  .number = pool_table },
	{ "INDEX", "target_index", FIELD_NUMBER, FIELD_ON_REQUEST,
	  .help = "place of its target in the table, if only one",
	  .number = pool_target_index },
	{ "TARGET", .use = FIELD_ON_REQUEST,
	  .help = "type of this target",
	  .text = pool_target },
	{ "ROLE", "role",
	  .help = "what the pool is for: user and kind of element",
	  .key = true, .text = pool_role },
	{ "MIN", "min", FIELD_NUMBER,
	  .help = "elements that the reserve keeps (minimum)",
	  .number = pool_min,
	  .metric = { "dmverity_pool_elements",
		      .of_role = "dmverity_role_elements" } },
	{ "CURRENT", "current", FIELD_NUMBER,
	  .help = "elements in the reserve at the time of the sample",
	  .number = pool_current,
	  .metric = { "dmverity_pool_elements_free",
		      .of_role = "dmverity_role_elements_free" } },
	{ "LOWEST", "lowest", FIELD_NUMBER,
	  .help = "fewest elements that this run has seen",
	  .number = pool_lowest,
	  .metric = { "dmverity_pool_elements_free_lowest", .fold = FOLD_MIN } },
	{ "OBJECT", "object_bytes", FIELD_BYTES,
	  .help = "bytes requested for one element",
	  .number = pool_object },
	{ "FOOTPRINT", "footprint_bytes", FIELD_BYTES,
	  .help = "bytes that one element takes from the system",
	  .number = pool_footprint },
	{ "RESERVED", "reserved_bytes", FIELD_BYTES,
	  .help = "bytes in reserve: MIN times FOOTPRINT",
	  .number = pool_reserved, .sum = value_reserved,
	  .metric = { "dmverity_pool_reserved_bytes",
		      .of_device = "dmverity_reserved_bytes",
		      .of_role = "dmverity_role_reserved_bytes" } },
	{ "CACHED", "cached_bytes", FIELD_BYTES, FIELD_IF_USED,
	  .help = "bytes of cached blocks, not part of the reserve",
	  .number = pool_cached, .sum = value_cached, .used = pool_cached_used },
	{ "WAITS", "waits", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "times a task found the pool empty and had to wait",
	  .number = pool_waits, .sum = value_waits, .used = pool_waits_used,
	  .metric = { "dmverity_pool_waits_total",
		      .of_device = "dmverity_waits_total",
		      .of_role = "dmverity_role_waits_total",
		      .counter = COUNTER_WAITS } },
	{ "SLEEPS", "sleeps", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "waits that slept; for the others, reclaim was enough",
	  .number = pool_sleeps, .used = pool_sleeps_used,
	  .metric = { "dmverity_pool_sleeps_total",
		      .counter = COUNTER_SLEEPS } },
	{ "WAIT_TIME", "wait_ns", FIELD_TIME, FIELD_IF_USED,
	  .help = "sum of the waits that have ended",
	  .number = pool_wait_time, .used = pool_wait_time_used,
	  .metric = { "dmverity_pool_wait_seconds_total",
		      .of_device = "dmverity_wait_seconds_total",
		      .of_role = "dmverity_role_wait_seconds_total",
		      .counter = COUNTER_WAIT_NS } },
	{ "LONGEST_WAIT", "longest_wait_ns", FIELD_TIME, FIELD_IF_USED,
	  .help = "the longest wait that has ended",
	  .number = pool_longest_wait, .used = pool_longest_wait_used },
	{ "DURATIONS", "wait_histogram", FIELD_LIST, FIELD_ON_REQUEST,
	  LIST_WAIT_HISTOGRAM,
	  .help = "how long waits took: a bar by powers of two",
	  .text = value_durations },
	{ "COUNTED", "counted_ns", FIELD_TIME, FIELD_ON_REQUEST,
	  .help = "time in which every wait was counted",
	  .number = pool_counted },
	{ "WAITERS", "waiting", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "number of waiting tasks",
	  .number = pool_waiters, .sum = value_waiters,
	  .used = pool_waiters_used,
	  .metric = { "dmverity_pool_waiters",
		      .of_device = "dmverity_waiters",
		      .of_role = "dmverity_role_waiters" } },
	{ "WAITING", "waiters", FIELD_LIST, FIELD_IF_USED, LIST_WAITERS,
	  .help = "these tasks and their ages, the longest four",
	  .text = pool_waiting, .used = pool_waiters_used },
	{ "TAKES", "takes", FIELD_NUMBER, FIELD_ON_REQUEST,
	  .help = "elements taken, from the reserve or the allocator",
	  .number = pool_takes },
	{ "GIVES", "gives", FIELD_NUMBER, FIELD_ON_REQUEST,
	  .help = "elements returned, to the reserve or the allocator",
	  .number = pool_gives },
	{ "HELD", "held", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "elements taken in this run and not returned",
	  .number = pool_held, .used = pool_holders_used },
	{ "HOLDERS", "holders", FIELD_LIST, FIELD_IF_USED, LIST_HOLDERS,
	  .help = "the tasks that took them and ages, the longest four",
	  .text = pool_holders, .used = pool_holders_used },
	{ "SHARED", "shared_with", FIELD_LIST, FIELD_IF_USED, LIST_SHARED,
	  .help = "other devices that the pool serves, up to sixteen",
	  .text = pool_shared, .used = pool_shared_used },
	{ "SERVES", "serves", FIELD_NUMBER, FIELD_ON_REQUEST,
	  .help = "number of devices that the pool is known to serve",
	  .number = pool_serves },
};
/* clang-format on */

const struct field_table pool_fields = { .what = "pool",
					 .fields = of_pool,
					 .nr = ARRAY_SIZE(of_pool) };
