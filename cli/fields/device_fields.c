// SPDX-License-Identifier: GPL-2.0-only
/* The columns of devices, and their values. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/compare.h"
#include "base/strbuf.h"
#include "fields/field_values.h"
#include "model/backing.h"
#include "model/delta.h"
#include "model/owner.h"
#include "model/snapshot.h"
#include "sample/words.h"

static bool entry_uuid(const struct field_row *row, struct strbuf *sb)
{
	return row->entry->device &&
	       value_add_known(sb, row->entry->device->uuid);
}

static bool find_owner(const struct field_row *row, struct owner *ret)
{
	return row->entry->device &&
	       owner_find(row->entry->sample, row->entry->device, ret);
}

/* "lvm vg0" */
static bool entry_owner(const struct field_row *row, struct strbuf *sb)
{
	struct owner owner;

	if (!find_owner(row, &owner))
		return false;
	owner_add_name(sb, &owner);
	return true;
}

/* "uuid LVM-*" */
static bool entry_evidence(const struct field_row *row, struct strbuf *sb)
{
	struct owner owner;

	if (!find_owner(row, &owner))
		return false;
	owner_add_evidence(sb, &owner);
	return true;
}

/* ---- files and mounts --------------------------------------------------------- */

static bool add_backing(const struct backing *backing, struct strbuf *sb)
{
	for (size_t i = 0; i < backing->nr; i++)
		strbuf_addf(sb, "%s%s", i ? "," : "",
			    backing->loops[i]->backing);
	return backing->nr > 0;
}

static void find_backing(const struct field_row *row, struct backing *ret)
{
	ret->nr = 0;
	if (row->entry->device)
		backing_find(row->entry->sample, row->entry->device, ret);
}

static bool entry_backing(const struct field_row *row, struct strbuf *sb)
{
	struct backing backing;

	find_backing(row, &backing);
	return add_backing(&backing, sb);
}

static bool entry_backing_used(const struct field_row *row)
{
	struct backing backing;

	find_backing(row, &backing);
	return backing.nr > 0;
}

/* Of a device in between: its file, if it is a loop device. */
static bool below_backing(const struct sample *s, struct sample_devno dev,
			  struct strbuf *sb)
{
	const struct sample_device *device = sample_find_device(s, dev);
	const struct sample_block *block = sample_find_block(s, dev);
	struct backing backing = { .nr = 0 };

	if (device)
		backing_find(s, device, &backing);
	else if (block && *block->backing)
		backing.loops[backing.nr++] = block;
	return add_backing(&backing, sb);
}

static const struct sample_block *block_of(const struct field_row *row)
{
	return row->entry->dev_known ?
		       sample_find_block(row->entry->sample, row->entry->dev) :
		       NULL;
}

static bool add_mounts(const struct sample_block *block, struct strbuf *sb)
{
	for (size_t i = 0; block && i < block->nr_mounts; i++)
		strbuf_addf(sb, "%s%s", i ? "," : "", block->mounts[i].point);
	return block && block->nr_mounts;
}

static bool entry_mounts(const struct field_row *row, struct strbuf *sb)
{
	return add_mounts(block_of(row), sb);
}

static bool below_mounts(const struct sample *s, struct sample_devno dev,
			 struct strbuf *sb)
{
	return add_mounts(sample_find_block(s, dev), sb);
}

/* Also if a device below is mounted, where a file of this one is. */
static bool entry_mounts_used(const struct field_row *row)
{
	const struct sample_block *block = block_of(row);
	struct backing backing;

	if (block && block->nr_mounts)
		return true;
	find_backing(row, &backing);
	for (size_t i = 0; i < backing.nr; i++) {
		if (backing.loops[i]->nr_lower)
			return true;
	}
	return false;
}

/* All mounts of a device have one file system. */
static bool add_fstype(const struct sample_block *block, struct strbuf *sb)
{
	if (!block || !block->nr_mounts)
		return false;
	strbuf_addstr(sb, block->mounts[0].type);
	return true;
}

