/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies of BPF hash maps in which each value begins with a __u64 that no other
 * has, as a rule its key.
 */
#ifndef MEMTOP_DECODE_MAP_COPY_H
#define MEMTOP_DECODE_MAP_COPY_H

#include <stddef.h>
#include <stdint.h>

/* What a map held, by key, each key once. */
struct map_copy {
	char *values; /* owned */
	size_t size; /* of one, bytes */
	size_t nr;
};

/* Frees what @copy owns, not @copy itself; fine on a zeroed one. */
void map_copy_release(struct map_copy *copy);

/*
 * Brings what has been read into the order of its keys. An entry can have been
 * met twice, as the map changes under the walk.
 */
void map_copy_sort(struct map_copy *copy);

/* The value at @key, NULL if there was none; it is the copy's. */
void *map_copy_find(const struct map_copy *copy, uint64_t key);

/* The @i-th value, from 0. */
static inline void *map_copy_at(const struct map_copy *copy, size_t i)
{
	return copy->values + i * copy->size;
}

#endif
