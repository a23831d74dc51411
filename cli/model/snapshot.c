// SPDX-License-Identifier: GPL-2.0-only
#include "model/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/compare.h"
#include "model/pool_users.h"
#include "sample/quantity.h"
#include "sample/targets.h"

/* Live first, unknown last. */
static int slot_rank(enum sample_slot slot)
{
	switch (slot) {
	case SAMPLE_SLOT_LIVE:
		return 0;
	case SAMPLE_SLOT_INACTIVE:
		return 1;
	default:
		return 2;
	}
}

/* Sorts the pools of one entry together; pools without a device come last. */
static int compare_place(const struct snap_pool *a, const struct snap_pool *b)
{
	int order = compare_u64(b->dev_known, a->dev_known);

	if (order || !a->dev_known)
		return order;
	order = sample_compare_devno(a->dev, b->dev);
	return order ? order :
		       compare_u64(slot_rank(a->slot), slot_rank(b->slot));
}

/* SAMPLE_NO_TARGET wraps to 0: dm core's pools come first. */
static int compare_pools(const void *va, const void *vb)
{
	const struct snap_pool *pa = va, *pb = vb;
	const struct sample_pool *a = pa->raw, *b = pb->raw;
	int order = compare_place(pa, pb);

	if (!order)
		order = compare_u64(a->target_index + 1, b->target_index + 1);
	if (!order)
		order = compare_u64(pa->rank, pb->rank);
	if (!order)
		order = strcmp(a->role, b->role);
	return order ? order : compare_u64(a->id, b->id);
}

/* By pool; one without a number is a separate one in each entry. */
static int compare_identities(const struct snap_pool *a,
			      const struct snap_pool *b)
{
	int order = compare_u64(a->raw->id, b->raw->id);

	return order || a->raw->id != MEMTOP_UNKNOWN ?
		       order :
		       compare_addresses(a->raw, b->raw);
}

static int compare_ids(const void *pa, const void *pb)
{
	const struct snap_pool *a = *(struct snap_pool *const *)pa;
	const struct snap_pool *b = *(struct snap_pool *const *)pb;
	int order = compare_identities(a, b);

	/* Places in one array, for an order that does not depend on qsort(). */
	return order ? order : compare_addresses(a, b);
}

static int compare_id_and_place(const void *pa, const void *pb)
{
	const struct snap_pool *a = *(struct snap_pool *const *)pa;
	const struct snap_pool *b = *(struct snap_pool *const *)pb;
	int order = compare_identities(a, b);

	if (!order)
		order = compare_place(a, b);
	return order ? order : compare_addresses(a, b);
}

static struct snap_pool **pool_pointers(struct snap_pool *pools, size_t nr)
{
	struct snap_pool **by_id = xcalloc(nr, sizeof(*by_id));
	size_t i;

	for (i = 0; i < nr; i++)
		by_id[i] = &pools[i];
	return by_id;
}

static bool same_pool(const struct snap_pool *a, const struct snap_pool *b)
{
	return compare_identities(a, b) == 0;
}

/* @raw as its own table has it. */
static struct snap_pool listed_pool(const struct sample_pool *raw)
{
	return (struct snap_pool){ .raw = raw,
				   .rank = role_rank(raw->role),
				   .dev_known = raw->dev_known,
				   .dev = raw->dev,
				   .slot = raw->slot };
}

/* The same for the live table of a device that only uses it. */
static struct snap_pool guest_pool(const struct pool_user *user)
{
	struct snap_pool pool = listed_pool(user->pool);

	pool.dev_known = true;
	pool.dev = user->dev;
	pool.slot = SAMPLE_SLOT_LIVE;
	pool.guest = user;
	return pool;
}

