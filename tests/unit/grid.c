// SPDX-License-Identifier: GPL-2.0-only
/* Tables that fit: no cut makes rows look alike, and every cut is noted. */
#include "unit.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/strbuf.h"
#include "base/text_width.h"
#include "views/grid.h"

#define NR_ROWS 7
#define NR_ROUNDS 200

static void assert_cut(const char *text, size_t width, unsigned int quarters,
		       bool ascii_only, const char *wanted)
{
	struct strbuf sb = { 0 };

	width_cut(&sb, text, width, quarters, ascii_only);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void a_text_is_cut_where_asked(void **state)
{
	(void)state;
	assert_cut("abcdefghij", 10, WIDTH_CUT_MIDDLE, false, "abcdefghij");
	assert_cut("abcdefghij", 5, WIDTH_CUT_MIDDLE, false, "ab…ij");
	assert_cut("abcdefghij", 6, WIDTH_CUT_MIDDLE, false, "abc…ij");
	assert_cut("abcdefghij", 5, WIDTH_CUT_END, false, "abcd…");
	assert_cut("abcdefghij", 5, 0, false, "…ghij");
	assert_cut("abcdefghij", 5, WIDTH_CUT_MIDDLE, true, "ab~ij");
	assert_cut("abcdefghij", 1, WIDTH_CUT_MIDDLE, false, "…");
	assert_cut("abcdefghij", 0, WIDTH_CUT_MIDDLE, false, "");
	assert_cut("", 3, WIDTH_CUT_MIDDLE, false, "");
}

static void words_that_belong_together_stay_together(void **state)
{
	(void)state;
	/* escapes */
	assert_cut("\\x0a\\x0b\\x0c", 9, WIDTH_CUT_MIDDLE, false,
		   "\\x0a…\\x0c");
	assert_cut("\\x0a\\x0b\\x0c", 8, WIDTH_CUT_MIDDLE, false, "\\x0a…");
	/* two columns each */
	assert_cut("日本語日本", 6, WIDTH_CUT_MIDDLE, false, "日…本");
	assert_cut("日本語日本", 5, WIDTH_CUT_MIDDLE, false, "日…本");
	assert_cut("日本語日本", 4, WIDTH_CUT_MIDDLE, false, "日…");
	/* e and an acute that combines with it */
	assert_cut("e\u0301e\u0301e\u0301e\u0301", 3, WIDTH_CUT_MIDDLE, false,
		   "e\u0301…e\u0301");
}

static void invisible_characters_are_escaped(void **state)
{
	struct strbuf sb = { 0 };

	(void)state;
	width_add_shown(&sb, "a\u0378z日");
	assert_string_equal(strbuf_text(&sb), "a\\xcd\\xb8z日");
	strbuf_release(&sb);
}

static void assert_wrapped(const char *text, size_t width, const char *wanted)
{
	struct strbuf sb = { 0 };

	width_wrap(&sb, text, width);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void lines_are_broken_between_words(void **state)
{
	(void)state;
	assert_wrapped("one two three\nfour\n", 0, "one two three\nfour\n");
	assert_wrapped("one two three\nfour\n", 7, "one two\n  three\nfour\n");
	assert_wrapped("  one two three", 9, "  one two\n    three");
	assert_wrapped("abcdefghij", 4, "abcd\n  ef\n  gh\n  ij");
	assert_wrapped("", 4, "");
}

/* A table of devices, as a report makes it. */
static void make(struct grid *grid, char names[NR_ROWS][256])
{
	static const struct {
		const char *name;
		enum grid_kind kind;
		const char *text;
	} columns[] = {
		{ "NAME", GRID_KEY, NULL },
		{ "DEV", GRID_KEY, NULL },
		{ "UUID", GRID_TEXT, "CRYPT-VERITY-0123456789abcdef-x" },
		{ "RESERVED", GRID_FIGURE, "166KiB" },
		{ "TARGET", GRID_LIST, "verity,linear,crypt,thin-pool" },
		{ "WAITS", GRID_FIGURE, "18446744073709551615" }
	};
	char dev[16];

	*grid = (struct grid){ 0 };
	for (size_t i = 0; i < 6; i++)
		grid_add_column(grid, columns[i].name, columns[i].kind,
				columns[i].kind == GRID_FIGURE);
	for (size_t i = 0; i < NR_ROWS; i++) {
		grid_add_row(grid, i % 3 == 2 ? i - 1 : GRID_NO_PARENT);
		grid_set(grid, i, 0, names[i]);
		snprintf(dev, sizeof(dev), "254:%zu", i);
		grid_set(grid, i, 1, dev);
		for (size_t j = 2; j < 6; j++)
			grid_set(grid, i, j, columns[j].text);
	}
}

/* The width that libc computes: an independent check of the product's count. */
static size_t columns_of(const char *line)
{
	wchar_t wide[2048];
	size_t nr = mbstowcs(wide, line, 2048);
	int columns;

	assert_true(nr < 2048);
	columns = wcswidth(wide, nr);
	assert_true(columns >= 0);
	return (size_t)columns;
}

struct printed {
	char *text; /* owned; the lines are separate strings */
	char *lines[64];
	size_t nr;
	struct strbuf note;
};

static void print(const struct grid *grid, size_t width, bool ascii_only,
		  struct printed *ret)
{
	const struct grid_style style = { .width = width,
					  .headings = true,
					  .ascii_only = ascii_only };
	size_t len;
	FILE *out;
	char *at, *line;

	*ret = (struct printed){ 0 };
	out = open_memstream(&ret->text, &len);
	assert_non_null(out);
	grid_print(grid, &style, out, &ret->note);
	assert_int_equal(fclose(out), 0);
	for (at = ret->text; (line = strsep(&at, "\n"));) {
		if (*line)
			ret->lines[ret->nr++] = line;
	}
}

static void printed_release(struct printed *p)
{
	free(p->text);
	strbuf_release(&p->note);
}

/* The text of NAME in the line of row @i, after the tree; it ends before DEV. */
static void name_in(const char *line, size_t i, bool ascii_only, char *ret)
{
	const char *dev = strstr(line, " 254:");

	assert_non_null(dev);
	if (i % 3 == 2)
		line += strlen(ascii_only ? "`-" : "└─");
	while (dev > line && dev[-1] == ' ')
		dev--;
	memcpy(ret, line, dev - line);
	ret[dev - line] = '\0';
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	while ((text = strstr(text, word))) {
		text += len;
		if (strchr(" ,;\n", *text))
			return true;
	}
	return false;
}

static void check_width(const struct grid *grid, char names[NR_ROWS][256],
			size_t width, bool ascii_only)
{
	char name[NR_ROWS][512];
	struct printed p;
	bool over;

	print(grid, width, ascii_only, &p);
	over = strstr(strbuf_text(&p.note), "wider than the terminal");
	assert_int_equal(p.nr, NR_ROWS + 1);
	for (size_t i = 0; i < p.nr && width && !over; i++) {
		size_t columns = columns_of(p.lines[i]);

		if (columns > width)
			fail_msg("%zu columns of %zu: '%s'", columns, width,
				 p.lines[i]);
	}
	for (size_t i = 0; i < NR_ROWS; i++) {
		name_in(p.lines[i + 1], i, ascii_only, name[i]);
		/* not cut, unless the note names it */
		if (!has_word(strbuf_text(&p.note), "NAME"))
			assert_string_equal(name[i], names[i]);
		for (size_t j = 0; j < i; j++) {
			if (strcmp(name[i], name[j]) == 0 &&
			    strcmp(names[i], names[j]))
				fail_msg("'%s' and '%s' both are '%s' in %zu",
					 names[i], names[j], name[i], width);
		}
	}
	/* each column is shown or named in the note */
	for (size_t i = 0; i < grid->nr_columns; i++) {
		const char *heading = grid->columns[i].name;

		if (!strstr(p.lines[0], heading))
			assert_true(has_word(strbuf_text(&p.note), heading));
	}
	/* wider than the terminal only if names would look alike otherwise */
	if (over)
		assert_null(strstr(p.lines[0], "UUID"));
	printed_release(&p);
}

static void add_random(char *text, size_t nr, bool ascii_only)
{
	static const char *const units[] = { "a",  "b", "0",	   "-", "\\x0a",
					     "日", "é", "e\u0301", "…" };

	while (nr--)
		strcat(text, units[rand() % (ascii_only ? 5 : 9)]);
}

/* Names that have a common beginning, end, both or neither. */
static void make_names(char names[NR_ROWS][256], bool ascii_only)
{
	char before[128] = "", after[128] = "";

	if (rand() % 2)
		add_random(before, rand() % 24, ascii_only);
	if (rand() % 2)
		add_random(after, rand() % 24, ascii_only);
	for (size_t i = 0; i < NR_ROWS; i++) {
		names[i][0] = '\0';
		strcat(names[i], before);
		add_random(names[i], rand() % 9, ascii_only);
		strcat(names[i], after);
		/* the last character is drawn, whatever the name is */
		strcat(names[i], "z");
	}
}

static void check_widths(bool ascii_only)
{
	char names[NR_ROWS][256];
	struct grid grid;

	srand(1);
	for (int round = 0; round < NR_ROUNDS; round++) {
		make_names(names, ascii_only);
		make(&grid, names);
		for (size_t width = 20; width <= 300;
		     width += width < 130 ? 1 : 17)
			check_width(&grid, names, width, ascii_only);
		check_width(&grid, names, 0, ascii_only);
		grid_release(&grid);
	}
}

static void colours_take_no_room(void **state)
{
	static const char text[] = "\033[1;31mstall\033[0m of \033[33mv\033[0m";
	struct strbuf sb = { 0 };

	(void)state;
	assert_int_equal(width_of(text), strlen("stall of v"));
	width_wrap(&sb, text, 10);
	assert_string_equal(strbuf_text(&sb), text);
	strbuf_reset(&sb);
	width_wrap(&sb, text, 8);
	assert_string_equal(strbuf_text(&sb),
			    "\033[1;31mstall\033[0m of\n  \033[33mv\033[0m");
	/* other sequences, and those that are not complete, are text */
	assert_int_equal(width_of("\033[2J"), 4);
	assert_int_equal(width_of("\033[31"), 4);
	assert_int_equal(width_of("\033[0m\033[1m"), 0);
	strbuf_release(&sb);
}

static void rows_differ_at_all_widths(void **state)
{
	(void)state;
	check_widths(false);
}

static void rows_differ_without_utf8(void **state)
{
	(void)state;
	check_widths(true);
}

/* What a row and the note are at @width; names are @before, a digit, @after. */
static void assert_row(const char *before, const char *after, size_t width,
		       const char *row, const char *note)
{
	char names[NR_ROWS][256];
	struct printed p;
	struct grid grid;

	for (int i = 0; i < NR_ROWS; i++)
		snprintf(names[i], 256, "%s%d%s", before, i, after);
	make(&grid, names);
	print(&grid, width, false, &p);
	assert_string_equal(p.lines[1], row);
	assert_string_equal(strbuf_text(&p.note), note);
	printed_release(&p);
	grid_release(&grid);
}

static void later_columns_go_first(void **state)
{
	(void)state;
	assert_row("com.android.module-", "", 80,
		   "com.android.module-0   254:0 CRYPT-VERI…89abcdef-x   "
		   "166KiB verity,linear,crypt…",
		   "no room for: WAITS; cut: UUID, TARGET; "
		   "--wide shows all, -o selects\n");
	assert_row(
		"com.android.module-", "", 60,
		"com.android.module-0   254:0 CRYPT-VERIT…89abcdef-x   166KiB",
		"no room for: TARGET, WAITS; cut: UUID; "
		"--wide shows all, -o selects\n");
}

static void names_are_cut_for_a_figure(void **state)
{
	(void)state;
	assert_row("com.android.module-", "", 50,
		   "com.and…dule-0 254:0 CRYPT-VERI…9abcdef-x   166KiB",
		   "no room for: TARGET, WAITS; cut: NAME, "
		   "UUID; --wide shows all, -o selects\n");
	assert_row("com.android.", ".module", 24, "com.andro…0.module 254:0",
		   "no room for: UUID, RESERVED, TARGET, "
		   "WAITS; cut: NAME; --wide shows all, -o selects\n");
	assert_row("com.android.modules.system.", ".modules.system.com.android",
		   24, "…ystem.0.modules.… 254:0",
		   "no room for: UUID, RESERVED, TARGET, "
		   "WAITS; cut: NAME; --wide shows all, -o selects\n");
	/* only whole names differ */
	assert_row(
		"com.android.", "", 9, "com.android.0   254:0",
		"no room for: UUID, RESERVED, TARGET, "
		"WAITS; --wide shows all, -o selects\nwider than the terminal, "
		"because cut names would look alike\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_cut_where_asked),
		cmocka_unit_test(words_that_belong_together_stay_together),
		cmocka_unit_test(invisible_characters_are_escaped),
		cmocka_unit_test(lines_are_broken_between_words),
		cmocka_unit_test(colours_take_no_room),
		cmocka_unit_test(rows_differ_at_all_widths),
		cmocka_unit_test(rows_differ_without_utf8),
		cmocka_unit_test(later_columns_go_first),
		cmocka_unit_test(names_are_cut_for_a_figure),
	};

	/* a locale with UTF-8, whatever the environment is */
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