static bool entry_fstype(const struct field_row *row, struct strbuf *sb)
{
	return add_fstype(block_of(row), sb);
}

static bool below_fstype(const struct sample *s, struct sample_devno dev,
			 struct strbuf *sb)
{
	return add_fstype(sample_find_block(s, dev), sb);
}

static bool below_name(const struct sample *s, struct sample_devno dev,
		       struct strbuf *sb)
{
	const struct sample_device *device = sample_find_device(s, dev);
	const struct sample_block *block = sample_find_block(s, dev);

	if (device)
		return value_add_known(sb, device->name);
	return block && value_add_known(sb, block->name);
}

static bool below_dev(const struct sample *s, struct sample_devno dev,
		      struct strbuf *sb)
{
	(void)s;
	value_add_devno(sb, dev);
	return true;
}

static bool entry_slot(const struct field_row *row, struct strbuf *sb)
{
	return value_add_slot(sb, row->entry->slot);
}

/* By type, then by place in the table. */
static int compare_types(const void *pa, const void *pb)
{
	const struct sample_target *a = *(struct sample_target *const *)pa;
	const struct sample_target *b = *(struct sample_target *const *)pb;
	int order = strcmp(a->type, b->type);

	return order ? order : compare_addresses(a, b);
}

static int compare_targets(const void *pa, const void *pb)
{
	const struct sample_target *a = *(struct sample_target *const *)pa;
	const struct sample_target *b = *(struct sample_target *const *)pb;

	return compare_addresses(a, b);
}

/*
 * Each type once, in the table's order. Sorted, because the number of targets
 * is not limited.
 */
static bool entry_targets(const struct field_row *row, struct strbuf *sb)
{
	const struct snap_entry *entry = row->entry;
	const struct sample_target **types;
	size_t nr = 0, i;

	types = xcalloc(entry->nr_targets, sizeof(*types));
	for (i = 0; i < entry->nr_targets; i++)
		types[i] = entry->targets[i];
	qsort(types, entry->nr_targets, sizeof(*types), compare_types);
	for (i = 0; i < entry->nr_targets; i++) {
		if (!i || strcmp(types[nr - 1]->type, types[i]->type))
			types[nr++] = types[i];
	}
	qsort(types, nr, sizeof(*types), compare_targets);
	for (i = 0; i < nr; i++)
		strbuf_addf(sb, "%s%s", i ? "," : "", types[i]->type);
	free(types);
	return nr > 0;
}

static uint64_t entry_suspended(const struct field_row *row)
{
	const struct sample_device *device = row->entry->device;

	return device && !(device->gaps & SAMPLE_NO_SUSPENDED) ?
		       device->suspended :
		       MEMTOP_UNKNOWN;
}

/* The sample has only the live table's lower devices. */
static bool entry_lower(const struct field_row *row, struct strbuf *sb)
{
	const struct sample_device *device = row->entry->device;
	size_t i;

	if (!device || row->entry->slot != SAMPLE_SLOT_LIVE)
		return false;
	for (i = 0; i < device->nr_lower; i++) {
		if (i)
			strbuf_addstr(sb, ",");
		value_add_devno(sb, device->lower[i]);
	}
	return device->nr_lower > 0;
}

static bool add_level(const struct sample_pool *pool, struct strbuf *sb)
{
	if (pool->current == MEMTOP_UNKNOWN || pool->min == MEMTOP_UNKNOWN)
		return false;
	strbuf_addf(sb, "%" PRIu64 "/%" PRIu64, pool->current, pool->min);
	return true;
}

