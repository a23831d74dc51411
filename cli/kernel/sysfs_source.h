/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_KERNEL_SYSFS_SOURCE_H
#define MEMTOP_KERNEL_SYSFS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether /sys is mounted. */
bool sysfs_is_mounted(void);

/* Whether the kernel has device-mapper, built in or loaded. */
bool sysfs_has_dm(void);

/* How many mapped devices there are; 0 also if that cannot be read. */
size_t sysfs_count_devices(void);

/*
 * The current value of dm_mod's parameter reserved_bio_based_ios, which the
 * next table load will use, or MEMTOP_UNKNOWN.
 */
uint64_t sysfs_reserved_bio_based_ios(void);

/*
 * The same from a descriptor that stays open, for callers that must not open
 * files later; -1: not available.
 */
int sysfs_open_reserved_bio_based_ios(void);
uint64_t sysfs_read_reserved_bio_based_ios(int fd);

/* A module of the kernel, at the time when it was searched for. */
struct sysfs_module {
	bool there; /* loaded, or built in */
	int fd; /* of a file that vanishes when it is unloaded, or -1 */
};

/* Searches for the module @name, with _ for -. The caller releases @ret. */
void sysfs_module_find(const char *name, struct sysfs_module *ret);

/*
 * Whether it has been unloaded since, even if it was loaded again. After the
 * first call this opens nothing and needs no memory.
 */
bool sysfs_module_gone(const struct sysfs_module *module);

/*
 * Whether the module @name, which was found as @module, is being loaded or
 * unloaded, or has been loaded or unloaded since. Opens a file.
 */
bool sysfs_module_moves(const char *name, const struct sysfs_module *module);

/* Safe on one that is all zero except for fd, -1. */
void sysfs_module_release(struct sysfs_module *module);

/* Memory that the kernel has in all, MemTotal of /proc/meminfo, in bytes, or
 * MEMTOP_UNKNOWN. */
uint64_t sysfs_mem_total(void);

#define SYSFS_BOOT_ID_ROOM 37

/* The id that the kernel took when it started; "" if it cannot be read. */
void sysfs_boot_id(char ret[static SYSFS_BOOT_ID_ROOM]);

#define SYSFS_LOCKDOWN_ROOM 32

/*
 * What the kernel is locked down for: "none", "integrity", "confidentiality".
 * Returns 0 or -errno; -ENOENT: securityfs is not mounted or has no such file.
 */
int sysfs_lockdown(char ret[static SYSFS_LOCKDOWN_ROOM]);

/* Whether the kernel is known to prevent programs from reading its memory. */
bool sysfs_locked_down(void);

#endif
