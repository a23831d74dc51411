// SPDX-License-Identifier: GPL-2.0-only
/* The live view without a terminal: rows, keys, and the drawn screen. */
#include "unit.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "top/top_cursor.h"
#include "top/top_frame.h"
#include "top/top_keys.h"

struct world {
	struct sample sample;
	struct snapshot snap;
	struct delta delta;
	struct findings findings;
	struct snap_filter filter;
	struct top_moment moment;
	struct top_state state;
	struct top_rows rows;
	struct canvas canvas;
};

static void rebuild(struct world *w)
{
	top_rows_build(&w->moment, &w->state.shape, &w->rows);
	top_cursor_settle(&w->state, &w->rows);
}

static void take(struct world *w, const char *fixture)
{
	snapshot_release(&w->snap);
	sample_release(&w->sample);
	assert_int_equal(fixture_make(fixture, &w->sample), 0);
	snapshot_build(&w->sample, &w->snap);
	delta_advance(&w->delta, &w->snap);
	rebuild(w);
}

static struct world *begin(void **state, const char *fixture)
{
	struct world *w = *state;
	struct strbuf problem = { 0 };

	w->moment = (struct top_moment){ &w->snap, &w->delta, &w->findings,
					 &w->filter, NULL };
	w->state.table = &live_fields;
	w->state.delay_ns = 1000000000;
	w->state.page = 10;
	assert_int_equal(top_state_choose(&w->state, NULL, &problem), 0);
	strbuf_release(&problem);
	take(w, fixture);
	return w;
}

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct world));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *w = *state;

	top_rows_release(&w->rows);
	top_state_release(&w->state);
	canvas_release(&w->canvas);
	free(w->findings.all);
	delta_release(&w->delta);
	snapshot_release(&w->snap);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static enum top_params press(struct world *w, uint32_t key)
{
	const struct top_event event = { .key = key };
	enum top_params params = top_keys_take(&w->state, &w->rows, &event);

	if (w->state.rows_due)
		rebuild(w);
	return params;
}

static void type(struct world *w, const char *text)
{
	for (; *text; text++)
		press(w, (unsigned char)*text);
}

/* The screen as text, without trailing blanks. */
static const char *drawn(struct world *w, size_t width, size_t height)
{
	struct top_frame frame = { .moment = &w->moment, .rows = &w->rows };
	static char text[1 << 16];
	FILE *file = fmemopen(text, sizeof(text), "w");

	assert_non_null(file);
	top_frame_sum(&frame);
	top_draw(&frame, &w->state, width, height, &w->canvas);
	canvas_print(&w->canvas, file);
	assert_int_equal(fclose(file), 0);
	return text;
}

static void assert_drawn(struct world *w, const char *wanted)
{
	const char *text = drawn(w, 80, 24);

	if (!strstr(text, wanted))
		fail_msg("not on the screen: %s\n%s", wanted, text);
}

static void assert_not_drawn(struct world *w, const char *unwanted)
{
	const char *text = drawn(w, 80, 24);

	if (strstr(text, unwanted))
		fail_msg("on the screen: %s\n%s", unwanted, text);
}

/* The row of the cursor. */
static void assert_at(const struct world *w, size_t at, const char *name)
{
	assert_int_equal(w->state.at, at);
	assert_string_equal(top_row_name(&w->rows.rows[at]), name);
}

static void the_cursor_stays_among_the_rows(void **state)
{
	struct world *w = begin(state, "demo");

	assert_int_equal(w->rows.nr, 61);
	assert_at(w, 0, "plain-1");
	press(w, TOP_KEY_UP);
	assert_at(w, 0, "plain-1");
	press(w, TOP_KEY_DOWN);
	press(w, 'j');
	assert_at(w, 2, "plain-3");
	press(w, 'k');
	assert_at(w, 1, "plain-2");
	press(w, TOP_KEY_END);
	assert_at(w, 60, "stacked");
	assert_int_equal(w->state.first, 51);
	press(w, TOP_KEY_DOWN);
	assert_at(w, 60, "stacked");
	press(w, TOP_KEY_PAGE_UP);
	assert_int_equal(w->state.at, 51);
	press(w, TOP_KEY_PAGE_DOWN);
	press(w, TOP_KEY_PAGE_DOWN);
	assert_int_equal(w->state.at, 60);
	press(w, TOP_KEY_HOME);
	assert_int_equal(w->state.first, 0);
	press(w, TOP_KEY_WHEEL_DOWN);
	assert_int_equal(w->state.at, 3);
	press(w, TOP_KEY_WHEEL_UP);
	assert_int_equal(w->state.at, 0);
}

