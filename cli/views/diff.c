// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "base/array.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/text_width.h"
#include "base/units.h"
#include "sample/words.h"
#include "views/diff_view.h"
#include "views/grid.h"
#include "views/report_view.h"

enum column {
	COLUMN_STATE,
	COLUMN_NAME,
	COLUMN_SLOT,
	COLUMN_ROLE,
	COLUMN_ELEMENTS_A,
	COLUMN_ELEMENTS_B,
	COLUMN_RESERVED_A,
	COLUMN_RESERVED_B,
	COLUMN_CHANGE,
};

static const struct {
	const char *name;
	enum grid_kind kind;
	bool right;
} columns[] = {
	[COLUMN_STATE] = { "STATE", GRID_KEY, false },
	[COLUMN_NAME] = { "NAME", GRID_KEY, false },
	[COLUMN_SLOT] = { "SLOT", GRID_KEY, false },
	[COLUMN_ROLE] = { "ROLE", GRID_KEY, false },
	[COLUMN_ELEMENTS_A] = { "ELEMENTS_A", GRID_FIGURE, true },
	[COLUMN_ELEMENTS_B] = { "ELEMENTS_B", GRID_FIGURE, true },
	[COLUMN_RESERVED_A] = { "RESERVED_A", GRID_KEY, true },
	[COLUMN_RESERVED_B] = { "RESERVED_B", GRID_KEY, true },
	[COLUMN_CHANGE] = { "CHANGE", GRID_KEY, true },
};

static void add_bytes(struct strbuf *sb, uint64_t bytes, bool exact)
{
	if (exact)
		strbuf_addf(sb, "%" PRIu64, bytes);
	else
		units_add_bytes(sb, bytes);
}

static void add_sum(struct strbuf *sb, const struct snap_sum *sum, bool exact)
{
	if (sum->exact != MEMTOP_UNKNOWN) {
		add_bytes(sb, sum->exact, exact);
		return;
	}
	if (!sum->least) {
		strbuf_addstr(sb, "-");
		return;
	}
	strbuf_addstr(sb, ">=");
	add_bytes(sb, sum->least, exact);
}

static void add_change(struct strbuf *sb, const struct snap_sum *a,
		       const struct snap_sum *b, bool exact)
{
	if (!diff_known(a, b)) {
		strbuf_addstr(sb, "-");
		return;
	}
	if (a->exact == b->exact) {
		strbuf_addstr(sb, "0");
		return;
	}
	strbuf_addstr(sb, b->exact > a->exact ? "+" : "-");
	add_bytes(sb,
		  b->exact > a->exact ? b->exact - a->exact :
					a->exact - b->exact,
		  exact);
}

/* A cell with the text of @sb, which is empty afterwards. */
static void put(struct grid *grid, size_t row, enum column column,
		struct strbuf *sb)
{
	grid_set(grid, row, column, strbuf_text(sb));
	strbuf_reset(sb);
}

/* @a, @b: NULL where it does not exist, which makes an empty cell. */
static void put_reserved(struct grid *grid, size_t row,
			 const struct snap_sum *a, const struct snap_sum *b,
			 bool exact)
{
	static const struct snap_sum none;
	struct strbuf sb = { 0 };

	if (a)
		add_sum(&sb, a, exact);
	put(grid, row, COLUMN_RESERVED_A, &sb);
	if (b)
		add_sum(&sb, b, exact);
	put(grid, row, COLUMN_RESERVED_B, &sb);
	add_change(&sb, a ? a : &none, b ? b : &none, exact);
	put(grid, row, COLUMN_CHANGE, &sb);
	strbuf_release(&sb);
}

/* The column STATE has the same in words. */
static const enum colour colours[] = {
	[DIFF_APPEARED] = COLOUR_GOOD,
	[DIFF_GONE] = COLOUR_WARN,
	[DIFF_CHANGED] = COLOUR_PLAIN,
	[DIFF_SAME] = COLOUR_PLAIN,
};

static void put_device(struct grid *grid, size_t row,
		       const struct diff_device *device,
		       const struct table_style *style)
{
	const struct snap_entry *a = device->entries[0],
				*b = device->entries[1];
	const char *name = diff_device_name(device);
	const char *slot = sample_slot_words[(b ? b : a)->slot];
	struct strbuf sb = { 0 };

	grid->rows[row].colour = colours[device->state];
	grid_set(grid, row, COLUMN_STATE, diff_state_names[device->state]);
	text_escape(&sb, *name ? name : "-", style->ascii_only);
	put(grid, row, COLUMN_NAME, &sb);
	grid_set(grid, row, COLUMN_SLOT, slot ? slot : "-");
	put_reserved(grid, row, a ? &a->sums.reserved : NULL,
		     b ? &b->sums.reserved : NULL, style->exact);
	strbuf_release(&sb);
}

