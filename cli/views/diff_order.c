// SPDX-License-Identifier: GPL-2.0-only
#include "views/diff_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/compare.h"
#include "model/diff.h"
#include "sample/words.h"

enum {
	BY_STATE,
	BY_NAME,
	BY_SLOT,
	BY_RESERVED_A,
	BY_RESERVED_B,
	BY_CHANGE,
};

/* Names and types only: a device of a comparison is no row of a report. */
static const struct field of_diff[] = {
	[BY_STATE] = { "STATE", .type = FIELD_TEXT },
	[BY_NAME] = { "NAME", .type = FIELD_TEXT },
	[BY_SLOT] = { "SLOT", .type = FIELD_TEXT },
	[BY_RESERVED_A] = { "RESERVED_A", .type = FIELD_BYTES },
	[BY_RESERVED_B] = { "RESERVED_B", .type = FIELD_BYTES },
	[BY_CHANGE] = { "CHANGE", .type = FIELD_BYTES },
};

static const struct field_table table = { .what = "diff",
					  .fields = of_diff,
					  .nr = ARRAY_SIZE(of_diff) };

int diff_order_parse(const char *spec, struct field_order *ret,
		     struct strbuf *problem)
{
	return field_order_parse(&table, spec, ret, problem);
}

/* A device while it is sorted. */
struct item {
	struct diff_device device;
	const struct field_order *order;
	size_t place; /* before */
};

/* Bytes in sample @side: 0 where the device does not exist; may be unknown. */
static uint64_t reserved(const struct item *item, size_t side)
{
	const struct snap_entry *entry = item->device.entries[side];

	return entry ? entry->sums.reserved.exact : 0;
}

/* A figure of an item; false: unknown. */
static bool figure_of(const struct item *item, size_t column, __int128 *ret)
{
	const uint64_t a = reserved(item, 0), b = reserved(item, 1);

	switch (column) {
	case BY_RESERVED_A:
		*ret = a;
		return a != MEMTOP_UNKNOWN;
	case BY_RESERVED_B:
		*ret = b;
		return b != MEMTOP_UNKNOWN;
	default:
		*ret = (__int128)b - (__int128)a;
		return a != MEMTOP_UNKNOWN && b != MEMTOP_UNKNOWN;
	}
}

static const char *text_of(const struct item *item, size_t column)
{
	const struct diff_device *device = &item->device;
	const struct snap_entry *entry =
		device->entries[1] ? device->entries[1] : device->entries[0];
	const char *slot = sample_slot_words[entry->slot];

	switch (column) {
	case BY_STATE:
		return diff_state_names[device->state];
	case BY_NAME:
		return diff_device_name(device);
	default:
		return slot ? slot : "";
	}
}

/* Unknown values come last in either order, as in a report. */
static int compare_by(const struct item *a, const struct item *b, size_t column,
		      bool descending)
{
	__int128 x = 0, y = 0;
	bool known_a, known_b;
	int order;

	if (of_diff[column].type == FIELD_TEXT) {
		known_a = *text_of(a, column);
		known_b = *text_of(b, column);
		order = strverscmp(text_of(a, column), text_of(b, column));
	} else {
		known_a = figure_of(a, column, &x);
		known_b = figure_of(b, column, &y);
		order = x < y ? -1 : x > y;
	}
	if (!known_a || !known_b)
		return compare_u64(known_b, known_a);
	return descending ? -order : order;
}

static int compare_items(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;

	for (size_t i = 0; i < a->order->nr; i++) {
		const struct field_key *key = &a->order->keys[i];
		const int order = compare_by(
			a, b, (size_t)(key->field - of_diff), key->descending);

		if (order)
			return order;
	}
	return compare_u64(a->place, b->place);
}

void diff_sort(struct diff *diff, const struct field_order *order)
{
	struct item *items;

	if (!diff->nr_devices)
		return;
	items = xcalloc(diff->nr_devices, sizeof(*items));
	for (size_t i = 0; i < diff->nr_devices; i++)
		items[i] = (struct item){ diff->devices[i], order, i };
	qsort(items, diff->nr_devices, sizeof(*items), compare_items);
	for (size_t i = 0; i < diff->nr_devices; i++)
		diff->devices[i] = items[i].device;
	free(items);
}
