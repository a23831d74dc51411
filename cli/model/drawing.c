// SPDX-License-Identifier: GPL-2.0-only
#include "model/drawing.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stall/graph.h"
#include "stall/stall.h"

struct draft {
	struct drawing *drawing;
	struct graph graph;
	size_t *places; /* of each node of the graph; GRAPH_NONE: not drawn */
	size_t nr_devices; /* nodes of the drawing that are devices */
};

static struct drawing_node *add_node(struct drawing *d, enum drawing_kind kind)
{
	d->nodes = xgrow(d->nodes, d->nr_nodes, sizeof(*d->nodes));
	d->nodes[d->nr_nodes] = (struct drawing_node){ .kind = kind };
	return &d->nodes[d->nr_nodes++];
}

static void add_edge(struct drawing *d, const struct drawing_edge *edge)
{
	d->edges = xgrow(d->edges, d->nr_edges, sizeof(*d->edges));
	d->edges[d->nr_edges++] = *edge;
}

/* Marks the nodes of the graph that are selected, or below one that is. */
static void choose_nodes(struct draft *draft, const struct snap_selection *sel)
{
	struct graph *g = &draft->graph;
	size_t *from = xcalloc(sel->nr + 1, sizeof(*from));
	size_t nr = 0;

	draft->places = xcalloc(g->nr + 1, sizeof(*draft->places));
	for (size_t i = 0; i < g->nr; i++)
		draft->places[i] = GRAPH_NONE;
	for (size_t i = 0; i < sel->nr; i++) {
		size_t node = sel->entries[i]->dev_known ?
				      graph_find(g, sel->entries[i]->dev) :
				      GRAPH_NONE;

		if (node != GRAPH_NONE && draft->places[node] == GRAPH_NONE) {
			draft->places[node] = 0;
			from[nr++] = node;
		}
	}
	graph_reach(g, from, nr, GRAPH_DOWN);
	for (size_t i = 0; i < g->nr; i++) {
		if (g->nodes[i].reached)
			draft->places[i] = 0;
	}
	free(from);
}

/* The tables of a device, of which @entry is the first, stand side by side. */
static void set_entries(struct drawing_node *node, const struct snapshot *snap,
			const struct snap_entry *entry)
{
	const struct snap_entry *end = snap->entries + snap->nr_entries;

	node->entries = entry;
	for (; entry < end && entry->dev_known &&
	       sample_compare_devno(entry->dev, node->dev) == 0;
	     entry++)
		node->nr_entries++;
}

/* Entries and nodes are both sorted by device number. */
static void add_devices(struct draft *draft, const struct snapshot *snap)
{
	const struct snap_entry *entry = snap->entries,
				*end = snap->entries + snap->nr_entries;

	for (size_t i = 0; i < draft->graph.nr; i++) {
		const struct graph_node *node = &draft->graph.nodes[i];
		struct drawing_node *drawn;

		if (draft->places[i] == GRAPH_NONE)
			continue;
		draft->places[i] = draft->drawing->nr_nodes;
		drawn = add_node(draft->drawing, DRAWING_DEVICE);
		drawn->dev = node->dev;
		drawn->device = node->device;
		drawn->block = sample_find_block(snap->sample, node->dev);
		while (entry < end &&
		       (!entry->dev_known ||
			sample_compare_devno(entry->dev, node->dev) < 0))
			entry++;
		set_entries(drawn, snap, entry);
	}
}

/* Pools of a removed device are in the selection, and the device in no link. */
static void add_removed(struct draft *draft, const struct snapshot *snap,
			const struct snap_selection *sel)
{
	const struct snap_entry *before = NULL;

	for (size_t i = 0; i < sel->nr; i++) {
		const struct snap_entry *entry = sel->entries[i];
		struct drawing_node *drawn;

		if (!entry->dev_known) {
			draft->drawing->nr_stray += entry->nr_pools;
			continue;
		}
		if (graph_find(&draft->graph, entry->dev) != GRAPH_NONE ||
		    (before &&
		     sample_compare_devno(before->dev, entry->dev) == 0))
			continue;
		drawn = add_node(draft->drawing, DRAWING_DEVICE);
		drawn->dev = entry->dev;
		set_entries(drawn, snap, entry);
		before = entry;
	}
}

/* Several parts of a device can be on one; they are one edge. */
static void add_links(struct draft *draft)
{
	const struct graph *g = &draft->graph;
	size_t *last = xcalloc(g->nr + 1, sizeof(*last));

	for (size_t i = 0; i < g->nr; i++) {
		const struct graph_node *node = &g->nodes[i];

		if (draft->places[i] == GRAPH_NONE)
			continue;
		for (size_t j = 0; j < node->nr_down; j++) {
			size_t lower = g->lower[node->first_down + j];

			/* i + 1 is the last node with an edge to it */
			if (last[lower] == i + 1)
				continue;
			last[lower] = i + 1;
			add_edge(draft->drawing,
				 &(struct drawing_edge){
					 .from = draft->places[i],
					 .to = draft->places[lower],
					 .kind = DRAWING_ON });
		}
	}
	free(last);
}

