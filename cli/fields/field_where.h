/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Conditions on columns, "RESERVED >= 64K", which select rows. A value that is
 * unknown meets no condition but "= -".
 */
#ifndef MEMTOP_FIELDS_FIELD_WHERE_H
#define MEMTOP_FIELDS_FIELD_WHERE_H

#include "fields/fields.h"

struct field_test;

/* Conditions that must all be met; zeroed it has none, which all rows meet. */
struct field_where {
	struct field_test *tests; /* owned */
	size_t nr;
};

/*
 * Adds the condition @spec, "COLUMN OP VALUE", on a column of @table, or of
 * devices if it has none of that name. Returns 0, or -EINVAL with the reason in
 * @problem.
 */
int field_where_add(struct field_where *where, const struct field_table *table,
		    const char *spec, struct strbuf *problem);

/*
 * Adds each of @specs as field_where_add(). After an error, the conditions before it
 * are there.
 */
int field_where_add_all(struct field_where *where,
			const struct field_table *table,
			const struct word_list *specs, struct strbuf *problem);

/*
 * The same on columns of devices, for a command that has no list of columns. Returns 0,
 * or -EINVAL, already reported.
 */
int field_where_take(struct field_where *where, const struct word_list *specs);

void field_where_release(struct field_where *where);

/*
 * Whether @row meets the conditions on columns of @table; those on columns of
 * the other table are left out.
 */
bool field_where_meets(const struct field_where *where,
		       const struct field_table *table,
		       const struct field_row *row);

/* Leaves the tables in @sel that meet @where, or that have a pool which does. */
void field_where_select(const struct field_where *where,
			struct snap_selection *sel);

/* The same for a single pool of @entry, by the columns of pools. */
bool field_where_meets_pool(const struct field_where *where,
			    const struct snap_pool *pool,
			    const struct snap_entry *entry);

/* Whether there is a condition on a column of @table. */
bool field_where_has(const struct field_where *where,
		     const struct field_table *table);

/* Whether a condition is on a column with this list. */
bool field_where_uses(const struct field_where *where, enum field_list list);

#endif
