// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "base/strbuf.h"
#include "model/drawing.h"
#include "views/drawing_view.h"

/*
 * As a string in quotes. Mermaid takes it for Markdown and HTML. A character with
 * a meaning there is written as #NUMBER;.
 */
static void add_string(struct strbuf *sb, const char *text)
{
	strbuf_addstr(sb, "\"");
	for (; *text; text++) {
		if (*text == '\n')
			strbuf_addstr(sb, "<br>");
		else if (strchr("\"#;&<>`*_~\\[](){}|", *text))
			strbuf_addf(sb, "#%u;", (unsigned char)*text);
		else
			strbuf_add(sb, text, 1);
	}
	strbuf_addstr(sb, "\"");
}

static void add_node(struct strbuf *sb, const struct drawing_node *node,
		     size_t place)
{
	static const char *const shapes[][2] = {
		[DRAWING_DEVICE] = { "[", "]" },
		[DRAWING_TASK] = { "([", "])" },
		[DRAWING_POOL] = { "{{", "}}" },
	};
	struct strbuf label = { 0 };

	drawing_add_label(&label, node);
	strbuf_addf(sb, "    n%zu%s", place, shapes[node->kind][0]);
	add_string(sb, strbuf_text(&label));
	strbuf_addstr(sb, shapes[node->kind][1]);
	strbuf_release(&label);
	if (node->red)
		strbuf_addstr(sb, ":::deadlock");
	else if (node->kind == DRAWING_DEVICE && !node->device)
		strbuf_addstr(sb, ":::leaf");
	strbuf_addstr(sb, "\n");
}

static void add_edge(struct strbuf *sb, const struct drawing_edge *edge)
{
	struct strbuf label = { 0 };

	strbuf_addf(sb, "    n%zu -->", edge->from);
	drawing_add_edge_label(&label, edge);
	if (label.len) {
		strbuf_addstr(sb, "|");
		add_string(sb, strbuf_text(&label));
		strbuf_addstr(sb, "|");
	}
	strbuf_addf(sb, " n%zu\n", edge->to);
	strbuf_release(&label);
}

/* Edges have no classes, only numbers. */
static void add_red_edges(struct strbuf *sb, const struct drawing *drawing)
{
	bool any = false;

	for (size_t i = 0; i < drawing->nr_edges; i++) {
		if (drawing->edges[i].kind == DRAWING_ON)
			continue;
		strbuf_addf(sb, "%s%zu", any ? "," : "    linkStyle ", i);
		any = true;
	}
	if (any)
		strbuf_addstr(sb, " stroke:#c00,stroke-width:2px,color:#c00\n");
}

void drawing_mermaid(FILE *out, const struct drawing *drawing)
{
	struct strbuf sb = { 0 };

	strbuf_addstr(
		&sb,
		"flowchart TD\n"
		"    classDef deadlock stroke:#c00,stroke-width:2px,color:#c00\n"
		"    classDef leaf stroke-dasharray:4\n");
	for (size_t i = 0; i < drawing->nr_nodes; i++)
		add_node(&sb, &drawing->nodes[i], i);
	for (size_t i = 0; i < drawing->nr_edges; i++)
		add_edge(&sb, &drawing->edges[i]);
	add_red_edges(&sb, drawing);
	fputs(strbuf_text(&sb), out);
	strbuf_release(&sb);
}
