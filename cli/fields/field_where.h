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

void field_where_release(struct field_where *where);

/*
 * Whether @row meets the conditions on columns of @table; those on columns of
 * the other table are left out.
 */
bool field_where_meets(const struct field_where *where,
		       const struct field_table *table,
		       const struct field_row *row);

/* Whether there is a condition on a column of @table. */
bool field_where_has(const struct field_where *where,
		     const struct field_table *table);

/* Whether a condition is on a column with this list. */
bool field_where_uses(const struct field_where *where, enum field_list list);

#endif
