// SPDX-License-Identifier: GPL-2.0-only
#include "stall/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"

static int compare_links(const void *pa, const void *pb)
{
	const struct sample_link *a = pa, *b = pb;
	int order = sample_compare_devno(a->upper, b->upper);

	if (!order)
		order = sample_compare_devno(a->lower, b->lower);
	if (!order)
		order = compare_u64(a->start, b->start);
	return order;
}

/* A link of which no more is known. */
static void add_link(struct graph *g, struct sample_devno upper,
		     struct sample_devno lower, enum sample_link_kind kind)
{
	g->links[g->nr_links++] = (struct sample_link){
		.upper = upper,
		.lower = lower,
		.kind = kind,
		.start = MEMTOP_UNKNOWN,
		.sectors = MEMTOP_UNKNOWN,
		.lower_start = MEMTOP_UNKNOWN,
		.in_flight = MEMTOP_UNKNOWN,
	};
}

/* Uses the tables where there are no links: the path of I/O is then unknown. */
static void add_tables(const struct sample *s, struct graph *g)
{
	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *d = &s->devices[i];

		for (size_t j = 0; j < d->nr_lower; j++)
			add_link(g, d->dev, d->lower[j], SAMPLE_LINK_OTHER);
	}
}

/* Whether a link among the first @nr, which are sorted, begins at @upper. */
static bool has_link(const struct graph *g, size_t nr,
		     struct sample_devno upper)
{
	size_t from = 0, to = nr;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = sample_compare_devno(g->links[mid].upper, upper);

