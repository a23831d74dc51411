/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decodes the notes of links.bpf.c, once they are in memory: does not access
 * the kernel.
 */
#ifndef MEMTOP_DECODE_LINK_MAPS_H
#define MEMTOP_DECODE_LINK_MAPS_H

#include <linux/types.h>
#include <stddef.h>

#include "links_record.h"

struct sample;

/*
 * Adds the @nr links at @notes to @s, in order and each once: a device below
 * several others was noted for each of them. A link without details is left out
 * if another one between the same devices has them.
 */
void link_maps_add(const struct links_link *notes, size_t nr, struct sample *s);

#endif
