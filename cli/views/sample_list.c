// SPDX-License-Identifier: GPL-2.0-only
#include "views/sample_list.h"

#include <inttypes.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/text_width.h"
#include "base/units.h"
#include "base/wall_time.h"
#include "model/sample_events.h"
#include "sample/quantity.h"
#include "views/name_list.h"
#include "views/output.h"

/* Limit of names for each kind of event; others are counted. */

enum { NUMBER, TIME, AFTER, DEVICES, WAITING, LONGEST, WHAT };

/* --- events ---------------------------------------------------------------- */

static void add_names(struct strbuf *to, const char *what,
		      const struct event_names *names)
{
	name_list_add(to, what, names, output_ascii_only());
}

static void add_count(struct strbuf *to, uint64_t nr, const char *one,
		      const char *several)
{
	if (nr)
		strbuf_addf(to, "%s%" PRIu64 " %s", to->len ? "; " : "", nr,
			    nr == 1 ? one : several);
}

static void describe(struct strbuf *to, const struct sample_events *events)
{
	for (enum finding_kind kind = NR_FINDING_KINDS; kind-- > 0;)
		add_names(to, finding_kind_names[kind],
			  &events->findings[kind]);
	add_names(to, "suspended", &events->suspended);
	add_names(to, "corrupted", &events->corrupted);
	add_names(to, "new", &events->added);
	add_names(to, "gone", &events->removed);
	add_count(to, events->rechecks, "recheck", "rechecks");
	add_count(to, events->decodes, "correction", "corrections");
	add_names(to, "empty pool", &events->empty);
	if (events->incomplete)
		strbuf_addf(to, "%sincomplete", to->len ? "; " : "");
}

/* --- the list -------------------------------------------------------------- */

static void set(struct sample_list *list, size_t row, size_t column,
		struct strbuf *text)
{
	grid_set(&list->grid, row, column, text->len ? strbuf_text(text) : "-");
	strbuf_reset(text);
}

static void set_time(struct sample_list *list, size_t row, size_t column,
		     uint64_t ns)
{
	struct strbuf text = { 0 };

	if (ns != MEMTOP_UNKNOWN)
		units_add_time(&text, ns);
	set(list, row, column, &text);
	strbuf_release(&text);
}

static void begin(struct sample_list *list)
{
	struct grid *grid = &list->grid;

	grid_add_column(grid, "SAMPLE", GRID_KEY, true);
	grid_add_column(grid, "TIME", GRID_KEY, false);
	grid_add_column(grid, "AFTER", GRID_FIGURE, true);
	grid_add_column(grid, "DEVICES", GRID_FIGURE, true);
	grid_add_column(grid, "WAITING", GRID_FIGURE, true);
	grid_add_column(grid, "LONGEST", GRID_FIGURE, true);
	grid_add_column(grid, "WHAT", GRID_LIST, false);
}

static void add_row(struct sample_list *list, const struct sample *sample,
		    const struct sample_events *events)
{
	struct strbuf text = { 0 };
	size_t row;

	if (!list->grid.nr_columns)
		begin(list);
	row = grid_add_row(&list->grid, GRID_NO_PARENT);
	strbuf_addf(&text, "%" PRIu64, list->number);
	set(list, row, NUMBER, &text);
	if (sample->realtime_ns != MEMTOP_UNKNOWN)
		wall_time_add(&text, sample->realtime_ns);
	set(list, row, TIME, &text);
	set_time(list, row, AFTER,
		 quantity_sub(sample->boottime_ns, list->first_ns));
	strbuf_addf(&text, "%zu", sample->nr_devices);
	set(list, row, DEVICES, &text);
	strbuf_addf(&text, "%" PRIu64, events->waiting);
	set(list, row, WAITING, &text);
	set_time(list, row, LONGEST, events->longest_ns);
	describe(&text, events);
	set(list, row, WHAT, &text);
	strbuf_release(&text);
}

void sample_list_add(struct sample_list *list, uint64_t number,
		     struct sample sample)
{
	struct sample_events events;

	if (!list->number)
		list->first_ns = sample.boottime_ns;
	sample_events_find(&sample, list->number ? &list->last : NULL, &events);
	list->number = number;
	if (list->json)
		sample_list_add_json(list, &sample, &events);
	else
		add_row(list, &sample, &events);
	sample_events_release(&events);
	sample_release(&list->last);
	list->last = sample;
}

void sample_list_print(struct sample_list *list, FILE *out, bool headings,
		       bool wide)
{
	struct grid_style style = { .width = output_width(wide),
				    .headings = headings,
				    .ascii_only = output_ascii_only() };
	struct strbuf note = { 0 }, wrapped = { 0 };

	if (list->json) {
		sample_list_print_json(list, out);
		return;
	}
	grid_print(&list->grid, &style, out, &note);
	width_wrap(&wrapped, strbuf_text(&note), style.width);
	output_put(out, &wrapped);
	strbuf_release(&wrapped);
	strbuf_release(&note);
}

void sample_list_release(struct sample_list *list)
{
	grid_release(&list->grid);
	strbuf_release(&list->text);
	sample_release(&list->last);
}
