// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "model/advise.h"
#include "model/boot_setting.h"
#include "model/snapshot.h"
#include "base/strbuf.h"
#include "sample/words.h"
#include "views/advise_view.h"
#include "views/json_value.h"
#include "views/reload_line.h"

static void put_dev(struct json_writer *w, const char *key, bool known,
		    struct sample_devno dev)
{
	if (known)
		json_put_devno(w, key, dev);
	else
		json_put_null(w, key);
}

static void put_line(struct json_writer *w, const char *key, const char *text,
		     uint64_t value)
{
	struct strbuf sb = { 0 };

	boot_setting_add(&sb, text, value, "");
	json_put_text(w, key, strbuf_text(&sb));
	strbuf_release(&sb);
}

static void put_lines(struct json_writer *w, const char *key, uint64_t value,
		      enum distribution system)
{
	const struct boot_step *step = boot_setting_steps(system);

	if (value == MEMTOP_UNKNOWN) {
		json_put_null(w, key);
		return;
	}
	json_put_object(w, key);
	put_line(w, "modprobe", "options dm_mod reserved_bio_based_ios=@",
		 value);
	put_line(w, "command_line", "dm_mod.reserved_bio_based_ios=@", value);
	json_put_text(w, "system", distribution_names[system]);
	json_put_array(w, "steps");
	for (; step->title; step++) {
		json_put_object(w, NULL);
		json_put_text(w, "title", step->title);
		put_line(w, "lines", step->lines, value);
		json_put_end(w);
	}
	json_put_end(w);
	json_put_end(w);
}

static void put_reason(struct json_writer *w, const char *key,
		       enum advise_rule rule, const struct advise_reason *r)
{
	json_put_object(w, key);
	json_put_text(w, "rule", advise_rule_names[rule]);
	json_put_number(w, "value",
			rule < ADVISE_SUSPENDED ? r->value : MEMTOP_UNKNOWN);
	put_dev(w, "dev", r->dev_known, r->dev);
	json_put_text(w, "name", *r->name ? r->name : NULL);
	json_put_text(w, "role", *r->role ? r->role : NULL);
	json_put_number(w, "seen",
			rule == ADVISE_PROGRESS ? MEMTOP_UNKNOWN : r->seen);
	json_put_number(w, "min",
			*r->role && rule != ADVISE_FLUSH ? r->min :
							   MEMTOP_UNKNOWN);
	json_put_number(w, "longest_wait_ns", r->longest_wait_ns);
	put_dev(w, "cause_dev", r->cause_known, r->cause);
	json_put_text(w, "cause_name", *r->cause_name ? r->cause_name : NULL);
	json_put_text(w, "verdict",
		      rule == ADVISE_DEADLOCK ? finding_kind_names[r->kind] :
						NULL);
	json_put_end(w);
}

static void put_reasons(struct json_writer *w, const char *key,
			const struct advise_evidence *e)
{
	json_put_array(w, key);
	for (size_t rule = 0; rule < NR_ADVISE_RULES; rule++) {
		if (e->reasons[rule].value)
			put_reason(w, NULL, rule, &e->reasons[rule]);
	}
	json_put_end(w);
}

static void put_table(struct json_writer *w, const char *key,
		      const struct advise_table *table)
{
	const struct snap_entry *entry = table->entry;
	struct strbuf line = { 0 };

	json_put_object(w, key);
	json_put_text(w, "name", entry->device ? entry->device->name : NULL);
	put_dev(w, "dev", entry->dev_known, entry->dev);
	json_put_text(w, "slot", sample_slot_words[entry->slot]);
	json_put_number(w, "least", table->least);
	json_put_number(w, "most", table->most);
	json_put_number(w, "reserved_bytes", table->now);
	json_put_number(w, "then_bytes", table->then);
	json_put_bool(w, "reload", table->reload);
	json_put_text(w, "reload_way", reload_way_names[table->way]);
	reload_line_add(&line, table->way, entry);
	json_put_text(w, "reload_line", line.len ? strbuf_text(&line) : NULL);
	strbuf_release(&line);
	json_put_number(w, "like", table->like);
	json_put_end(w);
}

