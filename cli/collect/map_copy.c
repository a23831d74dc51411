// SPDX-License-Identifier: GPL-2.0-only
#include "collect/map_copy.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

/* Entries that one system call reads; a hash bucket must fit. */
#define BATCH 4096

static int compare_keys(const void *a, const void *b)
{
	uint64_t ka, kb;

	memcpy(&ka, a, sizeof(ka));
	memcpy(&kb, b, sizeof(kb));
	return (ka > kb) - (ka < kb);
}

/* An entry can be met twice when the map changes under the walk. */
static void sort_unique(struct map_copy *copy)
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

int map_copy_read(int fd, size_t size, struct map_copy *copy)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	uint64_t *keys = xcalloc(BATCH, sizeof(*keys));
	uint32_t place;
	bool first = true;
	int err;

	*copy = (struct map_copy){ .size = size };
	do {
		uint32_t nr = BATCH;

		copy->values =
			xreallocarray(copy->values, copy->nr + BATCH, size);
		err = bpf_map_lookup_batch(fd, first ? NULL : &place, &place,
					   keys, copy->values + copy->nr * size,
					   &nr, &opts);
		if (!err || err == -ENOENT)
			copy->nr += nr;
		first = false;
	} while (!err);
	free(keys);
	if (err != -ENOENT)
		return err;
	sort_unique(copy);
	return 0;
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
