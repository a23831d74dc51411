// SPDX-License-Identifier: GPL-2.0-only
#include "views/sample_list.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/text_width.h"
#include "base/times.h"
#include "base/units.h"
#include "base/wall_time.h"
#include "sample/quantity.h"
#include "stall/stall.h"
#include "views/output.h"
#include "views/report_view.h"

/* Shorter waits are normal. */
#define THRESHOLD SECOND
/* Limit of names for each kind of event; others are counted. */
#define MOST_NAMES 3

enum { NUMBER, TIME, AFTER, DEVICES, WAITING, LONGEST, WHAT };

/* --- events ---------------------------------------------------------------- */

/* "deadlock: low, up, +2"; parts are separated by semicolons. */
struct part {
	struct strbuf *to;
	const char *what;
	size_t nr;
};

static void add_word(struct part *part, const char *name)
{
	if (!part->nr)
		strbuf_addf(part->to, "%s%s: ", part->to->len ? "; " : "",
			    part->what);
	if (part->nr < MOST_NAMES) {
		strbuf_addstr(part->to, part->nr ? ", " : "");
		text_escape(part->to, *name ? name : "-", output_ascii_only());
	}
	part->nr++;
}

static void end_part(const struct part *part)
{
	if (part->nr > MOST_NAMES)
		strbuf_addf(part->to, ", +%zu", part->nr - MOST_NAMES);
}

static void add_count(struct strbuf *to, uint64_t nr, const char *one,
		      const char *several)
{
	if (nr && nr != MEMTOP_UNKNOWN)
		strbuf_addf(to, "%s%" PRIu64 " %s", to->len ? "; " : "", nr,
			    nr == 1 ? one : several);
}

/* Devices with findings, each once, the most severe kind first. */
static void add_findings(struct strbuf *to, const struct findings *found)
{
	for (enum finding_kind kind = NR_FINDING_KINDS; kind-- > 0;) {
		struct part part = { .to = to,
				     .what = finding_kind_names[kind] };
		const struct sample_device *last = NULL;

		for (size_t i = 0; i < found->nr; i++) {
			const struct finding *f = &found->all[i];

			if (f->kind != kind || (f->device && f->device == last))
				continue;
			last = f->device;
			add_word(&part, last ? last->name : "");
		}
		end_part(&part);
	}
}

static bool is_suspended(const struct sample_device *device)
{
	return device->suspended;
}

static bool is_corrupted(const struct sample_device *device)
{
	return device->corrupted == 1;
}

static void add_devices(struct strbuf *to, const char *what,
			const struct sample *s,
			bool (*is)(const struct sample_device *device))
{
	struct part part = { .to = to, .what = what };

	for (size_t i = 0; i < s->nr_devices; i++) {
		if (is(&s->devices[i]))
			add_word(&part, s->devices[i].name);
	}
	end_part(&part);
}

/* Devices of @s that @other lacks. */
static void add_missing(struct strbuf *to, const char *what,
			const struct sample *s, const struct sample *other)
{
	struct part part = { .to = to, .what = what };

	for (size_t i = 0; i < s->nr_devices; i++) {
		if (!sample_find_device(other, s->devices[i].dev))
			add_word(&part, s->devices[i].name);
	}
	end_part(&part);
}

/* Counts since @before, for devices that are in both. */
static void add_repairs(struct strbuf *to, const struct sample *s,
			const struct sample *before)
{
	uint64_t rechecks = 0, decodes = 0;

	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *now = &s->devices[i];
		const struct sample_device *was =
			sample_find_device(before, now->dev);

		if (!was)
			continue;
		rechecks = quantity_add_least(
			rechecks, quantity_sub(now->rechecks, was->rechecks));
		decodes = quantity_add_least(
			decodes, quantity_sub(now->decodes, was->decodes));
	}
	add_count(to, rechecks, "recheck", "rechecks");
	add_count(to, decodes, "correction", "corrections");
}

