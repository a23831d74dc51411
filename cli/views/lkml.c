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

static void add_row(void *arg, const char *const *cells, bool significant)
{
	struct grid *grid = arg;
	size_t row = grid_add_row(grid, GRID_NO_PARENT);

	(void)significant; /* P has it */
	for (size_t i = 0; i < NR_BENCH_CELLS; i++)
		grid_set(grid, row, i, cells[i]);
}

static void print_figures(FILE *out, const struct bench *bench)
{
	const struct grid_style style = { .width = LKML_WIDTH,
					  .headings = true,
					  .ascii_only = true };
	struct strbuf note = { 0 };
	struct grid grid = { 0 };

	for (size_t i = 0; i < NR_BENCH_CELLS; i++)
		grid_add_column(&grid, bench_cell_headings[i],
				i > BENCH_CELL_IOS ? GRID_FIGURE : GRID_KEY,
				i != BENCH_CELL_FIGURE);
	bench_figure_each_row(bench, add_row, &grid);
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
