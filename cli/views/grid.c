// SPDX-License-Identifier: GPL-2.0-only
#include "views/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text_width.h"

/* Minimum width of a text that is cut, unless its heading is wider. */
#define LEAST_TEXT 20
/* Columns of a tree, for each level. */
#define TREE_STEP 2

void grid_add_column(struct grid *grid, const char *name, enum grid_kind kind,
		     bool right)
{
	grid->columns =
		xgrow(grid->columns, grid->nr_columns, sizeof(*grid->columns));
	grid->columns[grid->nr_columns++] =
		(struct grid_column){ name, kind, right };
}

size_t grid_add_row(struct grid *grid, size_t parent)
{
	struct grid_row row = { .parent = parent };

	if (parent != GRID_NO_PARENT)
		row.depth = grid->rows[parent].depth + 1;
	row.cells = xcalloc(grid->nr_columns, sizeof(*row.cells));
	grid->rows = xgrow(grid->rows, grid->nr_rows, sizeof(*grid->rows));
	grid->rows[grid->nr_rows] = row;
	return grid->nr_rows++;
}

void grid_set(struct grid *grid, size_t row, size_t column, const char *text)
{
	char **cell = &grid->rows[row].cells[column];
	struct strbuf shown = { 0 };

	width_add_shown(&shown, text);
	free(*cell);
	/* taken over */
	*cell = shown.text;
}

void grid_release(struct grid *grid)
{
	for (size_t i = 0; i < grid->nr_rows; i++) {
		for (size_t j = 0; j < grid->nr_columns; j++)
			free(grid->rows[i].cells[j]);
		free(grid->rows[i].cells);
	}
	free(grid->rows);
	free(grid->columns);
	*grid = (struct grid){ 0 };
}

static const char *cell_text(const struct grid_row *row, size_t column)
{
	return row->cells[column] ? row->cells[column] : "";
}

/* How the columns are fitted. */
struct fit {
	const struct grid *grid;
	const struct grid_style *style;
	size_t *natural; /* owned; natural width of each column */
	size_t *width; /* owned; drawn width of each */
	bool *shown; /* owned */
	size_t last; /* shown column */
	size_t cut; /* the key that is cut, if any */
	struct width_name *names; /* owned; its texts, and how they are cut */
	/* the tree: rows below a row; GRID_NO_PARENT ends a list */
	size_t top; /* the first row without a parent */
	size_t *first; /* owned; of each row, the first one below it */
	size_t *next; /* owned; and the next one with the same parent */
	bool too_wide; /* even keys alone are wider than the terminal */
};

static void fit_release(struct fit *fit)
{
	free(fit->natural);
	free(fit->width);
	free(fit->shown);
	free(fit->names);
	free(fit->first);
	free(fit->next);
}

/* Columns of the tree's lines before the text of @row. */
static size_t tree_width(const struct grid *grid, const struct grid_row *row,
			 size_t column)
{
	return column == grid->tree ? TREE_STEP * row->depth : 0;
}

static size_t heading_width(const struct fit *fit, size_t column)
{
	/* also without headings, so that the layout does not depend on them */
	return width_of(fit->grid->columns[column].name);
}

static size_t natural_width(const struct fit *fit, size_t column)
{
	const struct grid *grid = fit->grid;
	size_t most = heading_width(fit, column), i;

	for (i = 0; i < grid->nr_rows; i++) {
		const struct grid_row *row = &grid->rows[i];
		size_t width = tree_width(grid, row, column) +
			       width_of(cell_text(row, column));

		if (width > most)
			most = width;
	}
	return most;
}

/* Minimum width of a column. */
static size_t least_width(const struct fit *fit, size_t column)
{
	size_t natural = fit->natural[column];
	size_t least = heading_width(fit, column);

	if (fit->grid->columns[column].kind != GRID_TEXT &&
	    fit->grid->columns[column].kind != GRID_LIST)
		return natural;
	if (least < LEAST_TEXT)
		least = LEAST_TEXT;
	return least < natural ? least : natural;
}