/* Devices with a pool that had elements before, and has none now. */
static void add_empty(struct strbuf *to, const struct sample *s)
{
	struct part part = { .to = to, .what = "empty pool" };
	bool *empty = xcalloc(s->nr_devices, sizeof(*empty));
	bool unnamed = false;

	for (size_t i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];
		const struct sample_device *device =
			pool->dev_known ? sample_find_device(s, pool->dev) :
					  NULL;

		if (pool->current || !pool->min || pool->min == MEMTOP_UNKNOWN)
			continue;
		if (device)
			empty[device - s->devices] = true;
		else
			unnamed = true;
	}
	for (size_t i = 0; i < s->nr_devices; i++) {
		if (empty[i])
			add_word(&part, s->devices[i].name);
	}
	if (unnamed)
		add_word(&part, "");
	end_part(&part);
	free(empty);
}

static bool has_losses(const struct sample *s)
{
	struct sample_loss losses[SAMPLE_NR_LOSSES];
	bool any = false;

	sample_list_losses(&s->losses, losses);
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++)
		any |= losses[i].nr > 0;
	return any;
}

static void describe(struct strbuf *to, const struct sample *s,
		     const struct sample *before, const struct findings *found)
{
	add_findings(to, found);
	add_devices(to, "suspended", s, is_suspended);
	add_devices(to, "corrupted", s, is_corrupted);
	if (before) {
		add_missing(to, "new", s, before);
		add_missing(to, "gone", before, s);
		add_repairs(to, s, before);
	}
	add_empty(to, s);
	if (has_losses(s))
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

/* The known waiters, and the longest of their times. */
static void set_waits(struct sample_list *list, size_t row,
		      const struct findings *found)
{
	uint64_t longest = 0;
	struct strbuf text = { 0 };

	for (size_t i = 0; i < found->nr_waits; i++) {
		uint64_t age = found->waits[i].age_ns;

		if (age != MEMTOP_UNKNOWN && age > longest)
			longest = age;
	}
	strbuf_addf(&text, "%zu", found->nr_waits);
	set(list, row, WAITING, &text);
	set_time(list, row, LONGEST, longest ? longest : MEMTOP_UNKNOWN);
	strbuf_release(&text);
}

static void begin(struct sample_list *list, const struct sample *first)
{
	struct grid *grid = &list->grid;

	grid_add_column(grid, "SAMPLE", GRID_KEY, true);
	grid_add_column(grid, "TIME", GRID_KEY, false);
	grid_add_column(grid, "AFTER", GRID_FIGURE, true);
	grid_add_column(grid, "DEVICES", GRID_FIGURE, true);
	grid_add_column(grid, "WAITING", GRID_FIGURE, true);
	grid_add_column(grid, "LONGEST", GRID_FIGURE, true);
	grid_add_column(grid, "WHAT", GRID_LIST, false);
	list->first_ns = first->boottime_ns;
}

void sample_list_add(struct sample_list *list, struct sample sample)
{
	struct findings found;
	struct strbuf text = { 0 };
	size_t row;

	if (!list->grid.nr_columns)
		begin(list, &sample);
	row = grid_add_row(&list->grid, GRID_NO_PARENT);
	strbuf_addf(&text, "%zu", row + 1);
	set(list, row, NUMBER, &text);
	if (sample.realtime_ns != MEMTOP_UNKNOWN)
		wall_time_add(&text, sample.realtime_ns);
	set(list, row, TIME, &text);
	set_time(list, row, AFTER,
		 quantity_sub(sample.boottime_ns, list->first_ns));
	strbuf_addf(&text, "%zu", sample.nr_devices);
	set(list, row, DEVICES, &text);
	stall_find(&sample, THRESHOLD, &found);
	set_waits(list, row, &found);
	describe(&text, &sample, row ? &list->last : NULL, &found);
	set(list, row, WHAT, &text);
	findings_release(&found);
	strbuf_release(&text);
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

	grid_print(&list->grid, &style, out, &note);
	width_wrap(&wrapped, strbuf_text(&note), style.width);
	output_put(out, &wrapped);
	strbuf_release(&wrapped);
	strbuf_release(&note);
}

void sample_list_release(struct sample_list *list)
{
	grid_release(&list->grid);
	sample_release(&list->last);
}
