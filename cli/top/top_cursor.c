// SPDX-License-Identifier: GPL-2.0-only
#include "top/top_cursor.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/snapshot.h"

const struct top_row *top_cursor_row(const struct top_state *s,
				     const struct top_rows *rows)
{
	return s->at < rows->nr ? &rows->rows[s->at] : NULL;
}

static struct top_mark mark_of(const struct top_row *row)
{
	struct top_mark mark = { .set = true, .kind = row->kind };

	if (row->kind == TOP_ROW_LEAF) {
		mark.dev = row->leaf;
		return mark;
	}
	mark.dev_known = row->of.entry->dev_known;
	mark.dev = row->of.entry->dev;
	mark.slot = row->of.entry->slot;
	if (row->kind == TOP_ROW_POOL) {
		mark.pool = row->of.pool->raw->id;
		mark.target_index = row->of.pool->raw->target_index;
		text_copy(mark.role, sizeof(mark.role),
			  row->of.pool->raw->role);
	}
	return mark;
}

static bool mark_is(const struct top_mark *mark, const struct top_row *row)
{
	struct top_mark other = mark_of(row);

	return mark->kind == other.kind && mark->dev_known == other.dev_known &&
	       sample_compare_devno(mark->dev, other.dev) == 0 &&
	       mark->slot == other.slot && mark->pool == other.pool &&
	       mark->target_index == other.target_index &&
	       strcmp(mark->role, other.role) == 0;
}

/* Scrolls until the cursor is on the screen. */
static void follow(struct top_state *s, size_t nr)
{
	size_t page = s->page ? s->page : 1;

	if (s->at < s->first)
		s->first = s->at;
	if (s->at >= s->first + page)
		s->first = s->at - page + 1;
	if (s->first + page > nr)
		s->first = nr > page ? nr - page : 0;
}

void top_cursor_go_to(struct top_state *s, const struct top_rows *rows,
		      size_t at)
{
	s->at = at < rows->nr ? at : rows->nr ? rows->nr - 1 : 0;
	s->on_finding = false;
	s->mark.set = false;
	if (rows->nr)
		s->mark = mark_of(&rows->rows[s->at]);
	follow(s, rows->nr);
}

void top_cursor_settle(struct top_state *s, const struct top_rows *rows)
{
	size_t away, at = s->at;
	bool on_finding;

	/* a device can be in the tree several times: the nearest is meant */
	for (away = 0; s->mark.set && away < rows->nr + at; away++) {
		if (at + away < rows->nr &&
		    mark_is(&s->mark, &rows->rows[at + away])) {
			s->at = at + away;
			break;
		}
		if (away <= at && at - away < rows->nr &&
		    mark_is(&s->mark, &rows->rows[at - away])) {
			s->at = at - away;
			break;
		}
	}
	on_finding = s->on_finding;
	top_cursor_go_to(s, rows, s->at);
	s->on_finding = on_finding;
	s->rows_due = false;
}

void top_cursor_move(struct top_state *s, const struct top_rows *rows, long by)
{
	if (s->on_finding)
		top_cursor_go_to(s, rows, by < 0 ? 0 : (size_t)by - 1);
	else if (by == -1 && !s->at && s->finding_line)
		s->on_finding = true;
	else if (by < 0 && s->at < (size_t)-by)
		top_cursor_go_to(s, rows, 0);
	else
		top_cursor_go_to(s, rows, s->at + (size_t)by);
}

void top_cursor_search(struct top_state *s, const struct top_rows *rows,
		       size_t from)
{
	size_t i;

	for (i = 0; *s->search && i < rows->nr; i++) {
		size_t at = (from + i) % rows->nr;

		if (top_name_matches(top_row_name(&rows->rows[at]),
				     s->search)) {
			top_cursor_go_to(s, rows, at);
			return;
		}
	}
	if (*s->search)
		snprintf(s->message, sizeof(s->message), "not found: %.200s",
			 s->search);
}
