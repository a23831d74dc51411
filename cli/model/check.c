// SPDX-License-Identifier: GPL-2.0-only
#include "model/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "model/snapshot.h"
#include "model/static_rules.h"
#include "stall/stall.h"

const char *const check_status_names[NR_CHECK_STATUSES] = {
	[CHECK_OK] = "OK",
	[CHECK_WARNING] = "WARNING",
	[CHECK_CRITICAL] = "CRITICAL",
	[CHECK_UNKNOWN] = "UNKNOWN",
};

const struct check_figure_info check_figure_infos[NR_FIGURES] = {
	[FIGURE_WAIT_AGE] = { "wait_age", CHECK_NS, "10", NULL,
			      "longest wait" },
	[FIGURE_WAITS] = { "waits", CHECK_COUNT, NULL, NULL,
			   "tasks in a long wait" },
	[FIGURE_STALLS] = { "stalls", CHECK_COUNT, NULL, "0",
			    "tasks in a stall" },
	[FIGURE_POSSIBLE_DEADLOCKS] = { "possible_deadlocks", CHECK_COUNT, NULL,
					"0", "tasks in a possible deadlock" },
	[FIGURE_DEADLOCKS] = { "deadlocks", CHECK_COUNT, NULL, "0",
			       "tasks in a deadlock" },
	[FIGURE_CORRUPTED] = { "corrupted", CHECK_COUNT, NULL, "0",
			       "devices with corrupted blocks" },
	[FIGURE_LOWEST] = { "lowest", CHECK_PERCENT, NULL, NULL,
			    "level of the lowest pool" },
	[FIGURE_DEVICE_BYTES] = { "device_bytes", CHECK_BYTES, NULL, NULL,
				  "reserved by the largest device" },
	[FIGURE_TOTAL_BYTES] = { "total_bytes", CHECK_BYTES, NULL, NULL,
				 "reserved by all devices" },
	[FIGURE_DEVICES] = { "devices", CHECK_COUNT, NULL, NULL,
			     "all devices" },
	[FIGURE_UNKNOWN_DEVICES] = { "unknown_devices", CHECK_COUNT, NULL, NULL,
				     "devices with unknown reserves" },
	[FIGURE_POOLS] = { "pools", CHECK_COUNT, NULL, NULL, "all pools" },
	[FIGURE_RISKS] = { "risks", CHECK_COUNT, "0", NULL,
			   "pools that break static rules" },
	[FIGURE_LOST] = { "lost", CHECK_COUNT, NULL, NULL, "lost readings" },
};

/* --- ranges --------------------------------------------------------------- */

static int parse_value(const char *text, enum check_unit unit, uint64_t *ret)
{
	if (unit == CHECK_NS)
		return text_to_ns(text, UINT64_MAX - 1, ret);
	return text_to_u64(text, 0, UINT64_MAX - 1, ret);
}

/* No figure is below 0, so ~, which is no limit, is 0. */
static int parse_start(const char *text, size_t len, enum check_unit unit,
		       uint64_t *ret)
{
	struct strbuf start = { 0 };
	int err = 0;

	strbuf_add(&start, text, len);
	*ret = 0;
	if (len && strcmp(strbuf_text(&start), "~") != 0)
		err = parse_value(strbuf_text(&start), unit, ret);
	strbuf_release(&start);
	return err;
}

int check_range_parse(const char *text, enum check_unit unit,
		      struct check_range *ret)
{
	const char *rest = text + (*text == '@'), *colon = strchr(rest, ':');
	int err = 0;

	*ret = (struct check_range){ .set = true,
				     .inside = *text == '@',
				     .end = UINT64_MAX,
				     .text = text };
	if (colon) {
		err = parse_start(rest, (size_t)(colon - rest), unit,
				  &ret->start);
		rest = colon + 1;
	}
	if (!err && (!colon || *rest))
		err = parse_value(rest, unit, &ret->end);
	/* a colon alone has no limit */
	if (err || ret->start > ret->end || strcmp(text, ":") == 0)
		return -EINVAL;
	return 0;
}