/* Width of all shown columns, with a blank between each two. */
static size_t total_width(const struct fit *fit)
{
	size_t total = 0, i;

	for (i = 0; i < fit->grid->nr_columns; i++) {
		if (fit->shown[i])
			total += fit->width[i] + (total > 0);
	}
	return total;
}

static void show_keys(struct fit *fit)
{
	for (size_t i = 0; i < fit->grid->nr_columns; i++) {
		fit->shown[i] = fit->grid->columns[i].kind == GRID_KEY;
		fit->width[i] = least_width(fit, i);
	}
}

/*
 * Distributes the remaining width to the texts that are cut, from left to
 * right.
 */
static void widen_texts(struct fit *fit)
{
	size_t total = total_width(fit), room, i;

	room = total < fit->style->width ? fit->style->width - total : 0;
	for (i = 0; i < fit->grid->nr_columns; i++) {
		size_t more = fit->natural[i] - fit->width[i];

		if (!fit->shown[i] || fit->grid->columns[i].kind == GRID_KEY)
			continue;
		if (more > room)
			more = room;
		fit->width[i] += more;
		room -= more;
	}
}

/*
 * Adds columns to the keys, from left to right, until one does not fit. Returns
 * whether all shown columns fit, and a figure, if there are any, is among them.
 */
static bool fill_room(struct fit *fit)
{
	const struct grid *grid = fit->grid;
	bool figure = false, figures = false, full = false;
	size_t i;

	for (i = 0; i < grid->nr_columns; i++) {
		figures |= grid->columns[i].kind == GRID_FIGURE;
		if (full || fit->shown[i])
			continue;
		fit->shown[i] = true;
		full = total_width(fit) > fit->style->width;
		fit->shown[i] = !full;
		figure |= !full && grid->columns[i].kind == GRID_FIGURE;
	}
	widen_texts(fit);
	return (figure || !figures) && total_width(fit) &&
	       total_width(fit) <= fit->style->width;
}

/* The key that can be cut most, or nr_columns: none can. */
static size_t widest_key(const struct fit *fit)
{
	size_t widest = fit->grid->nr_columns, i;

	for (i = 0; i < fit->grid->nr_columns; i++) {
		if (fit->grid->columns[i].kind == GRID_KEY &&
		    (widest == fit->grid->nr_columns ||
		     fit->natural[i] > fit->natural[widest]))
			widest = i;
	}
	return widest;
}

/* Cuts the widest key until all shown columns fit; false: rows look alike. */
static bool cut_key(struct fit *fit)
{
	const struct grid *grid = fit->grid;
	size_t key = widest_key(fit), total = total_width(fit), over, i;

	if (total <= fit->style->width)
		return true;
	over = total - fit->style->width;
	if (key == grid->nr_columns ||
	    fit->natural[key] < over + heading_width(fit, key))
		return false;
	for (i = 0; i < grid->nr_rows; i++) {
		const struct grid_row *row = &grid->rows[i];

		fit->names[i] = (struct width_name){
			.text = cell_text(row, key),
			.before = tree_width(grid, row, key)
		};
	}
	fit->cut = key;
	fit->width[key] = fit->natural[key] - over;
	return width_distinct(fit->names, grid->nr_rows, fit->width[key],
			      fit->style->ascii_only);
}

/* Cuts keys to make room for all columns up to the first figure. */
static bool cut_for_figure(struct fit *fit)
{
	size_t i;

	show_keys(fit);
	for (i = 0; i < fit->grid->nr_columns; i++) {
		fit->shown[i] = true;
		if (fit->grid->columns[i].kind == GRID_FIGURE)
			return cut_key(fit);
	}
	return false;
}

