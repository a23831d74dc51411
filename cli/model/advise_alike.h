/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables that advice can show as one. */
#ifndef MEMTOP_MODEL_ADVISE_ALIKE_H
#define MEMTOP_MODEL_ADVISE_ALIKE_H

#include <stddef.h>

struct advise_table;

/*
 * Sets .like and .nr_like of the @nr @tables. Tables are alike if their reserves, slots,
 * targets and ways of a reload are, and if they have the same owner or, without one, names
 * that differ in numbers only.
 */
void advise_find_alike(struct advise_table *tables, size_t nr);

#endif
