// SPDX-License-Identifier: GPL-2.0-only
#include "views/metrics_sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"

bool metrics_same_device(const struct snap_entry *a, const struct snap_entry *b)
{
	return a->dev_known == b->dev_known &&
	       (!a->dev_known || sample_compare_devno(a->dev, b->dev) == 0);
}

/* The live table of a device comes first. */
static void list_devices(struct metrics_sheet *sheet)
{
	const struct snap_selection *sel = sheet->view->sel;
	const struct snap_entry *last = NULL;
	size_t i;

	sheet->devices = xcalloc(sel->nr, sizeof(*sheet->devices));
	sheet->tables = xcalloc(sel->nr, sizeof(*sheet->tables));
	for (i = 0; i < sel->nr; i++) {
		const struct snap_entry *entry = sel->entries[i];
		bool another = !last || !metrics_same_device(last, entry);

		last = entry;
		if (another &&
		    sheet->nr_devices + sheet->left_out >= METRICS_MOST_DEVICES)
			sheet->left_out++;
		if (sheet->left_out)
			continue;
		if (another)
			sheet->devices[sheet->nr_devices++] = entry;
		if (entry->nr_pools)
			sheet->tables[sheet->nr_tables++] = entry;
	}
}

/* In a snapshot's order: by number, the entry without a device last. */
static int compare_with_device(const void *key, const void *element)
{
	const struct snap_entry *a = key;
	const struct snap_entry *b = *(const struct snap_entry *const *)element;
	int order = compare_u64(b->dev_known, a->dev_known);

	return order || !a->dev_known ? order :
					sample_compare_devno(a->dev, b->dev);
}

/*
 * Those of device @dev, if it is @known; otherwise of none. NULL: it is left
 * out.
 */
static struct metrics_waits *find_waits(const struct metrics_sheet *sheet,
					bool known, struct sample_devno dev)
{
	const struct snap_entry key = { .dev_known = known, .dev = dev };
	const struct snap_entry **found =
		sheet->nr_devices ?
			bsearch(&key, sheet->devices, sheet->nr_devices,
				sizeof(*sheet->devices), compare_with_device) :
			NULL;

	return found ? &sheet->waits[found - sheet->devices] : NULL;
}

static void list_waits(struct metrics_sheet *sheet)
{
	const struct findings *findings = sheet->view->findings;

	sheet->waits = xcalloc(sheet->nr_devices, sizeof(*sheet->waits));
	for (size_t i = 0; i < sheet->nr_devices; i++)
		sheet->waits[i].oldest_ns = MEMTOP_UNKNOWN;
	for (size_t i = 0; i < findings->nr; i++) {
		const struct finding *f = &findings->all[i];
		struct metrics_waits *w =
			find_waits(sheet, f->dev_known, f->dev);

		if (w)
			w->found[f->kind]++;
	}
	for (size_t i = 0; i < findings->nr_waits; i++) {
		const struct finding_wait *one = &findings->waits[i];
		struct metrics_waits *w =
			find_waits(sheet, one->dev_known, one->dev);

		if (!w)
			continue;
		w->waits = true;
		if (one->age_ns != MEMTOP_UNKNOWN &&
		    (w->oldest_ns == MEMTOP_UNKNOWN ||
		     one->age_ns > w->oldest_ns))
			w->oldest_ns = one->age_ns;
	}
}

static int compare_roles(const void *pa, const void *pb)
{
	const struct snap_pool *a = *(const struct snap_pool *const *)pa;
	const struct snap_pool *b = *(const struct snap_pool *const *)pb;
	int order = compare_u64(a->rank, b->rank);

	if (!order)
		order = strcmp(a->raw->role, b->raw->role);
	return order ? order : compare_addresses(a, b);
}

/*
 * Lists the pools of @entry. @seen: by identity, so that a shared pool belongs
 * to one device, and a sum over all counts it once.
 */
static void list_pools(struct metrics_sheet *sheet,
		       const struct snap_entry *entry, bool *seen)
{
	const struct snap_pool **pools = sheet->pools + sheet->nr_pools;
	size_t nr = 0, i;

	for (i = 0; i < entry->nr_pools; i++) {
		const struct snap_pool *pool = &entry->pools[i];

		/* the place where it is listed has its counts, too */
		if (pool->guest || seen[pool->identity])
			continue;
		seen[pool->identity] = true;
		pools[nr++] = pool;
	}
	sheet->nr_pools += nr;
	if (nr)
		qsort(pools, nr, sizeof(*pools), compare_roles);
}

static bool same_group(enum metrics_scope scope, const struct snap_pool *a,
		       const struct snap_pool *b)
{
	switch (scope) {
	case METRICS_OF_POOL:
		return a->entry == b->entry &&
		       strcmp(a->raw->role, b->raw->role) == 0;
	case METRICS_OF_DEVICE:
		return metrics_same_device(a->entry, b->entry);
	default:
		return strcmp(a->raw->role, b->raw->role) == 0;
	}
}

/* Groups the pools at @pools, which are in the order of @scope. */
static void group_pools(struct metrics_sheet *sheet, enum metrics_scope scope,
			const struct snap_pool **pools)
{
	struct metrics_groups *groups = &sheet->groups[scope];
	size_t i;

	groups->all = xcalloc(sheet->nr_pools, sizeof(*groups->all));
	for (i = 0; i < sheet->nr_pools; i++) {
		if (!i || !same_group(scope, pools[i - 1], pools[i]))
			groups->all[groups->nr++] = (struct metrics_group){
				.entry = pools[i]->entry,
				.pools = &pools[i],
			};
		groups->all[groups->nr - 1].nr++;
	}
}

void metrics_sheet_make(struct strbuf *out, const struct metrics_view *view,
			struct metrics_sheet *ret)
{
	bool *seen;
	size_t i;

	*ret = (struct metrics_sheet){ .out = out, .view = view };
	if (!view->snap)
		return;
	list_devices(ret);
	list_waits(ret);
	seen = xcalloc(view->snap->nr_pools, sizeof(*seen));
	ret->pools = xcalloc(view->snap->nr_pools, sizeof(*ret->pools));
	for (i = 0; i < ret->nr_tables; i++)
		list_pools(ret, ret->tables[i], seen);
	free(seen);
	ret->by_role = xcalloc(ret->nr_pools, sizeof(*ret->by_role));
	for (i = 0; i < ret->nr_pools; i++)
		ret->by_role[i] = ret->pools[i];
	if (ret->nr_pools)
		qsort(ret->by_role, ret->nr_pools, sizeof(*ret->by_role),
		      compare_roles);
	group_pools(ret, METRICS_OF_POOL, ret->pools);
	group_pools(ret, METRICS_OF_DEVICE, ret->pools);
	group_pools(ret, METRICS_OF_ROLE, ret->by_role);
}

void metrics_sheet_release(struct metrics_sheet *sheet)
{
	for (size_t i = 0; i < NR_METRICS_SCOPES; i++)
		free(sheet->groups[i].all);
	free(sheet->by_role);
	free(sheet->pools);
	free(sheet->tables);
	free(sheet->devices);
	free(sheet->waits);
}
