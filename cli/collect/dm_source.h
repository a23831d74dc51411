/* SPDX-License-Identifier: GPL-2.0-only */
/* Mapped devices, asked through libdevmapper. */
#ifndef MEMTOP_DM_SOURCE_H
#define MEMTOP_DM_SOURCE_H

#include <stdbool.h>

struct sample;

/*
 * Fills in @s's devices, sorted by number. Lists them and asks for the status
 * of each table, of both slots, without flushing anything: with that the kernel
 * series names the pools of what it was asked about. A device that vanishes
 * meanwhile is left out. With @lower it asks for the devices below as well.
 * Returns 0 or -errno, the reason already said.
 */
int dm_source_read(bool lower, struct sample *s);

/*
 * Makes the kernel name all pools, for those who listen to its events. Unlike
 * dm_source_read() it asks nothing that could hang. Returns 0 or -errno, the
 * reason already said.
 */
int dm_source_name_pools(void);

/*
 * Whether device-mapper's control node could be opened by us; it is not.
 * Returns 0 or -errno: -EACCES no, -ENOENT libdevmapper would make it.
 */
int dm_source_control(void);

#endif
