// SPDX-License-Identifier: GPL-2.0-only
/* The report as JSON: a stable interface, described in docs/json.md. */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "model/backing.h"
#include "model/owner.h"
#include "sample/wait_histogram.h"
#include "sample/words.h"
#include "views/json_value.h"
#include "views/report_view.h"

/* Limit of other devices of a shared pool; their total is printed as well. */
#define MAX_SHARED 16

static void put_devnos(struct json_writer *w, const char *key,
		       const struct sample_devno *devs, size_t nr)
{
	size_t i;

	json_put_array(w, key);
	for (i = 0; i < nr; i++)
		json_put_devno(w, NULL, devs[i]);
	json_put_end(w);
}

static void put_targets(struct json_writer *w, const char *key,
			const struct snap_entry *entry)
{
	size_t i;

	if (!entry->device || (entry->device->gaps & SAMPLE_NO_TARGETS)) {
		json_put_null(w, key);
		return;
	}
	json_put_array(w, key);
	for (i = 0; i < entry->nr_targets; i++) {
		json_put_object(w, NULL);
		json_put_number(w, "index", entry->targets[i]->index);
		json_put_text(w, "type", entry->targets[i]->type);
		json_put_end(w);
	}
	json_put_end(w);
}

/* The target types that make the reserves unknown, each once. */
static void put_unknown(struct json_writer *w, const char *key,
			const struct snap_entry *entry)
{
	const char **types;
	size_t nr, i;

	if (!entry->device) {
		json_put_null(w, key);
		return;
	}
	types = snap_list_unknown_types(&entry, 1, &nr);
	json_put_array(w, key);
	for (i = 0; i < nr; i++)
		json_put_text(w, NULL, types[i]);
	json_put_end(w);
	free(types);
}

/* The sample has only the live table's lower devices. */
static void put_lower(struct json_writer *w, const char *key,
		      const struct snap_entry *entry)
{
	if (!entry->device || entry->slot != SAMPLE_SLOT_LIVE ||
	    (entry->device->gaps & (SAMPLE_NO_LOWER | SAMPLE_NO_TARGETS)))
		json_put_null(w, key);
	else
		put_devnos(w, key, entry->device->lower,
			   entry->device->nr_lower);
}

static void put_owner(struct json_writer *w, const char *key,
		      const struct owner *owner)
{
	struct strbuf evidence = { 0 };

	owner_add_evidence(&evidence, owner);
	json_put_object(w, key);
	json_put_text(w, "kind", owner->kind);
	json_put_text(w, "group", *owner->group ? owner->group : NULL);
	json_put_text(w, "evidence", strbuf_text(&evidence));
	json_put_end(w);
	strbuf_release(&evidence);
}

static void put_owner_of(struct json_writer *w, const char *key,
			 const struct snap_entry *entry)
{
	struct owner owner;

	if (entry->device && owner_find(entry->sample, entry->device, &owner))
		put_owner(w, key, &owner);
	else
		json_put_null(w, key);
}

/* The files of the loop devices that the device is on. */
static void put_backing(struct json_writer *w, const char *key,
			const struct snap_entry *entry)
{
	struct backing backing;

	if (!entry->device || !entry->sample->blocks_known) {
		json_put_null(w, key);
		return;
	}
	backing_find(entry->sample, entry->device, &backing);
	json_put_array(w, key);
	for (size_t i = 0; i < backing.nr; i++)
		json_put_text(w, NULL, backing.loops[i]->backing);
	json_put_end(w);
}

static void put_mount(struct json_writer *w, const char *key, const char *point,
		      const char *type)
{
	json_put_object(w, key);
	json_put_text(w, "point", point);
	json_put_text(w, "type", type);
	json_put_end(w);
}

/* @block is NULL for a device that is not mounted. */
static void put_mounts(struct json_writer *w, const char *key,
		       const struct sample_block *block)
{
	json_put_array(w, key);
	for (size_t i = 0; block && i < block->nr_mounts; i++)
		put_mount(w, NULL, block->mounts[i].point,
			  block->mounts[i].type);
	json_put_end(w);
}

static void put_mounts_of(struct json_writer *w, const char *key,
			  const struct snap_entry *entry)
{
	if (entry->dev_known && entry->sample->blocks_known)
		put_mounts(w, key,
			   sample_find_block(entry->sample, entry->dev));
	else
		json_put_null(w, key);
}

static void put_block(struct json_writer *w, const struct sample_block *block)
{
	json_put_object(w, NULL);
	json_put_devno(w, "dev", block->dev);
	json_put_text(w, "name", *block->name ? block->name : NULL);
	json_put_text(w, "backing", *block->backing ? block->backing : NULL);
	if (*block->backing_mount)
		put_mount(w, "backing_mount", block->backing_mount,
			  block->backing_type);
	else
		json_put_null(w, "backing_mount");
	put_mounts(w, "mounts", block);
	put_devnos(w, "lower", block->lower, block->nr_lower);
	json_put_end(w);
}

