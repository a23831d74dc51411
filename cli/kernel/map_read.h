/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_KERNEL_MAP_READ_H
#define MEMTOP_KERNEL_MAP_READ_H

#include <stddef.h>

struct map_copy;

/*
 * Copies the BPF hash map @fd, of keys of @key_size bytes and values of @size.
 * Entries that come or go meanwhile may be in the copy or not. Returns 0 or
 * -errno; @copy is to be released with map_copy_release() either way.
 */
int map_read(int fd, size_t key_size, size_t size, struct map_copy *copy);

#endif