struct check_limits check_limits_default(void)
{
	struct check_limits limits = { 0 };

	for (size_t i = 0; i < NR_FIGURES; i++) {
		const struct check_figure_info *info = &check_figure_infos[i];

		if (info->warning)
			check_range_parse(info->warning, info->unit,
					  &limits.warning[i]);
		if (info->critical)
			check_range_parse(info->critical, info->unit,
					  &limits.critical[i]);
		limits.warning[i].by_default = limits.warning[i].set;
		limits.critical[i].by_default = limits.critical[i].set;
	}
	return limits;
}

static int find_figure(const char *name, size_t len, struct strbuf *problem)
{
	for (size_t i = 0; i < NR_FIGURES; i++) {
		const char *one = check_figure_infos[i].name;

		if (strlen(one) == len && strncmp(one, name, len) == 0)
			return (int)i;
	}
	strbuf_addf(problem, "unknown figure '%.*s'; the figures are", (int)len,
		    name);
	for (size_t i = 0; i < NR_FIGURES; i++)
		strbuf_addf(problem, " %s", check_figure_infos[i].name);
	return -EINVAL;
}

int check_limits_take(struct check_range *ranges, const char *word,
		      struct strbuf *problem)
{
	const char *equals = strchr(word, '=');
	int figure = FIGURE_WAIT_AGE, err;

	if (equals) {
		figure = find_figure(word, (size_t)(equals - word), problem);
		word = equals + 1;
	}
	if (figure < 0)
		return figure;
	err = check_range_parse(word, check_figure_infos[figure].unit,
				&ranges[figure]);
	if (err)
		strbuf_addf(
			problem,
			"invalid range '%s' for %s (examples: 10, 10:, 10:20, @10:20)",
			word, check_figure_infos[figure].name);
	return err;
}

static bool take_rule(bool *rules, const char *name, size_t len)
{
	for (size_t i = 0; i < NR_STATIC_RULES; i++) {
		if (strlen(static_rule_names[i]) == len &&
		    strncmp(static_rule_names[i], name, len) == 0) {
			rules[i] = true;
			return true;
		}
	}
	return false;
}

int check_rules_take(bool *rules, const char *list, struct strbuf *problem)
{
	const bool all = strcmp(list, "all") == 0;

	for (size_t i = 0; i < NR_STATIC_RULES; i++)
		rules[i] = all;
	if (all || strcmp(list, "none") == 0)
		return 0;
	for (;;) {
		size_t len = strcspn(list, ",");

		if (!take_rule(rules, list, len)) {
			strbuf_addf(
				problem,
				"unknown static rule '%.*s'; the rules are all none",
				(int)len, list);
			for (size_t i = 0; i < NR_STATIC_RULES; i++)
				strbuf_addf(problem, " %s",
					    static_rule_names[i]);
			return -EINVAL;
		}
		if (!list[len])
			return 0;
		list += len + 1;
	}
}

static bool is_fine(const struct check_range *range, uint64_t value)
{
	bool within = value >= range->start && value <= range->end;

	return within != range->inside;
}

/* --- figures -------------------------------------------------------------- */

static bool all_waiters_known(const struct sample *s)
{
	for (size_t i = 0; i < s->nr_pools; i++) {
		if (!s->pools[i].waiters_known)
			return false;
	}
	return true;
}

/*
 * A wait whose beginning is unknown has an unknown age, and then the longest is
 * unknown.
 */
static uint64_t longest_wait(const struct sample *s)
{
	uint64_t longest = 0;

	if (!all_waiters_known(s))
		return MEMTOP_UNKNOWN;
	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];

		for (size_t j = 0; j < pool->nr_waiters; j++) {
			uint64_t since = pool->waiters[j].since_ns;

			if (since == MEMTOP_UNKNOWN ||
			    s->boottime_ns == MEMTOP_UNKNOWN)
				return MEMTOP_UNKNOWN;
			if (since < s->boottime_ns &&
			    s->boottime_ns - since > longest)
				longest = s->boottime_ns - since;
		}
	}
	return longest;
}