/* The devices between the mapped ones and the disks, and these. */
static void put_blocks(struct json_writer *w, const char *key,
		       const struct sample *s)
{
	if (!s->blocks_known) {
		json_put_null(w, key);
		return;
	}
	json_put_array(w, key);
	for (size_t i = 0; i < s->nr_blocks; i++) {
		if (!sample_find_device(s, s->blocks[i].dev))
			put_block(w, &s->blocks[i]);
	}
	json_put_end(w);
}

static void put_io(struct json_writer *w, const char *key,
		   struct sample_devno dev, uint64_t sector, uint64_t sectors)
{
	json_put_object(w, key);
	json_put_devno(w, "dev", dev);
	json_put_number(w, "sector", sector);
	json_put_number(w, "sectors", sectors);
	json_put_end(w);
}

/* The tasks that wait for @pool, or that have an element of it. */
static void put_tasks(struct json_writer *w, const char *key,
		      const struct snap_pool *pool, bool holders)
{
	size_t nr = snap_pool_nr_tasks(pool, holders), i;

	json_put_array(w, key);
	for (i = 0; i < nr; i++) {
		const struct sample_task *t = snap_pool_task(pool, holders, i);

		json_put_object(w, NULL);
		json_put_number(w, "pid", t->pid);
		json_put_text(w, "comm", t->comm);
		json_put_number(w, "since_ns", t->since_ns);
		json_put_number(w, "op", t->op);
		if (t->io_known)
			put_io(w, "io", t->io_dev, t->io_sector, t->io_sectors);
		else
			json_put_null(w, "io");
		json_put_end(w);
	}
	json_put_end(w);
}

/* The finished waits of @pool by duration; null: not counted. */
static void put_wait_histogram(struct json_writer *w, const char *key,
			       const struct sample_pool *pool)
{
	struct wait_histogram h = wait_histogram_none();

	wait_histogram_add(&h, pool);
	if (!h.known) {
		json_put_null(w, key);
		return;
	}
	json_put_array(w, key);
	for (size_t i = 0; i < WAIT_HISTOGRAM_BUCKETS; i++) {
		if (!h.waits[i])
			continue;
		json_put_object(w, NULL);
		json_put_number(w, "up_to_ns", wait_histogram_most(i));
		json_put_number(w, "waits", h.waits[i]);
		json_put_end(w);
	}
	json_put_end(w);
}

/*
 * A device's repairs are printed with its live table only, as its counts are.
 */
static void put_repairs(struct json_writer *w, const char *key,
			const struct snap_entry *entry)
{
	const struct sample_device *device = entry->device;
	size_t i;

	if (!device || entry->slot != SAMPLE_SLOT_LIVE || !device->ops_known) {
		json_put_null(w, key);
		return;
	}
	json_put_array(w, key);
	for (i = 0; i < device->nr_ops; i++) {
		const struct sample_op *op = &device->ops[i];

		json_put_object(w, NULL);
		json_put_number(w, "op", op->op);
		json_put_text(w, "kind", sample_op_words[op->kind]);
		json_put_number(w, "pid", op->pid);
		json_put_text(w, "comm", op->comm);
		json_put_number(w, "since_ns", op->since_ns);
		json_put_bool(w, "metadata", op->metadata);
		json_put_number(w, "block", op->block);
		put_io(w, "io", op->io_dev, op->io_sector, op->io_sectors);
		json_put_end(w);
	}
	json_put_end(w);
}

/* Each of n devices would name n - 1 others, so there is a limit. */
static void put_shared(struct json_writer *w, const char *key,
		       const struct snap_pool *pool)
{
	size_t nr = 0;

	json_put_array(w, key);
	for (size_t i = 0; i < pool->nr_users && nr < MAX_SHARED; i++) {
		if (!snap_pool_is_shared_with(pool, pool->users[i]))
			continue;
		json_put_devno(w, NULL, pool->users[i]);
		nr++;
	}
	json_put_end(w);
}

static void put_row(struct json_writer *w, const struct field_table *table,
		    const struct field_row *row);

static void put_pools(struct json_writer *w, const char *key,
		      const struct snap_entry *entry)
{
	size_t i;

	json_put_array(w, key);
	for (i = 0; i < entry->nr_pools; i++) {
		const struct field_row row = { .entry = entry,
					       .pool = &entry->pools[i] };

		put_row(w, &pool_fields, &row);
	}
	json_put_end(w);
}

