// SPDX-License-Identifier: GPL-2.0-only
#include "model/delta.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/text.h"
#include "base/times.h"
#include "model/snapshot.h"

__extension__ typedef unsigned __int128 wide;

/* Thousandths per second, of @n in @ns. */
static uint64_t per_second(uint64_t n, uint64_t ns)
{
	wide rate;

	if (!n)
		return 0;
	rate = ((wide)n * 1000 * SECOND + ns / 2) / ns;
	return rate < MEMTOP_UNKNOWN ? (uint64_t)rate : MEMTOP_UNKNOWN - 1;
}

/* There is no newer count: the known one is old now. */
static struct delta_counter counter_stale(const struct delta_counter *counter)
{
	struct delta_counter next = *counter;

	if (next.rate.state == RATE_OK)
		next.rate.state = RATE_STALE;
	return next;
}

struct delta_counter delta_counter_next(const struct delta_counter *counter,
					uint64_t count, uint64_t at_ns)
{
	struct delta_counter next = { .count = count, .at_ns = at_ns };

	if (count == MEMTOP_UNKNOWN || at_ns == MEMTOP_UNKNOWN)
		return counter_stale(counter);
	if (counter->count == MEMTOP_UNKNOWN)
		next.rate.state = RATE_FIRST;
	else if (at_ns <= counter->at_ns)
		return counter_stale(counter);
	else if (count < counter->count)
		next.rate.state = RATE_RESET;
	else
		next.rate = (struct rate){ RATE_OK,
					   per_second(count - counter->count,
						      at_ns - counter->at_ns) };
	return next;
}

static struct delta_counter counter_new(void)
{
	return (struct delta_counter){ .count = MEMTOP_UNKNOWN };
}

/* For another table, whose counts are lower, and so a reset. */
static void counter_forget(struct delta_counter *counter)
{
	if (counter->count != MEMTOP_UNKNOWN)
		counter->count = MEMTOP_UNKNOWN - 1;
}

static uint32_t level_of(const struct snap_entry *entry)
{
	const struct snap_pool *lowest = entry->lowest;

	if (lowest)
		return (uint32_t)((wide)lowest->raw->current * 1000 /
				  lowest->raw->min);
	return entry->levels_known && entry->nr_pools ? 1000 : DELTA_GAP;
}

static uint32_t as_history(const struct rate *rate)
{
	if (rate->state != RATE_OK)
		return DELTA_GAP;
	return rate->per_second < DELTA_GAP ? (uint32_t)rate->per_second :
					      DELTA_GAP - 1;
}

static void history_add(struct delta_history *h, uint32_t level, uint32_t waits)
{
	h->level[h->next] = level;
	h->waits[h->next] = waits;
	h->next = (h->next + 1) % DELTA_LENGTH;
	if (h->nr < DELTA_LENGTH)
		h->nr++;
}

uint32_t delta_history_at(const struct delta_history *h,
			  const uint32_t of[DELTA_LENGTH], size_t back)
{
	if (back >= h->nr)
		return DELTA_GAP;
	return of[(h->next + DELTA_LENGTH - 1 - back) % DELTA_LENGTH];
}

static struct delta_device device_new(struct delta *d,
				      const struct snap_entry *entry)
{
	struct delta_device device = { .dev = entry->dev,
				       .number = ++d->last,
				       .table_id = MEMTOP_UNKNOWN };
	size_t i;

	for (i = 0; i < NR_DELTA_KINDS; i++)
		device.counters[i] = counter_new();
	return device;
}

static uint64_t table_of(const struct snap_entry *entry)
{
	return entry->nr_pools ? entry->pools[0].raw->table_id : MEMTOP_UNKNOWN;
}

/* A torn device is assumed to have the same table. */
static void take_table(struct delta_device *device,
		       const struct snap_entry *entry)
{
	uint64_t table = table_of(entry);
	size_t i;

	if (table == MEMTOP_UNKNOWN || table == device->table_id)
		return;
	for (i = 0; device->table_id != MEMTOP_UNKNOWN && i < NR_DELTA_KINDS;
	     i++)
		counter_forget(&device->counters[i]);
	device->table_id = table;
}

