// SPDX-License-Identifier: GPL-2.0-only
/* The list of samples as JSON: a stable interface, docs/samples.schema.json. */
#include "model/sample_events.h"
#include "sample/quantity.h"
#include "views/json_value.h"
#include "views/sample_list.h"

/* A pool without a known device is null. */
static void put_names(struct json_writer *w, const char *key,
		      const struct event_names *names)
{
	json_put_array(w, key);
	for (size_t i = 0; i < names->nr; i++)
		json_put_text(w, NULL, *names->all[i] ? names->all[i] : NULL);
	json_put_end(w);
}

static void put_count(struct json_writer *w, const char *key,
		      const struct sample_events *events, uint64_t nr)
{
	json_put_number(w, key, events->first ? MEMTOP_UNKNOWN : nr);
}

static void begin(struct sample_list *list)
{
	list->writer = json_begin(&list->text, NULL);
	json_put_text(&list->writer, "schema", "verity-memtop/samples/1");
	json_put_array(&list->writer, "samples");
}

void sample_list_add_json(struct sample_list *list, const struct sample *sample,
			  const struct sample_events *events)
{
	struct json_writer *w = &list->writer;

	if (!list->text.len)
		begin(list);
	json_put_object(w, NULL);
	json_put_u64(w, "number", list->number);
	json_put_number(w, "realtime_ns", sample->realtime_ns);
	json_put_number(w, "boottime_ns", sample->boottime_ns);
	json_put_number(w, "after_ns",
			quantity_sub(sample->boottime_ns, list->first_ns));
	json_put_u64(w, "devices", sample->nr_devices);
	json_put_u64(w, "waiting", events->waiting);
	json_put_number(w, "longest_wait_ns", events->longest_ns);
	json_put_object(w, "findings");
	for (enum finding_kind kind = 0; kind < NR_FINDING_KINDS; kind++)
		put_names(w, finding_kind_names[kind], &events->findings[kind]);
	json_put_end(w);
	put_names(w, "suspended", &events->suspended);
	put_names(w, "corrupted", &events->corrupted);
	put_names(w, "new", &events->added);
	put_names(w, "gone", &events->removed);
	put_count(w, "rechecks", events, events->rechecks);
	put_count(w, "decodes", events, events->decodes);
	put_names(w, "empty_pools", &events->empty);
	json_put_bool(w, "incomplete", events->incomplete);
	json_put_end(w);
}

void sample_list_print_json(struct sample_list *list, FILE *out)
{
	json_put_end(&list->writer);
	list->writer.out = out;
	json_finish(&list->writer);
}