/* Fills @snap->pools, each pool once a place. */
static void collect_pools(struct snapshot *snap)
{
	const struct sample *sample = snap->sample;
	struct snap_pool *all = xcalloc(sample->nr_pools, sizeof(*all));
	struct snap_pool **by_id;
	struct pool_users *guests = &snap->guests;
	size_t i;

	for (i = 0; i < sample->nr_pools; i++)
		all[i] = listed_pool(&sample->pools[i]);
	by_id = pool_pointers(all, sample->nr_pools);
	sort_unsorted(by_id, sample->nr_pools, sizeof(*by_id),
		      compare_id_and_place);

	pool_users_find(sample, guests);
	snap->pools =
		xcalloc(sample->nr_pools + guests->nr, sizeof(*snap->pools));
	for (i = 0; i < sample->nr_pools; i++) {
		if (i && same_pool(by_id[i - 1], by_id[i]) &&
		    compare_place(by_id[i - 1], by_id[i]) == 0)
			continue;
		snap->pools[snap->nr_pools++] = *by_id[i];
	}
	for (i = 0; i < guests->nr; i++)
		snap->pools[snap->nr_pools++] = guest_pool(&guests->all[i]);
	sort_unsorted(snap->pools, snap->nr_pools, sizeof(*snap->pools),
		      compare_pools);
	free(by_id);
	free(all);
}

static void derive_pool(struct snap_pool *pool)
{
	const struct sample_pool *raw = pool->raw;

	pool->group = pool->rank < NR_POOL_ROLES ? role_row(pool->rank)->group :
						   role_group(raw->role);
	pool->biovec = role_is_biovec(raw->role);
	pool->reserved = quantity_mul(raw->min, raw->footprint_bytes);
}

/*
 * Adds the devices of the @nr appearances of one pool to @users, each once.
 * Returns how many.
 */
static size_t list_users(struct snap_pool *const *same, size_t nr,
			 struct sample_devno *users)
{
	size_t found = 0;

	for (size_t i = 0; i < nr; i++) {
		if (!same[i]->dev_known)
			continue;
		/* Sorted by place: a device's two slots stand together. */
		if (found &&
		    sample_compare_devno(users[found - 1], same[i]->dev) == 0)
			continue;
		users[found++] = same[i]->dev;
	}
	return found;
}

/* Gives each pool its identity and finds those in several places. */
static void identify_pools(struct snapshot *snap)
{
	struct snap_pool **by_id = pool_pointers(snap->pools, snap->nr_pools);
	struct sample_devno *users;
	size_t i, j, k, nr;

	users = snap->users = xcalloc(snap->nr_pools, sizeof(*users));
	sort_unsorted(by_id, snap->nr_pools, sizeof(*by_id), compare_ids);
	for (i = 0; i < snap->nr_pools; i = j) {
		for (j = i + 1; j < snap->nr_pools; j++) {
			if (!same_pool(by_id[i], by_id[j]))
				break;
		}
		nr = list_users(by_id + i, j - i, users);
		for (k = i; k < j; k++) {
			by_id[k]->identity = i;
			by_id[k]->users = users;
			by_id[k]->nr_users = nr;
			by_id[k]->nr_shared = nr - by_id[k]->dev_known;
		}
		users += nr;
	}
	free(by_id);
}

bool snap_pool_is_shared_with(const struct snap_pool *pool,
			      struct sample_devno dev)
{
	return !pool->dev_known || sample_compare_devno(dev, pool->dev) != 0;
}

uint64_t snap_age(const struct snap_entry *entry, uint64_t since_ns)
{
	return quantity_sub(entry->sample->boottime_ns, since_ns);
}

uint64_t snap_pool_waiters(const struct snap_pool *pool)
{
	const struct sample_pool *raw = pool->raw;

	/* in the first recordings, an empty list may mean either */
	return raw->waiters_known || raw->nr_waiters ?
		       snap_pool_nr_tasks(pool, false) :
		       MEMTOP_UNKNOWN;
}