/* The pool nearest to empty: "hash.io 3/16". For a pool's row: its own. */
static bool entry_level(const struct field_row *row, struct strbuf *sb)
{
	const struct snap_entry *entry = row->entry;

	if (row->pool)
		return add_level(row->pool->raw, sb);
	if (entry->lowest)
		strbuf_addf(sb, "%s %" PRIu64 "/%" PRIu64,
			    entry->lowest->raw->role,
			    entry->lowest->raw->current,
			    entry->lowest->raw->min);
	else if (entry->levels_known && entry->nr_pools)
		strbuf_addstr(sb, "full");
	else
		return false;
	return true;
}

static uint64_t level_ratio(const struct sample_pool *pool)
{
	if (pool->current == MEMTOP_UNKNOWN || pool->min == MEMTOP_UNKNOWN ||
	    pool->min == 0)
		return MEMTOP_UNKNOWN;
	return (long double)pool->current * 1000000 / pool->min;
}

/* In millionths, for sorting and bars. */
static uint64_t entry_level_ratio(const struct field_row *row)
{
	const struct snap_entry *entry = row->entry;

	if (row->pool)
		return level_ratio(row->pool->raw);
	if (entry->lowest)
		return level_ratio(entry->lowest->raw);
	return entry->levels_known && entry->nr_pools ? 1000000 :
							MEMTOP_UNKNOWN;
}

/*
 * A device's counts are in its live table's row only, so that they are not
 * counted twice; they are unknown in others.
 */
#define COUNT_OF_DEVICE(member)                                          \
	static uint64_t entry_##member(const struct field_row *row)      \
	{                                                                \
		const struct sample_device *device = row->entry->device; \
                                                                         \
		if (!device || row->entry->slot != SAMPLE_SLOT_LIVE)     \
			return MEMTOP_UNKNOWN;                           \
		return device->member;                                   \
	}                                                                \
	static bool entry_##member##_used(const struct field_row *row)   \
	{                                                                \
		uint64_t n = entry_##member(row);                        \
                                                                         \
		return n != 0 && n != MEMTOP_UNKNOWN;                    \
	}

COUNT_OF_DEVICE(rechecks)
COUNT_OF_DEVICE(failed_rechecks)
COUNT_OF_DEVICE(decodes)
COUNT_OF_DEVICE(failed_decodes)
COUNT_OF_DEVICE(rechecking)
COUNT_OF_DEVICE(decoding)

static uint64_t entry_corrupted(const struct field_row *row)
{
	const struct sample_device *device = row->entry->device;

	if (!device || row->entry->slot != SAMPLE_SLOT_LIVE)
		return MEMTOP_UNKNOWN;
	return device->corrupted;
}

static bool entry_corrupted_used(const struct field_row *row)
{
	return entry_corrupted(row) == 1;
}

static uint64_t entry_known(const struct field_row *row)
{
	return row->entry->dev_known ? row->entry->pools_known : MEMTOP_UNKNOWN;
}

static bool entry_unknown(const struct field_row *row, struct strbuf *sb)
{
	return snap_add_unknown_types(&row->entry, 1, sb) > 0;
}

static struct snap_sum sum_biovec(const struct snap_sums *sums)
{
	return sums->biovec;
}

static bool waits_used(const struct field_row *row)
{
	return row->sums->waits.least != 0;
}

static bool waiters_used(const struct field_row *row)
{
	return row->sums->waiters.least != 0;
}

static struct snap_sum sum_pools(const struct snap_sums *sums)
{
	return sums->pools;
}

#define SUM_OF_GROUP(name, group_)                                             \
	static struct snap_sum sum_##name(const struct snap_sums *sums)        \
	{                                                                      \
		return sums->group[group_];                                    \
	}                                                                      \
	static struct snap_sum sum_##name##_bvec(const struct snap_sums *sums) \
	{                                                                      \
		return sums->group_biovec[group_];                             \
	}

SUM_OF_GROUP(core, ROLE_CORE)
SUM_OF_GROUP(recheck, ROLE_RECHECK)
SUM_OF_GROUP(hash, ROLE_HASH)
SUM_OF_GROUP(fec, ROLE_FEC)
SUM_OF_GROUP(other, ROLE_OTHER)

