// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>

#include "model/bench.h"
#include "base/alloc.h"
#include "base/strbuf.h"
#include "views/bench_figure.h"
#include "views/bench_view.h"
#include "views/grid.h"

/* "1.2ms [1.1ms 1.9ms]", with a mark if the difference is significant. */
static void add_cell(struct strbuf *sb, const struct bench_summary *summary,
		     enum bench_figure figure)
{
	const struct stats_spread *spread = &summary->spreads[figure];
	enum bench_unit unit = bench_figure_infos[figure].unit;

	bench_figure_add(sb, unit, spread->median);
	if (spread->least != spread->most) {
		strbuf_addstr(sb, " [");
		bench_figure_add(sb, unit, spread->least);
		strbuf_addstr(sb, " ");
		bench_figure_add(sb, unit, spread->most);
		strbuf_addstr(sb, "]");
	}
	if (summary->chances[figure] < STATS_NOISE)
		strbuf_addstr(sb, "*");
}

static void set_cell(struct grid *grid, size_t row, size_t column,
		     struct strbuf *sb)
{
	grid_set(grid, row, column, strbuf_text(sb));
	strbuf_reset(sb);
}

static void add_row(struct grid *grid, const struct bench *bench, size_t value)
{
	struct bench_summary summary = bench_summarize(bench, value);
	size_t row = grid_add_row(grid, GRID_NO_PARENT), column = 0;
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "%" PRIu64 "%s", summary.value,
		    summary.baseline ? " (base)" : "");
	set_cell(grid, row, column++, &sb);
	strbuf_addf(&sb, "%zu", summary.runs);
	set_cell(grid, row, column++, &sb);
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++) {
		if (!bench_figure_is_shown(bench, i))
			continue;
		add_cell(&sb, &summary, i);
		set_cell(grid, row, column++, &sb);
	}
	strbuf_release(&sb);
}

static void print_and_free(FILE *out, struct grid *grid, size_t width)
{
	const struct grid_style style = { .width = width, .headings = true };
	struct strbuf note = { 0 };

	grid_print(grid, &style, out, &note);
	fputs(strbuf_text(&note), out);
	strbuf_release(&note);
	grid_release(grid);
}

static void print_values(FILE *out, const struct bench *bench, size_t width)
{
	struct grid grid = { 0 };

	grid_add_column(&grid, "IOS", GRID_KEY, true);
	grid_add_column(&grid, "RUNS", GRID_FIGURE, true);
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++) {
		if (bench_figure_is_shown(bench, i))
			grid_add_column(&grid, bench_figure_infos[i].heading,
					GRID_FIGURE, true);
	}
	for (size_t i = 0; i < bench->nr_values; i++)
		add_row(&grid, bench, i);
	print_and_free(out, &grid, width);
}

/* Adds the reserves that went below their minimum; returns how many. */
static size_t add_levels(struct grid *grid, const struct bench *bench,
			 size_t value)
{
	struct bench_level *levels;
	size_t nr = bench_levels(bench, value, &levels), shown = 0;
	struct strbuf sb = { 0 };

	for (size_t i = 0; i < nr; i++) {
		size_t row;

		if (levels[i].lowest == MEMTOP_UNKNOWN ||
		    levels[i].lowest >= levels[i].min)
			continue;
		row = grid_add_row(grid, GRID_NO_PARENT);
		strbuf_addf(&sb, "%" PRIu64, bench->values[value]);
		set_cell(grid, row, 0, &sb);
		strbuf_addstr(&sb, levels[i].role);
		set_cell(grid, row, 1, &sb);
		strbuf_addf(&sb, "%" PRIu64, levels[i].min);
		set_cell(grid, row, 2, &sb);
		strbuf_addf(&sb, "%" PRIu64, levels[i].lowest);
		set_cell(grid, row, 3, &sb);
		shown++;
	}
	strbuf_release(&sb);
	free(levels);
	return shown;
}

static void print_levels(FILE *out, const struct bench *bench, size_t width)
{
	struct grid grid = { 0 };
	size_t nr = 0;

	grid_add_column(&grid, "IOS", GRID_KEY, true);
	grid_add_column(&grid, "ROLE", GRID_KEY, false);
	grid_add_column(&grid, "KEEPS", GRID_FIGURE, true);
	grid_add_column(&grid, "LEFT", GRID_FIGURE, true);
	for (size_t i = 0; i < bench->nr_values; i++)
		nr += add_levels(&grid, bench, i);
	if (!nr) {
		grid_release(&grid);
		fputs("No pool was seen below its minimum.\n", out);
		return;
	}
	fputs("\nLowest levels of pools that were below their minimum:\n", out);
	print_and_free(out, &grid, width);
}

void bench_text(FILE *out, const struct bench *bench, size_t width)
{
	struct strbuf sb = { 0 };

	bench_figure_add_conditions(&sb, &bench->conditions, NULL);
	fprintf(out, "%s\n", strbuf_text(&sb));
	strbuf_reset(&sb);
	print_values(out, bench, width);
	fprintf(out,
		"\nMedians, [smallest largest]. * is a significant difference from the base\n"
		"(p < 0.05, exact Mann-Whitney U test, %zu runs each%s).\n",
		bench->repeats,
		bench->repeats < 4 ?
			", which are too few: at least four are needed" :
			"");
	bench_figure_add_absent(&sb, bench, "0 in all runs: ", 0);
	bench_figure_add_absent(&sb, bench, "Unknown: ", MEMTOP_UNKNOWN);
	fputs(strbuf_text(&sb), out);
	strbuf_release(&sb);
	print_levels(out, bench, width);
	if (bench->foreign)
		fprintf(out,
			"%" PRIu64
			" tables of others were loaded while the parameter was changed.\n",
			bench->foreign);
}

void bench_csv(FILE *out, const struct bench *bench)
{
	fputs("ios,round", out);
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++)
		fprintf(out, ",%s", bench_figure_infos[i].name);
	fputc('\n', out);
	for (size_t i = 0; i < bench->nr_runs; i++) {
		const struct bench_run *run = &bench->runs[i];

		if (!run->done)
			continue;
		fprintf(out, "%" PRIu64 ",%zu", bench->values[run->value],
			run->round + 1);
		for (size_t j = 0; j < NR_BENCH_FIGURES; j++) {
			fputc(',', out);
			if (run->figures[j] != MEMTOP_UNKNOWN)
				fprintf(out, "%" PRIu64, run->figures[j]);
		}
		fputc('\n', out);
	}
}