size_t snap_pool_nr_tasks(const struct snap_pool *pool, bool holders)
{
	if (pool->guest)
		return holders ? pool->guest->nr_holders :
				 pool->guest->nr_waiters;
	return holders ? pool->raw->nr_holders : pool->raw->nr_waiters;
}

const struct sample_task *snap_pool_task(const struct snap_pool *pool,
					 bool holders, size_t at)
{
	if (pool->guest)
		return holders ? pool->guest->holders[at] :
				 pool->guest->waiters[at];
	return holders ? &pool->raw->holders[at] : &pool->raw->waiters[at];
}

static void sum_forget(struct snap_sum *sum)
{
	sum->exact = MEMTOP_UNKNOWN;
}

/* Adds @n, which may be unknown. */
static void sum_add(struct snap_sum *sum, uint64_t n)
{
	sum->exact = quantity_add(sum->exact, n);
	sum->least = quantity_add_least(sum->least, n);
}

/* An unknown target may have pools of any group but dm core's. */
void snap_sums_miss(struct snap_sums *sums, const struct snap_entry *entry)
{
	const struct sample_device *d = entry->device;
	bool torn = d && (d->torn || (d->gaps & SAMPLE_NO_RESERVES));

	if (entry->pools_known)
		return;
	sum_forget(&sums->reserved);
	sum_forget(&sums->biovec);
	sum_forget(&sums->cached);
	sum_forget(&sums->waits);
	sum_forget(&sums->waiters);
	sum_forget(&sums->pools);
	for (size_t i = 0; i < NR_ROLE_GROUPS; i++) {
		if (i == ROLE_CORE && !torn)
			continue;
		sum_forget(&sums->group[i]);
		sum_forget(&sums->group_biovec[i]);
	}
}

void snap_sums_add(struct snap_sums *sums, const struct snap_pool *pool)
{
	sum_add(&sums->pools, 1);
	sum_add(&sums->reserved, pool->reserved);
	sum_add(&sums->cached, pool->raw->cached_bytes);
	sum_add(&sums->waits, pool->raw->waits);
	sum_add(&sums->waiters, snap_pool_waiters(pool));
	sum_add(&sums->group[pool->group], pool->reserved);
	if (!pool->biovec)
		return;
	sum_add(&sums->biovec, pool->reserved);
	sum_add(&sums->group_biovec[pool->group], pool->reserved);
}

/* Whether @a is drained further than @b: a's current/min below b's. */
static bool lower_level(const struct sample_pool *a,
			const struct sample_pool *b)
{
	__extension__ typedef unsigned __int128 wide;

	return (wide)a->current * b->min < (wide)b->current * a->min;
}

bool snap_pool_is_lower(const struct snap_pool *a, const struct snap_pool *b)
{
	return lower_level(a->raw, b->raw);
}

static void entry_note_level(struct snap_entry *entry,
			     const struct snap_pool *pool)
{
	const struct sample_pool *raw = pool->raw;

	if (raw->min == 0)
		return;
	if (raw->min == MEMTOP_UNKNOWN || raw->current == MEMTOP_UNKNOWN) {
		entry->levels_known = false;
		return;
	}
	if (raw->current < raw->min &&
	    (!entry->lowest || lower_level(raw, entry->lowest->raw)))
		entry->lowest = pool;
}

/* Gives @entry its pools: the first @nr from @pools on. */
static void entry_take_pools(struct snap_entry *entry, struct snap_pool *pools,
			     size_t nr)
{
	size_t i;

	entry->pools = pools;
	entry->nr_pools = nr;
	for (i = 0; i < nr; i++) {
		pools[i].entry = entry;
		snap_sums_add(&entry->sums, &pools[i]);
		entry_note_level(entry, &pools[i]);
	}
}

static void entry_take_targets(struct snap_entry *entry)
{
	const struct sample_device *device = entry->device;
	size_t i;

	if (!device)
		return;
	entry->targets = xcalloc(device->nr_targets, sizeof(*entry->targets));
	for (i = 0; i < device->nr_targets; i++) {
		if (device->targets[i].slot == entry->slot)
			entry->targets[entry->nr_targets++] =
				&device->targets[i];
	}
}