/*
 * Percent of its minimum in the reserve with the smallest share left. Reserves
 * of a few elements do not count: they are at 0 whenever they are used, and
 * waits show whether they are too small.
 */
static uint64_t lowest_level(const struct sample *s)
{
	uint64_t lowest = 100;

	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];
		uint64_t percent;

		if (pool->min < CHECK_LEAST_RESERVE)
			continue;
		if (pool->min == MEMTOP_UNKNOWN ||
		    pool->current == MEMTOP_UNKNOWN)
			return MEMTOP_UNKNOWN;
		percent = (uint64_t)((unsigned __int128)pool->current * 100 /
				     pool->min);
		if (percent < lowest)
			lowest = percent;
	}
	return lowest;
}

static bool has_live_verity(const struct sample_device *device)
{
	for (size_t i = 0; i < device->nr_targets; i++) {
		if (device->targets[i].slot == SAMPLE_SLOT_LIVE &&
		    strcmp(device->targets[i].type, "verity") == 0)
			return true;
	}
	return false;
}

static void count_corrupted(const struct sample *s, struct check_result *ret)
{
	uint64_t *value = &ret->value[FIGURE_CORRUPTED];

	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *device = &s->devices[i];

		if (device->corrupted != MEMTOP_UNKNOWN)
			*value += device->corrupted != 0;
		else if (has_live_verity(device))
			ret->unknown_blocks++;
	}
	/* a lower bound; but if none is known, it is unknown */
	if (!*value && ret->unknown_blocks)
		*value = MEMTOP_UNKNOWN;
}

/* Bytes of a device, both tables; @next: the first entry of the next device. */
static uint64_t device_bytes(const struct snapshot *snap, size_t first,
			     size_t *next)
{
	const struct snap_entry *device = &snap->entries[first];
	uint64_t sum = 0;
	size_t i;

	for (i = first; i < snap->nr_entries; i++) {
		const struct snap_entry *entry = &snap->entries[i];

		if (entry->dev_known != device->dev_known ||
		    sample_compare_devno(entry->dev, device->dev) != 0)
			break;
		if (entry->sums.reserved.exact == MEMTOP_UNKNOWN ||
		    __builtin_add_overflow(sum, entry->sums.reserved.exact,
					   &sum))
			sum = MEMTOP_UNKNOWN;
		if (sum == MEMTOP_UNKNOWN) {
			i++;
			break;
		}
	}
	*next = i;
	return sum;
}

static uint64_t most_bytes(const struct snapshot *snap)
{
	uint64_t most = 0, bytes;
	size_t i = 0;

	while (i < snap->nr_entries) {
		bool counts = snap->entries[i].dev_known;

		bytes = device_bytes(snap, i, &i);
		/* pools without an owner are not a device */
		if (counts && bytes > most)
			most = bytes;
	}
	return most;
}

/* Without a waiter it is unknown if waiters may be invisible. */
static void count_findings(const struct sample *s, const struct findings *found,
			   uint64_t *value)
{
	static const enum check_figure figures[NR_FINDING_KINDS] = {
		[FINDING_WAIT] = FIGURE_WAITS,
		[FINDING_STALL] = FIGURE_STALLS,
		[FINDING_POSSIBLE_DEADLOCK] = FIGURE_POSSIBLE_DEADLOCKS,
		[FINDING_DEADLOCK] = FIGURE_DEADLOCKS,
	};

	for (size_t i = 0; i < found->nr; i++)
		value[figures[found->all[i].kind]]++;
	for (size_t i = 0; i < NR_FINDING_KINDS && !all_waiters_known(s); i++) {
		if (!value[figures[i]])
			value[figures[i]] = MEMTOP_UNKNOWN;
	}
}

static void count_lost(const struct sample_losses *lost, uint64_t *value)
{
	struct sample_loss all[SAMPLE_NR_LOSSES];

	sample_list_losses(lost, all);
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++) {
		if (all[i].nr == MEMTOP_UNKNOWN ||
		    __builtin_add_overflow(*value, all[i].nr, value))
			*value = MEMTOP_UNKNOWN;
		if (*value == MEMTOP_UNKNOWN)
			return;
	}
}

