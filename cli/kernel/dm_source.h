/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mapped devices, asked through libdevmapper, by a process of its own: a query that
 * never returns holds up nobody else.
 */
#ifndef MEMTOP_KERNEL_DM_SOURCE_H
#define MEMTOP_KERNEL_DM_SOURCE_H

#include <stdbool.h>

struct sample;

/*
 * Fills in @s's devices, sorted by number. Lists them and asks for each table, of
 * both slots, and not for its status, which may wait for I/O. With that the kernel
 * series names the pools of what it was asked about. A device that vanishes
 * meanwhile is left out. One that does not answer is marked torn, with a warning.
 * With @lower it asks for the devices below as well. Returns 0 or -errno, the
 * reason already said: -ETIMEDOUT if device-mapper as a whole does not answer.
 */
int dm_source_read(bool lower, struct sample *s);

/*
 * Makes the kernel name all pools, for those who listen to its events. Returns as
 * dm_source_read().
 */
int dm_source_name_pools(void);

/*
 * Whether device-mapper's control node could be opened by us; it is not.
 * Returns 0 or -errno: -EACCES no, -ENOENT libdevmapper would make it.
 */
int dm_source_control(void);

/* Whether all is there that libdevmapper needs to talk to device-mapper. */
bool dm_source_works(void);

#endif
