// SPDX-License-Identifier: GPL-2.0-only
/* A bench as a page. */
#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/version.h"
#include "model/bench.h"
#include "views/bench_figure.h"
#include "views/bench_view.h"
#include "views/html.h"
#include "views/output.h"
#include "views/page_view.h"

/* Of the drawings, in their own units. */
#define WIDTH 360
#define BAR_STEP 38
#define BAR_HEIGHT 14

/* Texts of the first column, and of the others. */
static const char *class_of(enum bench_cell cell)
{
	return cell == BENCH_CELL_FIGURE ? NULL : "number";
}

static void add_row(void *arg, const char *const *cells, bool significant)
{
	struct strbuf *sb = arg;

	strbuf_addstr(sb, "<tr>");
	for (size_t i = 0; i < NR_BENCH_CELLS; i++)
		html_add_element(sb, "td", class_of(i), cells[i]);
	strbuf_addf(sb, "<td>%s</td></tr>\n", significant ? "significant" : "");
}

static void add_table(struct strbuf *sb, const struct bench *bench)
{
	strbuf_addstr(
		sb,
		"<h2>Figures</h2>\n<div class=\"scroll\">\n<table>\n<thead><tr>");
	for (size_t i = 0; i < NR_BENCH_CELLS; i++)
		html_add_element(sb, "th", class_of(i), bench_cell_headings[i]);
	strbuf_addstr(sb, "<th>DIFFERENCE</th></tr></thead>\n<tbody>\n");
	bench_figure_each_row(bench, add_row, sb);
	strbuf_addstr(sb, "</tbody>\n</table>\n</div>\n");
}

/* The median of @figure with each value, as bars; nothing if one is unknown. */
static void add_bars(struct strbuf *sb, const struct bench *bench,
		     enum bench_figure figure, const char *title,
		     const char *class)
{
	uint64_t most = 1;

	for (size_t i = 0; i < bench->nr_values; i++) {
		const uint64_t median =
			bench_summarize(bench, i).spreads[figure].median;

		if (median == MEMTOP_UNKNOWN)
			return;
		if (median > most)
			most = median;
	}
	strbuf_addf(
		sb,
		"<h2>%s</h2>\n<svg viewBox=\"0 0 %d %zu\" role=\"img\" aria-label=\"%s, as bars\">\n",
		title, WIDTH, bench->nr_values * BAR_STEP, title);
	for (size_t i = 0; i < bench->nr_values; i++) {
		const struct bench_summary summary = bench_summarize(bench, i);
		const uint64_t median = summary.spreads[figure].median;

		strbuf_addf(sb, "<text x=\"0\" y=\"%zu\">%" PRIu64 ": ",
			    i * BAR_STEP + 14, summary.value);
		bench_figure_add(sb, bench_figure_infos[figure].unit, median);
		strbuf_addf(
			sb,
			"</text>\n<rect class=\"%s\" x=\"0\" y=\"%zu\" width=\"%.2f\" height=\"%d\"/>\n",
			class, i * BAR_STEP + 19,
			(double)median / (double)most * WIDTH, BAR_HEIGHT);
	}
	strbuf_addstr(sb, "</svg>\n");
}

static void add_conditions(struct strbuf *sb, const struct bench *bench,
			   const struct page_facts *facts)
{
	struct strbuf text = { 0 };
	char *line, *next;

	strbuf_addstr(sb, "<p>");
	html_add_element(sb, "code", NULL, facts->command);
	strbuf_addstr(sb, "</p>\n");
	strbuf_addf(&text, "verity-memtop %s. ", version_number);
	bench_figure_add_conditions(&text, &bench->conditions, facts->machine);
	strbuf_addstr(sb, "<p>");
	/* its lines are a paragraph here */
	for (line = strtok_r(text.text, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next)) {
		html_add(sb, line);
		strbuf_addstr(sb, *next ? "; " : "</p>\n");
	}
	strbuf_release(&text);
}

void bench_html(FILE *out, const struct bench *bench,
		const struct page_facts *facts)
{
	struct strbuf sb = { 0 };

	html_begin(&sb, "Sizes of device-mapper reserves compared");
	add_conditions(&sb, bench, facts);
	add_table(&sb, bench);
	strbuf_addf(
		&sb,
		"<p>Median, smallest and largest of %zu runs of each value. P is the probability of such a difference from the base by chance (exact Mann-Whitney U test, two-sided); below 0.05 it is significant%s.</p>\n<p>",
		bench->repeats,
		bench->repeats < 4 ? ", for which four runs are needed" : "");
	bench_figure_add_absent(&sb, bench, "0 in all runs: ", 0);
	bench_figure_add_absent(&sb, bench, "Unknown: ", MEMTOP_UNKNOWN);
	strbuf_addstr(&sb, "</p>\n");
	add_bars(&sb, bench, BENCH_RESERVED, "Reserved memory", "core");
	add_bars(&sb, bench, BENCH_P99, "Latency of 99 of 100 requests",
		 "recheck");
	strbuf_addstr(&sb, "<h2>Results</h2>\n<p>");
	html_add_file(&sb, "verity-memtop-bench.json", "Save the results",
		      facts->data, facts->data_len);
	strbuf_addstr(&sb, " of all runs as JSON.</p>\n");
	html_end(&sb);
	output_put(out, &sb);
	strbuf_release(&sb);
}
