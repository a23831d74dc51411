// SPDX-License-Identifier: GPL-2.0-only
/* The report as JSON: a stable interface, described in docs/json.md. */
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/strbuf.h"
#include "util/text.h"
#include "views/json_value.h"
#include "views/report_view.h"

/* Of other devices of a shared pool; how many there are is said as well. */
#define MAX_SHARED 16

static struct json_object *new_devnos(const struct sample_devno *devs,
				      size_t nr)
{
	struct json_object *array = json_new_array();
	size_t i;

	for (i = 0; i < nr; i++)
		json_append(array, json_new_devno(devs[i]));
	return array;
}

static struct json_object *new_targets(const struct snap_entry *entry)
{
	struct json_object *array, *object;
	size_t i;

	if (!entry->device)
		return NULL;
	array = json_new_array();
	for (i = 0; i < entry->nr_targets; i++) {
		object = json_new_object();
		json_put(object, "index",
			 json_new_number(entry->targets[i]->index));
		json_put(object, "type",
			 json_new_text(entry->targets[i]->type));
		json_append(array, object);
	}
	return array;
}

/* What makes the reserves unknown, one type once. */
static struct json_object *new_unknown(const struct snap_entry *entry)
{
	struct json_object *array;
	const char **types;
	size_t nr, i;

	if (!entry->device)
		return NULL;
	types = snap_list_unknown_types(&entry, 1, &nr);
	array = json_new_array();
	for (i = 0; i < nr; i++)
		json_append(array, json_new_text(types[i]));
	free(types);
	return array;
}

/* The sample has the live table's lower devices only. */
static struct json_object *new_lower(const struct snap_entry *entry)
{
	if (!entry->device || entry->slot != SAMPLE_SLOT_LIVE)
		return NULL;
	return new_devnos(entry->device->lower, entry->device->nr_lower);
}

static struct json_object *new_io(struct sample_devno dev, uint64_t sector,
				  uint64_t sectors)
{
	struct json_object *object = json_new_object();

	json_put(object, "dev", json_new_devno(dev));
	json_put(object, "sector", json_new_number(sector));
	json_put(object, "sectors", json_new_number(sectors));
	return object;
}

/* The tasks that wait for @pool, or that have an element of it. */
static struct json_object *new_tasks(const struct snap_pool *pool, bool holders)
{
	struct json_object *array = json_new_array(), *object;
	size_t nr = snap_pool_nr_tasks(pool, holders), i;

	for (i = 0; i < nr; i++) {
		const struct sample_task *w = snap_pool_task(pool, holders, i);

		object = json_new_object();
		json_put(object, "pid", json_new_number(w->pid));
		json_put(object, "comm", json_new_text(w->comm));
		json_put(object, "since_ns", json_new_number(w->since_ns));
		json_put(object, "op", json_new_number(w->op));
		json_put(object, "io",
			 w->io_known ? new_io(w->io_dev, w->io_sector,
					      w->io_sectors) :
				       NULL);
		json_append(array, object);
	}
	return array;
}

/* A device's stand with its live table only, as its counts do. */
static struct json_object *new_repairs(const struct snap_entry *entry)
{
	const struct sample_device *device = entry->device;
	struct json_object *array, *object;
	size_t i;

	if (!device || entry->slot != SAMPLE_SLOT_LIVE || !device->ops_known)
		return NULL;
	array = json_new_array();
	for (i = 0; i < device->nr_ops; i++) {
		const struct sample_op *op = &device->ops[i];

		object = json_new_object();
		json_put(object, "op", json_new_number(op->op));
		json_put(object, "kind",
			 json_new_text(op->kind == SAMPLE_RECHECK ? "recheck" :
								    "decode"));
		json_put(object, "pid", json_new_number(op->pid));
		json_put(object, "comm", json_new_text(op->comm));
		json_put(object, "since_ns", json_new_number(op->since_ns));
		json_put(object, "metadata",
			 xcheck(json_object_new_boolean(op->metadata)));
		json_put(object, "block", json_new_number(op->block));
		json_put(object, "io",
			 new_io(op->io_dev, op->io_sector, op->io_sectors));
		json_append(array, object);
	}
	return array;
}

/* Each of n devices would name n - 1 others: there is a most. */
static struct json_object *new_shared(const struct snap_pool *pool)
{
	struct json_object *array = json_new_array();
	size_t nr = 0;

	for (size_t i = 0; i < pool->nr_users && nr < MAX_SHARED; i++) {
		if (!snap_pool_is_shared_with(pool, pool->users[i]))
			continue;
		json_append(array, json_new_devno(pool->users[i]));
		nr++;
	}
	return array;
}

