// SPDX-License-Identifier: GPL-2.0-only
#include "model/advise_alike.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "model/advise.h"
#include "model/owner.h"
#include "model/snapshot.h"

struct candidate {
	struct advise_table *table;
	size_t place;
	bool owned;
	struct owner owner;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Orders names by all but the digits of their numbers. */
static int compare_names(const char *a, const char *b)
{
	for (;; a++, b++) {
		if (is_digit(*a) && is_digit(*b)) {
			a += strspn(a, "0123456789") - 1;
			b += strspn(b, "0123456789") - 1;
			continue;
		}
		if (*a != *b)
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		if (!*a)
			return 0;
	}
}

static int compare_targets(const struct snap_entry *a,
			   const struct snap_entry *b)
{
	int order = compare_u64(a->nr_targets, b->nr_targets);

	for (size_t i = 0; !order && i < a->nr_targets; i++)
		order = strcmp(a->targets[i]->type, b->targets[i]->type);
	return order;
}

static int compare_owners(const struct candidate *a, const struct candidate *b)
{
	const struct sample_device *da = a->table->entry->device,
				   *db = b->table->entry->device;

	if (a->owned != b->owned)
		return compare_u64(a->owned, b->owned);
	if (a->owned)
		return owner_compare(&a->owner, &b->owner);
	return compare_names(da ? da->name : "", db ? db->name : "");
}

static int compare_alike(const struct candidate *a, const struct candidate *b)
{
	const struct advise_table *ta = a->table, *tb = b->table;
	int order = compare_u64(ta->least, tb->least);

	if (!order)
		order = compare_u64(ta->most, tb->most);
	if (!order)
		order = compare_u64(ta->now, tb->now);
	if (!order)
		order = compare_u64(ta->then, tb->then);
	if (!order)
		order = compare_u64(ta->reload, tb->reload);
	if (!order)
		order = compare_u64(ta->way, tb->way);
	if (!order)
		order = compare_u64(ta->entry->slot, tb->entry->slot);
	if (!order)
		order = compare_u64(!ta->entry->device, !tb->entry->device);
	if (!order)
		order = compare_targets(ta->entry, tb->entry);
	return order ? order : compare_owners(a, b);
}

static int by_likeness(const void *a, const void *b)
{
	const struct candidate *ca = a, *cb = b;
	int order = compare_alike(ca, cb);

	return order ? order : compare_u64(ca->place, cb->place);
}

void advise_find_alike(struct advise_table *tables, size_t nr)
{
	struct candidate *list = xcalloc(nr + 1, sizeof(*list));
	size_t first = 0;

	for (size_t i = 0; i < nr; i++) {
		const struct sample_device *device = tables[i].entry->device;

		list[i] = (struct candidate){ .table = &tables[i], .place = i };
		list[i].owned = device && owner_find(tables[i].entry->sample,
						     device, &list[i].owner);
	}
	qsort(list, nr, sizeof(*list), by_likeness);
	for (size_t i = 0; i < nr; i++) {
		if (compare_alike(&list[first], &list[i]) != 0)
			first = i;
		list[i].table->like = list[first].place;
		list[first].table->nr_like++;
	}
	free(list);
}