static void the_cursor_follows_its_device(void **state)
{
	struct world *w = begin(state, "demo");

	press(w, TOP_KEY_END);
	assert_at(w, 60, "stacked");
	/* in another order, and with some removed */
	press(w, 'N');
	assert_at(w, 60, "stacked");
	press(w, 'I');
	assert_at(w, 0, "stacked");
	press(w, 'D');
	assert_at(w, 60, "stacked");
	take(w, "one");
	assert_int_equal(w->rows.nr, 1);
	assert_int_equal(w->state.at, 0);
	take(w, "empty");
	assert_int_equal(w->rows.nr, 0);
	assert_int_equal(w->state.at, 0);
	for (uint32_t key = TOP_KEY_NONE; key <= TOP_KEY_RESIZE; key++)
		press(w, key);
	press(w, TOP_KEY_ESCAPE);
	assert_drawn(w, "no device-mapper device");
	take(w, "demo");
	assert_int_equal(w->rows.nr, 61);
}

static void devices_unfold_to_their_pools(void **state)
{
	struct world *w = begin(state, "demo");

	press(w, TOP_KEY_DOWN);
	press(w, '+');
	assert_int_equal(w->rows.nr, 71);
	assert_at(w, 1, "plain-2");
	press(w, TOP_KEY_DOWN);
	press(w, TOP_KEY_DOWN);
	assert_at(w, 3, "core.clone");
	assert_drawn(w, " ├─core.clone");
	assert_drawn(w, " └─hash.bvec");
	/* the pool is found again, whatever precedes it */
	press(w, 'N');
	press(w, 'I');
	assert_string_equal(top_row_name(&w->rows.rows[w->state.at]),
			    "core.clone");
	press(w, '-');
	assert_int_equal(w->rows.nr, 61);
	assert_string_equal(top_row_name(&w->rows.rows[w->state.at]),
			    "plain-2");
	press(w, TOP_KEY_ENTER);
	assert_int_equal(w->rows.nr, 71);
	press(w, TOP_KEY_ENTER);
	assert_int_equal(w->rows.nr, 61);
}

/*
 * Everything that a + announces can be done, also for pools without a device.
 */
static void pools_of_nobody_unfold_too(void **state)
{
	struct world *w = begin(state, "deadlock");
	size_t folded = w->rows.nr;

	press(w, TOP_KEY_END);
	assert_drawn(w, "+-");
	press(w, '+');
	assert_int_equal(w->rows.nr, folded + 1);
	assert_drawn(w, " └─recheck.page");
	press(w, '-');
	assert_int_equal(w->rows.nr, folded);
}

/* A fold belongs to the device: a new device with its number is not folded. */
static void another_device_of_the_number_is_as_at_first(void **state)
{
	struct world *w = begin(state, "one");
	struct sample_device *d = &w->sample.devices[0];
	size_t folded = w->rows.nr;

	press(w, '+');
	assert_int_not_equal(w->rows.nr, folded);
	/* a renamed device is the same */
	strcpy(d->name, "renamed");
	delta_advance(&w->delta, &w->snap);
	rebuild(w);
	assert_int_not_equal(w->rows.nr, folded);
	strcpy(d->name, "next");
	for (size_t i = 0; i < w->sample.nr_pools; i++)
		w->sample.pools[i].table_id += 1000;
	delta_advance(&w->delta, &w->snap);
	rebuild(w);
	assert_int_equal(w->rows.nr, folded);
	press(w, '+');
	assert_int_not_equal(w->rows.nr, folded);
	press(w, '-');
	assert_int_equal(w->rows.nr, folded);
}

static void the_tree_has_what_is_below(void **state)
{
	struct world *w = begin(state, "stack");

	press(w, 't');
	assert_drawn(w, " vol-b ");
	assert_drawn(w, "   ├─+extra");
	assert_drawn(w, "   └─8:16");
	assert_drawn(w, "mirror (*)");
	/* the leaf has nothing to unfold */
	press(w, TOP_KEY_HOME);
	press(w, '-');
	assert_int_equal(w->rows.rows[1].depth, 0);
	assert_drawn(w, "+vol-b");
	press(w, '+');
	assert_int_equal(w->rows.rows[1].depth, 1);
	press(w, 't');
	assert_int_equal(w->rows.nr, 7);
	w->state.ascii_only = true;
	press(w, 't');
	assert_drawn(w, "   |-+extra");
}

