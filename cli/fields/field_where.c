// SPDX-License-Identifier: GPL-2.0-only
#include "fields/field_where.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/compare.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"
#include "model/device_arg.h"

#define PERCENT 10000 /* in millionths */

enum relation {
	IS,
	IS_NOT,
	LESS,
	AT_MOST,
	MORE,
	AT_LEAST,
	LIKE,
	UNLIKE,
};

/* Longer ones before those that they begin with. */
static const struct {
	const char *sign;
	enum relation relation;
} operators[] = {
	{ "!=", IS_NOT }, { "<=", AT_MOST }, { ">=", AT_LEAST },
	{ "!~", UNLIKE }, { "=", IS },	     { "<", LESS },
	{ ">", MORE },	  { "~", LIKE },
};
#define OPERATORS "=, !=, <, <=, >, >=, ~ and !~"

/* How the value of a row is compared. */
enum sort_of_test {
	BY_NUMBER,
	BY_TEXT,
	BY_BEING_KNOWN,
};

struct field_test {
	const struct field_table *table;
	const struct field *field;
	enum relation relation;
	enum sort_of_test sort;
	uint64_t number;
	char *text; /* owned */
};

/* A number of thousandths, as "0.5". */
static int parse_rate(const char *value, uint64_t *ret)
{
	uint64_t billionths;
	int err = text_to_ns(value, UINT64_MAX, &billionths);

	*ret = err ? 0 : billionths / 1000000;
	return err;
}

static int parse_bool(const char *value, uint64_t *ret)
{
	*ret = strcasecmp(value, "yes") == 0;
	return *ret || strcasecmp(value, "no") == 0 ? 0 : -EINVAL;
}

/* A share in millionths, as "50%"; @value ends in the sign. */
static int parse_share(const char *value, uint64_t *ret)
{
	struct strbuf number = { 0 };
	uint64_t billionths;
	int err;

	strbuf_add(&number, value, strlen(value) - 1);
	err = text_to_ns(strbuf_text(&number), UINT64_MAX, &billionths);
	strbuf_release(&number);
	*ret = err ? 0 : billionths / (1000000000 / PERCENT);
	return err;
}

static bool is_share(const struct field *field, const char *value)
{
	return field->share && *value && value[strlen(value) - 1] == '%';
}

static bool is_figure(const struct field *field)
{
	return field_is_quantity(field) || field->type == FIELD_BOOL;
}

/* Parses @value as one of @test's field, and determines how it is compared. */
static int parse_value(struct field_test *test, const char *value,
		       struct strbuf *problem)
{
	const bool pattern = test->relation == LIKE || test->relation == UNLIKE;
	const struct field *field = test->field;
	const char *kind = "a number";
	int err = 0;

	test->sort = BY_NUMBER;
	if (pattern && is_figure(field)) {
		strbuf_addf(problem, "~ is for text, not for the figures of %s",
			    field->name);
		return -EINVAL;
	}
	if (is_share(field, value)) {
		kind = "a share (example: 50%)";
		err = parse_share(value, &test->number);
	} else if (field->type == FIELD_BYTES) {
		kind = "a size (examples: 4096, 64K, 1.5MiB)";
		err = units_parse_bytes(value, &test->number);
	} else if (field->type == FIELD_TIME) {
		kind = "a time (examples: 0.5, 20ms, 2m)";
		err = units_parse_time(value, &test->number);
	} else if (field->type == FIELD_RATE) {
		err = parse_rate(value, &test->number);
	} else if (field->type == FIELD_BOOL) {
		kind = "yes or no";
		err = parse_bool(value, &test->number);
	} else if (is_figure(field)) {
		err = text_to_u64(value, 0, UINT64_MAX, &test->number);
	} else {
		test->sort = BY_TEXT;
	}
	if (err == -ERANGE)
		strbuf_addf(problem, "'%s' is out of range", value);
	else if (err)
		strbuf_addf(problem, "'%s' is not %s", value, kind);
	return err ? -EINVAL : 0;
}

static int check_operator(const struct field_test *test, const char *sign,
			  struct strbuf *problem)
{
	const bool equal = test->relation == IS || test->relation == IS_NOT;

	if (test->sort == BY_BEING_KNOWN && !equal)
		strbuf_addf(
			problem,
			"'-' stands for unknown values, so it goes with = and != only, not with %s",
			sign);
	else if (test->field->type == FIELD_BOOL && !equal)
		strbuf_addf(problem, "%s is yes or no, so %s has no meaning",
			    test->field->name, sign);
	else
		return 0;
	return -EINVAL;
}

/* Finds the operator after the column's name, and the value after it. */
static int split(const char *spec, size_t *len, size_t *place,
		 const char **value, struct strbuf *problem)
{
	const char *at = spec + strcspn(spec, "=!<>~");

	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		if (strncmp(at, operators[i].sign, strlen(operators[i].sign)))
			continue;
		*place = i;
		*value = at + strlen(operators[i].sign);
		*value += strspn(*value, " ");
		*len = (size_t)(at - spec);
		while (*len && spec[*len - 1] == ' ')
			(*len)--;
		if (**value)
			return 0;
		strbuf_addf(
			problem,
			"there is no value after %s; = - selects the unknown ones",
			operators[i].sign);
		return -EINVAL;
	}
	strbuf_addstr(problem,
		      "there is no operator; the operators are " OPERATORS);
	return -EINVAL;
}

