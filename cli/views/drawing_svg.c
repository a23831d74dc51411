// SPDX-License-Identifier: GPL-2.0-only
/*
 * A drawing within a page: a row for each node, below the first device that is on it,
 * and arcs to the right of them for the steps of a deadlock.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text_width.h"
#include "model/drawing.h"
#include "views/drawing_view.h"
#include "views/html.h"

/* More are counted. */
#define MOST_ROWS 200
#define MOST_ARCS 64
#define LABEL_COLUMNS 100
#define NO_ROW SIZE_MAX
/* In units of the drawing; a character has 7.3 of them. */
#define CHARACTER 7.3
#define ROW_STEP 20
#define INDENT 18
#define MARGIN 8
#define ARC_STEP 14

struct row {
	size_t node;
	size_t depth;
};

struct layout {
	const struct drawing *drawing;
	size_t *first; /* owned; of each node, place of its first edge in .on */
	size_t *on; /* owned; edges of one device on another, by upper device */
	struct row *rows; /* owned; from the top */
	size_t nr_rows;
	size_t *row_of; /* owned; by node, or NO_ROW */
	double width; /* of the widest label, with its indent */
};

/* Sorts the edges by the upper device. */
static void sort_edges(struct layout *l)
{
	const struct drawing *d = l->drawing;
	size_t *next = xcalloc(d->nr_nodes + 1, sizeof(*next));

	l->first = xcalloc(d->nr_nodes + 1, sizeof(*l->first));
	l->on = xcalloc(d->nr_edges, sizeof(*l->on));
	for (size_t i = 0; i < d->nr_edges; i++)
		if (d->edges[i].kind == DRAWING_ON)
			l->first[d->edges[i].from + 1]++;
	for (size_t i = 0; i < d->nr_nodes; i++)
		l->first[i + 1] += l->first[i];
	for (size_t i = 0; i < d->nr_edges; i++) {
		const size_t from = d->edges[i].from;

		if (d->edges[i].kind == DRAWING_ON)
			l->on[l->first[from] + next[from]++] = i;
	}
	free(next);
}

/*
 * Gives rows to @top and all below that have none yet, each below its upper device.
 * @left has room for each edge, and one more.
 */
static void add_rows(struct layout *l, size_t top, struct row *left)
{
	const struct drawing *d = l->drawing;
	size_t nr = 0;

	left[nr++] = (struct row){ .node = top };
	while (nr) {
		const struct row row = left[--nr];

		if (l->row_of[row.node] != NO_ROW)
			continue;
		l->row_of[row.node] = l->nr_rows;
		l->rows[l->nr_rows++] = row;
		/* the last one is taken first */
		for (size_t i = l->first[row.node + 1];
		     i-- > l->first[row.node];)
			left[nr++] =
				(struct row){ .node = d->edges[l->on[i]].to,
					      .depth = row.depth + 1 };
	}
}

static void order(struct layout *l)
{
	const struct drawing *d = l->drawing;
	bool *below = xcalloc(d->nr_nodes, sizeof(*below));
	struct row *left = xcalloc(d->nr_edges + 1, sizeof(*left));

	l->rows = xcalloc(d->nr_nodes, sizeof(*l->rows));
	l->row_of = xcalloc(d->nr_nodes, sizeof(*l->row_of));
	for (size_t i = 0; i < d->nr_nodes; i++)
		l->row_of[i] = NO_ROW;
	for (size_t i = 0; i < d->nr_edges; i++)
		if (d->edges[i].kind == DRAWING_ON)
			below[d->edges[i].to] = true;
	for (size_t i = 0; i < d->nr_nodes; i++)
		if (!below[i])
			add_rows(l, i, left);
	/* devices in a ring */
	for (size_t i = 0; i < d->nr_nodes; i++)
		if (l->row_of[i] == NO_ROW)
			add_rows(l, i, left);
	free(left);
	free(below);
}

static double left_of(const struct row *row)
{
	return MARGIN + (double)(row->depth < 20 ? row->depth : 20) * INDENT;
}

static double middle_of(size_t row)
{
	return (double)row * ROW_STEP + ROW_STEP / 2.0;
}

static void add_row(struct strbuf *sb, struct layout *l, size_t place)
{
	const struct row *row = &l->rows[place];
	const struct drawing_node *node = &l->drawing->nodes[row->node];
	struct strbuf label = { 0 }, line = { 0 }, cut = { 0 };
	double end;

	drawing_add_label(&label, node);
	for (const char *at = strbuf_text(&label); *at; at++) {
		if (*at == '\n')
			strbuf_addstr(&line, ", ");
		else
			strbuf_add(&line, at, 1);
	}
	width_cut(&cut, strbuf_text(&line), LABEL_COLUMNS, WIDTH_CUT_END,
		  false);
	strbuf_addf(sb, "<text%s x=\"%.0f\" y=\"%.0f\">",
		    node->red ? " class=\"bad\"" : "", left_of(row),
		    middle_of(place) + 4);
	html_add(sb, strbuf_text(&cut));
	strbuf_addstr(sb, "</text>\n");
	end = left_of(row) + 6 +
	      CHARACTER * (double)width_of(strbuf_text(&cut));
	if (l->width < end)
		l->width = end;
	strbuf_release(&cut);
	strbuf_release(&line);
	strbuf_release(&label);
}