static struct snap_entry *add_entry(struct snapshot *snap)
{
	struct snap_entry *entry = &snap->entries[snap->nr_entries++];

	entry->sample = snap->sample;
	entry->levels_known = true;
	entry->pools_known = true;
	return entry;
}

/* How many pools from place @first on belong to the same entry. */
static size_t place_length(const struct snapshot *snap, size_t first)
{
	size_t i;

	for (i = first + 1; i < snap->nr_pools; i++) {
		if (compare_place(&snap->pools[first], &snap->pools[i]))
			break;
	}
	return i - first;
}

static bool has_targets(const struct sample_device *device,
			enum sample_slot slot)
{
	size_t i;

	for (i = 0; device && i < device->nr_targets; i++) {
		if (device->targets[i].slot == slot)
			return true;
	}
	return false;
}

/* Whether the pool at @next, if there is one, is in @slot of device @dev. */
static bool pool_is_at(const struct snapshot *snap, size_t next,
		       struct sample_devno dev, enum sample_slot slot)
{
	const struct snap_pool place = { .dev_known = true,
					 .dev = dev,
					 .slot = slot };

	return next < snap->nr_pools &&
	       compare_place(&snap->pools[next], &place) == 0;
}

/* Whether a pool of @target is among those of @entry, which are by target. */
static bool has_pool_of(const struct snap_entry *entry,
			const struct sample_target *target)
{
	size_t low = 0, high = entry->nr_pools;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct sample_pool *pool = entry->pools[middle].raw;
		/* that of the whole table wraps to 0 */
		uint32_t at = pool->target_index + 1;

		if (at == target->index + 1)
			return strcmp(pool->target_type, target->type) == 0;
		if (at < target->index + 1)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/*
 * A walked target has at least one pool. One without any was not walked: the
 * kernel lacks its types, or the sample comes from the events or from an
 * earlier version.
 */
bool snap_knows_target(const struct snap_entry *entry,
		       const struct sample_target *target)
{
	if (entry->device && (entry->device->gaps & SAMPLE_NO_RESERVES))
		return false;
	switch (target_reserves(target->type)) {
	case TARGET_NONE:
	case TARGET_BOTH:
		return true;
	case TARGET_WALKED:
		return has_pool_of(entry, target);
	case TARGET_UNKNOWN:
		break;
	}
	return false;
}

static bool all_pools_known(const struct snap_entry *entry)
{
	size_t i;

	if (entry->device &&
	    (entry->device->torn || (entry->device->gaps & SAMPLE_NO_RESERVES)))
		return false;
	for (i = 0; i < entry->nr_targets; i++) {
		if (!snap_knows_target(entry, entry->targets[i]))
			return false;
	}
	return true;
}

/*
 * Adds the entry for @slot of @dev; returns how many of the pools from @next on
 * are its own.
 */
static size_t add_slot(struct snapshot *snap, struct sample_devno dev,
		       const struct sample_device *device,
		       enum sample_slot slot, size_t next)
{
	struct snap_entry *entry = add_entry(snap);
	size_t nr = 0;

	if (pool_is_at(snap, next, dev, slot))
		nr = place_length(snap, next);
	entry->dev_known = true;
	entry->dev = dev;
	entry->device = device;
	entry->slot = slot;
	entry_take_targets(entry);
	entry_take_pools(entry, snap->pools + next, nr);
	entry->pools_known = all_pools_known(entry);
	entry->levels_known &= entry->pools_known;
	snap_sums_miss(&entry->sums, entry);
	return nr;
}

/*
 * Adds the entries of device @dev: one for each slot in use, or one without a
 * table. @device may be NULL. Its pools start at place @next; returns the place
 * after them.
 */
static size_t add_device(struct snapshot *snap, struct sample_devno dev,
			 const struct sample_device *device, size_t next)
{
	static const enum sample_slot slots[] = { SAMPLE_SLOT_LIVE,
						  SAMPLE_SLOT_INACTIVE,
						  SAMPLE_SLOT_UNKNOWN };
	size_t before = snap->nr_entries, i;

	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		if (has_targets(device, slots[i]) ||
		    pool_is_at(snap, next, dev, slots[i]))
			next += add_slot(snap, dev, device, slots[i], next);
	}
	if (snap->nr_entries == before)
		add_slot(snap, dev, device, SAMPLE_SLOT_LIVE, next);
	return next;
}