static void put_role(struct grid *grid, size_t row,
		     const struct diff_role *role,
		     const struct table_style *style)
{
	const struct diff_side *a = &role->sides[0], *b = &role->sides[1];
	struct strbuf sb = { 0 };

	grid->rows[row].colour = colours[role->state];
	grid_set(grid, row, COLUMN_STATE, diff_state_names[role->state]);
	text_escape(&sb, role->role, style->ascii_only);
	put(grid, row, COLUMN_ROLE, &sb);
	if (role->state != DIFF_APPEARED)
		add_sum(&sb, &a->elements, true);
	put(grid, row, COLUMN_ELEMENTS_A, &sb);
	if (role->state != DIFF_GONE)
		add_sum(&sb, &b->elements, true);
	put(grid, row, COLUMN_ELEMENTS_B, &sb);
	put_reserved(grid, row,
		     role->state == DIFF_APPEARED ? NULL : &a->reserved,
		     role->state == DIFF_GONE ? NULL : &b->reserved,
		     style->exact);
	strbuf_release(&sb);
}

static void put_total(struct grid *grid, const struct diff *diff,
		      const struct table_style *style)
{
	size_t row = grid_add_row(grid, GRID_NO_PARENT);

	grid_set(grid, row, COLUMN_STATE, "total");
	put_reserved(grid, row, &diff->sums[0].reserved,
		     &diff->sums[1].reserved, style->exact);
	grid->rows[row].colour = COLOUR_BOLD;
}

static void fill(struct grid *grid, const struct diff *diff,
		 const struct table_style *style)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		grid_add_column(grid, columns[i].name, columns[i].kind,
				columns[i].right);
	for (size_t i = 0; i < diff->nr_devices; i++) {
		const struct diff_device *device = &diff->devices[i];

		if (device->state == DIFF_SAME)
			continue;
		put_device(grid, grid_add_row(grid, GRID_NO_PARENT), device,
			   style);
		if (device->state != DIFF_CHANGED)
			continue;
		for (size_t j = 0; j < device->nr_roles; j++) {
			if (device->roles[j].state != DIFF_SAME)
				put_role(grid,
					 grid_add_row(grid, GRID_NO_PARENT),
					 &device->roles[j], style);
		}
	}
	put_total(grid, diff, style);
}

/* "A: before.record, Linux 6.12, source stock" */
static void add_sample(struct strbuf *sb, char letter, const char *name,
		       const struct sample *sample,
		       const struct table_style *style)
{
	strbuf_addf(sb, "%c: ", letter);
	text_escape(sb, name, style->ascii_only);
	strbuf_addstr(sb, ", Linux ");
	text_escape(sb, sample->kernel, style->ascii_only);
	strbuf_addf(sb, ", source %s", sample_source_words[sample->source]);
	if (sample->reserved_bio_based_ios != MEMTOP_UNKNOWN)
		strbuf_addf(sb, ", reserved_bio_based_ios %" PRIu64,
			    sample->reserved_bio_based_ios);
	strbuf_addstr(sb, "\n");
}

static void add_notes(struct strbuf *sb, const struct diff_view *view,
		      const struct table_style *style)
{
	const size_t *count = view->diff->count;

	strbuf_addf(
		sb,
		"devices: %zu changed, %zu appeared, %zu gone, %zu the same\n",
		count[DIFF_CHANGED], count[DIFF_APPEARED], count[DIFF_GONE],
		count[DIFF_SAME]);
	add_sample(sb, 'A', view->names[0], view->snaps[0]->sample, style);
	add_sample(sb, 'B', view->names[1], view->snaps[1]->sample, style);
}

void diff_table(FILE *out, const struct diff_view *view,
		const struct table_style *style)
{
	const struct grid_style grid_style = table_grid_style(style);
	struct strbuf note = { 0 }, wrapped = { 0 };
	struct grid grid = { 0 };

	fill(&grid, view->diff, style);
	grid_print(&grid, &grid_style, out, &note);
	if (style->headings) {
		add_notes(&note, view, style);
		width_wrap(&wrapped, strbuf_text(&note), style->width);
		fputs(strbuf_text(&wrapped), out);
	} else if (note.len) {
		/* without headings every line of the output is a row */
		msg_warning("%.*s", (int)note.len - 1, note.text);
	}
	warn_losses(&view->snaps[0]->sample->losses);
	warn_losses(&view->snaps[1]->sample->losses);
	strbuf_release(&wrapped);
	strbuf_release(&note);
	grid_release(&grid);
}
