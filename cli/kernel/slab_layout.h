/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_KERNEL_SLAB_LAYOUT_H
#define MEMTOP_KERNEL_SLAB_LAYOUT_H

#include <stdint.h>

/*
 * Offset of "size" in the running kernel's struct kmem_cache, in bytes: the
 * size of an object in its slab, padding included (mm/slab.h). Read from the
 * kernel's BTF. Returns 0 if it is not available: not an error, but then the
 * footprint of slab objects is unknown; the reason is a debug message.
 */
uint32_t slab_layout_size_offset(void);

#endif
