// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "model/advise.h"
#include "model/snapshot.h"
#include "util/alloc.h"
#include "util/strbuf.h"
#include "views/advise_view.h"
#include "views/json_value.h"

static struct json_object *new_boolean(bool value)
{
	return xcheck(json_object_new_boolean(value));
}

static struct json_object *new_line(const char *format, uint64_t value)
{
	struct strbuf sb = { 0 };
	struct json_object *ret;

	strbuf_addf(&sb, "%s%" PRIu64, format, value);
	ret = json_new_text(strbuf_text(&sb));
	strbuf_release(&sb);
	return ret;
}

static struct json_object *new_lines(uint64_t value)
{
	struct json_object *object;

	if (value == MEMTOP_UNKNOWN)
		return NULL;
	object = json_new_object();
	json_put(object, "modprobe",
		 new_line("options dm_mod reserved_bio_based_ios=", value));
	json_put(object, "command_line",
		 new_line("dm_mod.reserved_bio_based_ios=", value));
	return object;
}

static struct json_object *new_reason(enum advise_rule rule,
				      const struct advise_reason *r)
{
	struct json_object *object = json_new_object();

	json_put(object, "rule", json_new_text(advise_rule_names[rule]));
	json_put(object, "value",
		 rule < ADVISE_SUSPENDED ? json_new_number(r->value) : NULL);
	json_put(object, "dev", r->dev_known ? json_new_devno(r->dev) : NULL);
	json_put(object, "name", *r->name ? json_new_text(r->name) : NULL);
	json_put(object, "role", *r->role ? json_new_text(r->role) : NULL);
	json_put(object, "seen",
		 rule == ADVISE_PROGRESS ? NULL : json_new_number(r->seen));
	json_put(object, "min",
		 *r->role && rule != ADVISE_FLUSH ? json_new_number(r->min) :
						    NULL);
	json_put(object, "longest_wait_ns",
		 json_new_number(r->longest_wait_ns));
	json_put(object, "cause_dev",
		 r->cause_known ? json_new_devno(r->cause) : NULL);
	json_put(object, "cause_name",
		 *r->cause_name ? json_new_text(r->cause_name) : NULL);
	json_put(object, "verdict",
		 rule == ADVISE_DEADLOCK ?
			 json_new_text(finding_kind_names[r->kind]) :
			 NULL);
	return object;
}

static struct json_object *new_reasons(const struct advise_evidence *e)
{
	struct json_object *array = json_new_array();

	for (size_t rule = 0; rule < NR_ADVISE_RULES; rule++) {
		if (e->reasons[rule].value)
			json_append(array, new_reason(rule, &e->reasons[rule]));
	}
	return array;
}

static struct json_object *new_table(const struct advise_table *table)
{
	static const char *const slots[] = {
		[SAMPLE_SLOT_UNKNOWN] = NULL,
		[SAMPLE_SLOT_LIVE] = "live",
		[SAMPLE_SLOT_INACTIVE] = "inactive",
	};
	const struct snap_entry *entry = table->entry;
	struct json_object *object = json_new_object();
	const char *slot = slots[entry->slot];

	json_put(object, "name",
		 entry->device ? json_new_text(entry->device->name) : NULL);
	json_put(object, "dev",
		 entry->dev_known ? json_new_devno(entry->dev) : NULL);
	json_put(object, "slot", slot ? json_new_text(slot) : NULL);
	json_put(object, "least", json_new_number(table->least));
	json_put(object, "most", json_new_number(table->most));
	json_put(object, "reserved_bytes", json_new_number(table->now));
	json_put(object, "then_bytes", json_new_number(table->then));
	json_put(object, "reload", new_boolean(table->reload));
	return object;
}

/* What is more then is saved below zero. */
static struct json_object *new_saved(uint64_t now, uint64_t then)
{
	if (now == MEMTOP_UNKNOWN || then == MEMTOP_UNKNOWN)
		return NULL;
	return xcheck(json_object_new_int64((int64_t)(now - then)));
}

static void put_evidence(struct json_object *object,
			 const struct advise_evidence *e)
{
	json_put(object, "samples", json_new_number(e->nr_samples));
	json_put(object, "span_ns",
		 json_new_number(e->last_ns > e->first_ns ?
					 e->last_ns - e->first_ns :
					 0));
	json_put(object, "waits_known", new_boolean(!e->waits_unknown));
	json_put(object, "levels_known", new_boolean(!e->levels_unknown));
	json_put(object, "reasons", new_reasons(e));
}

void advise_json(FILE *out, const struct advice *advice)
{
	const struct sample *sample = advice->sample;
	struct json_object *object = json_new_object();
	struct json_object *tables = json_new_array();

	for (size_t i = 0; i < advice->nr_tables; i++)
		json_append(tables, new_table(&advice->tables[i]));
	json_put(object, "schema", json_new_text("verity-memtop/advise/1"));
	json_put(object, "source",
		 json_new_text(sample->source == SAMPLE_STOCK ? "stock" :
								"tracepoints"));
	json_put(object, "kernel", json_new_text(sample->kernel));
	json_put(object, "reserved_bio_based_ios",
		 json_new_number(sample->reserved_bio_based_ios));
	json_put(object, "enough", json_new_number(advice->least));
	json_put(object, "value", json_new_number(advice->value));
	put_evidence(object, &advice->evidence);
	json_put(object, "depth", json_new_number(advice->depth));
	json_put(object, "fec_tables", json_new_number(advice->nr_fec));
	json_put(object, "shared_pools", json_new_number(advice->nr_shared));
	json_put(object, "reserved_bytes", json_new_number(advice->now));
	json_put(object, "then_bytes", json_new_number(advice->then));
	json_put(object, "then_at_most", new_boolean(advice->at_least));
	json_put(object, "saved_bytes", new_saved(advice->now, advice->then));
	json_put(object, "tables", tables);
	json_put(object, "lines", new_lines(advice->value));
	json_put(object, "lost", json_new_losses(&sample->losses));
	json_write(out, object);
}