static void a_search_moves_and_a_filter_hides(void **state)
{
	struct world *w = begin(state, "demo");

	type(w, "/PLAIN-5");
	assert_at(w, 4, "plain-5");
	assert_drawn(w, "Search: PLAIN-5");
	press(w, TOP_KEY_ENTER);
	press(w, 'n');
	assert_at(w, 49, "plain-50");
	type(w, "/nowhere");
	assert_at(w, 49, "plain-50");
	assert_drawn(w, "not found: nowhere");
	press(w, TOP_KEY_ESCAPE);

	type(w, "\\*-5?");
	assert_int_equal(w->rows.nr, 10);
	press(w, TOP_KEY_BACKSPACE);
	assert_int_equal(w->rows.nr, 1);
	press(w, TOP_KEY_ENTER);
	assert_drawn(w, "only: *-5");
	assert_drawn(w, "Devices 61 (1 shown)");
	press(w, TOP_KEY_ESCAPE);
	assert_int_equal(w->rows.nr, 61);
	assert_at(w, 4, "plain-5");
	type(w, "\\none");
	assert_drawn(w, "no device matches");
}

static void what_is_typed_is_utf8(void **state)
{
	struct world *w = begin(state, "hostile");

	press(w, '\\');
	press(w, 0xef);
	assert_string_equal(w->state.shape.filter, "ï");
	assert_int_equal(w->rows.nr, 1);
	press(w, 0x65e5);
	press(w, 0x1f600);
	assert_string_equal(w->state.shape.filter, "ï日😀");
	press(w, TOP_KEY_BACKSPACE);
	press(w, TOP_KEY_BACKSPACE);
	assert_string_equal(w->state.shape.filter, "ï");
	/* bytes that are not text are ignored */
	press(w, 0x01);
	press(w, TOP_KEY_LEFT);
	assert_string_equal(w->state.shape.filter, "ï");
	for (int i = 0; i < 1000; i++)
		press(w, 0x65e5);
	assert_true(strlen(w->state.shape.filter) <
		    sizeof(w->state.shape.filter));
	assert_int_equal(w->rows.nr, 0);
}

static void columns_are_chosen_sorted_by_and_scrolled(void **state)
{
	struct world *w = begin(state, "demo");
	const struct field *first = w->state.table->fields;

	press(w, 'R');
	assert_string_equal(w->state.shape.order.keys[0].field->name,
			    "RESERVED");
	assert_true(w->state.shape.order.keys[0].descending);
	assert_string_equal(top_row_name(&w->rows.rows[0]), "fec");
	press(w, '>');
	assert_string_equal(w->state.shape.order.keys[0].field->name, "BIOVEC");
	press(w, '<');
	press(w, '<');
	assert_string_equal(w->state.shape.order.keys[0].field->name, "NAME");
	press(w, '<');
	assert_string_equal(
		w->state.shape.order.keys[0].field->name,
		w->state.columns.columns[w->state.columns.nr - 1].field->name);

	assert_drawn(w, "RESERVED");
	press(w, TOP_KEY_RIGHT);
	assert_not_drawn(w, "RESERVED");
	press(w, TOP_KEY_LEFT);
	assert_drawn(w, "RESERVED");
	for (int i = 0; i < 100; i++) {
		press(w, TOP_KEY_RIGHT);
		drawn(w, 80, 24);
	}
	assert_drawn(w, "NAME");
	assert_int_equal(w->state.columns_left, 0);

	press(w, 'c');
	assert_drawn(w, "[x] NAME");
	assert_drawn(w, "[ ] UUID");
	press(w, TOP_KEY_DOWN);
	press(w, TOP_KEY_DOWN);
	assert_ptr_equal(first + w->state.column_at,
			 field_find(w->state.table, "UUID", 4));
	press(w, ' ');
	assert_drawn(w, "[x] UUID");
	press(w, ' ');
	assert_drawn(w, "[ ] UUID");
	/* all except one can be hidden */
	for (size_t i = 0; i < w->state.table->nr; i++) {
		w->state.column_at = i;
		if (strstr(drawn(w, 80, 24), "[x]"))
			press(w, ' ');
	}
	assert_true(w->state.columns.nr >= 1);
	press(w, TOP_KEY_ESCAPE);
	assert_int_equal(w->state.screen, TOP_LIST);
}