/* The node of a task or a pool, which are few. */
static size_t find_other(struct draft *draft, const struct drawing_node *wanted)
{
	struct drawing *d = draft->drawing;
	struct drawing_node *node;

	for (size_t i = draft->nr_devices; i < d->nr_nodes; i++) {
		if (d->nodes[i].kind == wanted->kind &&
		    d->nodes[i].pid == wanted->pid &&
		    d->nodes[i].pool == wanted->pool)
			return i;
	}
	node = add_node(d, wanted->kind);
	*node = *wanted;
	node->red = true;
	return d->nr_nodes - 1;
}

static size_t find_task(struct draft *draft, const struct cycle_step *step)
{
	struct drawing_node wanted = { .kind = DRAWING_TASK };

	if (step->task) {
		wanted.pid = step->task->pid;
		wanted.comm = step->task->comm;
	} else if (step->op) {
		wanted.pid = step->op->pid;
		wanted.comm = step->op->comm;
	}
	return find_other(draft, &wanted);
}

static size_t find_pool(struct draft *draft, const struct cycle_step *step)
{
	return find_other(draft, &(struct drawing_node){ .kind = DRAWING_POOL,
							 .pool = step->pool });
}

/* A device of a cycle is drawn even if it is not in the selection. */
static size_t find_device(struct draft *draft, struct sample_devno dev)
{
	size_t node = graph_find(&draft->graph, dev), place = GRAPH_NONE;
	struct drawing *d = draft->drawing;

	if (node != GRAPH_NONE)
		place = draft->places[node];
	for (size_t i = draft->nr_devices;
	     place == GRAPH_NONE && i < d->nr_nodes; i++) {
		if (d->nodes[i].kind == DRAWING_DEVICE &&
		    sample_compare_devno(d->nodes[i].dev, dev) == 0)
			place = i;
	}
	if (place == GRAPH_NONE) {
		struct drawing_node *drawn = add_node(d, DRAWING_DEVICE);

		drawn->dev = dev;
		if (node != GRAPH_NONE)
			drawn->device = draft->graph.nodes[node].device;
		place = d->nr_nodes - 1;
	}
	d->nodes[place].red = true;
	return place;
}

static bool has_edge(const struct drawing *d, size_t from_edge,
		     const struct drawing_edge *edge)
{
	for (size_t i = from_edge; i < d->nr_edges; i++) {
		const struct drawing_edge *e = &d->edges[i];

		if (e->from == edge->from && e->to == edge->to &&
		    e->kind == edge->kind && e->sector == edge->sector &&
		    e->sectors == edge->sectors)
			return true;
	}
	return false;
}

/* The edge that @step of a cycle is; @before is the step before it. */
static struct drawing_edge edge_of(struct draft *draft,
				   const struct cycle_step *step,
				   const struct cycle_step *before)
{
	struct drawing_edge edge = { 0 };

	switch (step->kind) {
	case STEP_WAITS:
		edge.kind = DRAWING_WAITS;
		edge.from = find_task(draft, step);
		edge.to = find_pool(draft, step);
		break;
	case STEP_HELD:
		edge.kind = DRAWING_HELD;
		edge.from = find_pool(draft, before);
		edge.to = find_task(draft, step);
		edge.dev_known = step->dev_known;
		edge.dev = step->dev;
		break;
	case STEP_NEEDS:
		edge.kind = DRAWING_NEEDS;
		edge.from = find_task(draft, before);
		edge.to = find_device(draft, step->dev);
		edge.sector = step->sector;
		edge.sectors = step->sectors;
		break;
	case STEP_WORKED_ON:
		edge.kind = DRAWING_WORKED_ON;
		edge.from = find_device(draft, before->dev);
		edge.to = find_task(draft, step);
		edge.sector = before->sector;
		edge.sectors = before->sectors;
		break;
	}
	return edge;
}

static void add_cycle(struct draft *draft, const struct finding *f,
		      size_t from_edge)
{
	for (size_t i = 0; i < f->nr_steps && i < DRAWING_MAX_STEPS; i++) {
		struct drawing_edge edge =
			edge_of(draft, &f->cycle[i],
				&f->cycle[i ? i - 1 : f->nr_steps - 1]);

		if (!has_edge(draft->drawing, from_edge, &edge))
			add_edge(draft->drawing, &edge);
	}
}

static void add_cycles(struct draft *draft, const struct findings *findings)
{
	const size_t from_edge = draft->drawing->nr_edges;
	size_t nr = 0;

	for (size_t i = 0; i < findings->nr; i++) {
		const struct finding *f = &findings->all[i];

		/* waits behind a deadlock have its cycle */
		if (f->kind != FINDING_DEADLOCK || !f->nr_steps)
			continue;
		if (nr++ < DRAWING_MAX_CYCLES)
			add_cycle(draft, f, from_edge);
		else
			draft->drawing->nr_left_out++;
	}
}

void drawing_make(const struct snapshot *snap, const struct snap_selection *sel,
		  const struct findings *findings, struct drawing *ret)
{
	struct draft draft = { .drawing = ret };

	*ret = (struct drawing){ 0 };
	graph_build(snap->sample, &draft.graph);
	choose_nodes(&draft, sel);
	add_devices(&draft, snap);
	add_removed(&draft, snap, sel);
	draft.nr_devices = ret->nr_nodes;
	add_links(&draft);
	add_cycles(&draft, findings);
	graph_release(&draft.graph);
	free(draft.places);
}

void drawing_release(struct drawing *drawing)
{
	free(drawing->nodes);
	free(drawing->edges);
	*drawing = (struct drawing){ 0 };
}
