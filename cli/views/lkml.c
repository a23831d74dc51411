// SPDX-License-Identifier: GPL-2.0-only
/* Results as plain text that fits a mail. */
#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/text_width.h"
#include "base/units.h"
#include "base/version.h"
#include "model/bench.h"
#include "model/snapshot.h"
#include "sample/words.h"
#include "stall/stall.h"
#include "views/bench_figure.h"
#include "views/finding_text.h"
#include "views/grid.h"
#include "views/output.h"
#include "views/page_view.h"
#include "views/report_view.h"

/* More findings are counted. */
#define MOST_FINDINGS 20

static void put_wrapped(FILE *out, struct strbuf *text)
{
	struct strbuf wrapped = { 0 };

	width_wrap(&wrapped, strbuf_text(text), LKML_WIDTH);
	output_put(out, &wrapped);
	strbuf_release(&wrapped);
	strbuf_release(text);
}

static void add_command(struct strbuf *sb, const struct page_facts *facts)
{
	strbuf_addf(sb, "verity-memtop %s\n  $ ", version_number);
	text_escape(sb, facts->command, true);
	strbuf_addstr(sb, "\n\n");
}

static void add_sample(struct strbuf *sb, const struct sample *s,
		       const struct page_facts *facts)
{
	strbuf_addstr(sb, "Linux ");
	text_escape(sb, s->kernel, true);
	if (facts->machine)
		strbuf_addf(sb, ", %s", facts->machine);
	if (s->mem_total_bytes != MEMTOP_UNKNOWN) {
		strbuf_addstr(sb, ", ");
		units_add_bytes(sb, s->mem_total_bytes);
		strbuf_addstr(sb, " of memory");
	}
	strbuf_addf(sb, ", source %s, ", sample_source_words[s->source]);
	units_add_time(sb, s->boottime_ns);
	strbuf_addstr(sb, " after boot, reserved_bio_based_ios ");
	if (s->reserved_bio_based_ios == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "unknown");
	else
		strbuf_addu(sb, s->reserved_bio_based_ios);
	strbuf_addstr(sb, "\n\n");
}

static void add_findings(struct strbuf *sb, const struct sample *sample,
			 const struct findings *findings)
{
	for (size_t i = 0; i < findings->nr && i < MOST_FINDINGS; i++) {
		strbuf_addstr(sb, i ? "" : "\n");
		finding_text_add(sb, sample, &findings->all[i], true);
		strbuf_addstr(sb, "\n");
	}
	if (findings->nr > MOST_FINDINGS)
		strbuf_addf(sb, "and %zu more findings\n",
			    findings->nr - MOST_FINDINGS);
}

void report_lkml(FILE *out, const struct report_view *view,
		 struct table_style style, const struct findings *findings,
		 const struct page_facts *facts)
{
	const struct sample *sample = view->snap->sample;
	struct strbuf text = { 0 };

	add_command(&text, facts);
	add_sample(&text, sample, facts);
	put_wrapped(out, &text);
	style.width = LKML_WIDTH;
	style.fixed_width = true;
	style.colour = false;
	style.ascii_only = true;
	table_report(out, view, &style);
	add_findings(&text, sample, findings);
	put_wrapped(out, &text);
}

/* --- bench ------------------------------------------------------------------ */

enum column {
	FIGURE,
	IOS,
	MEDIAN,
	LEAST,
	MOST,
	CHANGE,
	CHANCE,
};

static void set(struct grid *grid, size_t row, size_t column, struct strbuf *sb)
{
	grid_set(grid, row, column, strbuf_text(sb));
	strbuf_reset(sb);
}

static void add_row(struct grid *grid, enum bench_figure figure,
		    const struct bench_summary *summary,
		    const struct bench_summary *base)
{
	const struct bench_figure_info *info = &bench_figure_infos[figure];
	const struct stats_spread *spread = &summary->spreads[figure];
	size_t row = grid_add_row(grid, GRID_NO_PARENT);
	struct strbuf sb = { 0 };

	grid_set(grid, row, FIGURE, info->heading);
	strbuf_addu(&sb, summary->value);
	set(grid, row, IOS, &sb);
	bench_figure_add(&sb, info->unit, spread->median);
	set(grid, row, MEDIAN, &sb);
	bench_figure_add(&sb, info->unit, spread->least);
	set(grid, row, LEAST, &sb);
	bench_figure_add(&sb, info->unit, spread->most);
	set(grid, row, MOST, &sb);
	if (summary->baseline) {
		grid_set(grid, row, CHANGE, "base");
	} else {
		bench_figure_add_change(&sb, spread->median,
					base->spreads[figure].median);
		set(grid, row, CHANGE, &sb);
		if (spread->median != MEMTOP_UNKNOWN &&
		    base->spreads[figure].median != MEMTOP_UNKNOWN)
			bench_figure_add_chance(&sb, summary->chances[figure]);
		else
			strbuf_addstr(&sb, "-");
		set(grid, row, CHANCE, &sb);
	}
	strbuf_release(&sb);
}

static void print_figures(FILE *out, const struct bench *bench)
{
	const struct grid_style style = { .width = LKML_WIDTH,
					  .headings = true,
					  .ascii_only = true };
	const struct bench_summary base =
		bench_summarize(bench, bench_baseline(bench));
	struct strbuf note = { 0 };
	struct grid grid = { 0 };

	grid_add_column(&grid, "FIGURE", GRID_KEY, false);
	grid_add_column(&grid, "IOS", GRID_KEY, true);
	grid_add_column(&grid, "MEDIAN", GRID_FIGURE, true);
	grid_add_column(&grid, "LEAST", GRID_FIGURE, true);
	grid_add_column(&grid, "MOST", GRID_FIGURE, true);
	grid_add_column(&grid, "CHANGE", GRID_FIGURE, true);
	grid_add_column(&grid, "P", GRID_FIGURE, true);
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++) {
		for (size_t j = 0;
		     bench_figure_is_shown(bench, i) && j < bench->nr_values;
		     j++) {
			const struct bench_summary summary =
				bench_summarize(bench, j);

			add_row(&grid, i, &summary, &base);
		}
	}
	grid_print(&grid, &style, out, &note);
	put_wrapped(out, &note);
	grid_release(&grid);
}

void bench_lkml(FILE *out, const struct bench *bench,
		const struct page_facts *facts)
{
	struct strbuf text = { 0 };

	add_command(&text, facts);
	bench_figure_add_conditions(&text, &bench->conditions, facts->machine);
	strbuf_addstr(&text, "\n");
	put_wrapped(out, &text);
	print_figures(out, bench);
	strbuf_addf(
		&text,
		"\nMedian, smallest and largest of %zu runs of each value. P is the probability of such a difference from the base by chance: exact Mann-Whitney U test, two-sided%s.\n",
		bench->repeats,
		bench->repeats < 4 ?
			"; with fewer than four runs no difference is significant" :
			"");
	bench_figure_add_absent(&text, bench, "0 in all runs: ", 0);
	bench_figure_add_absent(&text, bench, "Unknown: ", MEMTOP_UNKNOWN);
	put_wrapped(out, &text);
}
