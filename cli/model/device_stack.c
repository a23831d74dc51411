// SPDX-License-Identifier: GPL-2.0-only
#include "model/device_stack.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "model/snapshot.h"
#include "stall/graph.h"

/* An entry's place, to be sorted by its device; those without one are last. */
struct place {
	const struct snap_entry *entry;
	size_t at;
};

/* A device with all of its entries; or one entry without a device. */
struct node {
	const struct place *places; /* NULL: a device without an entry */
	size_t nr;
	size_t at; /* in the graph, or GRAPH_NONE */
	bool done; /* the devices below it are in the tree */
};

/* A device while its children are added. */
struct level {
	struct node **children; /* owned */
	size_t nr;
	size_t next;
	size_t line;
};

struct builder {
	struct graph graph;
	struct place *places;
	/* Those of the graph in its order, then those of entries that are not there. */
	struct node *nodes;
	size_t nr_nodes;
	struct device_stack *stack;
	size_t room;
	struct level levels[STACK_DEPTH];
	size_t depth;
};

static int compare_entries(const struct snap_entry *a,
			   const struct snap_entry *b)
{
	if (a->dev_known != b->dev_known)
		return a->dev_known ? -1 : 1;
	return a->dev_known ? sample_compare_devno(a->dev, b->dev) : 0;
}

static int compare_places(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;
	int order = compare_entries(a->entry, b->entry);

	return order ? order : compare_u64(a->at, b->at);
}

/* The node of the device of @entry, or a new one if the graph lacks it. */
static struct node *node_of(struct builder *b, const struct snap_entry *entry)
{
	size_t at = entry->dev_known ? graph_find(&b->graph, entry->dev) :
				       GRAPH_NONE;
	struct node *node;

	if (at != GRAPH_NONE)
		return &b->nodes[at];
	node = &b->nodes[b->nr_nodes++];
	node->at = GRAPH_NONE;
	return node;
}

static void make_nodes(struct builder *b,
		       const struct snap_entry *const *entries, size_t nr)
{
	struct node *node = NULL;

	b->places = xcalloc(nr, sizeof(*b->places));
	b->nodes = xcalloc(b->graph.nr + nr, sizeof(*b->nodes));
	for (b->nr_nodes = 0; b->nr_nodes < b->graph.nr; b->nr_nodes++)
		b->nodes[b->nr_nodes].at = b->nr_nodes;
	for (size_t i = 0; i < nr; i++)
		b->places[i] = (struct place){ entries[i], i };
	qsort(b->places, nr, sizeof(*b->places), compare_places);

	for (size_t i = 0; i < nr; i++) {
		const struct place *place = &b->places[i];

		if (!i || !place->entry->dev_known ||
		    compare_entries(place[-1].entry, place->entry)) {
			node = node_of(b, place->entry);
			node->places = place;
		}
		node->nr++;
	}
}

/* Sets .reached of the graph's nodes that are below another one with an entry. */
static void mark_below(struct builder *b)
{
	size_t *from = xcalloc(b->graph.nr, sizeof(*from));
	size_t nr = 0;

	for (size_t i = 0; i < b->graph.nr; i++) {
		if (b->nodes[i].places)
			from[nr++] = i;
	}
	graph_reach(&b->graph, from, nr, GRAPH_DOWN);
	free(from);
}

static bool is_below(const struct builder *b, const struct node *node)
{
	return node->at != GRAPH_NONE && b->graph.nodes[node->at].reached;
}

/* Nodes in the order of their entries, then those without by number. */
static int compare_children(const void *pa, const void *pb)
{
	const struct node *a = *(struct node *const *)pa;
	const struct node *b = *(struct node *const *)pb;

	if (!a->places != !b->places)
		return a->places ? -1 : 1;
	return a->places ? compare_u64(a->places->at, b->places->at) :
			   compare_u64(a->at, b->at);
}

static size_t nr_below(const struct builder *b, const struct node *node)
{
	return node->at == GRAPH_NONE ? 0 : b->graph.nodes[node->at].nr_down;
}

/* Fills @level with the devices below @node, each once. */
static void list_children(const struct builder *b, const struct node *node,
			  struct level *level)
{
	const struct graph_node *in_graph = &b->graph.nodes[node->at];
	size_t nr = in_graph->nr_down, i;
	struct node **children = xcalloc(nr, sizeof(struct node *));

