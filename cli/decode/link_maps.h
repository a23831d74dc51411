/* SPDX-License-Identifier: GPL-2.0-only */
/* What links.bpf.c has noted, once it is in memory: no kernel here. */
#ifndef MEMTOP_DECODE_LINK_MAPS_H
#define MEMTOP_DECODE_LINK_MAPS_H

#include <linux/types.h>
#include <stddef.h>

#include "links_record.h"

struct sample;

/*
 * Adds the @nr links at @notes to @s, in order and each once: what is below a
 * device that several are on was noted for each of them. A device below of which
 * no more is known than that is left out where more is known.
 */
void link_maps_add(const struct links_link *notes, size_t nr, struct sample *s);

#endif
