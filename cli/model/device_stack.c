// SPDX-License-Identifier: GPL-2.0-only
#include "model/device_stack.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "model/snapshot.h"

/* An entry's place, to be sorted by its device; those without one are last. */
struct place {
	const struct snap_entry *entry;
	size_t at;
};

/* A device with all of its entries; or one entry without a device. */
struct node {
	const struct place *places;
	size_t nr;
	bool below; /* some other device */
	bool done; /* the devices below it are in the tree */
};

/* A device below another one: a node, or a leaf. */
struct child {
	struct node *node; /* NULL: a leaf */
	struct sample_devno dev;
};

/* A device while its children are added. */
struct level {
	struct child *children; /* owned */
	size_t nr;
	size_t next;
	size_t line;
};

struct builder {
	struct place *places;
	struct node *nodes; /* by number */
	size_t nr_nodes;
	size_t nr_numbered; /* those with a device */
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

static void make_nodes(struct builder *b,
		       const struct snap_entry *const *entries, size_t nr)
{
	struct node *node = NULL;
	size_t i;

	b->places = xcalloc(nr, sizeof(*b->places));
	b->nodes = xcalloc(nr, sizeof(*b->nodes));
	for (i = 0; i < nr; i++)
		b->places[i] = (struct place){ entries[i], i };
	qsort(b->places, nr, sizeof(*b->places), compare_places);

	for (i = 0; i < nr; i++) {
		const struct place *place = &b->places[i];
		bool known = place->entry->dev_known;

		if (!i || !known ||
		    compare_entries(place[-1].entry, place->entry)) {
			node = &b->nodes[b->nr_nodes++];
			node->places = place;
			b->nr_numbered += known;
		}
		node->nr++;
	}
}

static int compare_with_node(const void *key, const void *element)
{
	const struct sample_devno *dev = key;
	const struct node *node = element;

	return sample_compare_devno(*dev, node->places->entry->dev);
}

static struct node *find_node(const struct builder *b, struct sample_devno dev)
{
	return bsearch(&dev, b->nodes, b->nr_numbered, sizeof(*b->nodes),
		       compare_with_node);
}

static const struct sample_device *device_of(const struct node *node)
{
	return node->places->entry->device;
}

/* Marks nodes that are below a device. */
static void mark_below(struct builder *b)
{
	size_t i, j;

	for (i = 0; i < b->nr_nodes; i++) {
		const struct sample_device *device = device_of(&b->nodes[i]);

		for (j = 0; device && j < device->nr_lower; j++) {
			struct node *node = find_node(b, device->lower[j]);

			if (node && node != &b->nodes[i])
				node->below = true;
		}
	}
}

/* Nodes in the order of their entries, then leaves by number. */
static int compare_children(const void *pa, const void *pb)
{
	const struct child *a = pa, *b = pb;
	size_t first, second;

	if (!a->node != !b->node)
		return a->node ? -1 : 1;
	if (!a->node)
		return sample_compare_devno(a->dev, b->dev);
	first = a->node->places->at;
	second = b->node->places->at;
	return compare_u64(first, second);
}

/* Fills @level with the devices below @node, each once. */
static void list_children(const struct builder *b, const struct node *node,
			  struct level *level)
{
	const struct sample_device *device = device_of(node);
	size_t nr = device->nr_lower, i;
	struct child *children = xcalloc(nr, sizeof(*children));

	for (i = 0; i < nr; i++)
		children[i] = (struct child){ find_node(b, device->lower[i]),
					      device->lower[i] };
	qsort(children, nr, sizeof(*children), compare_children);
	level->children = children;
	level->next = 0;
	level->nr = 0;
	for (i = 0; i < nr; i++) {
		if (!i ||
		    compare_children(&children[level->nr - 1], &children[i]))
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

	if (!device_of(node) || !device_of(node)->nr_lower) {
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
		const struct child *child;

		if (level->next == level->nr) {
			free(level->children);
			b->depth--;
			continue;
		}
		child = &level->children[level->next++];
		if (child->node)
			enter_node(b, child->node, level->line);
		else
			add_line(b, level->line, STACK_NONE)->leaf = child->dev;
	}
}

/* Nodes in the order of their first entries. The caller frees. */
static struct node **order_nodes(const struct builder *b, size_t nr_entries)
{
	struct node **first = xcalloc(nr_entries, sizeof(*first));
	struct node **nodes = xcalloc(b->nr_nodes, sizeof(*nodes));
	size_t nr = 0, i;

	for (i = 0; i < b->nr_nodes; i++)
		first[b->nodes[i].places->at] = &b->nodes[i];
	for (i = 0; i < nr_entries; i++) {
		if (first[i])
			nodes[nr++] = first[i];
	}
	free(first);
	return nodes;
}

void device_stack_build(const struct snap_entry *const *entries, size_t nr,
			struct device_stack *ret)
{
	struct builder b = { .stack = ret };
	struct node **nodes;
	size_t i;

	*ret = (struct device_stack){ 0 };
	make_nodes(&b, entries, nr);
	mark_below(&b);
	nodes = order_nodes(&b, nr);
	for (i = 0; i < b.nr_nodes; i++) {
		if (!nodes[i]->below)
			add_tree(&b, nodes[i]);
	}
	/* The nodes of a loop are below a device and yet not reached. */
	for (i = 0; i < b.nr_nodes; i++) {
		if (!nodes[i]->done)
			add_tree(&b, nodes[i]);
	}
	free(nodes);
	free(b.nodes);
	free(b.places);
}

void device_stack_release(struct device_stack *stack)
{
	free(stack->lines);
	*stack = (struct device_stack){ 0 };
}