static void take_sum(struct check_result *ret, size_t figure,
		     struct snap_sum sum)
{
	ret->value[figure] = sum.exact;
	ret->least[figure] = sum.least;
}

static void count_all(const struct snapshot *snap, struct check_result *ret)
{
	struct snap_selection all;
	struct snap_count count;
	struct snap_sums sums;

	snapshot_select(snap, &(struct snap_filter){ 0 }, &all);
	snap_selection_sum(snap, &all, NULL, &sums, &count);
	take_sum(ret, FIGURE_TOTAL_BYTES, sums.reserved);
	take_sum(ret, FIGURE_POOLS, sums.pools);
	ret->value[FIGURE_DEVICES] = count.devices;
	ret->value[FIGURE_UNKNOWN_DEVICES] = count.unknown;
	snap_selection_release(&all);
}

/* --- the verdict ---------------------------------------------------------- */

/* Whether a figure of at least @least is certain to be outside of @range. */
static bool is_beyond(const struct check_range *range, uint64_t least)
{
	return range->set && !range->inside && least > range->end;
}

static enum check_status judge_unknown(const struct check_limits *limits,
				       size_t figure, uint64_t least)
{
	if (is_beyond(&limits->critical[figure], least))
		return CHECK_CRITICAL;
	/* it may be outside of the critical range, too */
	if (is_beyond(&limits->warning[figure], least))
		return CHECK_WARNING;
	return CHECK_UNKNOWN;
}

static enum check_status judge_figure(const struct check_limits *limits,
				      size_t figure, uint64_t value,
				      uint64_t least)
{
	const struct check_range *warning = &limits->warning[figure];
	const struct check_range *critical = &limits->critical[figure];

	if (!warning->set && !critical->set)
		return CHECK_OK;
	/* not every source has it, and the text reports that */
	if (value == MEMTOP_UNKNOWN && figure == FIGURE_CORRUPTED &&
	    critical->by_default && !warning->set)
		return CHECK_OK;
	if (value == MEMTOP_UNKNOWN)
		return judge_unknown(limits, figure, least);
	if (critical->set && !is_fine(critical, value))
		return CHECK_CRITICAL;
	if (warning->set && !is_fine(warning, value))
		return CHECK_WARNING;
	return CHECK_OK;
}

/* A known problem is more important than an unknown figure. */
static enum check_status worse(enum check_status a, enum check_status b)
{
	static const unsigned int rank[NR_CHECK_STATUSES] = {
		[CHECK_OK] = 0,
		[CHECK_UNKNOWN] = 1,
		[CHECK_WARNING] = 2,
		[CHECK_CRITICAL] = 3,
	};

	return rank[a] > rank[b] ? a : b;
}

void check_judge(const struct snapshot *snap, const struct findings *found,
		 size_t risks, const struct check_limits *limits,
		 struct check_result *ret)
{
	const struct sample_losses *lost = &snap->sample->losses;

	*ret = (struct check_result){ .status = CHECK_OK };
	ret->value[FIGURE_WAIT_AGE] = longest_wait(snap->sample);
	ret->value[FIGURE_LOWEST] = lowest_level(snap->sample);
	ret->value[FIGURE_DEVICE_BYTES] = most_bytes(snap);
	ret->value[FIGURE_RISKS] = risks;
	count_findings(snap->sample, found, ret->value);
	count_corrupted(snap->sample, ret);
	count_all(snap, ret);
	count_lost(lost, &ret->value[FIGURE_LOST]);
	/* a full ring has lost news, but not the waits themselves */
	ret->incomplete = lost->map_full || lost->missed_runs ||
			  lost->raced_reads;
	ret->limited = found->limited;
	for (size_t i = 0; i < NR_FIGURES; i++) {
		ret->figure[i] =
			judge_figure(limits, i, ret->value[i], ret->least[i]);
		ret->status = worse(ret->status, ret->figure[i]);
	}
	ret->few = ret->value[FIGURE_DEVICES] < limits->min_devices;
	if (ret->incomplete || ret->limited || ret->few)
		ret->status = worse(ret->status, CHECK_UNKNOWN);
}
