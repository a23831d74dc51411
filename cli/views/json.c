// SPDX-License-Identifier: GPL-2.0-only
/* The report as JSON: a stable interface, described in docs/json.md. */
#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

#include "util/alloc.h"
#include "util/strbuf.h"
#include "util/text.h"
#include "views/report_view.h"

/*
 * json-c hands the ownership of a value to what it is put into. NULL is its
 * null; constructors here never return it for anything else.
 */

static void put(struct json_object *object, const char *key,
		struct json_object *value)
{
	if (json_object_object_add(object, key, value))
		xcheck(NULL);
}

static void append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value))
		xcheck(NULL);
}

static struct json_object *new_object(void)
{
	return xcheck(json_object_new_object());
}

static struct json_object *new_array(void)
{
	return xcheck(json_object_new_array());
}

static struct json_object *new_number(uint64_t n)
{
	if (n == MEMTOP_UNKNOWN)
		return NULL;
	return xcheck(json_object_new_uint64(n));
}

static struct json_object *new_text(const char *raw)
{
	struct strbuf text = { 0 };
	struct json_object *ret;

	text_to_utf8(&text, raw);
	ret = xcheck(json_object_new_string(strbuf_text(&text)));
	strbuf_release(&text);
	return ret;
}

static struct json_object *new_devno(struct sample_devno dev)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu32 ":%" PRIu32, dev.major,
		 dev.minor);
	return new_text(text);
}

static struct json_object *new_devnos(const struct sample_devno *devs,
				      size_t nr)
{
	struct json_object *array = new_array();
	size_t i;

	for (i = 0; i < nr; i++)
		append(array, new_devno(devs[i]));
	return array;
}

static struct json_object *new_targets(const struct snap_entry *entry)
{
	struct json_object *array, *object;
	size_t i;

	if (!entry->device)
		return NULL;
	array = new_array();
	for (i = 0; i < entry->nr_targets; i++) {
		object = new_object();
		put(object, "index", new_number(entry->targets[i]->index));
		put(object, "type", new_text(entry->targets[i]->type));
		append(array, object);
	}
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
	struct json_object *object = new_object();

	put(object, "dev", new_devno(dev));
	put(object, "sector", new_number(sector));
	put(object, "sectors", new_number(sectors));
	return object;
}

static struct json_object *new_tasks(const struct sample_task *tasks, size_t nr)
{
	struct json_object *array = new_array(), *object;
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct sample_task *w = &tasks[i];

		object = new_object();
		put(object, "pid", new_number(w->pid));
		put(object, "comm", new_text(w->comm));
		put(object, "since_ns", new_number(w->since_ns));
		put(object, "op", new_number(w->op));
		put(object, "io",
		    w->io_known ?
			    new_io(w->io_dev, w->io_sector, w->io_sectors) :
			    NULL);
		append(array, object);
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
	array = new_array();
	for (i = 0; i < device->nr_ops; i++) {
		const struct sample_op *op = &device->ops[i];

		object = new_object();
		put(object, "op", new_number(op->op));
		put(object, "kind",
		    new_text(op->kind == SAMPLE_RECHECK ? "recheck" :
							  "decode"));
		put(object, "pid", new_number(op->pid));
		put(object, "comm", new_text(op->comm));
		put(object, "since_ns", new_number(op->since_ns));
		put(object, "metadata",
		    xcheck(json_object_new_boolean(op->metadata)));
		put(object, "block", new_number(op->block));
		put(object, "io",
		    new_io(op->io_dev, op->io_sector, op->io_sectors));
		append(array, object);
	}
	return array;
}

static struct json_object *new_row(const struct field_table *table,
				   const struct field_row *row);

static struct json_object *new_pools(const struct snap_entry *entry)
{
	struct json_object *array = new_array();
	size_t i;

	for (i = 0; i < entry->nr_pools; i++) {
		const struct field_row row = { .entry = entry,
					       .pool = &entry->pools[i] };

		append(array, new_row(&pool_fields, &row));
	}
	return array;
}

