// SPDX-License-Identifier: GPL-2.0-only
#include "top/top_rows.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "fields/field_where.h"
#include "model/device_stack.h"
#include "model/trouble.h"

/* Depth up to which guides are drawn. */
#define MOST_GUIDES 63

struct builder {
	const struct top_moment *moment;
	const struct top_shape *shape;
	struct top_rows *rows;
	const struct finding **worst; /* by place in the snapshot's entries */
};

bool top_name_matches(const char *name, const char *word)
{
	if (strpbrk(word, "*?["))
		return fnmatch(word, name, FNM_CASEFOLD) == 0;
	return strcasestr(name, word) != NULL;
}

const char *top_row_name(const struct top_row *row)
{
	if (row->kind == TOP_ROW_LEAF)
		return "";
	if (row->kind == TOP_ROW_POOL)
		return row->of.pool->raw->role;
	return row->of.entry->device ? row->of.entry->device->name : "";
}

static struct top_row *add_row(struct top_rows *rows)
{
	if (rows->nr == rows->room) {
		rows->room = rows->room ? 2 * rows->room : 64;
		rows->rows = xreallocarray(rows->rows, rows->room,
					   sizeof(*rows->rows));
	}
	rows->rows[rows->nr] = (struct top_row){ 0 };
	return &rows->rows[rows->nr++];
}

/* Bit @depth, as far as there is one. */
static uint64_t guide(unsigned int depth)
{
	return depth < MOST_GUIDES ? UINT64_C(1) << depth : 0;
}

static const struct finding *finding_of(const struct builder *b,
					const struct snap_entry *entry)
{
	return b->worst[entry - b->moment->snap->entries];
}

/* Adds the unfolded rows below @parent, the row at @place. */
static void add_pools(struct builder *b, size_t place, bool more_below)
{
	const struct snap_entry *entry = b->rows->rows[place].of.entry;
	size_t i;

	for (i = 0; i < entry->nr_pools; i++) {
		struct top_row *row = add_row(b->rows);
		const struct top_row *parent = &b->rows->rows[place];
		const struct snap_pool *pool = &entry->pools[i];

		row->kind = TOP_ROW_POOL;
		row->of = (struct field_row){
			.entry = entry,
			.pool = pool,
			.was = parent->of.was,
			.pool_was = delta_find_pool(b->moment->delta,
						    pool->raw->id),
		};
		row->depth = parent->depth + 1;
		row->guides = parent->guides;
		if (!parent->last)
			row->guides |= guide(parent->depth);
		row->last = i + 1 == entry->nr_pools && !more_below;
	}
}

/*
 * The folds that the user has set; pools without a device have the number 0:0.
 */
static struct top_fold fold_of(const struct builder *b,
			       const struct snap_entry *entry)
{
	return top_shape_fold(b->shape, entry->dev,
			      delta_number(b->moment->delta, entry->dev));
}

static bool pools_shown(const struct builder *b, const struct snap_entry *entry)
{
	return fold_of(b, entry).pools;
}

static struct top_row *add_device(struct builder *b, const struct field_row *of)
{
	struct top_row *row = add_row(b->rows);

	row->kind = TOP_ROW_DEVICE;
	row->of = *of;
	row->last = true;
	row->number = delta_number(b->moment->delta, of->entry->dev);
	row->finding = finding_of(b, of->entry);
	row->folded = of->entry->nr_pools && !pools_shown(b, of->entry);
	b->rows->nr_devices++;
	return row;
}

static void add_flat(struct builder *b, const struct field_row *of, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		add_device(b, &of[i]);
		if (pools_shown(b, of[i].entry))
			add_pools(b, b->rows->nr - 1, false);
	}
}

/* A line of the tree, before it becomes a row. */
struct tree_line {
	unsigned int depth;
	uint64_t guides;
	bool last;
	bool parent; /* has lines below it */
	bool hidden; /* a line above it is folded */
	bool closed;
};

