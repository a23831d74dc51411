// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <libsmartcols/libsmartcols.h>

#include "model/bench.h"
#include "util/alloc.h"
#include "util/strbuf.h"
#include "util/units.h"
#include "views/bench_view.h"

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

/* "1.2ms [1.1ms 1.9ms]", with a mark where it differs by more than noise. */
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

static void set_cell(struct libscols_line *line, size_t column,
		     struct strbuf *sb)
{
	if (scols_line_set_data(line, column, strbuf_text(sb)))
		xcheck(NULL);
	strbuf_reset(sb);
}

static void add_row(struct libscols_table *tb, const struct bench *bench,
		    size_t value)
{
	struct bench_summary summary = bench_summarize(bench, value);
	struct libscols_line *line = xcheck(scols_table_new_line(tb, NULL));
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "%" PRIu64 "%s", summary.value,
		    summary.baseline ? " (base)" : "");
	set_cell(line, 0, &sb);
	strbuf_addf(&sb, "%zu", summary.runs);
	set_cell(line, 1, &sb);
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++) {
		add_cell(&sb, &summary, i);
		set_cell(line, 2 + i, &sb);
	}
	strbuf_release(&sb);
}

static void print_conditions(FILE *out, const struct bench_conditions *c)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb,
		    "Linux %s, %s, source %s\n%s\n%" PRIu64 " devices, %" PRIu64
		    " deep%s, ",
		    c->kernel, c->machine,
		    c->source == SAMPLE_STOCK ? "stock" : "tracepoints",
		    c->command, c->devices, c->depth,
		    c->fec ? ", with error correction" : "");
	units_add_bytes(&sb, c->data_bytes);
	strbuf_addf(&sb,
		    " in blocks of %" PRIu64 "; %s reads by %" PRIu64
		    " jobs for ",
		    c->block_size, c->load, c->jobs);
	units_add_time(&sb, c->runtime_ns);
	strbuf_addf(&sb, "; pressure: %s\n\n", c->pressure);
	fputs(strbuf_text(&sb), out);
	strbuf_release(&sb);
}

void bench_text(FILE *out, const struct bench *bench)
{
	struct libscols_table *tb = xcheck(scols_new_table());

	print_conditions(out, &bench->conditions);
	scols_table_set_stream(tb, out);
	xcheck(scols_table_new_column(tb, "IOS", 0, SCOLS_FL_RIGHT));
	xcheck(scols_table_new_column(tb, "RUNS", 0, SCOLS_FL_RIGHT));
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++)
		xcheck(scols_table_new_column(tb, bench_figure_infos[i].heading,
					      0, SCOLS_FL_RIGHT));
	for (size_t i = 0; i < bench->nr_values; i++)
		add_row(tb, bench, i);
	if (scols_print_table(tb))
		xcheck(NULL);
	scols_unref_table(tb);
	fprintf(out,
		"\nMedians, [least most]. * differs from the base by more than "
		"noise (p < 0.05);\nwhat has no * does not, by these %zu runs "
		"each%s.\n",
		bench->repeats,
		bench->repeats < 4 ?
			", which are too few to tell: four are the least" :
			"");
	if (bench->foreign)
		fprintf(out,
			"%" PRIu64 " tables of others were loaded while the "
			"parameter was ours.\n",
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
