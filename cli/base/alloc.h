/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocation that does not fail: when memory is gone, these say so and exit
 * with STATUS_FAILED, so callers have no error path to get wrong.
 */
#ifndef MEMTOP_BASE_ALLOC_H
#define MEMTOP_BASE_ALLOC_H

#include <stddef.h>

/*
 * Has @handler called when memory is gone, which must not return, allocate or
 * use stdio; NULL: exit with STATUS_FAILED, as at first.
 */
void alloc_on_failure(void (*handler)(void));

/* Zeroed room for @n elements of @size bytes; free() it. Never NULL. */
void *xcalloc(size_t n, size_t size);

/* As reallocarray(3); the new part is not zeroed. Never NULL. */
void *xreallocarray(void *old, size_t n, size_t size);

/*
 * Room for one more than @nr elements of @size in @list, which was made so and has
 * @nr: grows by doubling, so that to add one is cheap. The new part is not
 * zeroed. Never NULL.
 */
void *xgrow(void *list, size_t nr, size_t size);

char *xstrdup(const char *s);

/* Exits if @p, fresh from a library's constructor, is NULL; returns it. */
void *xcheck(void *p);

#endif
