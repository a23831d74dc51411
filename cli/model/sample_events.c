// SPDX-License-Identifier: GPL-2.0-only
#include "model/sample_events.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/times.h"
#include "sample/quantity.h"
#include "sample/sample.h"

/* Shorter waits are normal. */
#define THRESHOLD SECOND

static void add_name(struct event_names *names, const char *name)
{
	names->all = xgrow(names->all, names->nr, sizeof(*names->all));
	names->all[names->nr++] = name;
}

static void find_findings(const struct findings *found,
			  struct sample_events *ret)
{
	for (enum finding_kind kind = 0; kind < NR_FINDING_KINDS; kind++) {
		const struct sample_device *last = NULL;

		for (size_t i = 0; i < found->nr; i++) {
			const struct finding *f = &found->all[i];

			if (f->kind != kind || (f->device && f->device == last))
				continue;
			last = f->device;
			add_name(&ret->findings[kind], last ? last->name : "");
		}
	}
}

static void find_waits(const struct findings *found, struct sample_events *ret)
{
	uint64_t longest = 0;

	for (size_t i = 0; i < found->nr_waits; i++) {
		uint64_t age = found->waits[i].age_ns;

		if (age != MEMTOP_UNKNOWN && age > longest)
			longest = age;
	}
	ret->waiting = found->nr_waits;
	ret->longest_ns = longest ? longest : MEMTOP_UNKNOWN;
}

static void find_states(const struct sample *s, struct sample_events *ret)
{
	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *device = &s->devices[i];

		if (device->suspended)
			add_name(&ret->suspended, device->name);
		if (device->corrupted == 1)
			add_name(&ret->corrupted, device->name);
	}
}

/* Devices of @s that @other does not have. */
static void find_missing(const struct sample *s, const struct sample *other,
			 struct event_names *ret)
{
	for (size_t i = 0; i < s->nr_devices; i++) {
		if (!sample_find_device(other, s->devices[i].dev))
			add_name(ret, s->devices[i].name);
	}
}

/* Counts of devices that are in both samples. */
static void find_repairs(const struct sample *s, const struct sample *before,
			 struct sample_events *ret)
{
	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *now = &s->devices[i];
		const struct sample_device *was =
			sample_find_device(before, now->dev);

		if (!was)
			continue;
		ret->rechecks = quantity_add_least(ret->rechecks,
						   quantity_sub(now->rechecks,
								was->rechecks));
		ret->decodes = quantity_add_least(
			ret->decodes, quantity_sub(now->decodes, was->decodes));
	}
}

static void find_empty(const struct sample *s, struct sample_events *ret)
{
	bool *empty = xcalloc(s->nr_devices, sizeof(*empty));
	bool unnamed = false;

	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];
		const struct sample_device *device =
			pool->dev_known ? sample_find_device(s, pool->dev) :
					  NULL;

		if (pool->current || !pool->min || pool->min == MEMTOP_UNKNOWN)
			continue;
		if (device)
			empty[device - s->devices] = true;
		else
			unnamed = true;
	}
	for (size_t i = 0; i < s->nr_devices; i++) {
		if (empty[i])
			add_name(&ret->empty, s->devices[i].name);
	}
	if (unnamed)
		add_name(&ret->empty, "");
	free(empty);
}

static bool has_losses(const struct sample *s)
{
	struct sample_loss losses[SAMPLE_NR_LOSSES];
	bool any = false;

	sample_list_losses(&s->losses, losses);
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++)
		any |= losses[i].nr > 0;
	return any;
}

void sample_events_find(const struct sample *s, const struct sample *before,
			struct sample_events *ret)
{
	struct findings found;

	*ret = (struct sample_events){ .first = !before };
	stall_find(s, THRESHOLD, &found);
	find_waits(&found, ret);
	find_findings(&found, ret);
	findings_release(&found);
	find_states(s, ret);
	if (before) {
		find_missing(s, before, &ret->added);
		find_missing(before, s, &ret->removed);
		find_repairs(s, before, ret);
	}
	find_empty(s, ret);
	ret->incomplete = has_losses(s);
}

void sample_events_release(struct sample_events *events)
{
	for (enum finding_kind kind = 0; kind < NR_FINDING_KINDS; kind++)
		free(events->findings[kind].all);
	free(events->suspended.all);
	free(events->corrupted.all);
	free(events->added.all);
	free(events->removed.all);
	free(events->empty.all);
}