static struct json_object *new_row(const struct field_table *table,
				   const struct field_row *row);

static struct json_object *new_pools(const struct snap_entry *entry)
{
	struct json_object *array = json_new_array();
	size_t i;

	for (i = 0; i < entry->nr_pools; i++) {
		const struct field_row row = { .entry = entry,
					       .pool = &entry->pools[i] };

		json_append(array, new_row(&pool_fields, &row));
	}
	return array;
}

static struct json_object *new_list(enum field_list list,
				    const struct field_row *row)
{
	switch (list) {
	case LIST_TARGETS:
		return new_targets(row->entry);
	case LIST_LOWER:
		return new_lower(row->entry);
	case LIST_POOLS:
		return new_pools(row->entry);
	case LIST_WAITERS:
		return new_tasks(row->pool, false);
	case LIST_HOLDERS:
		return row->pool->raw->holders_known ?
			       new_tasks(row->pool, true) :
			       NULL;
	case LIST_REPAIRS:
		return new_repairs(row->entry);
	case LIST_SHARED:
		return new_shared(row->pool);
	case LIST_UNKNOWN:
		return new_unknown(row->entry);
	default:
		return NULL;
	}
}

static struct json_object *new_value(const struct field *field,
				     const struct field_row *row)
{
	struct strbuf text = { 0 };
	struct json_object *ret = NULL;
	uint64_t n;

	switch (field->type) {
	case FIELD_LIST:
		return new_list(field->list, row);
	case FIELD_TEXT:
		if (field->text(row, &text))
			ret = json_new_text(strbuf_text(&text));
		strbuf_release(&text);
		return ret;
	case FIELD_BOOL:
		n = field_number(field, row);
		return n == MEMTOP_UNKNOWN ?
			       NULL :
			       xcheck(json_object_new_boolean(n != 0));
	default:
		return json_new_number(field_number(field, row));
	}
}

/* An object of every field of @table that has a key. */
static struct json_object *new_row(const struct field_table *table,
				   const struct field_row *row)
{
	struct json_object *object = json_new_object();
	size_t i;

	for (i = 0; i < table->nr; i++) {
		const struct field *field = &table->fields[i];

		if (field->json)
			json_put(object, field->json, new_value(field, row));
	}
	return object;
}

static struct json_object *new_total(const struct report_total *total)
{
	struct json_object *object = json_new_object();

	if (total->glob)
		json_put(object, "glob", json_new_text(total->glob));
	json_put(object, "devices", json_new_number(total->count.devices));
	json_put(object, "unknown_devices",
		 json_new_number(total->count.unknown));
	json_put(object, "reserved_bytes",
		 json_new_number(total->sums.reserved.exact));
	json_put(object, "biovec_bytes",
		 json_new_number(total->sums.biovec.exact));
	json_put(object, "cached_bytes",
		 json_new_number(total->sums.cached.exact));
	json_put(object, "reserved_bytes_at_least",
		 json_new_number(total->sums.reserved.least));
	json_put(object, "biovec_bytes_at_least",
		 json_new_number(total->sums.biovec.least));
	json_put(object, "cached_bytes_at_least",
		 json_new_number(total->sums.cached.least));
	return object;
}

static struct json_object *new_report(const struct report_view *view)
{
	const struct sample *sample = view->snap->sample;
	struct json_object *object = json_new_object();
	struct json_object *devices = json_new_array(),
			   *subtotals = json_new_array();
	size_t i;

	for (i = 0; i < view->nr_rows; i++)
		json_append(devices, new_row(&device_fields, &view->rows[i]));
	for (i = 0; i < view->nr_subtotals; i++)
		json_append(subtotals, new_total(&view->subtotals[i]));

	json_put(object, "schema", json_new_text("verity-memtop/report/1"));
	json_put(object, "source",
		 json_new_text(sample->source == SAMPLE_STOCK ? "stock" :
								"tracepoints"));
	json_put(object, "kernel", json_new_text(sample->kernel));
	json_put(object, "boottime_ns", json_new_number(sample->boottime_ns));
	json_put(object, "reserved_bio_based_ios",
		 json_new_number(sample->reserved_bio_based_ios));
	json_put(object, "devices", devices);
	json_put(object, "subtotals", subtotals);
	json_put(object, "totals", new_total(&view->total));
	json_put(object, "lost", json_new_losses(&sample->losses));
	return object;
}

void json_report(FILE *out, const struct report_view *view)
{
	json_write(out, new_report(view));
}
