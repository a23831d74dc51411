// SPDX-License-Identifier: GPL-2.0-only
#include "views/bench_figure.h"

#include <inttypes.h>

#include "base/strbuf.h"
#include "base/units.h"
#include "sample/words.h"

void bench_figure_add(struct strbuf *sb, enum bench_unit unit, uint64_t n)
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

void bench_figure_add_change(struct strbuf *sb, uint64_t n, uint64_t base)
{
	const double percent =
		base ? ((double)n - (double)base) * 100 / (double)base : 0;

	if (n == MEMTOP_UNKNOWN || base == MEMTOP_UNKNOWN || (n && !base))
		strbuf_addstr(sb, "-");
	else if (percent > -0.05 && percent < 0.05)
		strbuf_addstr(sb, "0.0%");
	else
		strbuf_addf(sb, "%+.1f%%", percent);
}

const char *const bench_cell_headings[NR_BENCH_CELLS] = {
	[BENCH_CELL_FIGURE] = "FIGURE", [BENCH_CELL_IOS] = "IOS",
	[BENCH_CELL_MEDIAN] = "MEDIAN", [BENCH_CELL_LEAST] = "LEAST",
	[BENCH_CELL_MOST] = "MOST",	[BENCH_CELL_CHANGE] = "CHANGE",
	[BENCH_CELL_CHANCE] = "P",
};

/* Fills in the change from @base to @n, and its probability. */
static void add_difference(struct strbuf *texts, uint64_t n, uint64_t base,
			   double chance)
{
	bench_figure_add_change(&texts[BENCH_CELL_CHANGE], n, base);
	if (n == MEMTOP_UNKNOWN || base == MEMTOP_UNKNOWN)
		strbuf_addstr(&texts[BENCH_CELL_CHANCE], "-");
	else if (chance < 0.001)
		strbuf_addstr(&texts[BENCH_CELL_CHANCE], "<0.001");
	else
		strbuf_addf(&texts[BENCH_CELL_CHANCE], "%.3f", chance);
}

static void fill_row(struct strbuf *texts, enum bench_figure figure,
		     const struct bench_summary *summary,
		     const struct bench_summary *base)
{
	const struct bench_figure_info *info = &bench_figure_infos[figure];
	const struct stats_spread *spread = &summary->spreads[figure];

	strbuf_addstr(&texts[BENCH_CELL_FIGURE], info->heading);
	strbuf_addu(&texts[BENCH_CELL_IOS], summary->value);
	bench_figure_add(&texts[BENCH_CELL_MEDIAN], info->unit, spread->median);
	bench_figure_add(&texts[BENCH_CELL_LEAST], info->unit, spread->least);
	bench_figure_add(&texts[BENCH_CELL_MOST], info->unit, spread->most);
	if (summary->baseline)
		strbuf_addstr(&texts[BENCH_CELL_CHANGE], "base");
	else
		add_difference(texts, spread->median,
			       base->spreads[figure].median,
			       summary->chances[figure]);
}

void bench_figure_each_row(const struct bench *bench,
			   void (*row)(void *arg, const char *const *cells,
				       bool significant),
			   void *arg)
{
	const struct bench_summary base =
		bench_summarize(bench, bench_baseline(bench));
	struct strbuf texts[NR_BENCH_CELLS] = { 0 };
	const char *cells[NR_BENCH_CELLS];

	for (size_t i = 0; i < NR_BENCH_FIGURES * bench->nr_values; i++) {
		const enum bench_figure figure = i / bench->nr_values;
		struct bench_summary summary;

		if (!bench_figure_is_shown(bench, figure))
			continue;
		summary = bench_summarize(bench, i % bench->nr_values);
		fill_row(texts, figure, &summary, &base);
		for (size_t j = 0; j < NR_BENCH_CELLS; j++)
			cells[j] = strbuf_text(&texts[j]);
		row(arg, cells,
		    !summary.baseline && summary.chances[figure] < STATS_NOISE);
		for (size_t j = 0; j < NR_BENCH_CELLS; j++)
			strbuf_reset(&texts[j]);
	}
	for (size_t j = 0; j < NR_BENCH_CELLS; j++)
		strbuf_release(&texts[j]);
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

bool bench_figure_is_shown(const struct bench *bench, enum bench_figure figure)
{
	return !bench_figure_infos[figure].rare ||
	       (!has_only(bench, figure, 0) &&
		!has_only(bench, figure, MEMTOP_UNKNOWN));
}

void bench_figure_add_absent(struct strbuf *sb, const struct bench *bench,
			     const char *what, uint64_t value)
{
	const char *before = what;

	for (size_t i = 0; i < NR_BENCH_FIGURES; i++) {
		if (!bench_figure_infos[i].rare || !has_only(bench, i, value))
			continue;
		strbuf_addf(sb, "%s%s", before, bench_figure_infos[i].heading);
		before = ", ";
	}
	if (before != what)
		strbuf_addstr(sb, ".\n");
}

void bench_figure_add_conditions(struct strbuf *sb,
				 const struct bench_conditions *c,
				 const char *machine)
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

	strbuf_addf(sb, "Linux %s, %s, source %s\n", c->kernel,
		    machine ? machine : c->machine,
		    sample_source_words[c->source]);
	if (!machine)
		strbuf_addf(sb, "%s\n", c->command);
	strbuf_addf(sb, "%" PRIu64 " devices, %" PRIu64 " deep%s%s, on %s, ",
		    c->devices, c->depth,
		    c->fec ? ", with error correction" : "",
		    c->snapshot ? ", below a snapshot each" : "", c->backing);
	units_add_bytes(sb, c->data_bytes);
	strbuf_addf(sb,
		    " in blocks of %" PRIu64 "%s; %s by %" PRIu64 " jobs for ",
		    c->block_size, blocks[c->blocks], loads[c->load], c->jobs);
	units_add_time(sb, c->runtime_ns);
	strbuf_addf(sb, "; pressure: %s\n", c->pressure);
}
