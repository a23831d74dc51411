/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_KERNEL_MAP_READ_H
#define MEMTOP_KERNEL_MAP_READ_H

#include <stddef.h>

struct map_copy;

/*
 * Copies the BPF hash map @fd, with keys of @key_size bytes and values of
 * @size. Entries that are added or deleted meanwhile may be in the copy or not.
 * Returns 0 or -errno; call map_copy_release() on @copy in either case.
 */
int map_read(int fd, size_t key_size, size_t size, struct map_copy *copy);

#endif