		if (!order)
			return true;
		if (order < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}

/*
 * Adds the links of block devices that have no others: those of the kernel are facts,
 * and the device of a file is found by its path.
 */
static void add_blocks(const struct sample *s, struct graph *g)
{
	const size_t nr = g->nr_links;

	for (size_t i = 0; i < s->nr_blocks; i++) {
		const struct sample_block *b = &s->blocks[i];

		if (has_link(g, nr, b->dev))
			continue;
		for (size_t j = 0; j < b->nr_lower; j++)
			add_link(g, b->dev, b->lower[j],
				 *b->backing ? SAMPLE_LINK_FILE :
					       SAMPLE_LINK_OTHER);
	}
}

static size_t most_links(const struct sample *s)
{
	size_t nr = s->nr_links;

	for (size_t i = 0; i < s->nr_devices; i++)
		nr += s->devices[i].nr_lower;
	for (size_t i = 0; i < s->nr_blocks; i++)
		nr += s->blocks[i].nr_lower;
	return nr;
}

static void take_links(const struct sample *s, struct graph *g)
{
	g->links = xcalloc(most_links(s), sizeof(*g->links));
	if (s->links_known) {
		g->nr_links = s->nr_links;
		if (s->nr_links)
			memcpy(g->links, s->links,
			       s->nr_links * sizeof(*g->links));
	} else {
		add_tables(s, g);
	}
	qsort(g->links, g->nr_links, sizeof(*g->links), compare_links);
	add_blocks(s, g);
	qsort(g->links, g->nr_links, sizeof(*g->links), compare_links);
}

static int compare_nodes(const void *a, const void *b)
{
	const struct graph_node *na = a, *nb = b;

	return sample_compare_devno(na->dev, nb->dev);
}

size_t graph_find(const struct graph *g, struct sample_devno dev)
{
	const struct graph_node key = { .dev = dev };
	const struct graph_node *found = g->nr ? bsearch(&key, g->nodes, g->nr,
							 sizeof(key),
							 compare_nodes) :
						 NULL;

	return found ? (size_t)(found - g->nodes) : GRAPH_NONE;
}

static void make_nodes(const struct sample *s, struct graph *g)
{
	size_t nr = 0;

	g->nodes = xcalloc(s->nr_devices + 2 * g->nr_links, sizeof(*g->nodes));
	for (size_t i = 0; i < s->nr_devices; i++)
		g->nodes[nr++].dev = s->devices[i].dev;
	for (size_t i = 0; i < g->nr_links; i++) {
		g->nodes[nr++].dev = g->links[i].upper;
		g->nodes[nr++].dev = g->links[i].lower;
	}
	qsort(g->nodes, nr, sizeof(*g->nodes), compare_nodes);
	for (size_t i = 0; i < nr; i++) {
		if (g->nr &&
		    compare_nodes(&g->nodes[g->nr - 1], &g->nodes[i]) == 0)
			continue;
		g->nodes[g->nr] = (struct graph_node){
			.dev = g->nodes[i].dev,
			.device = sample_find_device(s, g->nodes[i].dev),
			.in_flight = MEMTOP_UNKNOWN,
		};
		g->nr++;
	}
}

/*
 * Several links may have one device's I/O in flight, each from another reading.
 */
static void note_in_flight(struct graph_node *node, uint64_t in_flight)
{
	if (in_flight == MEMTOP_UNKNOWN)
		return;
	if (node->in_flight == MEMTOP_UNKNOWN || node->in_flight < in_flight)
		node->in_flight = in_flight;
}

static void connect_nodes(struct graph *g)
{
	size_t at = 0;

	g->lower = xcalloc(g->nr_links, sizeof(*g->lower));
	g->up = xcalloc(g->nr_links, sizeof(*g->up));
	g->order = xcalloc(g->nr, sizeof(*g->order));
	for (size_t i = 0; i < g->nr_links; i++) {
		const struct sample_link *link = &g->links[i];
		struct graph_node *upper =
			&g->nodes[graph_find(g, link->upper)];

		g->lower[i] = graph_find(g, link->lower);
		if (!upper->nr_down++)
			upper->first_down = i;
		g->nodes[g->lower[i]].nr_up++;
		note_in_flight(&g->nodes[g->lower[i]], link->in_flight);
	}
	for (size_t i = 0; i < g->nr; i++) {
		g->nodes[i].first_up = at;
		at += g->nodes[i].nr_up;
		g->nodes[i].nr_up = 0;
	}
	for (size_t i = 0; i < g->nr_links; i++) {
		struct graph_node *lower = &g->nodes[g->lower[i]];

		g->up[lower->first_up + lower->nr_up++] =
			graph_find(g, g->links[i].upper);
	}
}

void graph_build(const struct sample *s, struct graph *ret)
{
	*ret = (struct graph){ 0 };
	take_links(s, ret);
	make_nodes(s, ret);
	connect_nodes(ret);
}

void graph_release(struct graph *g)
{
	free(g->nodes);
	free(g->links);
	free(g->lower);
	free(g->up);
	free(g->order);
	*g = (struct graph){ 0 };
}

/* A search in progress. */
struct search {
	struct graph *g;
	enum graph_direction direction;
	size_t left; /* steps */
};

static bool step(struct search *s)
{
	if (s->left)
		s->left--;
	return s->left;
}

/* Adds the neighbours of @node to .order; false: no more steps are left. */
static bool meet(struct search *s, const struct graph_node *node)
{
	struct graph *g = s->g;
	bool down = s->direction == GRAPH_DOWN;
	size_t nr = down ? node->nr_down : node->nr_up;
	const size_t *next = down ? &g->lower[node->first_down] :
				    &g->up[node->first_up];

	for (size_t i = 0; i < nr; i++) {
		if (!step(s))
			return false;
		if (g->nodes[next[i]].reached)
			continue;
		g->nodes[next[i]].reached = true;
		g->order[g->nr_order++] = next[i];
	}
	return true;
}

size_t graph_reach_within(struct graph *g, const size_t *from, size_t nr,
			  enum graph_direction direction, size_t most,
			  size_t *steps)
{
	struct search s = { g, direction, most };
	bool goes_on = true;

	for (size_t i = 0; i < g->nr_order; i++)
		g->nodes[g->order[i]].reached = false;
	g->nr_order = 0;
	for (size_t i = 0; goes_on && i < nr; i++) {
		if (from[i] != GRAPH_NONE)
			goes_on = step(&s) && meet(&s, &g->nodes[from[i]]);
	}
	for (size_t i = 0; goes_on && i < g->nr_order; i++)
		goes_on = step(&s) && meet(&s, &g->nodes[g->order[i]]);
	*steps = most - s.left;
	return g->nr_order;
}

size_t graph_reach(struct graph *g, const size_t *from, size_t nr,
		   enum graph_direction direction)
{
	size_t steps;

