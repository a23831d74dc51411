/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocation that cannot fail: without memory these functions report that and
 * exit with STATUS_FAILED, so callers have no error path to get wrong.
 */
#ifndef MEMTOP_BASE_ALLOC_H
#define MEMTOP_BASE_ALLOC_H

#include <stddef.h>

/*
 * Sets the function that is called when memory is exhausted. @handler must not
 * return, allocate or use stdio. NULL restores the default: exit with
 * STATUS_FAILED.
 */
void alloc_on_failure(void (*handler)(void));

/*
 * Allocates zeroed memory for @n elements of @size bytes; free() it. Never
 * NULL.
 */
void *xcalloc(size_t n, size_t size);

/* Like reallocarray(3), but never NULL; the new part is not zeroed. */
void *xreallocarray(void *old, size_t n, size_t size);

/*
 * Grows @list, which this function allocated and which has @nr elements of
 * @size bytes, for one more. It grows by doubling, so adding an element is
 * cheap. The new part is not zeroed. Never NULL.
 */
void *xgrow(void *list, size_t nr, size_t size);

char *xstrdup(const char *s);

/* Exits if @p, fresh from a library's constructor, is NULL; returns it. */
void *xcheck(void *p);

#endif