/* If more is needed, savings are negative. */
static void put_saved(struct json_writer *w, const char *key, uint64_t now,
		      uint64_t then)
{
	if (now == MEMTOP_UNKNOWN || then == MEMTOP_UNKNOWN)
		json_put_null(w, key);
	else
		json_put_i64(w, key, (int64_t)(now - then));
}

static void put_choice(struct json_writer *w, const struct advice *advice,
		       const struct advise_choice *choice)
{
	json_put_object(w, NULL);
	json_put_number(w, "value", choice->value);
	json_put_number(w, "then_bytes", choice->then);
	json_put_bool(w, "then_at_most", choice->at_least);
	put_saved(w, "saved_bytes", advice->now, choice->then);
	json_put_number(w, "reload_tables", choice->nr_reload);
	json_put_array(w, "against");
	for (size_t rule = 0; rule < NR_ADVISE_RULES; rule++) {
		if (choice->against[rule])
			json_put_text(w, NULL, advise_rule_names[rule]);
	}
	json_put_end(w);
	json_put_end(w);
}

static void put_evidence(struct json_writer *w, const struct advise_evidence *e)
{
	json_put_number(w, "samples", e->nr_samples);
	json_put_number(w, "span_ns", advise_time(e));
	json_put_bool(w, "waits_known", !e->waits_unknown);
	json_put_bool(w, "levels_known", !e->levels_unknown);
	put_reasons(w, "reasons", e);
}

/* Which parameter sizes them instead; null: none does. */
static void put_fixed(struct json_writer *w, const char *key,
		      const struct advice *advice)
{
	json_put_array(w, key);
	for (enum pool_role id = 0; id < NR_POOL_ROLES; id++) {
		const struct role *row = role_row(id);
		const struct advise_fixed *fixed = &advice->fixed[id];

		if (!fixed->pools)
			continue;
		json_put_object(w, NULL);
		json_put_text(w, "role", row->name);
		json_put_number(w, "pools", fixed->pools);
		json_put_number(w, "reserved_bytes", fixed->bytes);
		json_put_text(w, "parameter",
			      role_is_sized_by_parameter(row->name) ?
				      NULL :
				      role_parameter(row));
		json_put_end(w);
	}
	json_put_end(w);
}

void advise_json(FILE *out, const struct advice *advice,
		 enum distribution system)
{
	const struct sample *sample = advice->sample;
	struct strbuf text = { 0 };
	struct json_writer writer = json_begin(&text, out), *w = &writer;

	json_put_text(w, "schema", "verity-memtop/advise/1");
	json_put_text(w, "source", sample_source_words[sample->source]);
	json_put_text(w, "kernel", sample->kernel);
	json_put_number(w, "reserved_bio_based_ios",
			sample->reserved_bio_based_ios);
	json_put_number(w, "enough", advice->least);
	json_put_number(w, "value", advice->value);
	put_evidence(w, &advice->evidence);
	json_put_number(w, "depth", advice->depth);
	json_put_number(w, "fec_tables", advice->nr_fec);
	json_put_number(w, "shared_pools", advice->nr_shared);
	json_put_number(w, "reserved_bytes", advice->now);
	json_put_number(w, "then_bytes", advice->then);
	json_put_bool(w, "then_at_most", advice->at_least);
	put_saved(w, "saved_bytes", advice->now, advice->then);
	json_put_array(w, "what_if");
	for (size_t i = 0; i < advice->nr_choices; i++)
		put_choice(w, advice, &advice->choices[i]);
	json_put_end(w);
	json_put_array(w, "tables");
	for (size_t i = 0; i < advice->nr_tables; i++)
		put_table(w, NULL, &advice->tables[i]);
	json_put_end(w);
	put_fixed(w, "not_sized", advice);
	put_lines(w, "lines", advice->value, system);
	json_put_losses(w, "lost", &sample->losses);
	json_finish(w);
}