/*
 * Whether pools of @group are known, or may be missing for a reason other than
 * targets with unknown reserves, which RESERVED shows.
 */
static bool group_used(const struct field_row *row, enum role_group group)
{
	const struct snap_sum *sum = &row->sums->group[group];

	return sum->least ||
	       (sum->exact == MEMTOP_UNKNOWN &&
		row->sums->group[ROLE_CORE].exact == MEMTOP_UNKNOWN);
}

static bool fec_used(const struct field_row *row)
{
	return group_used(row, ROLE_FEC);
}

static bool other_used(const struct field_row *row)
{
	return group_used(row, ROLE_OTHER);
}

static void add_number(struct strbuf *sb, uint64_t n)
{
	if (n == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "-");
	else
		strbuf_addf(sb, "%" PRIu64, n);
}

/* "recheck of 8: kworker/0:1H[10] 1.5s, +3" */
static bool entry_repairing(const struct field_row *row, struct strbuf *sb)
{
	const struct sample_device *device = row->entry->device;
	size_t i;

	if (!device || row->entry->slot != SAMPLE_SLOT_LIVE)
		return false;
	for (i = 0; i < device->nr_ops && i < VALUE_MOST_TASKS; i++) {
		const struct sample_op *op = &device->ops[i];

		strbuf_addf(sb, "%s%s of %s", i ? ", " : "",
			    sample_op_words[op->kind],
			    op->metadata ? "hash block " : "");
		add_number(sb, op->block);
		strbuf_addstr(sb, ": ");
		value_add_task(sb, row, op->comm, op->pid, op->since_ns);
	}
	if (device->nr_ops > i)
		strbuf_addf(sb, ", +%zu", device->nr_ops - i);
	return device->nr_ops > 0;
}

static bool entry_repairing_used(const struct field_row *row)
{
	return row->entry->device && row->entry->device->nr_ops &&
	       row->entry->slot == SAMPLE_SLOT_LIVE;
}

/* Changes since the previous sample. */

/* "1.5", "12", or the reason for its absence. */
static bool add_rate(const struct rate *rate, struct strbuf *sb)
{
	uint64_t tenths =
		rate->per_second / 100 + (rate->per_second % 100 >= 50);

	switch (rate->state) {
	case RATE_FIRST:
		strbuf_addstr(sb, "..");
		return true;
	case RATE_RESET:
		strbuf_addstr(sb, "new");
		return true;
	case RATE_OK:
	case RATE_STALE:
		break;
	default:
		return false;
	}
	if (rate->per_second && !tenths)
		strbuf_addstr(sb, "<0.1");
	else if (tenths % 10 && tenths < 1000)
		strbuf_addf(sb, "%" PRIu64 ".%" PRIu64, tenths / 10,
			    tenths % 10);
	else
		strbuf_addf(sb, "%" PRIu64, (rate->per_second + 500) / 1000);
	if (rate->state == RATE_STALE)
		strbuf_addstr(sb, "?");
	return true;
}

static const struct rate *rate_of(const struct field_row *row,
				  enum delta_kind kind)
{
	static const struct rate unknown = { .state = RATE_UNKNOWN };

	if (row->pool)
		return row->pool_was && kind == DELTA_WAITS ?
			       &row->pool_was->waits.rate :
			       &unknown;
	return row->was ? &row->was->counters[kind].rate : &unknown;
}

static uint64_t rate_number(const struct rate *rate)
{
	return rate->state == RATE_OK || rate->state == RATE_STALE ?
		       rate->per_second :
		       MEMTOP_UNKNOWN;
}

#define RATE(name, kind)                                          \
	static uint64_t name##_rate(const struct field_row *row)  \
	{                                                         \
		return rate_number(rate_of(row, kind));           \
	}                                                         \
	static bool name##_rate_text(const struct field_row *row, \
				     struct strbuf *sb)           \
	{                                                         \
		return add_rate(rate_of(row, kind), sb);          \
	}

