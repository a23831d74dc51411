/* SPDX-License-Identifier: GPL-2.0-only */
/* The order of the devices of a comparison. */
#ifndef MEMTOP_VIEWS_DIFF_ORDER_H
#define MEMTOP_VIEWS_DIFF_ORDER_H

#include "fields/fields.h"

struct diff;

/*
 * Parses @spec as field_order_parse() does, for the columns of the table. Returns 0, or
 * -EINVAL with the reason in @problem.
 */
int diff_order_parse(const char *spec, struct field_order *ret,
		     struct strbuf *problem);

/* Sorts the devices of @diff; equal ones keep their order, that of names. */
void diff_sort(struct diff *diff, const struct field_order *order);

#endif
