/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic on quantities that may be unknown: a result is unknown if an
 * operand is, or if it does not fit 64 bits.
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

/* The same for lower bounds: never unknown, within 64 bits. */
static inline uint64_t quantity_add_least(uint64_t a, uint64_t b)
{
	uint64_t sum;

	if (b == MEMTOP_UNKNOWN)
		return a;
	return __builtin_add_overflow(a, b, &sum) || sum == MEMTOP_UNKNOWN ?
		       MEMTOP_UNKNOWN - 1 :
		       sum;
}

/* A negative result is unknown: the operands do not belong together. */
static inline uint64_t quantity_sub(uint64_t a, uint64_t b)
{
	if (a == MEMTOP_UNKNOWN || b == MEMTOP_UNKNOWN || a < b)
		return MEMTOP_UNKNOWN;
	return a - b;
}

/* @n pieces of @size. 0 pieces have 0 bytes, whatever their size is. */
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
