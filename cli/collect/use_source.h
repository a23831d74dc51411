/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happens to pools, from the maps that the BPF programs keep of it:
 * waits, waiters, rechecks and error corrections.
 */
#ifndef MEMTOP_USE_SOURCE_H
#define MEMTOP_USE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

struct map_copy;
struct sample;

/* The maps' descriptors, and what is to be read from them. */
struct use_source {
	int uses;
	int waits;
	int ops;
	bool counts; /* everything since we attached, not only what goes on */
};

/*
 * Adds to @s, whose devices are sorted by number and whose pools by id, what
 * @src and the copy of the map @tables know about them. Of what goes on, only
 * what pass number @pass named, or what began since. Returns 0 or -errno.
 */
int use_source_read(const struct use_source *src, const struct map_copy *tables,
		    uint32_t pass, struct sample *s);

#endif
