// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fields/field_where.h"
#include "fields/fields.h"
#include "fixtures.h"
#include "base/strbuf.h"
#include "model/snapshot.h"

static const struct field *column(const struct field_table *table,
				  const char *name)
{
	const struct field *field = field_find(table, name, strlen(name));

	assert_non_null(field);
	return field;
}

static void check_table(const struct field_table *table)
{
	size_t i, j;

	for (i = 0; i < table->nr; i++) {
		const struct field *field = &table->fields[i];

		assert_true(field->number || field->sum || field->text);
		assert_true((field->use == FIELD_IF_USED ||
			     field->use == FIELD_IN_TREE) == !!field->used);
		assert_true((field->type == FIELD_LIST) ==
			    (field->list != LIST_NONE));
		/* so that a line of --list-columns fits 80 columns */
		assert_true(strlen(field->name) <= 12);
		assert_true(strlen(field->help) <= 58);
		for (j = 0; j < i; j++) {
			assert_string_not_equal(field->name,
						table->fields[j].name);
			if (field->json && table->fields[j].json)
				assert_string_not_equal(field->json,
							table->fields[j].json);
		}
	}
}

static void the_tables_are_sound(void **state)
{
	(void)state;
	check_table(&device_fields);
	check_table(&pool_fields);
}

static void columns_are_found_in_any_case(void **state)
{
	(void)state;
	assert_ptr_equal(column(&device_fields, "reserved"),
			 column(&device_fields, "RESERVED"));
	assert_null(field_find(&device_fields, "RESERVE", 7));
	assert_null(field_find(&device_fields, "", 0));
	assert_null(field_find(&device_fields, "ROLE", 4));
}

/* The chosen columns, as a list; NULL if @spec is wrong. */
static char *choice_of(const struct field_table *table, const char *spec)
{
	struct strbuf problem = { 0 }, names = { 0 };
	struct field_choice choice;
	char *ret = NULL;
	size_t i;
	int err;

	err = field_choose(table, spec, false, &choice, &problem);
	assert_true(err ? problem.len > 0 : problem.len == 0);
	for (i = 0; !err && i < choice.nr; i++)
		strbuf_addf(&names, "%s%s", i ? "," : "",
			    choice.columns[i].field->name);
	if (!err)
		ret = strdup(strbuf_text(&names));
	field_choice_release(&choice);
	strbuf_release(&names);
	strbuf_release(&problem);
	return ret;
}

static void assert_choice(const char *spec, const char *wanted)
{
	char *got = choice_of(&device_fields, spec);

	if (wanted)
		assert_string_equal(got, wanted);
	else
		assert_null(got);
	free(got);
}

#define BY_DEFAULT "NAME," WITHOUT_NAME
#define WITHOUT_NAME                                             \
	"DEV,SLOT,TARGET,RESERVED,BIOVEC,CORE,RECHECK,HASH,FEC," \
	"OTHER,CACHED,LEVEL,WAITS,WAITERS,RECHECKS,"             \
	"RECHECK_FAIL,DECODES,DECODE_FAIL,CORRUPTED,RECHECKING," \
	"DECODING,REPAIRING"

static void columns_are_chosen_and_added(void **state)
{
	(void)state;
	assert_choice(NULL, BY_DEFAULT);
	assert_choice("dev,name", "DEV,NAME");
	assert_choice("name,NAME,dev", "NAME,DEV");
	assert_choice("+UUID,pools", BY_DEFAULT ",UUID,POOLS");
	assert_choice("+name", BY_DEFAULT);
	assert_choice("name,-dev,uuid", "NAME,UUID");
	assert_choice("name,dev,-NAME,+uuid", "DEV,UUID");
	/* a column that is not there needs no removal */
	assert_choice("-uuid", BY_DEFAULT);
	assert_choice("-name,-NAME,+name", WITHOUT_NAME ",NAME");
	assert_choice("-Name", WITHOUT_NAME);
}

