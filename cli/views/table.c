// SPDX-License-Identifier: GPL-2.0-only
/* Devices or pools as a table for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/colour.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/text_width.h"
#include "model/device_stack.h"
#include "model/owner.h"
#include "model/sample_events.h"
#include "model/trouble.h"
#include "views/grid.h"
#include "views/name_list.h"
#include "views/report_view.h"

/* The devices below are at another line. */
#define MARK_ELSEWHERE " (*)"

/*
 * The column with a total's label, which is also that of the tree: NAME, or
 * otherwise the first with text.
 */
static size_t label_column(const struct field_choice *choice)
{
	size_t found = choice->nr, i;

	for (i = choice->nr; i-- > 0;) {
		if (!field_is_quantity(choice->columns[i].field))
			found = i;
	}
	for (i = 0; i < choice->nr; i++) {
		if (choice->columns[i].field == &device_fields.fields[0] ||
		    choice->columns[i].field == &pool_fields.fields[0])
			found = i;
	}
	return found;
}

static void add_column(struct grid *grid, const struct field *field, bool label)
{
	enum grid_kind kind = label || field->key	? GRID_KEY :
			      field_is_quantity(field)	? GRID_FIGURE :
			      field->type == FIELD_LIST ? GRID_LIST :
							  GRID_TEXT;

	grid_add_column(grid, field->name, kind, field_is_quantity(field));
}

static void set_cell(struct grid *grid, size_t row, size_t column,
		     const char *raw, const struct table_style *style)
{
	struct strbuf safe = { 0 };

	text_escape(&safe, raw, style->ascii_only);
	grid_set(grid, row, column, strbuf_text(&safe));
	strbuf_release(&safe);
}

/*
 * A line below the table has the same in words: of stale pools it names the
 * devices only.
 */
static enum colour colour_of(const struct field_row *row,
			     const struct table_style *style)
{
	enum trouble trouble;

	if (!style->troubles || !style->headings)
		return COLOUR_PLAIN;
	trouble = row->pool ? trouble_of_pool(style->troubles, row->pool) :
			      trouble_of_entry(style->troubles, row->entry);
	if (row->pool && trouble == TROUBLE_STALE)
		return COLOUR_PLAIN;
	return trouble_is_bad(trouble) ? COLOUR_BAD :
	       trouble != TROUBLE_NONE ? COLOUR_WARN :
					 COLOUR_PLAIN;
}

static void fill_row(struct grid *grid, size_t at, const struct field_row *row,
		     const char *mark, const struct table_style *style)
{
	const struct field_choice *choice = style->choice;
	size_t label = grid->tree, i;
	struct strbuf raw = { 0 };

	for (i = 0; i < choice->nr; i++) {
		strbuf_reset(&raw);
		if (row->total && i == label)
			strbuf_addstr(&raw, row->total);
		else
			field_show(choice->columns[i].field, row, style->exact,
				   &raw);
		if (i == label)
			strbuf_addstr(&raw, mark);
		set_cell(grid, at, i, strbuf_text(&raw), style);
	}
	grid->rows[at].colour = row->total ? COLOUR_BOLD :
					     colour_of(row, style);
	strbuf_release(&raw);
}

/* A device below without a row: only some columns have a value. */
static void fill_leaf(struct grid *grid, size_t at, const struct sample *sample,
		      const struct device_stack_line *line,
		      const struct table_style *style)
{
	const struct field_choice *choice = style->choice;
	size_t label = grid->tree, i;
	struct strbuf raw = { 0 };

	for (i = 0; i < choice->nr; i++) {
		strbuf_reset(&raw);
		if (!field_show_below(choice->columns[i].field, sample,
				      line->leaf, &raw) &&
		    i == label)
			strbuf_addf(&raw, "%" PRIu32 ":%" PRIu32,
				    line->leaf.major, line->leaf.minor);
		if (i == label && line->elsewhere)
			strbuf_addstr(&raw, MARK_ELSEWHERE);
		set_cell(grid, at, i, strbuf_text(&raw), style);
	}
	strbuf_release(&raw);
}

/*
 * A line of the stack is the row of the same place: the grid has none before.
 */
static void add_tree(struct grid *grid, const struct report_view *view,
		     const struct table_style *style)
{
	const struct device_stack *stack = view->stack;
	size_t i;

	for (i = 0; i < stack->nr; i++) {
		const struct device_stack_line *line = &stack->lines[i];
		size_t at = grid_add_row(grid, line->parent == STACK_NONE ?
						       GRID_NO_PARENT :
						       line->parent);

		if (line->entry == STACK_NONE)
			fill_leaf(grid, at, view->snap->sample, line, style);
		else
			fill_row(grid, at, &view->rows[line->entry],
				 line->elsewhere ? MARK_ELSEWHERE : "", style);
	}
}

/* Adds the line of several devices: "LABEL (devices)"; frees @label. */
static void add_sums(struct grid *grid, struct strbuf *label,
		     const struct snap_sums *sums,
		     const struct snap_count *count,
		     const struct table_style *style)
{
	struct field_row row = { .sums = sums };

	strbuf_addf(label, " (%zu)", count->devices);
	row.total = strbuf_text(label);
	fill_row(grid, grid_add_row(grid, GRID_NO_PARENT), &row, "", style);
	strbuf_release(label);
}

static void add_total(struct grid *grid, const struct report_total *total,
		      const struct table_style *style)
{
	struct strbuf label = { 0 };

	strbuf_addstr(&label, total->glob ? total->glob : "total");
	add_sums(grid, &label, &total->sums, &total->count, style);
}

