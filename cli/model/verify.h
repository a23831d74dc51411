/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares two samples of the same kernel, which came by different sources. */
#ifndef MEMTOP_MODEL_VERIFY_H
#define MEMTOP_MODEL_VERIFY_H

#include <stddef.h>

#include "sample/sample.h"

/* One thing about which they do not agree. */
struct difference {
	struct sample_devno dev;
	char name[SAMPLE_NAME_LEN]; /* the device's */
	enum sample_slot slot; /* unknown: about the device itself */
	char role[SAMPLE_ROLE_LEN]; /* "": not about a pool */
	const char *what; /* a key, as in the JSON */
	char *a; /* owned; the first one's value */
	char *b; /* owned */
};

struct differences {
	struct difference *all; /* owned */
	size_t nr;
	size_t devices; /* that were compared */
	size_t pools;
};

/*
 * What @a and @b, whose devices are by number, differ in: devices with their
 * names, targets and what is below, pools with their sizes and levels. What one
 * of them does not know is not compared, nor devices that one of them calls
 * torn, nor pools that are nobody's.
 */
void verify_compare(const struct sample *a, const struct sample *b,
		    struct differences *ret);

/* Frees what @d owns, not @d itself. */
void differences_release(struct differences *d);

#endif