RATE(wait, DELTA_WAITS)
RATE(recheck, DELTA_RECHECKS)
RATE(decode, DELTA_DECODES)

/* The lowest or the highest of a history; for sorting. */
static uint64_t history_extreme(const struct delta_history *h,
				const uint32_t of[DELTA_LENGTH], bool lowest)
{
	uint64_t extreme = MEMTOP_UNKNOWN;
	size_t i;

	for (i = 0; i < h->nr; i++) {
		uint32_t n = delta_history_at(h, of, i);

		if (n != DELTA_GAP &&
		    (extreme == MEMTOP_UNKNOWN || (n < extreme) == lowest))
			extreme = n;
	}
	return extreme;
}

static uint64_t history_level(const struct field_row *row)
{
	if (!row->was || row->pool)
		return MEMTOP_UNKNOWN;
	return history_extreme(&row->was->history, row->was->history.level,
			       true);
}

static uint64_t history_waits(const struct field_row *row)
{
	if (!row->was || row->pool)
		return MEMTOP_UNKNOWN;
	return history_extreme(&row->was->history, row->was->history.waits,
			       false);
}

static bool entry_fill_text(const struct field_row *row, struct strbuf *sb)
{
	const struct snap_entry *entry = row->entry;

	if (row->pool)
		return add_level(row->pool->raw, sb);
	if (entry->lowest)
		return add_level(entry->lowest->raw, sb);
	return entry_level(row, sb);
}

