// SPDX-License-Identifier: GPL-2.0-only
#include "model/part.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "model/static_rules.h"
#include "stall/stall.h"

/* Leaves the targets of the table in @slot, after the @kept ones. */
static size_t keep_targets(struct sample_device *to,
			   const struct sample_device *from,
			   enum sample_slot slot, size_t kept)
{
	for (size_t i = 0; i < from->nr_targets; i++) {
		if (from->targets[i].slot == slot)
			to->targets[kept++] = from->targets[i];
	}
	return kept;
}

/*
 * The devices of @sel, with the targets of their selected tables. A snapshot's order is
 * that of devices, so the tables of a device are next to each other.
 */
static void add_devices(const struct snap_selection *sel, struct sample *to)
{
	const struct sample_device *last = NULL;

	to->devices = xcalloc(sel->nr, sizeof(*to->devices));
	to->nr_devices = 0;
	for (size_t i = 0; i < sel->nr; i++) {
		const struct sample_device *from = sel->entries[i]->device;
		struct sample_device *device;

		if (!from)
			continue;
		if (from != last) {
			device = &to->devices[to->nr_devices++];
			*device = *from;
			device->targets = xcalloc(from->nr_targets,
						  sizeof(*device->targets));
			device->nr_targets = 0;
		}
		last = from;
		device = &to->devices[to->nr_devices - 1];
		device->nr_targets = keep_targets(device, from,
						  sel->entries[i]->slot,
						  device->nr_targets);
	}
}

static void add_pools(const struct part *part, struct sample *to)
{
	const struct sample *whole = part->whole;

	to->pools = xcalloc(whole->nr_pools, sizeof(*to->pools));
	to->nr_pools = 0;
	for (size_t i = 0; i < whole->nr_pools; i++) {
		if (part->pools[i])
			to->pools[to->nr_pools++] = whole->pools[i];
	}
}

void part_make(const struct snapshot *snap, const struct snap_selection *sel,
	       struct part *ret)
{
	*ret = (struct part){ .sample = *snap->sample,
			      .whole = snap->sample,
			      .pools = snap_selection_pools(snap, sel) };
	add_devices(sel, &ret->sample);
	add_pools(ret, &ret->sample);
	snapshot_build(&ret->sample, &ret->snap);
}

void part_release(struct part *part)
{
	snapshot_release(&part->snap);
	for (size_t i = 0; i < part->sample.nr_devices; i++)
		free(part->sample.devices[i].targets);
	free(part->sample.devices);
	free(part->sample.pools);
	free(part->pools);
	*part = (struct part){ 0 };
}

/* In a snapshot's order: by number, the entry without a device last. */
static int compare_with_device(const void *key, const void *element)
{
	const struct snap_entry *a = key, *b = element;
	int order = compare_u64(b->dev_known, a->dev_known);

	return order || !a->dev_known ? order :
					sample_compare_devno(a->dev, b->dev);
}

/* Whether @part has a table of this device, or pools without one. */
static bool has_device(const struct part *part, bool known,
		       struct sample_devno dev)
{
	const struct snap_entry key = { .dev_known = known, .dev = dev };

	return part->snap.nr_entries &&
	       bsearch(&key, part->snap.entries, part->snap.nr_entries,
		       sizeof(key), compare_with_device);
}

void part_choose_findings(const struct part *part, struct findings *found)
{
	size_t kept = 0;

	for (size_t i = 0; i < found->nr; i++) {
		const struct finding f = found->all[i];

		if (has_device(part, f.dev_known, f.dev))
			found->all[kept++] = f;
	}
	found->nr = kept;
	kept = 0;
	for (size_t i = 0; i < found->nr_waits; i++) {
		const struct finding_wait wait = found->waits[i];

		if (has_device(part, wait.dev_known, wait.dev))
			found->waits[kept++] = wait;
	}
	found->nr_waits = kept;
}

void part_choose_hits(const struct part *part, struct static_hits *hits)
{
	size_t kept = 0;

	for (size_t i = 0; i < hits->nr; i++) {
		if (part->pools[hits->all[i].pool - part->whole->pools])
			hits->all[kept++] = hits->all[i];
	}
	hits->nr = kept;
}
