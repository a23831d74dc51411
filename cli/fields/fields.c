// SPDX-License-Identifier: GPL-2.0-only
#include "fields/fields.h"

#include <string.h>
#include <strings.h>

#include "base/strbuf.h"
#include "base/units.h"

const struct field *field_find(const struct field_table *table,
			       const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < table->nr; i++) {
		const struct field *field = &table->fields[i];

		if (strlen(field->name) == len &&
		    strncasecmp(field->name, name, len) == 0)
			return field;
	}
	return NULL;
}

bool field_is_quantity(const struct field *field)
{
	return field->type == FIELD_NUMBER || field->type == FIELD_BYTES ||
	       field->type == FIELD_TIME || field->type == FIELD_RATE ||
	       (field->type == FIELD_LIST && !field->text);
}

/* Whether @row is a total and only its parts have @field. */
static bool field_is_blank(const struct field *field,
			   const struct field_row *row)
{
	return row->total && !field->sum;
}

uint64_t field_number(const struct field *field, const struct field_row *row)
{
	if (field->number && !row->total)
		return field->number(row);
	return field->sum ? field->sum(row->sums).exact : MEMTOP_UNKNOWN;
}

static bool get_number(const struct field *field, uint64_t n, bool exact,
		       struct strbuf *sb)
{
	if (n == MEMTOP_UNKNOWN)
		return false;
	if (field->type == FIELD_BOOL)
		strbuf_addstr(sb, n ? "yes" : "no");
	else if (field->type == FIELD_BYTES && !exact)
		units_add_bytes(sb, n);
	else if (field->type == FIELD_TIME && !exact)
		units_add_time(sb, n);
	else
		strbuf_addu(sb, n);
	return true;
}

bool field_get(const struct field *field, const struct field_row *row,
	       bool exact, struct strbuf *sb)
{
	if (field_is_blank(field, row))
		return false;
	if (field->text)
		return field->text(row, sb);
	return get_number(field, field_number(field, row), exact, sb);
}

/*
 * Adds the known part of an inexact sum. A device's bytes are left out, because
 * the unknown part can be many times as much.
 */
static bool show_least(const struct field *field, const struct field_row *row,
		       bool exact, struct strbuf *sb)
{
	uint64_t least;

	if (!field->sum || !row->sums ||
	    (!row->total && field->type == FIELD_BYTES))
		return false;
	least = field->sum(row->sums).least;
	if (!least)
		return false;
	strbuf_addstr(sb, ">=");
	return get_number(field, least, exact, sb);
}

void field_show(const struct field *field, const struct field_row *row,
		bool exact, struct strbuf *sb)
{
	if (!field_get(field, row, exact, sb) && !field_is_blank(field, row) &&
	    !show_least(field, row, exact, sb))
		strbuf_addstr(sb, "-");
}

bool field_show_below(const struct field *field, const struct sample *s,
		      struct sample_devno dev, struct strbuf *sb)
{
	return field->below && field->below(s, dev, sb);
}