static void shape_tree(const struct builder *b,
		       const struct device_stack *stack,
		       const struct field_row *of, struct tree_line *lines)
{
	bool *has_last = xcalloc(stack->nr, sizeof(*has_last));
	size_t i;

	for (i = stack->nr; i-- > 0;) {
		size_t parent = stack->lines[i].parent;

		lines[i].last = parent == STACK_NONE || !has_last[parent];
		if (parent != STACK_NONE)
			has_last[parent] = lines[parent].parent = true;
	}
	for (i = 0; i < stack->nr; i++) {
		const struct device_stack_line *at = &stack->lines[i];
		const struct tree_line *up = NULL;

		if (at->entry != STACK_NONE)
			lines[i].closed =
				fold_of(b, of[at->entry].entry).closed;
		if (at->parent == STACK_NONE)
			continue;
		up = &lines[at->parent];
		lines[i].depth = up->depth + 1;
		lines[i].guides = up->guides |
				  (up->last ? 0 : guide(up->depth));
		lines[i].hidden = up->hidden || up->closed;
	}
	free(has_last);
}

static void add_tree_row(struct builder *b, const struct device_stack_line *at,
			 const struct tree_line *line,
			 const struct field_row *of)
{
	bool open = line->parent && !line->closed;
	struct top_row *row;

	if (at->entry == STACK_NONE) {
		row = add_row(b->rows);
		row->kind = TOP_ROW_LEAF;
		row->leaf = at->leaf;
		row->sample = b->moment->snap->sample;
	} else {
		row = add_device(b, &of[at->entry]);
		row->folded |= line->parent && line->closed;
	}
	row->elsewhere = at->elsewhere;
	row->depth = line->depth;
	row->guides = line->guides;
	row->last = line->last;
	if (row->kind == TOP_ROW_DEVICE && pools_shown(b, row->of.entry))
		add_pools(b, b->rows->nr - 1, open);
}

static void add_tree(struct builder *b, const struct field_row *of, size_t nr)
{
	const struct snap_entry **entries = xcalloc(nr, sizeof(*entries));
	struct tree_line *lines;
	struct device_stack stack;
	size_t i;

	for (i = 0; i < nr; i++)
		entries[i] = of[i].entry;
	device_stack_build(entries, nr, &stack);
	lines = xcalloc(stack.nr, sizeof(*lines));
	shape_tree(b, &stack, of, lines);
	for (i = 0; i < stack.nr; i++) {
		if (!lines[i].hidden)
			add_tree_row(b, &stack.lines[i], &lines[i], of);
	}
	free(lines);
	device_stack_release(&stack);
	free(entries);
}

/* The selected devices, in the selected order. */
static struct field_row *choose_devices(struct builder *b, size_t *nr)
{
	const struct top_moment *moment = b->moment;
	struct snap_selection sel;
	struct field_row *of;
	size_t i;

	snapshot_select(moment->snap, moment->filter, &sel);
	of = xcalloc(sel.nr, sizeof(*of));
	*nr = 0;
	for (i = 0; i < sel.nr; i++) {
		const struct snap_entry *entry = sel.entries[i];
		const char *name = entry->device ? entry->device->name : "";

		if (!top_name_matches(name, b->shape->filter))
			continue;
		of[*nr] = (struct field_row){ .entry = entry,
					      .sums = &entry->sums };
		if (entry->dev_known && entry->slot == SAMPLE_SLOT_LIVE)
			of[*nr].was =
				delta_find_device(moment->delta, entry->dev);
		if (!moment->where ||
		    field_where_meets(moment->where, &live_fields, &of[*nr]))
			(*nr)++;
	}
	snap_selection_release(&sel);
	field_sort(of, *nr, &b->shape->order);
	return of;
}

void top_rows_build(const struct top_moment *moment,
		    const struct top_shape *shape, struct top_rows *ret)
{
	struct builder b = { .moment = moment, .shape = shape, .rows = ret };
	struct field_row *of;
	size_t nr;

	ret->nr = ret->nr_devices = 0;
	b.worst = trouble_worst_findings(moment->snap, moment->findings);
	of = choose_devices(&b, &nr);
	if (shape->tree)
		add_tree(&b, of, nr);
	else
		add_flat(&b, of, nr);
	free(of);
	free(b.worst);
}

void top_rows_release(struct top_rows *rows)
{
	free(rows->rows);
	*rows = (struct top_rows){ 0 };
}