/*
 * From below the upper device's first letter to the lower one; if that has its row
 * above, because it is below another device as well, to the left of both.
 */
static void add_line(struct strbuf *sb, const struct layout *l, size_t from,
		     size_t to)
{
	const double upper = left_of(&l->rows[from]);
	const double lower = left_of(&l->rows[to]);
	const double x = (upper < lower ? upper : lower) - 4;

	if (from < to)
		strbuf_addf(
			sb,
			"<path class=\"line\" d=\"M%.0f %.0fV%.0fH%.0f\"/>\n",
			upper + 4, middle_of(from) + 7, middle_of(to),
			lower - 2 > upper + 4 ? lower - 2 : upper + 8);
	else
		strbuf_addf(
			sb,
			"<path class=\"line\" d=\"M%.0f %.0fH%.0fV%.0fH%.0f\"/>\n",
			upper - 2, middle_of(from), x, middle_of(to),
			lower - 2);
}

/* @nr: how many arcs there are already, so that no two have the same place. */
static double add_arc(struct strbuf *sb, const struct layout *l,
		      const struct drawing_edge *edge, size_t nr)
{
	const size_t from = l->row_of[edge->from], to = l->row_of[edge->to];
	const double x = l->width + 8;
	const double out = x + (double)(nr + 2) * ARC_STEP;
	const double up = middle_of(from), down = middle_of(to);
	struct strbuf label = { 0 };
	double end;

	drawing_add_edge_label(&label, edge);
	strbuf_addf(
		sb,
		"<path class=\"arc\" d=\"M%.0f %.0fH%.0fV%.0fH%.0fM%.0f %.0fL%.0f %.0fL%.0f %.0f\"/>\n",
		x, up - 3, out, down + 3, x, x + 6, down - 1, x, down + 3,
		x + 6, down + 7);
	strbuf_addf(sb, "<text class=\"bad\" x=\"%.0f\" y=\"%.0f\">", out + 4,
		    up + 1);
	html_add(sb, strbuf_text(&label));
	strbuf_addstr(sb, "</text>\n");
	end = out + 4 + CHARACTER * (double)width_of(strbuf_text(&label));
	strbuf_release(&label);
	return end;
}

/* Returns how many steps of deadlocks are left out. */
static size_t add_edges(struct strbuf *sb, struct layout *l, size_t nr_rows)
{
	const struct drawing *d = l->drawing;
	double widest = l->width;
	size_t arcs = 0, left_out = 0;

	for (size_t i = 0; i < d->nr_edges; i++) {
		const struct drawing_edge *edge = &d->edges[i];
		const size_t from = l->row_of[edge->from];
		const size_t to = l->row_of[edge->to];

		if (edge->kind == DRAWING_ON) {
			if (from < nr_rows && to < nr_rows)
				add_line(sb, l, from, to);
		} else if (arcs == MOST_ARCS || from >= nr_rows ||
			   to >= nr_rows) {
			left_out++;
		} else {
			const double end = add_arc(sb, l, edge, arcs++);

			if (widest < end)
				widest = end;
		}
	}
	l->width = widest;
	return left_out;
}

void drawing_svg(struct strbuf *sb, const struct drawing *drawing)
{
	struct layout l = { .drawing = drawing };
	struct strbuf inner = { 0 };
	size_t nr, left_out;

	if (!drawing->nr_edges)
		return;
	sort_edges(&l);
	order(&l);
	nr = l.nr_rows < MOST_ROWS ? l.nr_rows : MOST_ROWS;
	for (size_t i = 0; i < nr; i++)
		add_row(&inner, &l, i);
	left_out = add_edges(&inner, &l, nr);
	strbuf_addf(
		sb,
		"<h2>Stack</h2>\n<p>A line leads from each device to those that it is on. Red: a deadlock.</p>\n"
		"<div class=\"scroll\">\n<svg class=\"stack\" width=\"%.0f\" height=\"%zu\" viewBox=\"0 0 %.0f %zu\" role=\"img\" aria-label=\"The devices and what they are on\">\n",
		l.width + 8, nr * ROW_STEP, l.width + 8, nr * ROW_STEP);
	strbuf_addstr(sb, strbuf_text(&inner));
	strbuf_addstr(sb, "</svg>\n</div>\n");
	if (l.nr_rows > nr)
		strbuf_addf(
			sb,
			"<p>%zu more devices, tasks and pools are not drawn.</p>\n",
			l.nr_rows - nr);
	if (left_out)
		strbuf_addf(
			sb,
			"<p>%zu more steps of deadlocks are not drawn.</p>\n",
			left_out);
	if (drawing->nr_left_out)
		strbuf_addf(sb, "<p>%zu more deadlocks are not drawn.</p>\n",
			    drawing->nr_left_out);
	strbuf_release(&inner);
	free(l.first);
	free(l.on);
	free(l.rows);
	free(l.row_of);
}
