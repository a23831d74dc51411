/* SPDX-License-Identifier: GPL-2.0-only */
/* Links between devices, from the kernel's structures. */
#ifndef MEMTOP_KERNEL_LINK_SOURCE_H
#define MEMTOP_KERNEL_LINK_SOURCE_H

struct doctor_gaps;
struct kernel_types;
struct link_source;
struct loader;
struct sample;
struct stock_source;

/*
 * Opens the source; @loader loads programs, or this process if it is NULL, with @types
 * for the first time. If that fails, which is reported, links stay unknown.
 */
struct link_source *link_source_open(struct loader *loader,
				     const struct kernel_types *types);

/*
 * Fills in @s's links, of the live tables that @stock has found last. Returns 0
 * or -errno; the first failure is reported.
 */
int link_source_read(struct link_source *src, const struct stock_source *stock,
		     struct sample *s);

/* Adds the members that the kernel lacks; after the first reading. */
void link_source_list_gaps(const struct link_source *src,
			   struct doctor_gaps *to);

/* Frees; safe on NULL. */
void link_source_close(struct link_source *src);

#endif
