/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares two samples of the same kernel from different sources. */
#ifndef MEMTOP_MODEL_VERIFY_H
#define MEMTOP_MODEL_VERIFY_H

#include <stddef.h>

#include "sample/sample.h"

/* One difference. */
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
	size_t devices; /* number of compared ones */
	size_t pools;
};

/*
 * The differences between @a and @b, whose devices are sorted by number:
 * devices with their names, targets and devices below, pools with their sizes
 * and levels. Values that one of them does not know are not compared, nor
 * devices that one of them marks as torn, nor pools without a device.
 */
void verify_compare(const struct sample *a, const struct sample *b,
		    struct differences *ret);

/* Frees what @d owns, not @d itself. */
void differences_release(struct differences *d);

#endif
