/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_BASE_COMPARE_H
#define MEMTOP_BASE_COMPARE_H

#include <stdint.h>
#include <stdlib.h>

/* For qsort(): below 0, 0 or above, as @a is below, equal to or above @b. */
static inline int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The same for two elements of one array, by their places in it. */
static inline int compare_addresses(const void *a, const void *b)
{
	return compare_u64((uintptr_t)a, (uintptr_t)b);
}

/*
 * qsort() for arrays that are mostly sorted already, such as samples' devices
 * and pools.
 */
static inline void sort_unsorted(void *base, size_t nr, size_t size,
				 int (*compare)(const void *, const void *))
{
	const char *at = base;

	for (size_t i = 1; i < nr; i++, at += size) {
		if (compare(at, at + size) > 0) {
			qsort(base, nr, size, compare);
			return;
		}
	}
}

#endif
