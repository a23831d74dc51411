/* SPDX-License-Identifier: GPL-2.0-only */
/* One table of an advice, in a line. */
#ifndef MEMTOP_VIEWS_ADVISE_TABLE_H
#define MEMTOP_VIEWS_ADVISE_TABLE_H

#include <stdint.h>

struct advise_table;
struct strbuf;

/* Adds @bytes with a unit; "-" if they are unknown. */
void advise_table_add_bytes(struct strbuf *sb, uint64_t bytes);

/* Adds "v (254:1)", escaped. */
void advise_table_add_name(struct strbuf *sb, const struct advise_table *table);

/* Adds "v (254:1): 16, 330KiB now, then 30KiB". */
void advise_table_add(struct strbuf *sb, const struct advise_table *table);

/*
 * Adds ": ", and why there is no command for the table and what to do instead.
 */
void advise_table_add_why_not(struct strbuf *sb,
			      const struct advise_table *table);

#endif