static void all_columns_have_a_word(void **state)
{
	struct strbuf problem = { 0 };
	struct field_choice choice;

	(void)state;
	assert_int_equal(field_choose(&device_fields, "ALL,-UUID", false,
				      &choice, &problem),
			 0);
	assert_int_equal(choice.nr, device_fields.nr - 1);
	for (size_t i = 0; i < choice.nr; i++) {
		assert_string_not_equal(choice.columns[i].field->name, "UUID");
		assert_true(choice.columns[i].named);
	}
	field_choice_release(&choice);
	/* those by default stay first */
	assert_int_equal(field_choose(&pool_fields, "+all", false, &choice,
				      &problem),
			 0);
	assert_int_equal(choice.nr, pool_fields.nr);
	field_choice_release(&choice);
	assert_int_equal(problem.len, 0);
}

static void wrong_columns_are_refused(void **state)
{
	(void)state;
	assert_choice("", NULL);
	assert_choice("+", NULL);
	assert_choice("NAME,", NULL);
	assert_choice(",NAME", NULL);
	assert_choice("NAME,,DEV", NULL);
	assert_choice("NAME DEV", NULL);
	assert_choice("ROLE", NULL);
	assert_choice("-", NULL);
	assert_choice("+-NAME", NULL);
	assert_choice("-ROLE", NULL);
	assert_choice("-all", NULL);
	/* none would be left */
	assert_choice("NAME,-NAME", NULL);
}

/* A set of devices, each in a row. */
struct rows {
	struct sample sample;
	struct snapshot snap;
	struct field_row *rows;
};

static void rows_make(struct rows *r, const char *fixture)
{
	size_t i;

	if (fixture)
		assert_int_equal(fixture_make(fixture, &r->sample), 0);
	snapshot_build(&r->sample, &r->snap);
	r->rows = calloc(r->snap.nr_entries + 1, sizeof(*r->rows));
	for (i = 0; i < r->snap.nr_entries; i++) {
		r->rows[i].entry = &r->snap.entries[i];
		r->rows[i].sums = &r->snap.entries[i].sums;
	}
}

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct rows));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct rows *r = *state;

	snapshot_release(&r->snap);
	sample_release(&r->sample);
	free(r->rows);
	free(r);
	return 0;
}

static bool shows(struct rows *r, const char *spec, const char *name)
{
	struct strbuf problem = { 0 };
	struct field_choice choice;
	bool found = false;
	size_t i;

	assert_int_equal(field_choose(&device_fields, spec, false, &choice,
				      &problem),
			 0);
	field_choice_settle(&choice, r->rows, r->snap.nr_entries);
	for (i = 0; i < choice.nr; i++)
		found |= strcmp(choice.columns[i].field->name, name) == 0;
	field_choice_release(&choice);
	return found;
}

static void columns_not_used_are_left_out_unless_named(void **state)
{
	struct rows *r = *state;

	rows_make(r, "one");
	assert_false(shows(r, NULL, "FEC"));
	assert_false(shows(r, NULL, "SLOT"));
	assert_false(shows(r, NULL, "OTHER"));
	assert_false(shows(r, "+UUID", "FEC"));
	assert_true(shows(r, "+FEC", "FEC"));
	assert_true(shows(r, "FEC", "FEC"));
	assert_true(shows(r, NULL, "CACHED"));
}

static void columns_in_use_are_shown(void **state)
{
	struct rows *r = *state;

	rows_make(r, "states");
	assert_true(shows(r, NULL, "SLOT"));
	assert_true(shows(r, NULL, "OTHER"));
	assert_false(shows(r, NULL, "FEC"));
}

static void assert_order(const char *spec, const char *name, bool descending)
{
	struct strbuf problem = { 0 };
	struct field_order order = { 0 };
	int err;

	err = field_order_parse(&device_fields, spec, &order, &problem);
	if (name) {
		assert_int_equal(err, 0);
		assert_int_equal(order.nr, 1);
		assert_string_equal(order.keys[0].field->name, name);
		assert_int_equal(order.keys[0].descending, descending);
	} else {
		assert_int_equal(err, -EINVAL);
		assert_true(problem.len > 0);
	}
	strbuf_release(&problem);
}