	return graph_reach_within(g, from, nr, direction, SIZE_MAX, &steps);
}

size_t graph_budget(const struct graph *g, size_t others)
{
	return (1UL << 16) + 64 * (g->nr + g->nr_links + others);
}

/*
 * The end of the part that begins at @start, which may be beyond all numbers.
 */
static uint64_t end_of(uint64_t start, uint64_t length)
{
	return length > UINT64_MAX - start ? UINT64_MAX : start + length;
}

bool graph_overlap(const struct graph_range *a, const struct graph_range *b)
{
	return sample_compare_devno(a->dev, b->dev) == 0 && a->sectors &&
	       b->sectors && a->sector < end_of(b->sector, b->sectors) &&
	       b->sector < end_of(a->sector, a->sectors);
}

/* The range to which @link maps a part of @range; false: none. */
static bool map_one(const struct sample_link *link,
		    const struct graph_range *range, struct graph_range *ret)
{
	const struct graph_range part = { link->upper, link->start,
					  link->sectors };
	uint64_t start = range->sector, end;

	if (!link->mapped || !graph_overlap(&part, range))
		return false;
	if (start < part.sector)
		start = part.sector;
	end = end_of(range->sector, range->sectors);
	if (end > end_of(part.sector, part.sectors))
		end = end_of(part.sector, part.sectors);
	if (start - part.sector > UINT64_MAX - link->lower_start)
		return false;
	*ret = (struct graph_range){ link->lower,
				     link->lower_start + (start - part.sector),
				     end - start };
	return true;
}

/* A diamond leads to a range twice, a loop infinitely often. */
static bool is_known(struct graph_ranges *r, size_t from,
		     const struct graph_range *range)
{
	r->steps += r->nr;
	for (size_t i = 1; i < r->nr; i++) {
		if (sample_compare_devno(r->all[r->from[i]].dev,
					 r->all[from].dev) == 0 &&
		    sample_compare_devno(r->all[i].dev, range->dev) == 0 &&
		    r->all[i].sector == range->sector &&
		    r->all[i].sectors == range->sectors)
			return true;
	}
	return false;
}

static void map_next(const struct graph *g, size_t from,
		     struct graph_ranges *ret)
{
	size_t at = graph_find(g, ret->all[from].dev);
	const struct graph_node *node;

	if (at == GRAPH_NONE)
		return;
	node = &g->nodes[at];
	for (size_t i = 0; i < node->nr_down && !ret->cut; i++) {
		struct graph_range next;

		ret->steps++;
		if (!map_one(&g->links[node->first_down + i], &ret->all[from],
			     &next) ||
		    is_known(ret, from, &next))
			continue;
		if (ret->nr == GRAPH_MAX_RANGES) {
			ret->cut = true;
			break;
		}
		ret->from[ret->nr] = from;
		ret->all[ret->nr++] = next;
	}
}

void graph_map(const struct graph *g, const struct graph_range *range,
	       struct graph_ranges *ret)
{
	ret->all[0] = *range;
	ret->from[0] = GRAPH_NONE;
	ret->nr = 1;
	ret->cut = false;
	ret->steps = 1;
	for (size_t i = 0; i < ret->nr; i++)
		map_next(g, i, ret);
}
