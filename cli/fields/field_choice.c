// SPDX-License-Identifier: GPL-2.0-only
/* Which columns are shown, and which ones sort the rows. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fields/fields.h"
#include "sample/sample.h"
#include "base/alloc.h"
#include "base/compare.h"
#include "base/strbuf.h"
#include "base/text.h"

#define ALL "all" /* in place of the names of all columns */

/* Reports that @word is not a column, with the nearest name. */
static int unknown_column(const struct field_table *table, const char *word,
			  struct strbuf *problem)
{
	struct text_nearest near = { .word = word };
	size_t i;

	strbuf_addf(problem, "unknown %s column '%s'", table->what, word);
	if (table->fields == device_fields.fields &&
	    field_find(&pool_fields, word, strlen(word))) {
		strbuf_addstr(problem, ": it is a column of report --pools");
		return -EINVAL;
	}
	for (i = 0; i < table->nr; i++)
		text_nearest_offer(&near, table->fields[i].name);
	if (near.best)
		strbuf_addf(problem, ", did you mean %s?", near.best);
	return -EINVAL;
}

int field_require(const struct field_table *table, const char *name, size_t len,
		  const struct field **ret, struct strbuf *problem)
{
	struct strbuf word = { 0 };
	int err = 0;

	strbuf_add(&word, name, len);
	*ret = field_find(table, name, len);
	if (!*ret)
		err = unknown_column(table, strbuf_text(&word), problem);
	strbuf_release(&word);
	return err;
}

/* Room for all columns: each can be chosen once. */
static void choice_init(const struct field_table *table,
			struct field_choice *choice)
{
	choice->nr = 0;
	choice->columns = xcalloc(table->nr, sizeof(*choice->columns));
}

static void choose(struct field_choice *choice, const struct field *field,
		   bool named)
{
	size_t i;

	for (i = 0; i < choice->nr; i++) {
		if (choice->columns[i].field != field)
			continue;
		choice->columns[i].named |= named;
		return;
	}
	choice->columns[choice->nr++] = (struct field_chosen){ field, named };
}

static void choose_usual(const struct field_table *table,
			 struct field_choice *choice)
{
	const char *at;
	size_t len;

	for (at = table->usual; *at; at += len + (at[len] == ',')) {
		len = strcspn(at, ",");
		choose(choice, field_find(table, at, len), true);
	}
}

static void choose_default(const struct field_table *table, bool tree,
			   struct field_choice *choice)
{
	size_t i;

	if (table->usual) {
		choose_usual(table, choice);
		return;
	}

	for (i = 0; i < table->nr; i++) {
		enum field_use use = table->fields[i].use;

		if (use != FIELD_ON_REQUEST && (use != FIELD_IN_TREE || tree))
			choose(choice, &table->fields[i], false);
	}
}

static void drop(struct field_choice *choice, const struct field *field)
{
	size_t kept = 0, i;

	for (i = 0; i < choice->nr; i++) {
		if (choice->columns[i].field != field)
			choice->columns[kept++] = choice->columns[i];
	}
	choice->nr = kept;
}

/* Applies one word: "A" or "+A", "-A", "all", "+all". */
static int choose_word(const struct field_table *table, const char *word,
		       size_t len, struct field_choice *choice,
		       struct strbuf *problem)
{
	const bool remove = len && *word == '-';
	const size_t sign = len && (remove || *word == '+');
	const struct field *field;
	size_t i;
	int err;

	word += sign;
	len -= sign;
	if (!remove && len == strlen(ALL) && strncasecmp(word, ALL, len) == 0) {
		for (i = 0; i < table->nr; i++)
			choose(choice, &table->fields[i], true);
		return 0;
	}
	err = field_require(table, word, len, &field, problem);
	if (err)
		return err;
	if (remove)
		drop(choice, field);
	else
		choose(choice, field, true);
	return 0;
}

static int choose_named(const struct field_table *table, const char *spec,
			struct field_choice *choice, struct strbuf *problem)
{
	size_t len;
	int err;

	for (;; spec += len + 1) {
		len = strcspn(spec, ",");
		err = choose_word(table, spec, len, choice, problem);
		if (err)
			return err;
		if (!spec[len])
			break;
	}
	if (choice->nr)
		return 0;
	strbuf_addstr(problem, "no column is left");
	return -EINVAL;
}

int field_choose(const struct field_table *table, const char *spec, bool tree,
		 struct field_choice *ret, struct strbuf *problem)
{
	int err = 0;

	choice_init(table, ret);
	if (!spec || *spec == '+' || *spec == '-')
		choose_default(table, tree, ret);
	if (spec)
		err = choose_named(table, spec, ret, problem);
	if (err)
		field_choice_release(ret);
	return err;
}

void field_choice_release(struct field_choice *choice)
{
	free(choice->columns);
	*choice = (struct field_choice){ 0 };
}

static bool any_uses(const struct field *field, const struct field_row *rows,
		     size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (field->used(&rows[i]))
			return true;
	}
	return false;
}

void field_choice_settle(struct field_choice *choice,
			 const struct field_row *rows, size_t nr)
{
	size_t kept = 0, i;

	for (i = 0; i < choice->nr; i++) {
		const struct field_chosen *column = &choice->columns[i];

		if (column->named || !column->field->used ||
		    any_uses(column->field, rows, nr))
			choice->columns[kept++] = *column;
	}
	choice->nr = kept;
}