/*
 * Tries in turn: whole keys with the columns that fit beside them; cut keys and
 * one figure; keys alone, whole or cut; whole keys, which are wider than the
 * terminal.
 */
static void fit_columns(struct fit *fit)
{
	size_t i;

	for (i = 0; i < fit->grid->nr_columns; i++) {
		fit->natural[i] = fit->width[i] = natural_width(fit, i);
		fit->shown[i] = true;
	}
	if (!fit->style->width || total_width(fit) <= fit->style->width)
		return;
	show_keys(fit);
	if (fill_room(fit) || cut_for_figure(fit))
		return;
	show_keys(fit);
	if (widest_key(fit) == fit->grid->nr_columns)
		fit->shown[0] = true;
	else
		fill_room(fit);
	if (cut_key(fit))
		return;
	show_keys(fit);
	if (widest_key(fit) == fit->grid->nr_columns)
		fit->shown[0] = true;
	fit->too_wide = true;
}

static void list_rows(struct fit *fit)
{
	const struct grid *grid = fit->grid;

	fit->top = GRID_NO_PARENT;
	fit->first = xcalloc(grid->nr_rows, sizeof(*fit->first));
	fit->next = xcalloc(grid->nr_rows, sizeof(*fit->next));
	for (size_t i = 0; i < grid->nr_rows; i++)
		fit->first[i] = GRID_NO_PARENT;
	for (size_t i = grid->nr_rows; i-- > 0;) {
		size_t parent = grid->rows[i].parent;
		size_t *head = parent == GRID_NO_PARENT ? &fit->top :
							  &fit->first[parent];

		fit->next[i] = *head;
		*head = i;
	}
}

/* The row that is printed after @row: the rows below it come first. */
static size_t row_after(const struct fit *fit, size_t row)
{
	if (fit->first[row] != GRID_NO_PARENT)
		return fit->first[row];
	while (row != GRID_NO_PARENT && fit->next[row] == GRID_NO_PARENT)
		row = fit->grid->rows[row].parent;
	return row == GRID_NO_PARENT ? row : fit->next[row];
}

static void fit_make(const struct grid *grid, const struct grid_style *style,
		     struct fit *ret)
{
	*ret = (struct fit){ .grid = grid,
			     .style = style,
			     .cut = grid->nr_columns };
	ret->natural = xcalloc(grid->nr_columns, sizeof(*ret->natural));
	ret->width = xcalloc(grid->nr_columns, sizeof(*ret->width));
	ret->names = xcalloc(grid->nr_rows, sizeof(*ret->names));
	ret->shown = xcalloc(grid->nr_columns, sizeof(*ret->shown));
	list_rows(ret);
	fit_columns(ret);
	for (size_t i = 0; i < grid->nr_columns; i++) {
		if (ret->shown[i])
			ret->last = i;
	}
}

/* Adds the tree's lines before the text of @row. */
static void add_tree(const struct fit *fit, size_t row, struct strbuf *sb)
{
	static const char *const lines[][4] = {
		{ "\u2502 ", "  ", "\u251c\u2500", "\u2514\u2500" },
		{ "| ", "  ", "|-", "`-" },
	};
	const char *const *line = lines[fit->style->ascii_only];
	const struct grid_row *rows = fit->grid->rows;
	size_t depth = rows[row].depth;
	bool *last = xcalloc(depth, sizeof(*last));

	for (size_t i = depth, at = row; i-- > 0; at = rows[at].parent)
		last[i] = fit->next[at] == GRID_NO_PARENT;
	for (size_t i = 0; i < depth; i++)
		strbuf_addstr(sb, line[(i + 1 == depth ? 2 : 0) + last[i]]);
	free(last);
}

static void add_cell(const struct fit *fit, size_t row, size_t column,
		     struct strbuf *sb)
{
	const struct grid *grid = fit->grid;
	bool ascii_only = fit->style->ascii_only;
	size_t width = fit->width[column];

