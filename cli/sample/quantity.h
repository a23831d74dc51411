/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic on quantities that may be unknown: what is made from an unknown
 * is unknown, and so is what does not fit 64 bits.
 */
#ifndef MEMTOP_SAMPLE_QUANTITY_H
#define MEMTOP_SAMPLE_QUANTITY_H

#include "sample/sample.h"

static inline uint64_t quantity_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	if (a == MEMTOP_UNKNOWN || b == MEMTOP_UNKNOWN ||
	    __builtin_add_overflow(a, b, &sum))
		return MEMTOP_UNKNOWN;
	return sum;
}

/* The same of what is known at least: never unknown, as far as 64 bits go. */
static inline uint64_t quantity_add_least(uint64_t a, uint64_t b)
{
	uint64_t sum;

	if (b == MEMTOP_UNKNOWN)
		return a;
	return __builtin_add_overflow(a, b, &sum) || sum == MEMTOP_UNKNOWN ?
		       MEMTOP_UNKNOWN - 1 :
		       sum;
}

/* What would be negative is unknown: the two do not belong together. */
static inline uint64_t quantity_sub(uint64_t a, uint64_t b)
{
	if (a == MEMTOP_UNKNOWN || b == MEMTOP_UNKNOWN || a < b)
		return MEMTOP_UNKNOWN;
	return a - b;
}

/* @n pieces of @size. None of them are zero bytes, whatever their size. */
static inline uint64_t quantity_mul(uint64_t n, uint64_t size)
{
	uint64_t product;

	if (n == 0)
		return 0;
	if (n == MEMTOP_UNKNOWN || size == MEMTOP_UNKNOWN ||
	    __builtin_mul_overflow(n, size, &product))
		return MEMTOP_UNKNOWN;
	return product;
}

#endif
