// SPDX-License-Identifier: GPL-2.0-only
#include "model/trouble.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "model/snapshot.h"
#include "model/static_rules.h"
#include "stall/stall.h"

const char *const trouble_names[NR_TROUBLES] = {
	[TROUBLE_NONE] = "none",
	[TROUBLE_STALE] = "stale",
	[TROUBLE_EMPTY] = "empty pool",
	[TROUBLE_WAIT] = "wait",
	[TROUBLE_STALL] = "stall",
	[TROUBLE_CORRUPTED] = "corrupted",
	[TROUBLE_POSSIBLE_DEADLOCK] = "possible_deadlock",
	[TROUBLE_DEADLOCK] = "deadlock",
};

bool trouble_is_bad(enum trouble trouble)
{
	return trouble >= TROUBLE_STALL;
}

/* The place in the entries of the first table of @dev, or where it would be. */
static size_t first_entry(const struct snapshot *snap, struct sample_devno dev)
{
	size_t low = 0, high = snap->nr_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct snap_entry *entry = &snap->entries[middle];

		if (entry->dev_known &&
		    sample_compare_devno(entry->dev, dev) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Findings are sorted by severity. */
const struct finding **trouble_worst_findings(const struct snapshot *snap,
					      const struct findings *findings)
{
	const struct finding **worst =
		xcalloc(snap->nr_entries, sizeof(const struct finding *));

	for (size_t i = 0; i < findings->nr; i++) {
		const struct finding *finding = &findings->all[i];

		if (!finding->dev_known)
			continue;
		for (size_t j = first_entry(snap, finding->dev);
		     j < snap->nr_entries; j++) {
			const struct snap_entry *entry = &snap->entries[j];

			if (!entry->dev_known ||
			    sample_compare_devno(entry->dev, finding->dev))
				break;
			if (!worst[j])
				worst[j] = finding;
		}
	}
	return worst;
}

static enum trouble of_finding(enum finding_kind kind)
{
	static const enum trouble kinds[NR_FINDING_KINDS] = {
		[FINDING_WAIT] = TROUBLE_WAIT,
		[FINDING_STALL] = TROUBLE_STALL,
		[FINDING_POSSIBLE_DEADLOCK] = TROUBLE_POSSIBLE_DEADLOCK,
		[FINDING_DEADLOCK] = TROUBLE_DEADLOCK,
	};

	return kinds[kind];
}

static void note(enum trouble *at, enum trouble trouble)
{
	if (*at < trouble)
		*at = trouble;
}

static void find_in_pools(const struct snapshot *snap,
			  const struct findings *findings, enum trouble *pools)
{
	const struct sample *sample = snap->sample;
	struct static_hits hits;

	for (size_t i = 0; i < sample->nr_pools; i++) {
		const struct sample_pool *pool = &sample->pools[i];

		if (!pool->current && pool->min && pool->min != MEMTOP_UNKNOWN)
			note(&pools[i], TROUBLE_EMPTY);
	}
	static_rules_find_one(sample, STATIC_PARAMETER, &hits);
	for (size_t i = 0; i < hits.nr; i++)
		note(&pools[hits.all[i].pool - sample->pools], TROUBLE_STALE);
	static_hits_release(&hits);
	for (size_t i = 0; i < findings->nr; i++)
		note(&pools[findings->all[i].pool - sample->pools],
		     of_finding(findings->all[i].kind));
}

static void find_in_entry(const struct troubles *troubles,
			  const struct snap_entry *entry,
			  const struct finding *worst, enum trouble *to)
{
	for (size_t i = 0; i < entry->nr_pools; i++) {
		enum trouble of_pool =
			trouble_of_pool(troubles, &entry->pools[i]);

		/* of another device's wait, the finding belongs to that device */
		if (of_pool > TROUBLE_EMPTY)
			of_pool = entry->pools[i].raw->current ? TROUBLE_NONE :
								 TROUBLE_EMPTY;
		note(to, of_pool);
	}
	if (entry->device && entry->device->corrupted == 1)
		note(to, TROUBLE_CORRUPTED);
	if (worst)
		note(to, of_finding(worst->kind));
}

void troubles_find(const struct snapshot *snap, const struct findings *findings,
		   struct troubles *ret)
{
	const struct finding **worst = trouble_worst_findings(snap, findings);

	*ret = (struct troubles){ .snap = snap };
	ret->pools = xcalloc(snap->sample->nr_pools, sizeof(*ret->pools));
	ret->entries = xcalloc(snap->nr_entries, sizeof(*ret->entries));
	find_in_pools(snap, findings, ret->pools);
	for (size_t i = 0; i < snap->nr_entries; i++)
		find_in_entry(ret, &snap->entries[i], worst[i],
			      &ret->entries[i]);
	free(worst);
}

void troubles_release(struct troubles *troubles)
{
	free(troubles->entries);
	free(troubles->pools);
	*troubles = (struct troubles){ 0 };
}

enum trouble trouble_of_entry(const struct troubles *troubles,
			      const struct snap_entry *entry)
{
	return troubles->entries[entry - troubles->snap->entries];
}

enum trouble trouble_of_pool(const struct troubles *troubles,
			     const struct snap_pool *pool)
{
	return troubles->pools[pool->raw - troubles->snap->sample->pools];
}
