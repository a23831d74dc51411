// SPDX-License-Identifier: GPL-2.0-only
/* Devices or pools as a table for people. */
#include <errno.h>
#include <inttypes.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "model/stack.h"
#include "util/alloc.h"
#include "util/msg.h"
#include "util/strbuf.h"
#include "util/text.h"
#include "views/report_view.h"

static int add_column(struct libscols_table *tb, const struct field *field,
		      int flags, const struct table_style *style)
{
	struct libscols_column *column;

	if (field_is_quantity(field))
		flags |= SCOLS_FL_RIGHT;
	else if (style->terminal && field->text)
		flags |= SCOLS_FL_TRUNC;
	/* A hint below 1 is a share of the width; 1 is one character. */
	column = scols_table_new_column(tb, field->name, 1, flags);
	return column ? 0 : -ENOMEM;
}

/* Which column a total's label goes to: NAME, else the first with text. */
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

static int set_cell(struct libscols_line *line, size_t column, const char *raw,
		    const struct table_style *style)
{
	struct strbuf safe = { 0 };
	int err;

	text_escape(&safe, raw, style->ascii_only);
	err = scols_line_set_data(line, column, strbuf_text(&safe));
	strbuf_release(&safe);
	return err;
}

static int fill_row(struct libscols_line *line, const struct field_row *row,
		    const char *mark, const struct table_style *style)
{
	const struct field_choice *choice = style->choice;
	size_t label = label_column(choice), i;
	struct strbuf raw = { 0 };
	int err = 0;

	for (i = 0; !err && i < choice->nr; i++) {
		strbuf_reset(&raw);
		if (row->total && i == label)
			strbuf_addstr(&raw, row->total);
		else
			field_show(choice->columns[i].field, row, style->exact,
				   &raw);
		if (i == label)
			strbuf_addstr(&raw, mark);
		err = set_cell(line, i, strbuf_text(&raw), style);
	}
	if (!err && row->total && style->colour)
		err = scols_line_set_color(line, "bold");
	strbuf_release(&raw);
	return err;
}

static int add_row(struct libscols_table *tb, const struct field_row *row,
		   const struct table_style *style)
{
	struct libscols_line *line = scols_table_new_line(tb, NULL);

	return line ? fill_row(line, row, "", style) : -ENOMEM;
}

/* A device below that is no row: only its number is known. */
static int fill_leaf(struct libscols_line *line, struct sample_devno dev,
		     const struct table_style *style)
{
	const struct field_choice *choice = style->choice;
	size_t label = label_column(choice), i;
	char number[24];
	int err = 0;

	snprintf(number, sizeof(number), "%" PRIu32 ":%" PRIu32, dev.major,
		 dev.minor);
	for (i = 0; !err && i < choice->nr; i++) {
		if (i == label ||
		    strcmp(choice->columns[i].field->name, "DEV") == 0)
			err = set_cell(line, i, number, style);
	}
	return err;
}

static int add_tree(struct libscols_table *tb, const struct report_view *view,
		    const struct table_style *style)
{
	const struct stack *stack = view->stack;
	struct libscols_line **lines = xcalloc(stack->nr, sizeof(*lines));
	size_t i;
	int err = 0;

	for (i = 0; !err && i < stack->nr; i++) {
		const struct stack_line *at = &stack->lines[i];

		lines[i] = scols_table_new_line(tb, at->parent == STACK_NONE ?
							    NULL :
							    lines[at->parent]);
		if (!lines[i])
			err = -ENOMEM;
		else if (at->entry == STACK_NONE)
			err = fill_leaf(lines[i], at->leaf, style);
		else
			err = fill_row(lines[i], &view->rows[at->entry],
				       at->elsewhere ? " (*)" : "", style);
	}
	free(lines);
	return err;
}

/* Adds the line of a total: "GLOB (devices)". */
static int add_total(struct libscols_table *tb,
		     const struct report_total *total,
		     const struct table_style *style)
{
	struct strbuf label = { 0 };
	struct field_row row = { .sums = &total->sums };
	int err;

	strbuf_addf(&label, "%s (%zu)", total->glob ? total->glob : "total",
		    total->devices);
	row.total = strbuf_text(&label);
	err = add_row(tb, &row, style);
	strbuf_release(&label);
	return err;
}

static int fill(struct libscols_table *tb, const struct report_view *view,
		const struct table_style *style)
{
	size_t label = view->stack ? label_column(style->choice) : SIZE_MAX, i;
	int err = 0;

	for (i = 0; !err && i < style->choice->nr; i++)
		err = add_column(tb, style->choice->columns[i].field,
				 i == label ? SCOLS_FL_TREE : 0, style);
	if (!err && view->stack)
		err = add_tree(tb, view, style);
	for (i = 0; !err && !view->stack && i < view->nr_rows; i++)
		err = add_row(tb, &view->rows[i], style);
	for (i = 0; !err && i < view->nr_subtotals; i++)
		err = add_total(tb, &view->subtotals[i], style);
	if (!err && style->total)
		err = add_total(tb, &view->total, style);
	return err;
}

static int configure(struct libscols_table *tb, FILE *out,
		     const struct table_style *style)
{
	int err = scols_table_set_stream(tb, out);

	if (!err)
		err = scols_table_enable_noheadings(tb, !style->headings);
	/* Escaping is done by ours, which also knows deceptive characters. */
	if (!err)
		err = scols_table_enable_noencoding(tb, 1);
	if (!err)
		err = scols_table_enable_colors(tb, style->colour);
	if (!err)
		err = scols_table_enable_ascii(tb, style->ascii_only);
	if (!err)
		err = scols_table_set_termforce(
			tb, style->terminal ? SCOLS_TERMFORCE_ALWAYS :
					      SCOLS_TERMFORCE_NEVER);
	return err;
}

/* What was lost, as one line with the JSON's keys; nothing if nothing was. */
static void add_losses(struct strbuf *sb, const struct sample_losses *lost)
{
	struct sample_loss all[SAMPLE_NR_LOSSES];

	sample_list_losses(lost, all);
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++) {
		if (all[i].nr)
			strbuf_addf(sb, "%s%s %" PRIu64,
				    sb->len ? ", " : "lost: ", all[i].name,
				    all[i].nr);
	}
	if (sb->len)
		strbuf_addstr(sb, "; the figures may be incomplete");
}

void warn_losses(const struct sample_losses *lost)
{
	struct strbuf line = { 0 };

	add_losses(&line, lost);
	if (line.len)
		msg_warning("%s", strbuf_text(&line));
	strbuf_release(&line);
}

static void say_losses(FILE *out, const struct sample_losses *lost,
		       const struct table_style *style)
{
	struct strbuf line = { 0 };

	/* Without headings every line of the output is a row. */
	if (!style->headings) {
		warn_losses(lost);
		return;
	}
	add_losses(&line, lost);
	if (line.len)
		fprintf(out, "%s\n", strbuf_text(&line));
	strbuf_release(&line);
}

int table_report(FILE *out, const struct report_view *view,
		 const struct table_style *style)
{
	struct libscols_table *tb = xcheck(scols_new_table());
	int err = configure(tb, out, style);

	if (!err)
		err = fill(tb, view, style);
	if (!err)
		err = scols_print_table(tb);
	scols_unref_table(tb);
	if (!err)
		say_losses(out, &view->snap->sample->losses, style);
	return err;
}
