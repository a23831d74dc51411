// SPDX-License-Identifier: GPL-2.0-only
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"

/* Not passed by callers: check must report by its status that it failed. */
static void (*alloc_handler)(void);

void alloc_on_failure(void (*handler)(void))
{
	alloc_handler = handler;
}

void *xcheck(void *p)
{
	if (!p && alloc_handler)
		alloc_handler();
	if (!p) {
		/* Not msg.h, which allocates. */
		fputs("verity-memtop: out of memory\n", stderr);
		exit(STATUS_FAILED);
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	/* calloc(0) may return NULL, which would look like a failure. */
	return xcheck(calloc(n ? n : 1, size ? size : 1));
}

void *xreallocarray(void *old, size_t n, size_t size)
{
	return xcheck(reallocarray(old, n ? n : 1, size ? size : 1));
}

void *xgrow(void *list, size_t nr, size_t size)
{
	/* full at each power of two */
	if (nr & (nr - 1))
		return list;
	return xreallocarray(list, nr ? 2 * nr : 1, size);
}

char *xstrdup(const char *s)
{
	return xcheck(strdup(s));
}
