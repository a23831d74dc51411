/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSFS_SOURCE_H
#define MEMTOP_SYSFS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the kernel has device-mapper, built in or loaded. */
bool sysfs_has_dm(void);

/* How many mapped devices there are; 0 also when that can't be read. */
size_t sysfs_count_devices(void);

/*
 * dm_mod's parameter reserved_bio_based_ios as it is now, which is what the
 * next table load will use, or MEMTOP_UNKNOWN.
 */
uint64_t sysfs_reserved_bio_based_ios(void);

/*
 * The same from a descriptor that stays open, for who must open nothing later;
 * -1: it can't be had.
 */
int sysfs_open_reserved_bio_based_ios(void);
uint64_t sysfs_read_reserved_bio_based_ios(int fd);

#define SYSFS_LOCKDOWN_ROOM 32

/*
 * What the kernel is locked down for: "none", "integrity", "confidentiality".
 * Returns 0 or -errno; -ENOENT: securityfs is not mounted or has no such file.
 */
int sysfs_lockdown(char ret[static SYSFS_LOCKDOWN_ROOM]);

/* Whether the kernel is known to let no program read its memory. */
bool sysfs_locked_down(void);

#endif