	if (width == fit->natural[column])
		strbuf_addstr(sb, cell_text(&grid->rows[row], column));
	else if (column == fit->cut)
		width_cut_name(sb, &fit->names[row], width, ascii_only);
	else
		width_cut(sb, cell_text(&grid->rows[row], column), width,
			  grid->columns[column].kind == GRID_LIST ?
				  WIDTH_CUT_END :
				  WIDTH_CUT_MIDDLE,
			  ascii_only);
}

/* Adds @text with its column's width; the last column is not padded. */
static void add_aligned(const struct fit *fit, size_t column, const char *text,
			struct strbuf *sb)
{
	size_t width = width_of(text), pad = 0;
	bool right = fit->grid->columns[column].right;

	if (fit->width[column] > width)
		pad = fit->width[column] - width;
	if (column == fit->last && !*text)
		return;
	if (right)
		strbuf_pad(sb, pad);
	strbuf_addstr(sb, text);
	if (column != fit->last)
		strbuf_pad(sb, right ? 1 : pad + 1);
}

static void print_headings(const struct fit *fit, FILE *out)
{
	struct strbuf line = { 0 };

	for (size_t i = 0; i < fit->grid->nr_columns; i++) {
		if (fit->shown[i])
			add_aligned(fit, i, fit->grid->columns[i].name, &line);
	}
	fprintf(out, "%s\n", strbuf_text(&line));
	strbuf_release(&line);
}

static void print_row(const struct fit *fit, size_t row, FILE *out)
{
	const struct grid *grid = fit->grid;
	bool on = fit->style->colour;
	enum colour colour = grid->rows[row].colour;
	struct strbuf line = { 0 }, text = { 0 };

	for (size_t i = 0; i < grid->nr_columns; i++) {
		if (!fit->shown[i])
			continue;
		strbuf_reset(&text);
		if (i == grid->tree)
			add_tree(fit, row, &text);
		add_cell(fit, row, i, &text);
		add_aligned(fit, i, strbuf_text(&text), &line);
	}
	fprintf(out, "%s%s%s\n", colour_start(on, colour), strbuf_text(&line),
		colour_stop(on, colour));
	strbuf_release(&text);
	strbuf_release(&line);
}

/* Names the columns that are left out, or the ones that are cut. */
static size_t add_names(const struct fit *fit, bool cut, const char *before,
			struct strbuf *note)
{
	size_t nr = 0, i;

	for (i = 0; i < fit->grid->nr_columns; i++) {
		bool is_cut = fit->shown[i] && fit->width[i] < fit->natural[i];

		if (cut ? !is_cut : fit->shown[i])
			continue;
		strbuf_addf(note, "%s%s", nr ? ", " : before,
			    fit->grid->columns[i].name);
		nr++;
	}
	return nr;
}

static void add_note(const struct fit *fit, struct strbuf *note)
{
	size_t omitted, cut;

	omitted = add_names(fit, false, "no room for: ", note);
	cut = add_names(fit, true, omitted ? "; cut: " : "cut: ", note);
	if ((omitted || cut) && !fit->style->fixed_width)
		strbuf_addstr(note, "; --wide shows all");
	if (omitted)
		strbuf_addstr(note, fit->style->fixed_width ? "; -o selects" :
							      ", -o selects");
	if (omitted || cut)
		strbuf_addstr(note, "\n");
	if (fit->too_wide)
		strbuf_addstr(
			note,
			"wider than the terminal, because cut names would look alike\n");
}

void grid_print(const struct grid *grid, const struct grid_style *style,
		FILE *out, struct strbuf *note)
{
	struct fit fit;

	fit_make(grid, style, &fit);
	if (style->headings)
		print_headings(&fit, out);
	for (size_t row = fit.top; row != GRID_NO_PARENT;
	     row = row_after(&fit, row))
		print_row(&fit, row, out);
	add_note(&fit, note);
	fit_release(&fit);
}
