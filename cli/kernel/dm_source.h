/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mapped devices, queried by a separate process, so that a query that never
 * returns does not block this one.
 */
#ifndef MEMTOP_KERNEL_DM_SOURCE_H
#define MEMTOP_KERNEL_DM_SOURCE_H

#include <stdbool.h>

struct sample;

/*
 * Fills in @s's devices, sorted by number. Lists them and queries each table,
 * of both slots, but not its status, which may wait for I/O. This makes the
 * kernel series name the pools of the queried devices. A device that vanishes
 * meanwhile is left out. One that does not answer is marked torn, with a
 * warning. With @lower it queries the devices below as well. Returns 0 or
 * -errno, already reported: -ETIMEDOUT if device-mapper as a whole does not
 * answer.
 */
int dm_source_read(bool lower, struct sample *s);

/*
 * Makes the kernel name all pools, for programs attached to its events. Returns
 * as dm_source_read().
 */
int dm_source_name_pools(void);

/*
 * Whether this process could open device-mapper's control node; it does not
 * open it. Returns 0 or -errno, for example -EACCES.
 */
int dm_source_control(void);

#endif