/*
 * Whether @entry is the same device as @old, rather than another one with its
 * number.
 */
static bool is_same(const struct delta_device *old,
		    const struct snap_entry *entry)
{
	uint64_t table = table_of(entry);

	if (!entry->device || strcmp(old->name, entry->device->name) == 0)
		return true;
	/* renamed, if its table is the same */
	return table != MEMTOP_UNKNOWN && table == old->table_id;
}

static void device_next(struct delta_device *device,
			const struct snap_entry *entry, uint64_t at_ns)
{
	const struct sample_device *raw = entry->device;
	const uint64_t counts[NR_DELTA_KINDS] = {
		[DELTA_WAITS] = entry->sums.waits.exact,
		[DELTA_RECHECKS] = raw ? raw->rechecks : MEMTOP_UNKNOWN,
		[DELTA_DECODES] = raw ? raw->decodes : MEMTOP_UNKNOWN,
	};
	size_t i;

	take_table(device, entry);
	if (raw)
		text_copy(device->name, sizeof(device->name), raw->name);
	for (i = 0; i < NR_DELTA_KINDS; i++)
		device->counters[i] = delta_counter_next(&device->counters[i],
							 counts[i], at_ns);
	history_add(&device->history, level_of(entry),
		    as_history(&device->counters[DELTA_WAITS].rate));
}

static int compare_with_device(const void *key, const void *element)
{
	const struct sample_devno *dev = key;
	const struct delta_device *device = element;

	return sample_compare_devno(*dev, device->dev);
}

const struct delta_device *delta_find_device(const struct delta *d,
					     struct sample_devno dev)
{
	if (!d->nr_devices)
		return NULL;
	return bsearch(&dev, d->devices, d->nr_devices, sizeof(*d->devices),
		       compare_with_device);
}

uint64_t delta_number(const struct delta *d, struct sample_devno dev)
{
	const struct delta_device *device = delta_find_device(d, dev);

	return device ? device->number : 0;
}

/* Entries with a history; a snapshot has them by number. */
static bool has_history(const struct snap_entry *entry)
{
	return entry->dev_known && entry->slot == SAMPLE_SLOT_LIVE;
}

/* Whether the devices of @snap are those of @d, which is the usual case. */
static bool same_devices(const struct delta *d, const struct snapshot *snap)
{
	size_t nr = 0, i;

	for (i = 0; i < snap->nr_entries; i++) {
		const struct snap_entry *entry = &snap->entries[i];

		if (!has_history(entry))
			continue;
		if (nr == d->nr_devices ||
		    sample_compare_devno(d->devices[nr].dev, entry->dev))
			return false;
		nr++;
	}
	return nr == d->nr_devices;
}

/* Makes @d have the devices of @snap, with their histories. */
static void take_devices(struct delta *d, const struct snapshot *snap)
{
	struct delta_device *devices;
	size_t nr = 0, i;

	devices = xcalloc(snap->nr_entries, sizeof(*devices));
	for (i = 0; i < snap->nr_entries; i++) {
		const struct snap_entry *entry = &snap->entries[i];
		const struct delta_device *old;

		if (!has_history(entry))
			continue;
		old = delta_find_device(d, entry->dev);
		devices[nr++] = old ? *old : device_new(d, entry);
	}
	free(d->devices);
	d->devices = devices;
	d->nr_devices = nr;
}

static void advance_devices(struct delta *d, const struct snapshot *snap)
{
	size_t nr = 0, i;

	if (!same_devices(d, snap))
		take_devices(d, snap);
	for (i = 0; i < snap->nr_entries; i++) {
		const struct snap_entry *entry = &snap->entries[i];
		struct delta_device *device;

		if (!has_history(entry))
			continue;
		device = &d->devices[nr++];
		if (!is_same(device, entry))
			*device = device_new(d, entry);
		device_next(device, entry, snap->sample->boottime_ns);
	}
}

