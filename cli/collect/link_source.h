/* SPDX-License-Identifier: GPL-2.0-only */
/* How devices are on each other, from the kernel's structures. */
#ifndef MEMTOP_LINK_SOURCE_H
#define MEMTOP_LINK_SOURCE_H

struct link_source;
struct loader;
struct sample;
struct stock_source;

/*
 * Makes ready; programs are loaded by @loader, or here if it is NULL. Returns 0 or -errno, unsaid but for debugging: what is on what is
 * unknown then.
 */
int link_source_open(struct loader *loader, struct link_source **ret);

/*
 * Fills in @s's links, of the live tables that @stock has found last. Returns 0
 * or -errno, unsaid but for debugging.
 */
int link_source_read(struct link_source *src, const struct stock_source *stock,
		     struct sample *s);

/* Frees; fine on NULL. */
void link_source_close(struct link_source *src);

#endif