static void keys_ask_for_what_others_do(void **state)
{
	struct world *w = begin(state, "one");

	assert_int_equal(press(w, 'q'), TOP_QUIT);
	assert_int_equal(press(w, ' '), TOP_NEXT);
	assert_int_equal(press(w, '.'), TOP_NEXT);
	assert_int_equal(press(w, ','), TOP_BACK);
	type(w, "w/tmp/file");
	assert_int_equal(press(w, TOP_KEY_ENTER), TOP_WRITE);
	assert_string_equal(w->state.input, "/tmp/file");
	w->state.recording = true;
	assert_int_equal(press(w, 'w'), TOP_WRITE_END);
	w->state.recording = false;
	press(w, 'w');
	assert_int_equal(press(w, TOP_KEY_ENTER), TOP_NOTHING);
	press(w, 'Z');
	assert_true(w->state.paused);
	assert_drawn(w, "paused");
	press(w, 'Z');
	assert_false(w->state.paused);
	type(w, "d2.5");
	press(w, TOP_KEY_ENTER);
	assert_true(w->state.delay_ns == 2500000000);
	type(w, "d0.01");
	press(w, TOP_KEY_ENTER);
	assert_true(w->state.delay_ns == 2500000000);
	assert_drawn(w, "'0.01' is not a time from 0.1 to 3600 s");
	press(w, 'b');
	assert_drawn(w, "170240 <0.01% of 16GiB");
}

static void help_scrolls_and_goes(void **state)
{
	struct world *w = begin(state, "one");

	press(w, 'h');
	assert_drawn(w, "unfold a device");
	for (int i = 0; i < 100; i++)
		press(w, TOP_KEY_DOWN);
	assert_not_drawn(w, "unfold a device");
	assert_true(w->state.text_first + w->state.page == w->state.text_lines);
	press(w, TOP_KEY_HOME);
	assert_drawn(w, "unfold a device");
	press(w, 'x');
	assert_int_equal(w->state.screen, TOP_LIST);
	press(w, TOP_KEY_HELP);
	assert_int_equal(w->state.screen, TOP_HELP);
	press(w, TOP_KEY_RESIZE);
	assert_int_equal(w->state.screen, TOP_HELP);
	press(w, TOP_KEY_ESCAPE);
	press(w, '?');
	assert_int_equal(w->state.screen, TOP_HELP);
}

static void a_click_goes_where_it_points(void **state)
{
	struct world *w = begin(state, "demo");
	struct top_event event = { .key = TOP_KEY_CLICK, .line = 0 };

	drawn(w, 80, 24);
	event.line = w->state.list_line + 4;
	top_keys_take(&w->state, &w->rows, &event);
	assert_at(w, 4, "plain-5");
	event.line = 0;
	top_keys_take(&w->state, &w->rows, &event);
	assert_at(w, 4, "plain-5");
	event.line = 23;
	top_keys_take(&w->state, &w->rows, &event);
	assert_at(w, 4, "plain-5");
}

static void function_keys_are_as_in_htop(void **state)
{
	struct world *w = begin(state, "demo");
	struct top_event event = { .key = TOP_KEY_F10 };

	press(w, TOP_KEY_F3);
	assert_int_equal(w->state.prompt, TOP_SEARCH);
	/* here they are no text, and do nothing else */
	press(w, TOP_KEY_F5);
	press(w, TOP_KEY_F10);
	assert_int_equal(w->state.prompt, TOP_SEARCH);
	assert_string_equal(w->state.input, "");
	assert_false(w->state.shape.tree);
	press(w, TOP_KEY_ESCAPE);
	press(w, TOP_KEY_F4);
	assert_int_equal(w->state.prompt, TOP_FILTER);
	press(w, TOP_KEY_ESCAPE);
	press(w, TOP_KEY_F5);
	assert_true(w->state.shape.tree);
	press(w, TOP_KEY_F5);
	assert_false(w->state.shape.tree);
	assert_int_equal(top_keys_take(&w->state, &w->rows, &event), TOP_QUIT);
}

static void a_column_to_sort_by_can_be_chosen(void **state)
{
	struct world *w = begin(state, "demo");
	const struct field *uuid = field_find(w->state.table, "UUID", 4);
	size_t shown = w->state.columns.nr;

	press(w, 'R');
	press(w, TOP_KEY_F6);
	assert_drawn(w, "Sort by: Enter chooses");
	assert_ptr_equal(&w->state.table->fields[w->state.column_at],
			 w->state.shape.order.keys[0].field);
	press(w, TOP_KEY_HOME);
	while (&w->state.table->fields[w->state.column_at] != uuid)
		press(w, TOP_KEY_DOWN);
	press(w, TOP_KEY_ENTER);
	assert_int_equal(w->state.screen, TOP_LIST);
	assert_ptr_equal(w->state.shape.order.keys[0].field, uuid);
	/* it need not be shown */
	assert_int_equal(w->state.columns.nr, shown);
	press(w, TOP_KEY_F6);
	press(w, TOP_KEY_UP);
	press(w, TOP_KEY_ESCAPE);
	assert_ptr_equal(w->state.shape.order.keys[0].field, uuid);
}