static void add_group(struct grid *grid, const struct owner_group *group,
		      const struct table_style *style)
{
	struct strbuf label = { 0 };

	if (group->owner.kind)
		owner_add_name(&label, &group->owner);
	else
		strbuf_addstr(&label, "-");
	add_sums(grid, &label, &group->sums, &group->count, style);
	/* bold is for totals */
	grid->rows[grid->nr_rows - 1].colour = COLOUR_PLAIN;
}

static void fill(struct grid *grid, const struct report_view *view,
		 const struct table_style *style)
{
	size_t label = label_column(style->choice), i;

	grid->tree = label;
	for (i = 0; i < style->choice->nr; i++)
		add_column(grid, style->choice->columns[i].field, i == label);
	if (view->stack)
		add_tree(grid, view, style);
	for (i = 0; i < view->nr_groups; i++)
		add_group(grid, &view->groups[i], style);
	for (i = 0; !view->stack && !view->groups && i < view->nr_rows; i++)
		fill_row(grid, grid_add_row(grid, GRID_NO_PARENT),
			 &view->rows[i], "", style);
	for (i = 0; i < view->nr_subtotals; i++)
		add_total(grid, &view->subtotals[i], style);
	if (style->total)
		add_total(grid, &view->total, style);
}

/* Losses, as one line with the JSON's keys; nothing without losses. */
static void add_losses(struct strbuf *sb, const struct sample_losses *lost)
{
	struct sample_loss all[SAMPLE_NR_LOSSES];
	const char *before = "lost: ";

	sample_list_losses(lost, all);
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++) {
		if (!all[i].nr)
			continue;
		strbuf_addf(sb, "%s%s %" PRIu64, before, all[i].name,
			    all[i].nr);
		before = ", ";
	}
	if (*before == ',')
		strbuf_addstr(sb, "; the figures may be incomplete\n");
}

void warn_losses(const struct sample_losses *lost)
{
	struct strbuf line = { 0 };

	add_losses(&line, lost);
	if (line.len)
		msg_warning("%.*s", (int)line.len - 1, line.text);
	strbuf_release(&line);
}

/* Why sums are unknown, or only lower bounds. */
static void add_unknown(struct strbuf *sb, const struct snap_selection *sel,
			const struct table_style *style)
{
	struct strbuf types = { 0 };

	if (snap_add_unknown_types(sel->entries, sel->nr, &types)) {
		strbuf_addstr(sb, "unknown reserves: targets of type ");
		text_escape(sb, strbuf_text(&types), style->ascii_only);
		strbuf_addstr(sb, "\n");
	}
	strbuf_release(&types);
}

/* The names of the devices whose worst trouble this is, each once. */
static void list_in_trouble(const struct snap_selection *sel,
			    const struct troubles *troubles,
			    enum trouble trouble, struct event_names *ret)
{
	const struct sample_device *last = NULL;

	for (size_t i = 0; i < sel->nr; i++) {
		const struct snap_entry *entry = sel->entries[i];

		if (trouble_of_entry(troubles, entry) != trouble ||
		    (entry->device && entry->device == last))
			continue;
		last = entry->device;
		ret->all = xgrow(ret->all, ret->nr, sizeof(*ret->all));
		ret->all[ret->nr++] = last ? last->name : "";
	}
}

/* Devices in trouble, by severity. */
static void add_troubles(struct strbuf *sb, const struct snap_selection *sel,
			 const struct table_style *style)
{
	struct strbuf line = { 0 };

	for (enum trouble trouble = NR_TROUBLES; --trouble > TROUBLE_NONE;) {
		struct event_names names = { 0 };

		list_in_trouble(sel, style->troubles, trouble, &names);
		name_list_add(&line, trouble_names[trouble], &names,
			      style->ascii_only);
		free(names.all);
	}
	if (line.len)
		strbuf_addf(sb, "in trouble: %s\n", strbuf_text(&line));
	strbuf_release(&line);
}

/* Below the table: devices in trouble, left-out columns, unknown figures and losses. */
static void say_below(FILE *out, const struct strbuf *note,
		      const struct report_view *view,
		      const struct table_style *style)
{
	const struct sample_losses *lost = &view->snap->sample->losses;
	struct strbuf lines = { 0 }, wrapped = { 0 };

	/* Without headings every line of the output is a row. */
	if (!style->headings) {
		if (note->len)
			msg_warning("%.*s", (int)note->len - 1, note->text);
		warn_losses(lost);
		return;
	}
	if (style->troubles)
		add_troubles(&lines, view->sel, style);
	strbuf_addstr(&lines, strbuf_text(note));
	add_unknown(&lines, view->sel, style);
	add_losses(&lines, lost);
	width_wrap(&wrapped, strbuf_text(&lines), style->width);
	fputs(strbuf_text(&wrapped), out);
	strbuf_release(&wrapped);
	strbuf_release(&lines);
}

struct grid_style table_grid_style(const struct table_style *style)
{
	return (struct grid_style){
		.width = style->width,
		.fixed_width = style->fixed_width,
		.headings = style->headings,
		.colour = style->colour,
		.ascii_only = style->ascii_only,
	};
}

void table_report(FILE *out, const struct report_view *view,
		  const struct table_style *style)
{
	const struct grid_style grid_style = table_grid_style(style);
	struct grid grid = { 0 };
	struct strbuf note = { 0 };

	fill(&grid, view, style);
	grid_print(&grid, &grid_style, out, &note);
	say_below(out, &note, view, style);
	strbuf_release(&note);
	grid_release(&grid);
}
