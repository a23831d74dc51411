/* SPDX-License-Identifier: GPL-2.0-only */
/* A drawing in languages of programs that lay it out. */
#ifndef MEMTOP_VIEWS_DRAWING_VIEW_H
#define MEMTOP_VIEWS_DRAWING_VIEW_H

#include <stdio.h>

struct drawing;
struct drawing_edge;
struct drawing_node;
struct strbuf;

/* As a digraph for dot(1) of Graphviz. */
void drawing_dot(FILE *out, const struct drawing *drawing);

/* As a flowchart for Mermaid, which GitHub and GitLab draw. */
void drawing_mermaid(FILE *out, const struct drawing *drawing);

/*
 * Adds the same to a page, as a picture; nothing if no device is on another. Only the
 * first 200 nodes and 64 steps of deadlocks are drawn.
 */
void drawing_svg(struct strbuf *sb, const struct drawing *drawing);

/*
 * All have the same words: the lines of a node's label, escaped and separated by
 * newlines, and the label of an edge, which is empty for one device on another.
 */
void drawing_add_label(struct strbuf *sb, const struct drawing_node *node);
void drawing_add_edge_label(struct strbuf *sb, const struct drawing_edge *edge);

#endif