static void orders_are_parsed(void **state)
{
	(void)state;
	assert_order("name", "NAME", false);
	assert_order("name:desc", "NAME", true);
	assert_order("reserved", "RESERVED", true);
	assert_order("Reserved:ASC", "RESERVED", false);
	assert_order("dev", "DEV", false);
	assert_order("level", "LEVEL", false);
	assert_order("", NULL, false);
	assert_order(":asc", NULL, false);
	assert_order("name:", NULL, false);
	assert_order("name:up", NULL, false);
	assert_order("name:asc:desc", NULL, false);
	assert_order("+reserved", "RESERVED", false);
	assert_order("-name", "NAME", true);
	assert_order("-name:asc", NULL, false);
	assert_order("--name", NULL, false);
	assert_order("-", NULL, false);
	assert_order("name,", NULL, false);
	assert_order(",name", NULL, false);
	assert_order("name,reserved,nmae", NULL, false);
	assert_order("dev,dev,dev,dev,dev,dev,dev,dev,dev", NULL, false);
}

static void an_order_has_several_columns(void **state)
{
	struct strbuf problem = { 0 };
	struct field_order order = { 0 };

	(void)state;
	assert_int_equal(field_order_parse(&device_fields,
					   "target,-name,reserved:asc", &order,
					   &problem),
			 0);
	assert_int_equal(order.nr, 3);
	assert_string_equal(order.keys[0].field->name, "TARGET");
	assert_false(order.keys[0].descending);
	assert_string_equal(order.keys[1].field->name, "NAME");
	assert_true(order.keys[1].descending);
	assert_string_equal(order.keys[2].field->name, "RESERVED");
	assert_false(order.keys[2].descending);
	/* an error leaves the order alone, and names the columns */
	assert_int_equal(field_order_parse(&device_fields, "name,x", &order,
					   &problem),
			 -EINVAL);
	assert_int_equal(order.nr, 3);
	assert_non_null(strstr(strbuf_text(&problem), "(columns: NAME, DEV"));
	strbuf_release(&problem);
}

static void sort_by(struct rows *r, const char *spec)
{
	struct strbuf problem = { 0 };
	struct field_order order;

	assert_int_equal(
		field_order_parse(&device_fields, spec, &order, &problem), 0);
	field_sort(r->rows, r->snap.nr_entries, &order);
}

