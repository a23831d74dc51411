// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "model/bench.h"
#include "base/strbuf.h"
#include "sample/words.h"
#include "views/bench_view.h"
#include "views/json_value.h"

static void put_conditions(struct json_writer *w, const char *key,
			   const struct bench_conditions *c)
{
	json_put_object(w, key);
	json_put_text(w, "command", c->command);
	json_put_number(w, "devices", c->devices);
	json_put_number(w, "depth", c->depth);
	json_put_bool(w, "fec", c->fec);
	json_put_bool(w, "snapshot", c->snapshot);
	json_put_text(w, "on", c->backing);
	json_put_number(w, "block_size", c->block_size);
	json_put_number(w, "data_bytes", c->data_bytes);
	json_put_text(w, "blocks", bench_blocks_names[c->blocks]);
	json_put_text(w, "load", bench_load_names[c->load]);
	json_put_number(w, "jobs", c->jobs);
	json_put_number(w, "runtime_ns", c->runtime_ns);
	json_put_text(w, "pressure", c->pressure);
	json_put_end(w);
}

static void put_levels(struct json_writer *w, const char *key,
		       const struct bench_level *levels, size_t nr)
{
	json_put_array(w, key);
	for (size_t i = 0; i < nr; i++) {
		json_put_object(w, NULL);
		json_put_text(w, "role", levels[i].role);
		json_put_number(w, "min", levels[i].min);
		json_put_number(w, "lowest", levels[i].lowest);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_run(struct json_writer *w, const char *key,
		    const struct bench *bench, const struct bench_run *run)
{
	json_put_object(w, key);
	json_put_number(w, "ios", bench->values[run->value]);
	json_put_number(w, "round", run->round + 1);
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++)
		json_put_number(w, bench_figure_infos[i].name, run->figures[i]);
	put_levels(w, "levels", run->levels, run->nr_levels);
	json_put_end(w);
}

static void put_spread(struct json_writer *w, const char *key,
		       const struct bench_summary *summary,
		       enum bench_figure figure)
{
	const struct stats_spread *spread = &summary->spreads[figure];

	json_put_object(w, key);
	json_put_number(w, "median", spread->median);
	json_put_number(w, "least", spread->least);
	json_put_number(w, "most", spread->most);
	if (summary->baseline)
		json_put_null(w, "chance");
	else
		json_put_double(w, "chance", summary->chances[figure]);
	json_put_bool(w, "noise", summary->chances[figure] >= STATS_NOISE);
	json_put_end(w);
}

static void put_value(struct json_writer *w, const char *key,
		      const struct bench *bench, size_t value)
{
	struct bench_summary summary = bench_summarize(bench, value);
	struct bench_level *levels;
	size_t nr = bench_levels(bench, value, &levels);

	json_put_object(w, key);
	json_put_number(w, "ios", summary.value);
	json_put_number(w, "runs", summary.runs);
	json_put_bool(w, "baseline", summary.baseline);
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++)
		put_spread(w, bench_figure_infos[i].name, &summary, i);
	put_levels(w, "levels", levels, nr);
	free(levels);
	json_put_end(w);
}

void bench_json(FILE *out, const struct bench *bench)
{
	const struct bench_conditions *c = &bench->conditions;
	struct strbuf text = { 0 };
	struct json_writer writer = json_begin(&text, out), *w = &writer;

	json_put_text(w, "schema", "verity-memtop/bench/1");
	json_put_text(w, "kernel", c->kernel);
	json_put_text(w, "machine", c->machine);
	json_put_text(w, "source", sample_source_words[c->source]);
	put_conditions(w, "conditions", c);
	json_put_number(w, "repeats", bench->repeats);
	json_put_array(w, "values");
	for (size_t i = 0; i < bench->nr_values; i++)
		put_value(w, NULL, bench, i);
	json_put_end(w);
	json_put_array(w, "runs");
	for (size_t i = 0; i < bench->nr_runs; i++) {
		if (bench->runs[i].done)
			put_run(w, NULL, bench, &bench->runs[i]);
	}
	json_put_end(w);
	json_put_number(w, "foreign_tables", bench->foreign);
	json_finish(w);
}