/* The direction of the @len bytes at @spec, of which @direction is the end. */
static int parse_direction(const char *spec, size_t len, const char *direction,
			   struct field_key *key, struct strbuf *problem)
{
	const bool sign = *spec == '-' || *spec == '+';
	const size_t rest = len - (size_t)(direction - spec);

	key->descending = sign ? *spec == '-' : field_is_quantity(key->field);
	if (!rest)
		return 0;
	if (!sign && rest == strlen(":asc") &&
	    strncasecmp(direction, ":asc", rest) == 0) {
		key->descending = false;
		return 0;
	}
	if (!sign && rest == strlen(":desc") &&
	    strncasecmp(direction, ":desc", rest) == 0) {
		key->descending = true;
		return 0;
	}
	strbuf_addf(problem, "'%.*s' is not an order: use %s:asc or %s:desc",
		    (int)len, spec, key->field->name, key->field->name);
	return -EINVAL;
}

/* One key: the first @len bytes of @spec. */
static int parse_key(const struct field_table *table, const char *spec,
		     size_t len, struct field_key *key, struct strbuf *problem)
{
	const size_t sign = *spec == '-' || *spec == '+';
	size_t name = strcspn(spec + sign, ":,");
	int err = field_require(table, spec + sign, name, &key->field, problem);

	if (!err)
		return parse_direction(spec, len, spec + sign + name, key,
				       problem);
	for (size_t i = 0; i < table->nr; i++)
		strbuf_addf(problem, "%s%s",
			    i ? ", " : " (columns: ", table->fields[i].name);
	strbuf_addstr(problem, ")");
	return err;
}

int field_order_parse(const struct field_table *table, const char *spec,
		      struct field_order *ret, struct strbuf *problem)
{
	struct field_order order = { 0 };
	size_t len;
	int err;

	for (;; spec += len + 1) {
		len = strcspn(spec, ",");
		if (order.nr == FIELD_MOST_KEYS) {
			strbuf_addf(problem, "more than %d columns to sort by",
				    FIELD_MOST_KEYS);
			return -EINVAL;
		}
		err = parse_key(table, spec, len, &order.keys[order.nr++],
				problem);
		if (err)
			return err;
		if (!spec[len])
			break;
	}
	*ret = order;
	return 0;
}

bool field_order_uses(const struct field_order *order, enum field_list list)
{
	for (size_t i = 0; i < order->nr; i++) {
		if (order->keys[i].field->list == list)
			return true;
	}
	return false;
}

void field_order_set(struct field_order *order, const struct field *field,
		     bool descending)
{
	*order = (struct field_order){ .keys = { { field, descending } },
				       .nr = field != NULL };
}

/* The value of a row in a column to sort by, read once. */
struct sort_value {
	uint64_t number;
	char *text; /* owned; NULL: sorted by number, or unknown */
	bool known;
};

struct sort_row {
	struct field_row row;
	size_t place; /* before sorting */
	struct sort_value *values; /* one for each key */
};

static void read_value(struct sort_value *value, const struct field_row *row,
		       const struct field *field)
{
	struct strbuf text = { 0 };

	*value = (struct sort_value){ 0 };
	if (field->number || field->sum) {
		value->number = field_number(field, row);
		value->known = value->number != MEMTOP_UNKNOWN;
	} else if (field->text(row, &text)) {
		value->text = xstrdup(strbuf_text(&text));
		value->known = true;
	}
	strbuf_release(&text);
}

/* Unknown values come last in either order. */
static int compare_values(const struct sort_value *a,
			  const struct sort_value *b, bool descending)
{
	int order = 0;

	if (a->known != b->known)
		return a->known ? -1 : 1;
	if (a->text && b->text)
		order = strverscmp(a->text, b->text);
	else if (a->known)
		order = compare_u64(a->number, b->number);
	return descending ? -order : order;
}

static int compare_rows(const void *pa, const void *pb, void *arg)
{
	const struct sort_row *a = pa, *b = pb;
	const struct field_order *wanted = arg;

	for (size_t i = 0; i < wanted->nr; i++) {
		int order = compare_values(&a->values[i], &b->values[i],
					   wanted->keys[i].descending);

		if (order)
			return order;
	}
	return compare_u64(a->place, b->place);
}

void field_sort(struct field_row *rows, size_t nr,
		const struct field_order *order)
{
	struct sort_value *values;
	struct sort_row *sorted;

	if (!order->nr)
		return;
	sorted = xcalloc(nr, sizeof(*sorted));
	values = xcalloc(nr * order->nr, sizeof(*values));
	for (size_t i = 0; i < nr; i++) {
		sorted[i] =
			(struct sort_row){ rows[i], i, values + i * order->nr };
		for (size_t j = 0; j < order->nr; j++)
			read_value(&sorted[i].values[j], &rows[i],
				   order->keys[j].field);
	}
	qsort_r(sorted, nr, sizeof(*sorted), compare_rows, (void *)order);
	for (size_t i = 0; i < nr; i++)
		rows[i] = sorted[i].row;
	for (size_t i = 0; i < nr * order->nr; i++)
		free(values[i].text);
	free(values);
	free(sorted);
}