static int compare_devices(const void *pa, const void *pb)
{
	const struct sample_device *a = *(struct sample_device *const *)pa;
	const struct sample_device *b = *(struct sample_device *const *)pb;
	int order = sample_compare_devno(a->dev, b->dev);

	return order ? order : compare_addresses(a, b);
}

/* The sample's devices by number, each number once. The caller frees. */
static const struct sample_device **sort_devices(const struct sample *sample,
						 size_t *nr)
{
	const struct sample_device **devices;
	size_t i;

	devices = xcalloc(sample->nr_devices, sizeof(*devices));
	for (i = 0; i < sample->nr_devices; i++)
		devices[i] = &sample->devices[i];
	sort_unsorted(devices, sample->nr_devices, sizeof(*devices),
		      compare_devices);

	*nr = 0;
	for (i = 0; i < sample->nr_devices; i++) {
		if (*nr && sample_compare_devno(devices[*nr - 1]->dev,
						devices[i]->dev) == 0)
			continue;
		devices[(*nr)++] = devices[i];
	}
	return devices;
}

/*
 * Allocates the maximum number of entries, because entries refer to each
 * other's pools.
 */
static void allocate_entries(struct snapshot *snap, size_t nr_devices)
{
	size_t places = 0, i;

	for (i = 0; i < snap->nr_pools; i += place_length(snap, i))
		places++;
	/* A device has a slot of each kind with targets, or one entry. */
	snap->entries =
		xcalloc(places + 3 * nr_devices, sizeof(*snap->entries));
}

/* Merges devices and pools, both sorted by device number. */
static void build_entries(struct snapshot *snap,
			  const struct sample_device **devices, size_t nr)
{
	size_t i = 0, next = 0;

	for (;;) {
		const struct snap_pool *pool = NULL;

		if (next < snap->nr_pools && snap->pools[next].dev_known)
			pool = &snap->pools[next];
		if (i < nr && (!pool || sample_compare_devno(devices[i]->dev,
							     pool->dev) <= 0)) {
			next = add_device(snap, devices[i]->dev, devices[i],
					  next);
			i++;
		} else if (pool) {
			next = add_device(snap, pool->dev, NULL, next);
		} else {
			break;
		}
	}
	if (next < snap->nr_pools)
		entry_take_pools(add_entry(snap), snap->pools + next,
				 snap->nr_pools - next);
}

void snapshot_build(const struct sample *sample, struct snapshot *ret)
{
	const struct sample_device **devices;
	size_t nr, i;

	*ret = (struct snapshot){ .sample = sample };
	collect_pools(ret);
	identify_pools(ret);
	for (i = 0; i < ret->nr_pools; i++)
		derive_pool(&ret->pools[i]);

	devices = sort_devices(sample, &nr);
	allocate_entries(ret, nr);
	build_entries(ret, devices, nr);
	free(devices);
}

void snapshot_release(struct snapshot *snap)
{
	size_t i;

	for (i = 0; i < snap->nr_entries; i++)
		free(snap->entries[i].targets);
	free(snap->pools);
	free(snap->users);
	pool_users_release(&snap->guests);
	free(snap->entries);
	*snap = (struct snapshot){ 0 };
}