static struct json_object *new_list(enum field_list list,
				    const struct field_row *row)
{
	const struct sample_pool *pool = row->pool ? row->pool->raw : NULL;

	switch (list) {
	case LIST_TARGETS:
		return new_targets(row->entry);
	case LIST_LOWER:
		return new_lower(row->entry);
	case LIST_POOLS:
		return new_pools(row->entry);
	case LIST_WAITERS:
		return new_tasks(pool->waiters, pool->nr_waiters);
	case LIST_HOLDERS:
		return pool->holders_known ?
			       new_tasks(pool->holders, pool->nr_holders) :
			       NULL;
	case LIST_REPAIRS:
		return new_repairs(row->entry);
	case LIST_SHARED:
		return new_devnos(row->pool->shared_with, row->pool->nr_shared);
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
			ret = new_text(strbuf_text(&text));
		strbuf_release(&text);
		return ret;
	case FIELD_BOOL:
		n = field_number(field, row);
		return n == MEMTOP_UNKNOWN ?
			       NULL :
			       xcheck(json_object_new_boolean(n != 0));
	default:
		return new_number(field_number(field, row));
	}
}

/* An object of every field of @table that has a key. */
static struct json_object *new_row(const struct field_table *table,
				   const struct field_row *row)
{
	struct json_object *object = new_object();
	size_t i;

	for (i = 0; i < table->nr; i++) {
		const struct field *field = &table->fields[i];

		if (field->json)
			put(object, field->json, new_value(field, row));
	}
	return object;
}

static struct json_object *new_total(const struct report_total *total)
{
	struct json_object *object = new_object();

	if (total->glob)
		put(object, "glob", new_text(total->glob));
	put(object, "devices", new_number(total->devices));
	put(object, "reserved_bytes", new_number(total->sums.reserved));
	put(object, "biovec_bytes", new_number(total->sums.biovec));
	put(object, "cached_bytes", new_number(total->sums.cached));
	return object;
}

static struct json_object *new_losses(const struct sample_losses *losses)
{
	struct json_object *object = new_object();

	put(object, "ring_full", new_number(losses->ring_full));
	put(object, "map_full", new_number(losses->map_full));
	put(object, "missed_runs", new_number(losses->missed_runs));
	put(object, "raced_reads", new_number(losses->raced_reads));
	return object;
}

static struct json_object *new_report(const struct report_view *view)
{
	const struct sample *sample = view->snap->sample;
	struct json_object *object = new_object();
	struct json_object *devices = new_array(), *subtotals = new_array();
	size_t i;

	for (i = 0; i < view->nr_rows; i++)
		append(devices, new_row(&device_fields, &view->rows[i]));
	for (i = 0; i < view->nr_subtotals; i++)
		append(subtotals, new_total(&view->subtotals[i]));

	put(object, "schema", new_text("verity-memtop/report/1"));
	put(object, "source",
	    new_text(sample->source == SAMPLE_STOCK ? "stock" : "tracepoints"));
	put(object, "kernel", new_text(sample->kernel));
	put(object, "boottime_ns", new_number(sample->boottime_ns));
	put(object, "reserved_bio_based_ios",
	    new_number(sample->reserved_bio_based_ios));
	put(object, "devices", devices);
	put(object, "subtotals", subtotals);
	put(object, "totals", new_total(&view->total));
	put(object, "lost", new_losses(&sample->losses));
	return object;
}

void json_report(FILE *out, const struct report_view *view)
{
	struct json_object *report = new_report(view);

	fputs(xcheck((void *)json_object_to_json_string_ext(
		      report, JSON_C_TO_STRING_PRETTY |
				      JSON_C_TO_STRING_SPACED |
				      JSON_C_TO_STRING_NOSLASHESCAPE)),
	      out);
	fputc('\n', out);
	json_object_put(report);
}