	for (i = 0; i < nr; i++)
		children[i] =
			&b->nodes[b->graph.lower[in_graph->first_down + i]];
	qsort(children, nr, sizeof(struct node *), compare_children);
	level->children = children;
	level->next = 0;
	level->nr = 0;
	for (i = 0; i < nr; i++) {
		if (!i || children[level->nr - 1] != children[i])
			children[level->nr++] = children[i];
	}
}

static struct device_stack_line *add_line(struct builder *b, size_t parent,
					  size_t entry)
{
	struct device_stack *stack = b->stack;
	struct device_stack_line *line;

	if (stack->nr == b->room) {
		b->room = b->room ? 2 * b->room : 64;
		stack->lines = xreallocarray(stack->lines, b->room,
					     sizeof(*stack->lines));
	}
	line = &stack->lines[stack->nr++];
	*line = (struct device_stack_line){ .parent = parent, .entry = entry };
	return line;
}

/*
 * Adds the lines of @node. The devices below it go to the line of the live
 * table, which uses them: returns that line's place.
 */
static size_t add_node_lines(struct builder *b, const struct node *node,
			     size_t parent)
{
	size_t live = b->stack->nr, i;

	if (!node->places)
		add_line(b, parent, STACK_NONE)->leaf =
			b->graph.nodes[node->at].dev;
	for (i = node->nr; i-- > 0;) {
		if (node->places[i].entry->slot == SAMPLE_SLOT_LIVE)
			live = b->stack->nr + i;
	}
	for (i = 0; i < node->nr; i++)
		add_line(b, parent, node->places[i].at);
	return live;
}

/*
 * Adds @node, and begins with the devices below it if they are not in the tree
 * yet.
 */
static void enter_node(struct builder *b, struct node *node, size_t parent)
{
	size_t line = add_node_lines(b, node, parent);
	struct level *level;

	if (!nr_below(b, node)) {
		node->done = true;
	} else if (node->done || b->depth == STACK_DEPTH) {
		b->stack->lines[line].elsewhere = true;
	} else {
		node->done = true;
		level = &b->levels[b->depth++];
		level->line = line;
		list_children(b, node, level);
	}
}

static void add_tree(struct builder *b, struct node *root)
{
	enter_node(b, root, STACK_NONE);
	while (b->depth) {
		struct level *level = &b->levels[b->depth - 1];

		if (level->next == level->nr) {
			free(level->children);
			b->depth--;
			continue;
		}
		enter_node(b, level->children[level->next++], level->line);
	}
}

/* Nodes with entries, in the order of their first ones. The caller frees. */
static struct node **order_nodes(const struct builder *b, size_t nr_entries,
				 size_t *ret_nr)
{
	struct node **first = xcalloc(nr_entries, sizeof(*first));
	size_t nr = 0;

	for (size_t i = 0; i < b->nr_nodes; i++) {
		if (b->nodes[i].places)
			first[b->nodes[i].places->at] = &b->nodes[i];
	}
	for (size_t i = 0; i < nr_entries; i++) {
		if (first[i])
			first[nr++] = first[i];
	}
	*ret_nr = nr;
	return first;
}

void device_stack_build(const struct snap_entry *const *entries, size_t nr,
			struct device_stack *ret)
{
	struct builder b = { .stack = ret };
	struct node **nodes;
	size_t nr_nodes;

	*ret = (struct device_stack){ 0 };
	if (!nr)
		return;
	graph_build(entries[0]->sample, &b.graph);
	make_nodes(&b, entries, nr);
	mark_below(&b);
	nodes = order_nodes(&b, nr, &nr_nodes);
	for (size_t i = 0; i < nr_nodes; i++) {
		if (!is_below(&b, nodes[i]))
			add_tree(&b, nodes[i]);
	}
	/* The nodes of a loop are below a device and yet not reached. */
	for (size_t i = 0; i < nr_nodes; i++) {
		if (!nodes[i]->done)
			add_tree(&b, nodes[i]);
	}
	free(nodes);
	free(b.nodes);
	free(b.places);
	graph_release(&b.graph);
}

void device_stack_release(struct device_stack *stack)
{
	free(stack->lines);
	*stack = (struct device_stack){ 0 };
}
