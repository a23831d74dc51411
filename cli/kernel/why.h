/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds out why the kernel refuses what a source needs, as far as possible. */
#ifndef MEMTOP_KERNEL_WHY_H
#define MEMTOP_KERNEL_WHY_H

#include <stdbool.h>

struct program_refusal;

/*
 * Reports why a program could not be loaded, and what to do, after the message
 * that it could not; @err is -errno; @refusal may be NULL. Returns the result
 * for collector_open().
 */
int why_not_loaded(int err, const struct program_refusal *refusal);

/*
 * The same for a program that was loaded but found the devices neither by way
 * of sysfs, because the kernel lacks @member if that is not NULL, nor by
 * @symbol of dm_mod.
 */
int why_no_root(const char *member, const char *symbol);

/* The sysctl kernel.kptr_restrict; -1: it cannot be read. */
int why_kptr_restrict(void);

#endif
