/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies of BPF hash maps in which each value begins with a unique __u64,
 * usually its key.
 */
#ifndef MEMTOP_DECODE_MAP_COPY_H
#define MEMTOP_DECODE_MAP_COPY_H

#include <stddef.h>
#include <stdint.h>

/* The contents of a map, by key, each key once. */
struct map_copy {
	char *values; /* owned */
	size_t size; /* of one, bytes */
	size_t nr;
};

/* Frees what @copy owns, not @copy itself; safe on a zeroed one. */
void map_copy_release(struct map_copy *copy);

/*
 * Sorts the entries by key, and drops duplicates: the walk can meet an entry
 * twice, because the map changes meanwhile.
 */
void map_copy_sort(struct map_copy *copy);

/* The value at @key, NULL if there was none; @copy owns it. */
void *map_copy_find(const struct map_copy *copy, uint64_t key);

/* The @i-th value, from 0. */
static inline void *map_copy_at(const struct map_copy *copy, size_t i)
{
	return copy->values + i * copy->size;
}

#endif
