// SPDX-License-Identifier: GPL-2.0-only
/* The differences as JSON: a stable interface, docs/diff.schema.json. */
#include "base/strbuf.h"
#include "sample/words.h"
#include "views/diff_view.h"
#include "views/json_value.h"

/* "a", "b" and, where both are known, "change". */
static void put_pair(struct json_writer *w, const char *key,
		     const struct snap_sum *a, const struct snap_sum *b)
{
	json_put_object(w, key);
	json_put_number(w, "a", a->exact);
	json_put_number(w, "b", b->exact);
	if (diff_known(a, b))
		json_put_i64(w, "change", (int64_t)(b->exact - a->exact));
	else
		json_put_null(w, "change");
	json_put_u64(w, "a_at_least", a->least);
	json_put_u64(w, "b_at_least", b->least);
	json_put_end(w);
}

static void put_sample(struct json_writer *w, const char *key, const char *name,
		       const struct sample *sample)
{
	json_put_object(w, key);
	json_put_text(w, "from", name);
	json_put_text(w, "source", sample_source_words[sample->source]);
	json_put_text(w, "kernel", sample->kernel);
	json_put_number(w, "boottime_ns", sample->boottime_ns);
	json_put_number(w, "reserved_bio_based_ios",
			sample->reserved_bio_based_ios);
	json_put_losses(w, "lost", &sample->losses);
	json_put_end(w);
}

static void put_role(struct json_writer *w, const struct diff_role *role)
{
	const struct diff_side *a = &role->sides[0], *b = &role->sides[1];

	json_put_object(w, NULL);
	json_put_text(w, "role", role->role);
	json_put_text(w, "state", diff_state_names[role->state]);
	put_pair(w, "pools", &a->pools, &b->pools);
	put_pair(w, "elements", &a->elements, &b->elements);
	put_pair(w, "reserved_bytes", &a->reserved, &b->reserved);
	json_put_end(w);
}

static void put_dev(struct json_writer *w, const char *key,
		    const struct snap_entry *entry)
{
	if (entry && entry->dev_known)
		json_put_devno(w, key, entry->dev);
	else
		json_put_null(w, key);
}

static void put_device(struct json_writer *w, const struct diff_device *device)
{
	static const struct snap_sums none;
	const struct snap_entry *a = device->entries[0],
				*b = device->entries[1];
	const struct snap_entry *newest = b ? b : a;
	const struct snap_sums *x = a ? &a->sums : &none,
			       *y = b ? &b->sums : &none;

	json_put_object(w, NULL);
	json_put_text(w, "name", newest->device ? newest->device->name : NULL);
	json_put_text(w, "uuid", newest->device ? newest->device->uuid : NULL);
	json_put_text(w, "slot", sample_slot_words[newest->slot]);
	json_put_text(w, "state", diff_state_names[device->state]);
	put_dev(w, "dev_a", a);
	put_dev(w, "dev_b", b);
	put_pair(w, "reserved_bytes", &x->reserved, &y->reserved);
	put_pair(w, "biovec_bytes", &x->biovec, &y->biovec);
	json_put_array(w, "roles");
	for (size_t i = 0; i < device->nr_roles; i++) {
		if (device->roles[i].state != DIFF_SAME)
			put_role(w, &device->roles[i]);
	}
	json_put_end(w);
	json_put_end(w);
}

void diff_json(FILE *out, const struct diff_view *view)
{
	const struct diff *diff = view->diff;
	struct strbuf text = { 0 };
	struct json_writer w = json_begin(&text, out);

	json_put_text(&w, "schema", "verity-memtop/diff/1");
	json_put_bool(&w, "differs", diff->differs);
	put_sample(&w, "a", view->names[0], view->snaps[0]->sample);
	put_sample(&w, "b", view->names[1], view->snaps[1]->sample);
	json_put_array(&w, "devices");
	for (size_t i = 0; i < diff->nr_devices; i++) {
		if (diff->devices[i].state != DIFF_SAME)
			put_device(&w, &diff->devices[i]);
	}
	json_put_end(&w);
	json_put_object(&w, "totals");
	json_put_u64(&w, "same", diff->count[DIFF_SAME]);
	json_put_u64(&w, "changed", diff->count[DIFF_CHANGED]);
	json_put_u64(&w, "appeared", diff->count[DIFF_APPEARED]);
	json_put_u64(&w, "gone", diff->count[DIFF_GONE]);
	put_pair(&w, "reserved_bytes", &diff->sums[0].reserved,
		 &diff->sums[1].reserved);
	put_pair(&w, "biovec_bytes", &diff->sums[0].biovec,
		 &diff->sums[1].biovec);
	json_put_end(&w);
	json_finish(&w);
}
