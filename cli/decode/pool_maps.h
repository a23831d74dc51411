/* SPDX-License-Identifier: GPL-2.0-only */
/* Decodes copies of the BPF programs' maps: does not access the kernel. */
#ifndef MEMTOP_DECODE_POOL_MAPS_H
#define MEMTOP_DECODE_POOL_MAPS_H

#include <stdint.h>

#include "decode/event_maps.h"

struct memtop_pool;
struct sample;

/*
 * The elements in @p. When a pool is named, its level may be older than the
 * last traced use.
 */
uint32_t pool_maps_level(const struct memtop_pool *p);

/*
 * Adds pools to @s, whose devices are complete and sorted by number: those that
 * the pass named or that were created since, with their known use. Left out are
 * pools of tables that are being destroyed, or of devices that are not in @s,
 * and waits and repairs that the pass did not name. Returns how many tables
 * were left out because they are incomplete; these are marked in @maps.
 */
uint64_t pool_maps_fill(struct pool_maps *maps, struct sample *s);

/*
 * For how many of the shown tables the kernel announced more pools in the pass
 * than it then named. A full map is counted there.
 */
uint64_t pool_maps_incomplete(const struct pool_maps *maps);

/* Frees what @maps owns, not @maps itself; safe on zeroed ones. */
void pool_maps_release(struct pool_maps *maps);

#endif
