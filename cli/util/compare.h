/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_UTIL_COMPARE_H
#define MEMTOP_UTIL_COMPARE_H

#include <stdint.h>

/* As qsort() wants it: below 0, 0 or above, as @a is below, equal to or above @b. */
static inline int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The same of two elements of one array, by their places there. */
static inline int compare_addresses(const void *a, const void *b)
{
	return compare_u64((uintptr_t)a, (uintptr_t)b);
}

#endif
