/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies of BPF hash maps whose key is a __u64 that each value begins with.
 */
#ifndef MEMTOP_MAP_COPY_H
#define MEMTOP_MAP_COPY_H

#include <stddef.h>
#include <stdint.h>

/* What a map held, by key, each key once. */
struct map_copy {
	char *values; /* owned */
	size_t size; /* of one, bytes */
	size_t nr;
};

/*
 * Copies the map @fd, of values of @size bytes. Entries that come or go
 * meanwhile may be in the copy or not. Returns 0 or -errno; @copy is to be
 * released with map_copy_release() either way.
 */
int map_copy_read(int fd, size_t size, struct map_copy *copy);
void map_copy_release(struct map_copy *copy);

/* The value at @key, NULL if there was none; it is the copy's. */
void *map_copy_find(const struct map_copy *copy, uint64_t key);

/* The @i-th value, from 0. */
static inline void *map_copy_at(const struct map_copy *copy, size_t i)
{
	return copy->values + i * copy->size;
}

#endif