/* clang-format off */
static const struct field of_device[] = {
	{ "NAME", "name", .help = "name of the device",
	  .key = true, .text = value_name, .below = below_name },
	{ "DEV", "dev", .help = "device number, major:minor",
	  .key = true, .text = value_dev, .number = value_devno,
	  .below = below_dev },
	{ "UUID", "uuid", .use = FIELD_ON_REQUEST,
	  .help = "UUID of the device",
	  .text = entry_uuid },
	{ "OWNER", "owner", FIELD_LIST, FIELD_ON_REQUEST, LIST_OWNER,
	  .help = "the software that made the device",
	  .text = entry_owner },
	{ "EVIDENCE", NULL, FIELD_LIST, FIELD_ON_REQUEST, LIST_OWNER,
	  .help = "the patterns by which the owner was found",
	  .text = entry_evidence },
	{ "SLOT", "slot", .use = FIELD_IF_USED,
	  .help = "the table of the reserves: live or inactive",
	  .key = true, .text = entry_slot, .used = value_slot_used },
	{ "SUSPENDED", "suspended", FIELD_BOOL, FIELD_ON_REQUEST,
	  .help = "whether the device is suspended",
	  .number = entry_suspended,
	  .metric = { "dmverity_suspended" } },
	{ "TARGET", "targets", FIELD_LIST, .list = LIST_TARGETS,
	  .help = "target types of the table",
	  .text = entry_targets },
	{ "RESERVED", "reserved_bytes", FIELD_BYTES,
	  .help = "bytes in reserve: all pools of the table",
	  .sum = value_reserved },
	{ "BIOVEC", "biovec_bytes", FIELD_BYTES,
	  .help = "the part of RESERVED that is arrays of bio vectors",
	  .sum = sum_biovec },
	{ "CORE", NULL, FIELD_BYTES,
	  .help = "the part of RESERVED for bios of device-mapper itself",
	  .sum = sum_core },
	{ "RECHECK", NULL, FIELD_BYTES,
	  .help = "the part of RESERVED for rechecks",
	  .sum = sum_recheck },
	{ "HASH", NULL, FIELD_BYTES,
	  .help = "the part of RESERVED for reads of the hash tree",
	  .sum = sum_hash },
	{ "FEC", NULL, FIELD_BYTES, FIELD_IF_USED,
	  .help = "the part of RESERVED for forward error correction",
	  .sum = sum_fec, .used = fec_used },
	{ "OTHER", NULL, FIELD_BYTES, FIELD_IF_USED,
	  .help = "the part of RESERVED in pools of other targets",
	  .sum = sum_other, .used = other_used },
	{ "CACHED", "cached_bytes", FIELD_BYTES,
	  .help = "bytes of cached blocks, not part of the reserve",
	  .sum = value_cached,
	  .metric = { "dmverity_bufio_cache_bytes", .by_table = true } },
	{ "LEVEL", NULL,
	  .help = "the pool nearest to empty, as left/minimum; or full",
	  .share = true, .parts = true,
	  .text = entry_level, .number = entry_level_ratio },
	{ "WAITS", NULL, FIELD_NUMBER, FIELD_IF_USED,
	  .help = "times a task found a pool empty and had to wait",
	  .sum = value_waits, .used = waits_used },
	{ "DURATIONS", NULL, .use = FIELD_ON_REQUEST, .parts = true,
	  .help = "how long waits took: a bar by powers of two",
	  .text = value_durations },
	{ "WAITERS", NULL, FIELD_NUMBER, FIELD_IF_USED,
	  .help = "number of waiting tasks",
	  .sum = value_waiters, .used = waiters_used },
	{ "RECHECKS", "rechecks", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "blocks read again because their hash did not match",
	  .number = entry_rechecks, .used = entry_rechecks_used,
	  .metric = { "dmverity_rechecks_total", .counter = COUNTER_RECHECKS } },
	{ "RECHECK_FAIL", "failed_rechecks", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "blocks whose hash did not match again",
	  .number = entry_failed_rechecks,
	  .used = entry_failed_rechecks_used,
	  .metric = { "dmverity_recheck_failures_total", .counter = COUNTER_FAILED_RECHECKS } },
	{ "DECODES", "decodes", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "blocks that error correction tried to correct",
	  .number = entry_decodes, .used = entry_decodes_used,
	  .metric = { "dmverity_decodes_total", .counter = COUNTER_DECODES } },
	{ "DECODE_FAIL", "failed_decodes", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "blocks that error correction could not correct",
	  .number = entry_failed_decodes, .used = entry_failed_decodes_used,
	  .metric = { "dmverity_decode_failures_total", .counter = COUNTER_FAILED_DECODES } },
	{ "CORRUPTED", "corrupted", FIELD_BOOL, FIELD_IF_USED,
	  .help = "whether a block stayed invalid since the table load",
	  .number = entry_corrupted, .used = entry_corrupted_used,
	  .metric = { "dmverity_corrupted" } },
	{ "RECHECKING", "rechecking", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "rechecks in progress",
	  .number = entry_rechecking, .used = entry_rechecking_used,
	  .metric = { "dmverity_rechecks_in_progress" } },
	{ "DECODING", "decoding", FIELD_NUMBER, FIELD_IF_USED,
	  .help = "corrections in progress",
	  .number = entry_decoding, .used = entry_decoding_used,
	  .metric = { "dmverity_decodes_in_progress" } },
	{ "REPAIRING", "repairs", FIELD_LIST, FIELD_IF_USED, LIST_REPAIRS,
	  .help = "the oldest four of these, with task and age",
	  .text = entry_repairing, .used = entry_repairing_used },
	{ "BACKING", "backing", FIELD_LIST, FIELD_IN_TREE, LIST_BACKING,
	  .help = "the files that the device is on, through loop devices",
	  .text = entry_backing, .used = entry_backing_used,
	  .below = below_backing },
	{ "MOUNT", "mounts", FIELD_LIST, FIELD_IN_TREE, LIST_MOUNTS,
	  .help = "where the device is mounted",
	  .text = entry_mounts, .used = entry_mounts_used,
	  .below = below_mounts },
	{ "FSTYPE", NULL, FIELD_LIST, FIELD_ON_REQUEST, LIST_MOUNTS,
	  .help = "type of the mounted file system",
	  .text = entry_fstype, .below = below_fstype },
	{ "LOWER", "lower", FIELD_LIST, FIELD_ON_REQUEST, LIST_LOWER,
	  .help = "devices below, which the live table uses",
	  .text = entry_lower },
	{ "KNOWN", "reserves_known", FIELD_BOOL, FIELD_ON_REQUEST,
	  .help = "whether all reserves of the table are known",
	  .number = entry_known },
	{ "UNKNOWN", "unknown_targets", FIELD_LIST, FIELD_ON_REQUEST,
	  LIST_UNKNOWN,
	  .help = "target types whose reserves are unknown",
	  .text = entry_unknown },
	{ "POOLS", "pools", FIELD_LIST, FIELD_ON_REQUEST, LIST_POOLS,
	  .help = "number of pools",
	  .sum = sum_pools },
	{ "CORE_BVEC", NULL, FIELD_BYTES, FIELD_ON_REQUEST,
	  .help = "the part of BIOVEC in CORE",
	  .sum = sum_core_bvec },
	{ "RECHECK_BVEC", NULL, FIELD_BYTES, FIELD_ON_REQUEST,
	  .help = "the part of BIOVEC in RECHECK",
	  .sum = sum_recheck_bvec },
	{ "HASH_BVEC", NULL, FIELD_BYTES, FIELD_ON_REQUEST,
	  .help = "the part of BIOVEC in HASH",
	  .sum = sum_hash_bvec },
	{ "FEC_BVEC", NULL, FIELD_BYTES, FIELD_ON_REQUEST,
	  .help = "the part of BIOVEC in FEC",
	  .sum = sum_fec_bvec },
	{ "OTHER_BVEC", NULL, FIELD_BYTES, FIELD_ON_REQUEST,
	  .help = "the part of BIOVEC in OTHER",
	  .sum = sum_other_bvec },
	/* The NR_LIVE fields that need more than one sample. */
	{ "FILL", NULL, .look = LOOK_BAR, .parts = true,
	  .help = "how full the pool nearest to empty is, as a bar",
	  .share = true, .text = entry_fill_text, .number = entry_level_ratio },
	{ "HISTORY", NULL, FIELD_NUMBER, .look = LOOK_LEVELS,
	  .help = "the same over the last samples, the newest at the right",
	  .number = history_level },
	{ "WAIT/S", NULL, FIELD_RATE, .parts = true,
	  .help = "waits in a second since the last sample",
	  .text = wait_rate_text, .number = wait_rate },
	{ "RECHK/S", NULL, FIELD_RATE,
	  .help = "rechecks in a second since the last sample",
	  .text = recheck_rate_text, .number = recheck_rate },
	{ "FEC/S", NULL, FIELD_RATE,
	  .help = "corrections in a second since the last sample",
	  .text = decode_rate_text, .number = decode_rate },
	{ "WAIT_HIST", NULL, FIELD_RATE, .look = LOOK_WAITS,
	  .help = "waits in a second over the last samples, as a bar",
	  .number = history_waits },
};
/* clang-format on */
#define NR_LIVE 6

const struct field_table device_fields = { .what = "device",
					   .fields = of_device,
					   .nr = ARRAY_SIZE(of_device) -
						 NR_LIVE };

/* First those that fit 80 columns; a wider terminal shows more. */
const struct field_table live_fields = {
	.what = "device",
	.fields = of_device,
	.nr = ARRAY_SIZE(of_device),
	.usual = "NAME,RESERVED,BIOVEC,FILL,HISTORY,WAITERS,WAIT/S,RECHK/S,"
		 "FEC/S,CACHED,TARGET,LEVEL,WAIT_HIST,DEV,CORE,RECHECK,HASH,"
		 "FEC,CORRUPTED",
};

const struct field_table live_only_fields = {
	.what = "device",
	.fields = of_device + ARRAY_SIZE(of_device) - NR_LIVE,
	.nr = NR_LIVE,
};