/* At every column of the line of headings, the heading there counts. */
static void a_click_on_a_heading_sorts(void **state)
{
	struct world *w = begin(state, "demo");
	struct top_event event = { .key = TOP_KEY_CLICK };
	const struct field *field;
	bool descending;

	press(w, TOP_KEY_RIGHT);
	drawn(w, 80, 24);
	event.line = w->state.list_line - 1;
	event.column = 0;
	top_keys_take(&w->state, &w->rows, &event);
	field = w->state.shape.order.keys[0].field;
	assert_string_equal(field->name, "NAME");
	descending = w->state.shape.order.keys[0].descending;
	top_keys_take(&w->state, &w->rows, &event);
	assert_ptr_equal(w->state.shape.order.keys[0].field, field);
	assert_int_equal(w->state.shape.order.keys[0].descending, !descending);
	for (size_t i = 0; i < w->state.columns.nr; i++) {
		if (!w->state.headings[i])
			continue;
		event.column = w->state.headings[i] - 1;
		top_keys_take(&w->state, &w->rows, &event);
		assert_ptr_equal(w->state.shape.order.keys[0].field,
				 w->state.columns.columns[i].field);
	}
	field = w->state.shape.order.keys[0].field;
	event.column = 79;
	if (w->state.columns_left)
		top_keys_take(&w->state, &w->rows, &event);
	assert_ptr_equal(w->state.shape.order.keys[0].field, field);
}

/* Nothing is drawn wider or longer than the screen, at any size. */
static void any_size_is_kept_to(void **state)
{
	static const char *const fixtures[] = { "demo",	    "hostile", "stack",
						"unknowns", "losses",  "huge",
						"empty",    "traced" };
	static const char keys[] = "htcb+e";
	struct world *w = begin(state, "demo");

	for (size_t f = 0; f < sizeof(fixtures) / sizeof(fixtures[0]); f++) {
		take(w, fixtures[f]);
		for (size_t n = 0; n < 400; n++) {
			size_t width = 1 + n * 7 % 211, height = 1 + n * 5 % 53;

			press(w, (unsigned char)keys[n % 6]);
			drawn(w, width, height);
			assert_int_equal(w->canvas.height, height);
			for (size_t i = 0; i < height; i++)
				assert_true(w->canvas.lines[i].columns <=
					    width);
			press(w, n % 4 ? TOP_KEY_ESCAPE : TOP_KEY_END);
			press(w, TOP_KEY_DOWN);
		}
	}
}

static void wide_characters_take_two_columns(void **state)
{
	struct canvas *c = &((struct world *)*state)->canvas;

	canvas_begin(c, 10, 2);
	canvas_add_within(c, STYLE_PLAIN, "日本語", 6, false);
	assert_int_equal(canvas_column(c), 6);
	canvas_add_within(c, STYLE_PLAIN, "日本語", 4, false);
	assert_int_equal(canvas_column(c), 10);
	/* half a character is not drawn */
	assert_string_equal(strbuf_text(&c->lines[0].text), "日本語日 …");
}

static void a_finding_is_a_red_line(void **state)
{
	struct world *w = begin(state, "demo");
	struct finding *finding;

	w->findings.all = xcalloc(1, sizeof(*w->findings.all));
	w->findings.nr = 1;
	finding = &w->findings.all[0];
	*finding = (struct finding){
		.kind = FINDING_STALL,
		.pool = &w->sample.pools[0],
		.waiter = NULL,
		.dev_known = true,
		.dev = w->sample.devices[1].dev,
		.age_ns = 5000000000,
	};
	rebuild(w);
	assert_ptr_equal(w->rows.rows[1].finding, finding);
	assert_null(w->rows.rows[0].finding);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_cursor_stays_among_the_rows),
		TEST(the_cursor_follows_its_device),
		TEST(devices_unfold_to_their_pools),
		TEST(pools_of_nobody_unfold_too),
		TEST(another_device_of_the_number_is_as_at_first),
		TEST(the_tree_has_what_is_below),
		TEST(a_search_moves_and_a_filter_hides),
		TEST(what_is_typed_is_utf8),
		TEST(columns_are_chosen_sorted_by_and_scrolled),
		TEST(keys_ask_for_what_others_do),
		TEST(help_scrolls_and_goes),
		TEST(a_click_goes_where_it_points),
		TEST(function_keys_are_as_in_htop),
		TEST(a_column_to_sort_by_can_be_chosen),
		TEST(a_click_on_a_heading_sorts),
		TEST(any_size_is_kept_to),
		TEST(wide_characters_take_two_columns),
		TEST(a_finding_is_a_red_line),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
