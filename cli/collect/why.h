/* SPDX-License-Identifier: GPL-2.0-only */
/* Why the kernel refuses what a source needs, as far as that can be established. */
#ifndef MEMTOP_WHY_H
#define MEMTOP_WHY_H

#include <stdbool.h>

/*
 * Says why a program could not be loaded, and what to do, after the message that it
 * could not; @err is -errno. @symbols: it needs addresses of the kernel's symbols.
 * Returns what collector_open() does.
 */
int why_not_loaded(int err, bool symbols);

/*
 * The same for a program that was loaded but was not given the address of a symbol,
 * @symbol, of the module dm_mod.
 */
int why_no_symbol(const char *symbol);

/* The sysctl kernel.kptr_restrict; -1: it cannot be read. */
int why_kptr_restrict(void);

#endif
