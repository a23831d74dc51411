// SPDX-License-Identifier: GPL-2.0-only
#include "model/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"

const char *const diff_state_names[NR_DIFF_STATES] = {
	[DIFF_SAME] = "same",
	[DIFF_CHANGED] = "changed",
	[DIFF_APPEARED] = "appeared",
	[DIFF_GONE] = "gone",
};

/* The identity of a device. */
static const char *key_of(const struct snap_entry *entry)
{
	if (!entry->device)
		return "";
	return entry->device->uuid[0] ? entry->device->uuid :
					entry->device->name;
}

/* Devices without a UUID and a name are recognized by number. */
static int compare_entries(const struct snap_entry *a,
			   const struct snap_entry *b)
{
	int order = strcmp(key_of(a), key_of(b));

	if (!order)
		order = compare_u64(a->slot, b->slot);
	if (!order)
		order = compare_u64(a->dev_known, b->dev_known);
	if (!order && a->dev_known && !key_of(a)[0])
		order = sample_compare_devno(a->dev, b->dev);
	return order;
}

static int compare_entry_pointers(const void *a, const void *b)
{
	const struct snap_entry *const *x = a, *const *y = b;

	return compare_entries(*x, *y);
}

/* The entries of @sel in the order of compare_entries(); the caller frees them. */
static const struct snap_entry **sorted(const struct snap_selection *sel)
{
	const struct snap_entry **list = xcalloc(sel->nr, sizeof(*list));

	if (sel->nr)
		memcpy(list, sel->entries, sel->nr * sizeof(*list));
	qsort(list, sel->nr, sizeof(*list), compare_entry_pointers);
	return list;
}

static void add(struct snap_sum *sum, uint64_t n)
{
	if (n == MEMTOP_UNKNOWN) {
		sum->exact = MEMTOP_UNKNOWN;
		return;
	}
	sum->least += n;
	if (sum->exact != MEMTOP_UNKNOWN)
		sum->exact += n;
}

static bool equal(const struct snap_sum *a, const struct snap_sum *b)
{
	return a->exact == b->exact && a->least == b->least;
}

bool diff_known(const struct snap_sum *a, const struct snap_sum *b)
{
	return a->exact != MEMTOP_UNKNOWN && b->exact != MEMTOP_UNKNOWN;
}

/* --- roles ----------------------------------------------------------------- */

/* A pool, and the sample that it is in. */
struct sided_pool {
	const struct snap_pool *pool;
	size_t side;
};

static int compare_sided(const void *a, const void *b)
{
	const struct snap_pool *x = ((const struct sided_pool *)a)->pool;
	const struct snap_pool *y = ((const struct sided_pool *)b)->pool;
	int order = compare_u64(x->rank, y->rank);

	return order ? order : strcmp(x->raw->role, y->raw->role);
}

/* All pools of the tables of @device, by role; the caller frees them. */
static struct sided_pool *list_pools(const struct diff_device *device,
				     size_t *nr)
{
	const struct snap_entry *a = device->entries[0],
				*b = device->entries[1];
	struct sided_pool *list = xcalloc(
		(a ? a->nr_pools : 0) + (b ? b->nr_pools : 0), sizeof(*list));

	*nr = 0;
	for (size_t side = 0; side < 2; side++) {
		const struct snap_entry *entry = device->entries[side];

		for (size_t i = 0; entry && i < entry->nr_pools; i++) {
			/* one that is listed elsewhere is compared there */
			if (!entry->pools[i].guest)
				list[(*nr)++] =
					(struct sided_pool){ &entry->pools[i],
							     side };
		}
	}
	if (*nr)
		qsort(list, *nr, sizeof(*list), compare_sided);
	return list;
}

