// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "model/bench.h"
#include "util/alloc.h"
#include "views/bench_view.h"
#include "views/json_value.h"

static struct json_object *new_conditions(const struct bench_conditions *c)
{
	struct json_object *object = json_new_object();

	json_put(object, "command", json_new_text(c->command));
	json_put(object, "devices", json_new_number(c->devices));
	json_put(object, "depth", json_new_number(c->depth));
	json_put(object, "fec", xcheck(json_object_new_boolean(c->fec)));
	json_put(object, "snapshot",
		 xcheck(json_object_new_boolean(c->snapshot)));
	json_put(object, "on", json_new_text(c->backing));
	json_put(object, "block_size", json_new_number(c->block_size));
	json_put(object, "data_bytes", json_new_number(c->data_bytes));
	json_put(object, "blocks",
		 json_new_text(bench_blocks_names[c->blocks]));
	json_put(object, "load", json_new_text(bench_load_names[c->load]));
	json_put(object, "jobs", json_new_number(c->jobs));
	json_put(object, "runtime_ns", json_new_number(c->runtime_ns));
	json_put(object, "pressure", json_new_text(c->pressure));
	return object;
}

static struct json_object *new_levels(const struct bench_level *levels,
				      size_t nr)
{
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < nr; i++) {
		struct json_object *object = json_new_object();

		json_put(object, "role", json_new_text(levels[i].role));
		json_put(object, "min", json_new_number(levels[i].min));
		json_put(object, "lowest", json_new_number(levels[i].lowest));
		json_append(array, object);
	}
	return array;
}

static struct json_object *new_run(const struct bench *bench,
				   const struct bench_run *run)
{
	struct json_object *object = json_new_object();

	json_put(object, "ios", json_new_number(bench->values[run->value]));
	json_put(object, "round", json_new_number(run->round + 1));
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++)
		json_put(object, bench_figure_infos[i].name,
			 json_new_number(run->figures[i]));
	json_put(object, "levels", new_levels(run->levels, run->nr_levels));
	return object;
}

static struct json_object *new_spread(const struct bench_summary *summary,
				      enum bench_figure figure)
{
	const struct stats_spread *spread = &summary->spreads[figure];
	struct json_object *object = json_new_object();

	json_put(object, "median", json_new_number(spread->median));
	json_put(object, "least", json_new_number(spread->least));
	json_put(object, "most", json_new_number(spread->most));
	json_put(object, "chance",
		 summary->baseline ? NULL :
				     xcheck(json_object_new_double(
					     summary->chances[figure])));
	json_put(object, "noise",
		 xcheck(json_object_new_boolean(summary->chances[figure] >=
						STATS_NOISE)));
	return object;
}

static struct json_object *new_value(const struct bench *bench, size_t value)
{
	struct bench_summary summary = bench_summarize(bench, value);
	struct json_object *object = json_new_object();
	struct bench_level *levels;
	size_t nr = bench_levels(bench, value, &levels);

	json_put(object, "ios", json_new_number(summary.value));
	json_put(object, "runs", json_new_number(summary.runs));
	json_put(object, "baseline",
		 xcheck(json_object_new_boolean(summary.baseline)));
	for (size_t i = 0; i < NR_BENCH_FIGURES; i++)
		json_put(object, bench_figure_infos[i].name,
			 new_spread(&summary, i));
	json_put(object, "levels", new_levels(levels, nr));
	free(levels);
	return object;
}

void bench_json(FILE *out, const struct bench *bench)
{
	const struct bench_conditions *c = &bench->conditions;
	struct json_object *object = json_new_object();
	struct json_object *values = json_new_array(), *runs = json_new_array();

	for (size_t i = 0; i < bench->nr_values; i++)
		json_append(values, new_value(bench, i));
	for (size_t i = 0; i < bench->nr_runs; i++) {
		if (bench->runs[i].done)
			json_append(runs, new_run(bench, &bench->runs[i]));
	}
	json_put(object, "schema", json_new_text("verity-memtop/bench/1"));
	json_put(object, "kernel", json_new_text(c->kernel));
	json_put(object, "machine", json_new_text(c->machine));
	json_put(object, "source",
		 json_new_text(c->source == SAMPLE_STOCK ? "stock" :
							   "tracepoints"));
	json_put(object, "conditions", new_conditions(c));
	json_put(object, "repeats", json_new_number(bench->repeats));
	json_put(object, "values", values);
	json_put(object, "runs", runs);
	json_put(object, "foreign_tables", json_new_number(bench->foreign));
	json_write(out, object);
}
