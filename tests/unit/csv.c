// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "base/strbuf.h"
#include "views/report_view.h"

/* The CSV of columns @spec of @sample's devices. The caller frees. */
static char *csv_of(const struct sample *sample, const char *spec,
		    bool headings)
{
	struct strbuf problem = { 0 };
	struct field_choice choice;
	const struct table_style style = { .choice = &choice,
					   .headings = headings };
	struct report_view view = { 0 };
	struct snapshot snap;
	char *text = NULL;
	size_t len, i;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(field_choose(&device_fields, spec, false, &choice,
				      &problem),
			 0);
	snapshot_build(sample, &snap);
	view.snap = &snap;
	view.rows = calloc(snap.nr_entries + 1, sizeof(*view.rows));
	for (i = 0; i < snap.nr_entries; i++)
		view.rows[view.nr_rows++] =
			(struct field_row){ .entry = &snap.entries[i],
					    .sums = &snap.entries[i].sums };
	csv_report(out, &view, &style);
	fclose(out);
	free(view.rows);
	snapshot_release(&snap);
	field_choice_release(&choice);
	return text;
}

static void assert_csv(const struct sample *sample, const char *spec,
		       bool headings, const char *wanted)
{
	char *got = csv_of(sample, spec, headings);

	assert_string_equal(got, wanted);
	free(got);
}

/* How the name @name is printed. */
static void assert_cell(const char *name, const char *wanted)
{
	struct sample sample = { 0 };
	struct strbuf line = { 0 };

	fixture_device(&sample, 0, name);
	strbuf_addf(&line, "%s,254:0\n", wanted);
	assert_csv(&sample, "name,dev", false, strbuf_text(&line));
	strbuf_release(&line);
	sample_release(&sample);
}

static void only_fields_that_need_it_are_quoted(void **state)
{
	(void)state;
	assert_cell("plain", "plain");
	assert_cell("in side", "in side");
	assert_cell("it's;\\x20", "it's;\\x20");
	assert_cell("-", "-");
	assert_cell("a,b", "\"a,b\"");
	assert_cell("a\"b", "\"a\"\"b\"");
	assert_cell("\"", "\"\"\"\"");
	assert_cell("\"\"", "\"\"\"\"\"\"");
	assert_cell("a\nb", "\"a\nb\"");
	assert_cell("a\rb", "\"a\rb\"");
	assert_cell("\033[2J", "\"\033[2J\"");
	assert_cell("\x7f", "\"\x7f\"");
	assert_cell(" a", "\" a\"");
	assert_cell("a ", "\"a \"");
	assert_cell("\xff,", "\"\xff,\"");
	assert_cell("\xff", "\xff");
}

static void unknown_is_empty_and_nothing_is_0(void **state)
{
	struct sample sample = { 0 };

	(void)state;
	fixture_device(&sample, 0, "a");
	fixture_pool(&sample, 1, 1, "core.io", 1, MEMTOP_UNKNOWN);
	assert_csv(&sample, "name,reserved,suspended,target,cached", true,
		   "NAME,RESERVED,SUSPENDED,TARGET,CACHED\n"
		   "a,0,no,,0\n"
		   ",,,,0\n");
	sample_release(&sample);
}

static void quantities_are_exact(void **state)
{
	struct sample sample = { 0 };

	(void)state;
	fixture_pool(&sample, 1, 1, "core.io", 1, UINT64_MAX - 1);
	assert_csv(&sample, "reserved", false, "18446744073709551614\n");
	sample_release(&sample);
}

static void nothing_has_headings_only(void **state)
{
	struct sample sample = { 0 };

	(void)state;
	assert_csv(&sample, "name", true, "NAME\n");
	assert_csv(&sample, "name", false, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_fields_that_need_it_are_quoted),
		cmocka_unit_test(unknown_is_empty_and_nothing_is_0),
		cmocka_unit_test(quantities_are_exact),
		cmocka_unit_test(nothing_has_headings_only),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