/* The minors in their order: "2,0,1". */
static void assert_minors(const struct rows *r, const char *wanted)
{
	struct strbuf sb = { 0 };
	size_t i;

	for (i = 0; i < r->snap.nr_entries; i++)
		strbuf_addf(&sb, "%s%u", i ? "," : "",
			    r->rows[i].entry->dev.minor);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void make_five(struct rows *r)
{
	fixture_device(&r->sample, 0, "b10");
	fixture_device(&r->sample, 1, "b9");
	fixture_device(&r->sample, 2, "a");
	fixture_pool(&r->sample, 0, 1, "core.io", 5, 1);
	fixture_pool(&r->sample, 1, 1, "core.io", 5, MEMTOP_UNKNOWN);
	fixture_pool(&r->sample, 2, 1, "core.io", 1ULL << 40, 1);
	fixture_pool(&r->sample, 3, 1, "core.io", 5, 1);
	fixture_pool(&r->sample, 4, 1, "core.io", 7, 1);
	rows_make(r, NULL);
}

static void sorting_is_stable_and_unknown_is_last(void **state)
{
	struct rows *r = *state;

	make_five(r);
	sort_by(r, "reserved");
	assert_minors(r, "2,4,0,3,1");
	sort_by(r, "reserved:asc");
	assert_minors(r, "0,3,4,2,1");
	/* names: two are unknown, and keep their order */
	sort_by(r, "dev");
	sort_by(r, "name");
	assert_minors(r, "2,1,0,3,4");
	sort_by(r, "name:desc");
	assert_minors(r, "0,1,2,3,4");
	sort_by(r, "dev:desc");
	assert_minors(r, "4,3,2,1,0");
}

static void equal_values_are_sorted_by_the_next_column(void **state)
{
	struct rows *r = *state;

	make_five(r);
	sort_by(r, "reserved:asc,-dev");
	assert_minors(r, "3,0,4,2,1");
	sort_by(r, "-reserved,-dev");
	assert_minors(r, "2,4,3,0,1");
	/* the unknown names are the last, in the order of the next column */
	sort_by(r, "name,-dev");
	assert_minors(r, "2,1,0,4,3");
	sort_by(r, "-name,-dev");
	assert_minors(r, "0,1,2,4,3");
}

static void levels_sort_by_their_share(void **state)
{
	struct rows *r = *state;

	fixture_pool(&r->sample, 0, 1, "core.io", 16, 1);
	fixture_pool(&r->sample, 1, 1, "hash.io", 16, 1)->current = 4;
	fixture_pool(&r->sample, 2, 1, "hash.io", 2, 1)->current = 1;
	fixture_pool(&r->sample, 3, 1, "hash.io", 2, 1)->current =
		MEMTOP_UNKNOWN;
	rows_make(r, NULL);
	sort_by(r, "level");
	assert_minors(r, "1,2,0,3");
}

static void nameless_pools_sort_last(void **state)
{
	struct rows *r = *state;

	fixture_pool(&r->sample, 7, 1, "other.io", 1, 1)->dev_known = false;
	fixture_pool(&r->sample, 8, 1, "core.io", 1, 1);
	rows_make(r, NULL);
	sort_by(r, "dev");
	assert_minors(r, "8,0");
	sort_by(r, "dev:desc");
	assert_minors(r, "8,0");
}

static void assert_shown(const struct field_table *table, const char *name,
			 const struct field_row *row, bool exact,
			 const char *wanted)
{
	struct strbuf sb = { 0 };

	field_show(column(table, name), row, exact, &sb);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void values_are_shown(void **state)
{
	struct rows *r = *state;
	const struct field_row *row;

	rows_make(r, "states");
	row = &r->rows[1];
	assert_shown(&device_fields, "NAME", row, false, "reloaded");
	assert_shown(&device_fields, "DEV", row, false, "254:0");
	assert_shown(&device_fields, "SLOT", row, false, "inactive");
	assert_shown(&device_fields, "TARGET", row, false, "verity,linear");
	assert_shown(&device_fields, "SUSPENDED", row, false, "yes");
	assert_shown(&device_fields, "LOWER", row, false, "-");
	assert_shown(&device_fields, "LOWER", &r->rows[0], false, "7:0");
	fixture_lower(&r->sample.devices[0], 8, 17);
	assert_shown(&device_fields, "LOWER", &r->rows[0], false, "7:0,8:17");
	assert_shown(&device_fields, "RESERVED", row, false, "166KiB");
	assert_shown(&device_fields, "RESERVED", row, true, "170240");
	assert_shown(&device_fields, "POOLS", row, false, "10");
	assert_shown(&device_fields, "LEVEL", &r->rows[3], false,
		     "hash.io 3/16");
}

static void what_is_not_known_is_a_dash(void **state)
{
	struct rows *r = *state;
	const struct field_row *gone;

	rows_make(r, "states");
	gone = &r->rows[4];
	assert_shown(&device_fields, "NAME", gone, false, "-");
	assert_shown(&device_fields, "DEV", gone, false, "254:9");
	assert_shown(&device_fields, "UUID", gone, false, "-");
	assert_shown(&device_fields, "SUSPENDED", gone, false, "-");
	assert_shown(&device_fields, "DEV", &r->rows[5], false, "-");
	assert_shown(&device_fields, "LEVEL", &r->rows[2], false, "-");
	assert_shown(&device_fields, "TARGET", &r->rows[2], false, "-");
}

static void totals_have_sums_and_nothing_else(void **state)
{
	struct rows *r = *state;
	struct field_row total = { .total = "total" };

	rows_make(r, "one");
	total.sums = &r->snap.entries[0].sums;
	assert_shown(&device_fields, "RESERVED", &total, true, "170240");
	assert_shown(&device_fields, "POOLS", &total, true, "10");
	assert_shown(&device_fields, "NAME", &total, true, "");
	assert_shown(&device_fields, "LEVEL", &total, true, "");
	assert_shown(&pool_fields, "RESERVED", &total, true, "170240");
	assert_shown(&pool_fields, "CACHED", &total, true, "20480");
	assert_shown(&pool_fields, "MIN", &total, true, "");
	assert_shown(&pool_fields, "WAITS", &total, true, "-");
	assert_shown(&pool_fields, "WAITERS", &total, true, "-");
	assert_shown(&pool_fields, "WAITING", &total, true, "");
	assert_shown(&pool_fields, "SLEEPS", &total, true, "");
	assert_shown(&device_fields, "RECHECKS", &total, true, "");
}

/* The row of the pool at place @i of entry @r->rows[@entry]. */
static struct field_row pool_row(const struct rows *r, size_t entry, size_t i)
{
	return (struct field_row){ .entry = r->rows[entry].entry,
				   .pool = &r->rows[entry].entry->pools[i] };
}

static void what_is_traced_is_shown(void **state)
{
	struct rows *r = *state;
	const struct field_row *busy;
	struct field_row pool;

	rows_make(r, "traced");
	busy = &r->rows[1];
	pool = pool_row(r, 1, 9);
	assert_shown(&device_fields, "WAITS", busy, false, "2100");
	assert_shown(&device_fields, "WAITERS", busy, false, "6");
	assert_shown(&device_fields, "RECHECKS", busy, false, "12");
	assert_shown(&device_fields, "RECHECK_FAIL", busy, false, "9");
	assert_shown(&device_fields, "DECODES", busy, false, "3");
	assert_shown(&device_fields, "DECODE_FAIL", busy, false, "1");
	assert_shown(&device_fields, "RECHECKING", busy, false, "3");
	assert_shown(&device_fields, "DECODING", busy, false, "2");
	assert_shown(&device_fields, "REPAIRING", busy, false,
		     "recheck of 8: kworker/0:1H[47] 2s, "
		     "decode of hash block 1025: kworker/0:1H[49] 1s, "
		     "decode of 64: kworker/0:1H[50] -, "
		     "recheck of 9: kworker/0:1H[51] 1.5us, +1");
	assert_shown(&device_fields, "REPAIRING", &r->rows[0], false, "-");
	assert_shown(&pool_fields, "SLEEPS", &pool, false, "7");
	assert_shown(&pool_fields, "TAKES", &pool, false, "2100");
	assert_shown(&pool_fields, "GIVES", &pool, false, "2105");
	assert_shown(&pool_fields, "HELD", &pool, false, "2");
	assert_shown(&pool_fields, "HOLDERS", &pool, false,
		     "interrupt 1m00s, kworker/0:1H[49] 1s");
	assert_shown(&pool_fields, "WAIT_TIME", &pool, false, "6m44s");
	assert_shown(&pool_fields, "WAIT_TIME", &pool, true, "404000000056");
	assert_shown(&pool_fields, "LONGEST_WAIT", &pool, false, "2m05s");
	assert_shown(&pool_fields, "WAITING", &pool, false,
		     "dd[35] 1m10s, kverityd/1[36] 1m00s, kverityd/0[31] 1s, "
		     "young[32] 1.5us, +2");
	assert_true(shows(r, NULL, "RECHECKS"));
	r->sample.devices[1].rechecks = 0;
	assert_false(shows(r, NULL, "RECHECKS"));
	r->sample.devices[1].rechecks = MEMTOP_UNKNOWN;
	assert_false(shows(r, NULL, "RECHECKS"));
	assert_shown(&device_fields, "RECHECKS", busy, false, "-");
}

static void ages_that_are_not_known_are_dashes(void **state)
{
	struct rows *r = *state;
	struct field_row pool;

	rows_make(r, "traced");
	pool = pool_row(r, 1, 9);
	/*
	 * one whose begin is unknown, and one that began after the sample's
	 * time
	 */
	r->sample.pools[19].nr_waiters = 4;
	assert_shown(&pool_fields, "WAITING", &pool, false,
		     "kverityd/0[31] 1s, young[32] 1.5us, "
		     "too\tlate[34] -, untraced[33] -");
	r->sample.boottime_ns = MEMTOP_UNKNOWN;
	r->sample.pools[19].nr_waiters = 1;
	assert_shown(&pool_fields, "WAITING", &pool, false, "kverityd/0[31] -");
	r->sample.pools[19].nr_waiters = 0;
	assert_shown(&pool_fields, "WAITING", &pool, false, "-");
	assert_shown(&pool_fields, "WAITERS", &pool, false, "0");
	r->sample.pools[19].waiters_known = false;
	assert_shown(&pool_fields, "WAITERS", &pool, false, "-");
}

/* A device's counts are not added twice, nor those of a removed device. */
static void counts_of_a_device_are_in_one_row(void **state)
{
	struct rows *r = *state;

	assert_int_equal(fixture_make("states", &r->sample), 0);
	r->sample.devices[0].decodes = 4;
	rows_make(r, NULL);
	assert_shown(&device_fields, "DECODES", &r->rows[0], false, "4");
	assert_shown(&device_fields, "DECODES", &r->rows[1], false, "-");
	assert_shown(&device_fields, "DECODES", &r->rows[4], false, "-");
}

/* The minors of the rows that meet @specs, conditions between semicolons. */
static void assert_where(const struct rows *r, const char *specs,
			 const char *wanted)
{
	char *copy = strdup(specs), *next = copy, *spec;
	struct strbuf problem = { 0 }, sb = { 0 };
	struct field_where where = { 0 };

	while ((spec = strsep(&next, ";")))
		assert_int_equal(field_where_add(&where, &device_fields, spec,
						 &problem),
				 0);
	for (size_t i = 0; i < r->snap.nr_entries; i++) {
		if (field_where_meets(&where, &device_fields, &r->rows[i]))
			strbuf_addf(&sb, "%s%u", sb.len ? "," : "",
				    r->rows[i].entry->dev.minor);
	}
	assert_string_equal(strbuf_text(&sb), wanted);
	field_where_release(&where);
	strbuf_release(&sb);
	strbuf_release(&problem);
	free(copy);
}

static void conditions_select_rows(void **state)
{
	struct rows *r = *state;

	make_five(r);
	assert_where(r, "reserved > 5", "2,4");
	assert_where(r, "reserved>=5", "0,2,3,4");
	assert_where(r, "RESERVED<=7B", "0,3,4");
	assert_where(r, "reserved < 1T", "0,3,4");
	assert_where(r, "reserved = 1tib", "2");
	assert_where(r, "reserved = 1024GiB", "2");
	assert_where(r, "reserved = 0.5TiB", "");
	assert_where(r, "  reserved   !=   5  ;dev=254:4", "4");
	assert_where(r, "reserved != 5;dev != 254:4", "2");
	/* names: those of 3 and 4 are unknown */
	assert_where(r, "name = a", "2");
	assert_where(r, "name != a", "0,1");
	assert_where(r, "name ~ b*", "0,1");
	assert_where(r, "name !~ b?", "0,2");
	assert_where(r, "name > b9", "0");
	assert_where(r, "name = \\x61", "2");
	assert_where(r, "name ~ \\x62*", "0,1");
	assert_where(r, "pools = 1", "0,1,2,3,4");
}

static void only_a_dash_selects_unknown_values(void **state)
{
	struct rows *r = *state;

	make_five(r);
	assert_where(r, "reserved = -", "1");
	assert_where(r, "reserved != -", "0,2,3,4");
	assert_where(r, "reserved < 1E", "0,2,3,4");
	assert_where(r, "reserved >= 0", "0,2,3,4");
	assert_where(r, "reserved != 0", "0,2,3,4");
	assert_where(r, "name = -", "3,4");
	assert_where(r, "name ~ *", "0,1,2");
	assert_where(r, "uuid !~ x", "");
	assert_where(r, "rechecks < 1", "");
}

static void shares_are_compared(void **state)
{
	struct rows *r = *state;

	fixture_pool(&r->sample, 0, 1, "core.io", 16, 1);
	fixture_pool(&r->sample, 1, 1, "hash.io", 16, 1)->current = 4;
	fixture_pool(&r->sample, 2, 1, "hash.io", 2, 1)->current = 1;
	rows_make(r, NULL);
	assert_where(r, "level < 50%", "1");
	assert_where(r, "level <= 50%", "1,2");
	assert_where(r, "level = 25.0%", "1");
	assert_where(r, "level = full", "0");
	assert_where(r, "level ~ hash.io*", "1,2");
}

static void assert_no_where(const char *spec, const char *why)
{
	struct strbuf problem = { 0 };
	struct field_where where = { 0 };

	assert_int_equal(field_where_add(&where, &live_fields, spec, &problem),
			 -EINVAL);
	assert_int_equal(where.nr, 0);
	assert_non_null(strstr(strbuf_text(&problem), why));
	field_where_release(&where);
	strbuf_release(&problem);
}

static void wrong_conditions_are_refused(void **state)
{
	(void)state;
	assert_no_where("", "there is no operator");
	assert_no_where("reserved", "there is no operator");
	assert_no_where("reserved ! 5", "there is no operator");
	assert_no_where("= 5", "unknown device column ''");
	assert_no_where("nmae=x", "did you mean NAME?");
	assert_no_where("reserved =", "no value after =");
	assert_no_where("reserved >=  ", "no value after >=");
	assert_no_where("reserved > 5 5", "'5 5' is not a size");
	assert_no_where("reserved == 5", "'= 5' is not a size");
	assert_no_where("reserved > 1.2.3", "is not a size");
	assert_no_where("reserved > K", "'K' is not a size");
	assert_no_where("reserved > -5", "is not a size");
	assert_no_where("reserved > 5KB", "is not a size");
	assert_no_where("reserved > 16E", "out of range");
	assert_no_where("reserved ~ 5", "~ is for text");
	assert_no_where("waits > 1.5", "is not a number");
	assert_no_where("wait/s > x", "is not a number");
	assert_no_where("level < x%", "is not a share");
	assert_no_where("suspended > yes", "yes or no");
	assert_no_where("suspended = maybe", "is not yes or no");
	assert_no_where("name < -", "= and != only");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tables_are_sound),
		cmocka_unit_test(columns_are_found_in_any_case),
		cmocka_unit_test(columns_are_chosen_and_added),
		cmocka_unit_test(all_columns_have_a_word),
		cmocka_unit_test(wrong_columns_are_refused),
		TEST(columns_not_used_are_left_out_unless_named),
		TEST(columns_in_use_are_shown),
		cmocka_unit_test(orders_are_parsed),
		cmocka_unit_test(an_order_has_several_columns),
		TEST(sorting_is_stable_and_unknown_is_last),
		TEST(equal_values_are_sorted_by_the_next_column),
		TEST(levels_sort_by_their_share),
		TEST(nameless_pools_sort_last),
		TEST(conditions_select_rows),
		TEST(only_a_dash_selects_unknown_values),
		TEST(shares_are_compared),
		cmocka_unit_test(wrong_conditions_are_refused),
		TEST(values_are_shown),
		TEST(what_is_not_known_is_a_dash),
		TEST(totals_have_sums_and_nothing_else),
		TEST(what_is_traced_is_shown),
		TEST(ages_that_are_not_known_are_dashes),
		TEST(counts_of_a_device_are_in_one_row),
	};

	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
