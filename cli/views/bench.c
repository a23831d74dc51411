// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>

#include "model/bench.h"
#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "sample/words.h"
#include "views/bench_view.h"
#include "views/grid.h"

static void add_figure(struct strbuf *sb, enum bench_unit unit, uint64_t n)
{
	if (n == MEMTOP_UNKNOWN) {
		strbuf_addstr(sb, "-");
		return;
	}
	switch (unit) {
	case BENCH_BYTES:
		units_add_bytes(sb, n);
		break;
	case BENCH_RATE:
		units_add_bytes(sb, n);
		strbuf_addstr(sb, "/s");
		break;
	case BENCH_TIME:
		units_add_time(sb, n);
		break;
	case BENCH_NUMBER:
		strbuf_addf(sb, "%" PRIu64, n);
		break;
	}
}

/* "1.2ms [1.1ms 1.9ms]", with a mark if the difference is significant. */
static void add_cell(struct strbuf *sb, const struct bench_summary *summary,
		     enum bench_figure figure)
{
	const struct stats_spread *spread = &summary->spreads[figure];
	enum bench_unit unit = bench_figure_infos[figure].unit;

	add_figure(sb, unit, spread->median);
	if (spread->least != spread->most) {
		strbuf_addstr(sb, " [");
		add_figure(sb, unit, spread->least);
		strbuf_addstr(sb, " ");
		add_figure(sb, unit, spread->most);
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

/* Whether all finished runs have exactly @value in @figure. */
static bool has_only(const struct bench *bench, enum bench_figure figure,
		     uint64_t value)
{
	for (size_t i = 0; i < bench->nr_runs; i++) {
		if (bench->runs[i].done &&
		    bench->runs[i].figures[figure] != value)
			return false;
	}
	return true;
}

/* A column with only 0 or dashes becomes a sentence below the table. */
static bool is_shown(const struct bench *bench, enum bench_figure figure)
{
	return !bench_figure_infos[figure].rare ||
	       (!has_only(bench, figure, 0) &&
		!has_only(bench, figure, MEMTOP_UNKNOWN));
}

static void print_absent(FILE *out, const struct bench *bench, const char *what,
			 uint64_t value)
{
	const char *before = what;

	for (size_t i = 0; i < NR_BENCH_FIGURES; i++) {
		if (!bench_figure_infos[i].rare || !has_only(bench, i, value))
			continue;
		fprintf(out, "%s%s", before, bench_figure_infos[i].heading);
		before = ", ";
	}
	if (before != what)
		fputs(".\n", out);
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
		if (!is_shown(bench, i))
			continue;
		add_cell(&sb, &summary, i);
		set_cell(grid, row, column++, &sb);
	}
	strbuf_release(&sb);
}

static void print_conditions(FILE *out, const struct bench_conditions *c)
{
	static const char *const blocks[NR_BENCH_BLOCKS] = {
		[BENCH_CLEAN] = "",
		[BENCH_RECHECK] = ", all rechecked",
		[BENCH_REPAIR] = ", repaired when read",
	};
	static const char *const loads[NR_BENCH_LOADS] = {
		[BENCH_RANDOM] = "random reads",
		[BENCH_SEQUENTIAL] = "sequential reads",
		[BENCH_WRITE] = "random writes",
	};
	struct strbuf sb = { 0 };

	strbuf_addf(&sb,
		    "Linux %s, %s, source %s\n%s\n%" PRIu64 " devices, %" PRIu64
		    " deep%s%s, on %s, ",
		    c->kernel, c->machine, sample_source_words[c->source],
		    c->command, c->devices, c->depth,
		    c->fec ? ", with error correction" : "",
		    c->snapshot ? ", below a snapshot each" : "", c->backing);
	units_add_bytes(&sb, c->data_bytes);
	strbuf_addf(&sb,
		    " in blocks of %" PRIu64 "%s; %s by %" PRIu64 " jobs for ",
		    c->block_size, blocks[c->blocks], loads[c->load], c->jobs);
	units_add_time(&sb, c->runtime_ns);
	strbuf_addf(&sb, "; pressure: %s\n\n", c->pressure);
	fputs(strbuf_text(&sb), out);
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
		if (is_shown(bench, i))
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
	print_conditions(out, &bench->conditions);
	print_values(out, bench, width);
	fprintf(out,
		"\nMedians, [smallest largest]. * is a significant difference from the base\n"
		"(p < 0.05, exact Mann-Whitney U test, %zu runs each%s).\n",
		bench->repeats,
		bench->repeats < 4 ?
			", which are too few: at least four are needed" :
			"");
	print_absent(out, bench, "0 in all runs: ", 0);
	print_absent(out, bench, "Unknown: ", MEMTOP_UNKNOWN);
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