static void make_roles(struct diff_device *device)
{
	size_t nr;
	struct sided_pool *list = list_pools(device, &nr);
	struct diff_role *role = NULL;

	device->roles = xcalloc(nr, sizeof(*device->roles));
	for (size_t i = 0; i < nr; i++) {
		const struct snap_pool *pool = list[i].pool;
		struct diff_side *to;

		if (!role || strcmp(role->role, pool->raw->role) != 0) {
			role = &device->roles[device->nr_roles++];
			role->role = pool->raw->role;
		}
		to = &role->sides[list[i].side];
		add(&to->pools, 1);
		add(&to->elements, pool->raw->min);
		add(&to->reserved, pool->reserved);
	}
	free(list);
}

static enum diff_state state_of_role(const struct diff_role *role)
{
	const struct diff_side *a = &role->sides[0], *b = &role->sides[1];

	if (!a->pools.least)
		return DIFF_APPEARED;
	if (!b->pools.least)
		return DIFF_GONE;
	return equal(&a->pools, &b->pools) &&
			       equal(&a->elements, &b->elements) &&
			       equal(&a->reserved, &b->reserved) ?
		       DIFF_SAME :
		       DIFF_CHANGED;
}

/* --- devices --------------------------------------------------------------- */

static enum diff_state compare_device(struct diff_device *device)
{
	enum diff_state state = DIFF_SAME;

	make_roles(device);
	for (size_t i = 0; i < device->nr_roles; i++) {
		device->roles[i].state = state_of_role(&device->roles[i]);
		if (device->roles[i].state != DIFF_SAME)
			state = DIFF_CHANGED;
	}
	if (!device->entries[0])
		return DIFF_APPEARED;
	if (!device->entries[1])
		return DIFF_GONE;
	/* figures that are unknown in one sample may differ */
	if (device->entries[0]->pools_known != device->entries[1]->pools_known)
		return DIFF_CHANGED;
	return state;
}

static void add_device(struct diff *diff, const struct snap_entry *a,
		       const struct snap_entry *b)
{
	struct diff_device *device;

	diff->devices =
		xgrow(diff->devices, diff->nr_devices, sizeof(*diff->devices));
	device = &diff->devices[diff->nr_devices++];
	*device = (struct diff_device){ .entries = { a, b } };
	device->state = compare_device(device);
	diff->count[device->state]++;
	if (device->state != DIFF_SAME)
		diff->differs = true;
}

static const struct snap_entry *newest(const struct diff_device *device)
{
	return device->entries[1] ? device->entries[1] : device->entries[0];
}

const char *diff_device_name(const struct diff_device *device)
{
	const struct snap_entry *entry = newest(device);

	return entry->device ? entry->device->name : "";
}

static int compare_devices(const void *a, const void *b)
{
	const struct diff_device *x = a, *y = b;
	int order = strcmp(diff_device_name(x), diff_device_name(y));

	if (!order)
		order = sample_compare_devno(newest(x)->dev, newest(y)->dev);
	return order ? order : compare_u64(newest(x)->slot, newest(y)->slot);
}

void diff_make(const struct diff_input *a, const struct diff_input *b,
	       struct diff *ret)
{
	const struct snap_entry **x = sorted(a->sel), **y = sorted(b->sel);
	struct snap_count count;
	size_t i = 0, j = 0;

	*ret = (struct diff){ 0 };
	while (i < a->sel->nr || j < b->sel->nr) {
		int order = i == a->sel->nr ? 1 :
			    j == b->sel->nr ? -1 :
					      compare_entries(x[i], y[j]);

		add_device(ret, order <= 0 ? x[i] : NULL,
			   order >= 0 ? y[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	if (ret->nr_devices)
		qsort(ret->devices, ret->nr_devices, sizeof(*ret->devices),
		      compare_devices);
	snap_selection_sum(a->snap, a->sel, NULL, &ret->sums[0], &count);
	snap_selection_sum(b->snap, b->sel, NULL, &ret->sums[1], &count);
	free(x);
	free(y);
}

void diff_release(struct diff *diff)
{
	for (size_t i = 0; i < diff->nr_devices; i++)
		free(diff->devices[i].roles);
	free(diff->devices);
	*diff = (struct diff){ 0 };
}