static void put_list(struct json_writer *w, const char *key,
		     enum field_list list, const struct field_row *row)
{
	switch (list) {
	case LIST_TARGETS:
		put_targets(w, key, row->entry);
		break;
	case LIST_LOWER:
		put_lower(w, key, row->entry);
		break;
	case LIST_POOLS:
		put_pools(w, key, row->entry);
		break;
	case LIST_WAITERS:
		put_tasks(w, key, row->pool, false);
		break;
	case LIST_HOLDERS:
		if (row->pool->raw->holders_known)
			put_tasks(w, key, row->pool, true);
		else
			json_put_null(w, key);
		break;
	case LIST_REPAIRS:
		put_repairs(w, key, row->entry);
		break;
	case LIST_SHARED:
		put_shared(w, key, row->pool);
		break;
	case LIST_UNKNOWN:
		put_unknown(w, key, row->entry);
		break;
	case LIST_WAIT_HISTOGRAM:
		put_wait_histogram(w, key, row->pool->raw);
		break;
	case LIST_OWNER:
		put_owner_of(w, key, row->entry);
		break;
	case LIST_BACKING:
		put_backing(w, key, row->entry);
		break;
	case LIST_MOUNTS:
		put_mounts_of(w, key, row->entry);
		break;
	default:
		json_put_null(w, key);
	}
}

static void put_value(struct json_writer *w, const struct field *field,
		      const struct field_row *row, struct strbuf *text)
{
	uint64_t n;

	switch (field->type) {
	case FIELD_LIST:
		put_list(w, field->json, field->list, row);
		break;
	case FIELD_TEXT:
		strbuf_reset(text);
		json_put_text(w, field->json,
			      field->text(row, text) ? strbuf_text(text) :
						       NULL);
		break;
	case FIELD_BOOL:
		n = field_number(field, row);
		if (n == MEMTOP_UNKNOWN)
			json_put_null(w, field->json);
		else
			json_put_bool(w, field->json, n != 0);
		break;
	default:
		json_put_number(w, field->json, field_number(field, row));
	}
}

/* An object of every field of @table that has a key. */
static void put_row(struct json_writer *w, const struct field_table *table,
		    const struct field_row *row)
{
	struct strbuf text = { 0 };
	size_t i;

	json_put_object(w, NULL);
	for (i = 0; i < table->nr; i++) {
		if (table->fields[i].json)
			put_value(w, &table->fields[i], row, &text);
	}
	json_put_end(w);
	strbuf_release(&text);
}

static void put_sums(struct json_writer *w, const struct snap_sums *sums,
		     const struct snap_count *count)
{
	json_put_number(w, "devices", count->devices);
	json_put_number(w, "unknown_devices", count->unknown);
	json_put_number(w, "reserved_bytes", sums->reserved.exact);
	json_put_number(w, "biovec_bytes", sums->biovec.exact);
	json_put_number(w, "cached_bytes", sums->cached.exact);
	json_put_number(w, "reserved_bytes_at_least", sums->reserved.least);
	json_put_number(w, "biovec_bytes_at_least", sums->biovec.least);
	json_put_number(w, "cached_bytes_at_least", sums->cached.least);
}

static void put_total(struct json_writer *w, const char *key,
		      const struct report_total *total)
{
	json_put_object(w, key);
	if (total->glob)
		json_put_text(w, "glob", total->glob);
	put_sums(w, &total->sums, &total->count);
	json_put_end(w);
}

static void put_groups(struct json_writer *w, const char *key,
		       const struct report_view *view)
{
	json_put_array(w, key);
	for (size_t i = 0; i < view->nr_groups; i++) {
		const struct owner_group *group = &view->groups[i];

		json_put_object(w, NULL);
		if (group->owner.kind)
			put_owner(w, "owner", &group->owner);
		else
			json_put_null(w, "owner");
		put_sums(w, &group->sums, &group->count);
		json_put_end(w);
	}
	json_put_end(w);
}

void json_report(FILE *out, const struct report_view *view)
{
	const struct sample *sample = view->snap->sample;
	struct strbuf text = { 0 };
	struct json_writer w = json_begin(&text, out);
	size_t i;

	json_put_text(&w, "schema", "verity-memtop/report/1");
	json_put_text(&w, "source", sample_source_words[sample->source]);
	json_put_text(&w, "kernel", sample->kernel);
	json_put_number(&w, "boottime_ns", sample->boottime_ns);
	json_put_number(&w, "reserved_bio_based_ios",
			sample->reserved_bio_based_ios);
	json_put_array(&w, "devices");
	for (i = 0; i < view->nr_rows; i++)
		put_row(&w, &device_fields, &view->rows[i]);
	json_put_end(&w);
	put_blocks(&w, "block_devices", sample);
	json_put_array(&w, "subtotals");
	for (i = 0; i < view->nr_subtotals; i++)
		put_total(&w, NULL, &view->subtotals[i]);
	json_put_end(&w);
	if (view->groups)
		put_groups(&w, "groups", view);
	put_total(&w, "totals", &view->total);
	json_put_losses(&w, "lost", &sample->losses);
	json_finish(&w);
}