static int compare_pools(const void *pa, const void *pb)
{
	const struct delta_pool *a = pa, *b = pb;

	return compare_u64(a->id, b->id);
}

const struct delta_pool *delta_find_pool(const struct delta *d, uint64_t id)
{
	const struct delta_pool key = { .id = id };

	if (!d->nr_pools)
		return NULL;
	return bsearch(&key, d->pools, d->nr_pools, sizeof(*d->pools),
		       compare_pools);
}

/* Whether the pools of @snap are those of @d, each in its place. */
static bool same_pools(const struct delta *d, const struct snapshot *snap)
{
	size_t i;

	if (!d->places || d->nr_places != snap->nr_pools)
		return false;
	for (i = 0; i < snap->nr_pools; i++) {
		const struct sample_pool *raw = snap->pools[i].raw;

		if (d->places[i] != DELTA_NOWHERE) {
			if (d->pools[d->places[i]].id != raw->id)
				return false;
		} else if (raw->id != MEMTOP_UNKNOWN &&
			   raw->waits != MEMTOP_UNKNOWN) {
			return false;
		}
	}
	return true;
}

/* Makes @d have the pools of @snap with known counts, now or earlier. */
static void take_pools(struct delta *d, const struct snapshot *snap)
{
	struct delta_pool *pools = xcalloc(snap->nr_pools, sizeof(*pools));
	size_t nr = 0, i;

	for (i = 0; i < snap->nr_pools; i++) {
		const struct sample_pool *raw = snap->pools[i].raw;
		const struct delta_pool *old;

		if (raw->id == MEMTOP_UNKNOWN)
			continue;
		old = delta_find_pool(d, raw->id);
		if (!old && raw->waits == MEMTOP_UNKNOWN)
			continue;
		pools[nr++] =
			old ? *old :
			      (struct delta_pool){ raw->id, counter_new() };
	}
	sort_unsorted(pools, nr, sizeof(*pools), compare_pools);
	free(d->pools);
	d->pools = pools;
	d->nr_pools = 0;
	/* a pool in several places counts once */
	for (i = 0; i < nr; i++) {
		if (!d->nr_pools || pools[d->nr_pools - 1].id != pools[i].id)
			pools[d->nr_pools++] = pools[i];
	}
}

/* Records where in @d each pool of @snap is, once. */
static void place_pools(struct delta *d, const struct snapshot *snap)
{
	bool *placed = xcalloc(d->nr_pools, sizeof(*placed));
	size_t i;

	d->places =
		xreallocarray(d->places, snap->nr_pools, sizeof(*d->places));
	d->nr_places = snap->nr_pools;
	for (i = 0; i < snap->nr_pools; i++) {
		const struct delta_pool *pool =
			delta_find_pool(d, snap->pools[i].raw->id);
		size_t at = pool ? (size_t)(pool - d->pools) : 0;

		d->places[i] = DELTA_NOWHERE;
		if (!pool || placed[at])
			continue;
		d->places[i] = (uint32_t)at;
		placed[at] = true;
	}
	free(placed);
}

static void advance_pools(struct delta *d, const struct snapshot *snap)
{
	size_t i;

	if (!same_pools(d, snap)) {
		take_pools(d, snap);
		place_pools(d, snap);
	}
	for (i = 0; i < snap->nr_pools; i++) {
		struct delta_counter *waits;

		if (d->places[i] == DELTA_NOWHERE)
			continue;
		waits = &d->pools[d->places[i]].waits;
		*waits = delta_counter_next(waits, snap->pools[i].raw->waits,
					    snap->sample->boottime_ns);
	}
}

void delta_advance(struct delta *d, const struct snapshot *snap)
{
	advance_devices(d, snap);
	advance_pools(d, snap);
}

void delta_release(struct delta *d)
{
	free(d->devices);
	free(d->pools);
	free(d->places);
	*d = (struct delta){ 0 };
}
