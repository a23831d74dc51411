// SPDX-License-Identifier: GPL-2.0-only
#include "decode/map_copy.h"

#include <stdlib.h>
#include <string.h>

#include "base/compare.h"

static int compare_keys(const void *a, const void *b)
{
	uint64_t ka, kb;

	memcpy(&ka, a, sizeof(ka));
	memcpy(&kb, b, sizeof(kb));
	return compare_u64(ka, kb);
}

void map_copy_sort(struct map_copy *copy)
{
	size_t kept = 0;

	if (!copy->nr)
		return;
	qsort(copy->values, copy->nr, copy->size, compare_keys);
	for (size_t i = 1; i < copy->nr; i++) {
		char *last = copy->values + kept * copy->size;
		char *next = copy->values + i * copy->size;

		if (compare_keys(last, next) == 0)
			continue;
		kept++;
		memmove(copy->values + kept * copy->size, next, copy->size);
	}
	copy->nr = kept + 1;
}

void map_copy_release(struct map_copy *copy)
{
	free(copy->values);
	*copy = (struct map_copy){ 0 };
}

void *map_copy_find(const struct map_copy *copy, uint64_t key)
{
	return copy->nr ? bsearch(&key, copy->values, copy->nr, copy->size,
				  compare_keys) :
			  NULL;
}
