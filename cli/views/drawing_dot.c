// SPDX-License-Identifier: GPL-2.0-only
#include "base/strbuf.h"
#include "model/drawing.h"
#include "views/drawing_view.h"

#define RED "red3"

/* As a string in quotes: \n begins a line, and \\ is a backslash. */
static void add_string(struct strbuf *sb, const char *text)
{
	strbuf_addstr(sb, "\"");
	for (; *text; text++) {
		if (*text == '\n') {
			strbuf_addstr(sb, "\\n");
			continue;
		}
		if (*text == '"' || *text == '\\')
			strbuf_addstr(sb, "\\");
		strbuf_add(sb, text, 1);
	}
	strbuf_addstr(sb, "\"");
}

static void add_node(struct strbuf *sb, const struct drawing_node *node,
		     size_t place)
{
	static const char *const shapes[] = {
		[DRAWING_DEVICE] = "box",
		[DRAWING_TASK] = "ellipse",
		[DRAWING_POOL] = "hexagon",
	};
	struct strbuf label = { 0 };

	drawing_add_label(&label, node);
	strbuf_addf(sb, "\tn%zu [shape=%s, label=", place, shapes[node->kind]);
	add_string(sb, strbuf_text(&label));
	strbuf_release(&label);
	if (node->kind == DRAWING_DEVICE && !node->device)
		strbuf_addstr(sb, ", style=dashed");
	if (node->kind == DRAWING_DEVICE && node->device &&
	    node->device->suspended)
		strbuf_addstr(sb, ", style=filled, fillcolor=gray85");
	if (node->red)
		strbuf_addstr(sb,
			      ", color=" RED ", fontcolor=" RED ", penwidth=2");
	strbuf_addstr(sb, "];\n");
}

static void add_edge(struct strbuf *sb, const struct drawing_edge *edge)
{
	struct strbuf label = { 0 };

	strbuf_addf(sb, "\tn%zu -> n%zu", edge->from, edge->to);
	drawing_add_edge_label(&label, edge);
	if (label.len) {
		strbuf_addstr(sb, " [label=");
		add_string(sb, strbuf_text(&label));
		/* the cycle has no influence on which device is on top */
		strbuf_addstr(sb, ", color=" RED ", fontcolor=" RED
				  ", penwidth=2, constraint=false]");
	}
	strbuf_addstr(sb, ";\n");
	strbuf_release(&label);
}

void drawing_dot(FILE *out, const struct drawing *drawing)
{
	struct strbuf sb = { 0 };

	strbuf_addstr(&sb, "digraph devices {\n"
			   "\tnode [fontname=\"sans-serif\"];\n"
			   "\tedge [fontname=\"sans-serif\"];\n");
	for (size_t i = 0; i < drawing->nr_nodes; i++)
		add_node(&sb, &drawing->nodes[i], i);
	for (size_t i = 0; i < drawing->nr_edges; i++)
		add_edge(&sb, &drawing->edges[i]);
	strbuf_addstr(&sb, "}\n");
	fputs(strbuf_text(&sb), out);
	strbuf_release(&sb);
}