static int find_field(struct field_test *test, const char *name, size_t len,
		      struct strbuf *problem)
{
	/* pools belong to devices, and have those columns as well */
	if (!field_find(test->table, name, len) &&
	    field_find(&device_fields, name, len))
		test->table = &device_fields;
	return field_require(test->table, name, len, &test->field, problem);
}

static int parse(struct field_test *test, const char *spec,
		 struct strbuf *problem)
{
	const char *value = NULL;
	size_t len = 0, place = 0;
	int err;

	spec += strspn(spec, " ");
	err = split(spec, &len, &place, &value, problem);
	if (!err)
		err = find_field(test, spec, len, problem);
	if (err)
		return err;
	test->relation = operators[place].relation;
	test->text = xstrdup(value);
	for (len = strlen(value); test->text[len - 1] == ' '; len--)
		test->text[len - 1] = '\0';
	if (strcmp(test->text, "-") == 0)
		test->sort = BY_BEING_KNOWN;
	else
		err = parse_value(test, test->text, problem);
	return err ? err : check_operator(test, operators[place].sign, problem);
}

int field_where_add(struct field_where *where, const struct field_table *table,
		    const char *spec, struct strbuf *problem)
{
	struct field_test test = { .table = table };
	struct strbuf why = { 0 };
	int err = parse(&test, spec, &why);

	if (err) {
		strbuf_addf(problem, "--where '%s': %s", spec,
			    strbuf_text(&why));
		free(test.text);
	} else {
		where->tests =
			xgrow(where->tests, where->nr, sizeof(*where->tests));
		where->tests[where->nr++] = test;
	}
	strbuf_release(&why);
	return err;
}

void field_where_release(struct field_where *where)
{
	for (size_t i = 0; i < where->nr; i++)
		free(where->tests[i].text);
	free(where->tests);
	*where = (struct field_where){ 0 };
}

static bool meets_order(enum relation relation, int order)
{
	switch (relation) {
	case IS:
		return order == 0;
	case IS_NOT:
		return order != 0;
	case LESS:
		return order < 0;
	case AT_MOST:
		return order <= 0;
	case MORE:
		return order > 0;
	default:
		return order >= 0;
	}
}

static bool meets_text(const struct field_test *test, const char *text)
{
	if (test->relation == LIKE || test->relation == UNLIKE)
		return device_name_matches(text, test->text) ==
		       (test->relation == LIKE);
	return meets_order(test->relation,
			   device_name_is(text, test->text) ?
				   0 :
				   strverscmp(text, test->text));
}

static bool meets(const struct field_test *test, const struct field_row *row)
{
	struct strbuf text = { 0 };
	bool result;

	if (test->sort == BY_NUMBER) {
		const uint64_t number = field_number(test->field, row);

		return number != MEMTOP_UNKNOWN &&
		       meets_order(test->relation,
				   compare_u64(number, test->number));
	}
	result = field_get(test->field, row, true, &text);
	if (test->sort == BY_BEING_KNOWN)
		result = result == (test->relation == IS_NOT);
	else
		result = result && meets_text(test, strbuf_text(&text));
	strbuf_release(&text);
	return result;
}

bool field_where_meets(const struct field_where *where,
		       const struct field_table *table,
		       const struct field_row *row)
{
	for (size_t i = 0; i < where->nr; i++) {
		if (where->tests[i].table == table &&
		    !meets(&where->tests[i], row))
			return false;
	}
	return true;
}

bool field_where_has(const struct field_where *where,
		     const struct field_table *table)
{
	for (size_t i = 0; i < where->nr; i++) {
		if (where->tests[i].table == table)
			return true;
	}
	return false;
}

bool field_where_uses(const struct field_where *where, enum field_list list)
{
	for (size_t i = 0; i < where->nr; i++) {
		if (where->tests[i].field->list == list)
			return true;
	}
	return false;
}

int field_where_add_all(struct field_where *where,
			const struct field_table *table,
			const struct word_list *specs, struct strbuf *problem)
{
	int err = 0;

	for (size_t i = 0; !err && i < specs->nr; i++)
		err = field_where_add(where, table, specs->words[i], problem);
	return err;
}

int field_where_take(struct field_where *where, const struct word_list *specs)
{
	struct strbuf problem = { 0 };
	int err = field_where_add_all(where, &device_fields, specs, &problem);

	if (err) {
		msg_error("%s", strbuf_text(&problem));
		msg_info(
			"'verity-memtop report --list-columns' lists the columns");
	}
	strbuf_release(&problem);
	return err;
}

bool field_where_meets_pool(const struct field_where *where,
			    const struct snap_pool *pool,
			    const struct snap_entry *entry)
{
	const struct field_row row = { .entry = entry, .pool = pool };

	return field_where_meets(where, &pool_fields, &row);
}

void field_where_select(const struct field_where *where,
			struct snap_selection *sel)
{
	const bool pools = field_where_has(where, &pool_fields);
	size_t kept = 0;

	for (size_t i = 0; i < sel->nr; i++) {
		const struct snap_entry *entry = sel->entries[i];
		const struct field_row row = { .entry = entry,
					       .sums = &entry->sums };
		bool meets = !pools;

		for (size_t j = 0; !meets && j < entry->nr_pools; j++)
			meets = field_where_meets_pool(where, &entry->pools[j],
						       entry);
		if (meets && field_where_meets(where, &device_fields, &row))
			sel->entries[kept++] = entry;
	}
	sel->nr = kept;
}
