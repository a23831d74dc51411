// SPDX-License-Identifier: GPL-2.0-only
/* The live view's screen: the parts above and below the table. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "views/finding_text.h"
#include "base/text_width.h"
#include "sample/words.h"
#include "top/top_cursor.h"
#include "top/top_frame.h"

/*
 * Columns for a name in the header, and the terminal width that permits them.
 */
#define NAME_WIDTH 24
#define NAME_WIDTH_NARROW 16
#define NARROW 100
/* Lines of findings above the table; the evidence screen lists them all. */
#define MOST_VERDICTS 3

void top_frame_sum(struct top_frame *frame)
{
	const struct snap_filter all = { 0 };
	struct snap_selection sel;

	snapshot_select(frame->moment->snap, &all, &sel);
	snap_selection_sum(frame->moment->snap, &sel, NULL, &frame->sums,
			   &frame->count);
	snap_selection_release(&sel);
}

/*
 * A figure with its name. One that does not fit is left out: cut, it would be
 * another number.
 */
static void add_item(struct canvas *c, const char *name, enum style style,
		     const char *value)
{
	size_t before = canvas_column(c) ? 2 : 0;

	if (canvas_column(c) + before + strlen(name) + 1 + width_of(value) >
	    c->width)
		return;
	canvas_addf(c, STYLE_PLAIN, "%s%s ", before ? "  " : "", name);
	canvas_add(c, style, value);
}

static void add_bytes(struct canvas *c, const struct top_state *state,
		      const char *name, struct snap_sum sum)
{
	bool known = sum.exact != MEMTOP_UNKNOWN;
	struct strbuf text = { 0 };

	if (!known && sum.least)
		strbuf_addstr(&text, ">=");
	if (!known && !sum.least)
		strbuf_addstr(&text, "-");
	else if (state->exact)
		strbuf_addf(&text, "%" PRIu64, sum.least);
	else
		units_add_bytes(&text, sum.least);
	add_item(c, name, STYLE_BOLD, strbuf_text(&text));
	strbuf_release(&text);
}

/* "every 1s", or the reason why it is not. */
static void draw_pace(const struct top_frame *frame,
		      const struct top_state *state, struct canvas *c)
{
	struct strbuf text = { 0 };

	if (frame->ended) {
		canvas_add(c, STYLE_WARN, "  end");
	} else if (state->paused) {
		canvas_add(c, STYLE_WARN, "  paused");
	} else if (!state->batch || !state->replay) {
		units_add_time(&text, state->delay_ns);
		canvas_addf(c, STYLE_PLAIN, "  every %s", strbuf_text(&text));
		strbuf_release(&text);
	}
	if (frame->writing)
		canvas_addf(c, STYLE_WARN, "  writing %" PRIu64,
			    frame->written);
}

static void draw_title(const struct top_frame *frame,
		       const struct top_state *state, struct canvas *c)
{
	const struct sample *sample = frame->moment->snap->sample;
	struct strbuf text = { 0 };

	canvas_add(c, STYLE_BOLD, "verity-memtop");
	text_escape(&text, sample->kernel, state->ascii_only);
	canvas_addf(c, STYLE_PLAIN, "  %s  %s", strbuf_text(&text),
		    sample_source_words[sample->source]);
	strbuf_reset(&text);
	if (sample->boottime_ns != MEMTOP_UNKNOWN) {
		units_add_time(&text, sample->boottime_ns);
		canvas_addf(c, STYLE_PLAIN, "  up %s", strbuf_text(&text));
	}
	strbuf_release(&text);
	if (frame->file)
		canvas_addf(c, STYLE_WARN, "  sample %" PRIu64, frame->number);
	draw_pace(frame, state, c);
}

/* In percent, with as many digits as are significant. */
static void draw_share(const struct top_frame *frame, struct canvas *c)
{
	uint64_t total = frame->moment->snap->sample->mem_total_bytes;
	uint64_t reserved = frame->sums.reserved.exact;
	struct strbuf text = { 0 };
	double share;

	if (total == MEMTOP_UNKNOWN || total == 0)
		return;
	share = (double)reserved * 100 / (double)total;
	if (reserved != MEMTOP_UNKNOWN && (share >= 0.01 || !reserved))
		strbuf_addf(&text, " %.2f%% of ", share);
	else if (reserved != MEMTOP_UNKNOWN)
		strbuf_addstr(&text, " <0.01% of ");
	else
		strbuf_addstr(&text, " of ");
	units_add_bytes(&text, total);
	if (canvas_column(c) + text.len <= c->width)
		canvas_add(c, STYLE_PLAIN, strbuf_text(&text));
	strbuf_release(&text);
}

static void draw_sums(const struct top_frame *frame,
		      const struct top_state *state, struct canvas *c)
{
	canvas_add(c, STYLE_PLAIN, "Devices ");
	canvas_addf(c, STYLE_BOLD, "%zu", frame->count.devices);
	if (frame->rows->nr_devices != frame->moment->snap->nr_entries &&
	    !state->shape.tree)
		canvas_addf(c, STYLE_WARN, " (%zu shown)",
			    frame->rows->nr_devices);
	add_bytes(c, state, "Reserved", frame->sums.reserved);
	draw_share(frame, c);
	add_bytes(c, state, "Biovec", frame->sums.biovec);
	add_bytes(c, state, "Cached", frame->sums.cached);
}

/* The pool that is nearest to empty, or NULL; levels of all known: @known. */
static const struct snap_pool *lowest_of_all(const struct snapshot *snap,
					     bool *known)
{
	const struct snap_pool *lowest = NULL;
	size_t i;

	*known = snap->nr_entries > 0;
	for (i = 0; i < snap->nr_entries; i++) {
		const struct snap_pool *pool = snap->entries[i].lowest;

		*known &= snap->entries[i].levels_known;
		if (pool && (!lowest || snap_pool_is_lower(pool, lowest)))
			lowest = pool;
	}
	return lowest;
}

static void draw_lowest(const struct top_frame *frame,
			const struct top_state *state, struct canvas *c)
{
	bool known;
	const struct snap_pool *pool =
		lowest_of_all(frame->moment->snap, &known);
	const struct sample_device *device = pool ? pool->entry->device : NULL;
	size_t most = c->width < NARROW ? NAME_WIDTH_NARROW : NAME_WIDTH;
	struct strbuf text = { 0 }, name = { 0 };

	canvas_add(c, STYLE_PLAIN, "Lowest ");
	if (!pool) {
		canvas_add(c, STYLE_BOLD, known ? "all full" : "-");
		return;
	}
	if (device) {
		text_escape(&text, device->name, state->ascii_only);
		width_cut(&name, strbuf_text(&text), most, WIDTH_CUT_MIDDLE,
			  state->ascii_only);
		canvas_add(c, STYLE_BOLD, strbuf_text(&name));
		canvas_add(c, STYLE_PLAIN, " ");
		strbuf_release(&name);
		strbuf_reset(&text);
	}
	text_escape(&text, pool->raw->role, state->ascii_only);
	canvas_addf(c, pool->raw->current ? STYLE_WARN : STYLE_BAD,
		    "%s %" PRIu64 "/%" PRIu64, strbuf_text(&text),
		    pool->raw->current, pool->raw->min);
	strbuf_release(&text);
}

static size_t count_stalls(const struct findings *findings)
{
	size_t nr = 0, i;

	for (i = 0; i < findings->nr; i++)
		nr += finding_is_stall(findings->all[i].kind);
	return nr;
}

/* Each kind by its name, or, to save space, all of them together. */
static void losses_text(const struct sample_losses *lost, bool shorter,
			struct strbuf *ret)
{
	const struct {
		const char *name;
		uint64_t n;
	} losses[] = { { "ring_full", lost->ring_full },
		       { "map_full", lost->map_full },
		       { "missed_runs", lost->missed_runs },
		       { "raced_reads", lost->raced_reads } };
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
		if (!losses[i].n)
			continue;
		/* a lower bound stays one; an unknown number may be higher */
		sum = sum + losses[i].n < sum ? UINT64_MAX : sum + losses[i].n;
		if (shorter)
			continue;
		strbuf_addf(ret, "%s%s ", ret->len ? ", " : "", losses[i].name);
		if (losses[i].n == MEMTOP_UNKNOWN)
			strbuf_addstr(ret, "-");
		else
			strbuf_addf(ret, "%" PRIu64, losses[i].n);
	}
	if (shorter && sum == UINT64_MAX)
		strbuf_addstr(ret, "some");
	else if (shorter || !sum)
		strbuf_addf(ret, "%" PRIu64, sum);
}

static void draw_losses(const struct top_frame *frame, struct canvas *c)
{
	const struct sample_losses *lost = &frame->moment->snap->sample->losses;
	struct strbuf text = { 0 };

	losses_text(lost, false, &text);
	if (canvas_column(c) + strlen("  Lost ") + text.len > c->width) {
		strbuf_reset(&text);
		losses_text(lost, true, &text);
	}
	add_item(c, "Lost",
		 strcmp(strbuf_text(&text), "0") ? STYLE_BAD : STYLE_BOLD,
		 strbuf_text(&text));
	strbuf_release(&text);
}

static size_t count_corrupted(const struct sample *sample)
{
	size_t nr = 0, i;

	for (i = 0; i < sample->nr_devices; i++)
		nr += sample->devices[i].corrupted == 1;
	return nr;
}

static void draw_counts(const struct top_frame *frame, struct canvas *c)
{
	const struct snap_sum *waiters = &frame->sums.waiters;
	size_t stalls = count_stalls(frame->moment->findings), corrupted;
	struct strbuf text = { 0 };

	if (waiters->exact == MEMTOP_UNKNOWN)
		strbuf_addstr(&text, waiters->least ? ">=" : "-");
	if (waiters->exact != MEMTOP_UNKNOWN || waiters->least)
		strbuf_addf(&text, "%" PRIu64, waiters->least);
	add_item(c, "Waiting", waiters->least ? STYLE_WARN : STYLE_BOLD,
		 strbuf_text(&text));
	strbuf_reset(&text);
	strbuf_addf(&text, "%zu", stalls);
	add_item(c, "Stalls", stalls ? STYLE_BAD : STYLE_BOLD,
		 strbuf_text(&text));
	/* a deadlock may be among the stalls */
	if (frame->moment->findings->limited)
		add_item(c, "Search", STYLE_WARN, "limited");
	if (frame->count.unknown) {
		strbuf_reset(&text);
		strbuf_addf(&text, "%zu", frame->count.unknown);
		add_item(c, "Unknown", STYLE_WARN, strbuf_text(&text));
	}
	corrupted = count_corrupted(frame->moment->snap->sample);
	if (corrupted) {
		strbuf_reset(&text);
		strbuf_addf(&text, "%zu", corrupted);
		add_item(c, "Corrupted", STYLE_BAD, strbuf_text(&text));
	}
	strbuf_release(&text);
	draw_losses(frame, c);
}

/* The findings, the most severe first; returns how many lines they need. */
static size_t draw_findings(const struct top_frame *frame,
			    struct top_state *state, size_t line,
			    struct canvas *c)
{
	const struct findings *findings = frame->moment->findings;
	size_t nr = count_stalls(findings), most = MOST_VERDICTS, i;

	state->finding_line = nr ? line : 0;
	if (!nr)
		state->on_finding = false;
	if (c->height < 20)
		most = 1;
	for (i = 0; i < nr && i < most; i++) {
		enum style style = !i && state->on_finding && !state->batch ?
					   STYLE_CURSOR :
					   STYLE_ALARM;
		struct strbuf text = { 0 };

		canvas_goto(c, line + i);
		finding_text_add(&text, frame->moment->snap->sample,
				 &findings->all[i], state->ascii_only);
		canvas_add_within(c, style, strbuf_text(&text), c->width,
				  false);
		strbuf_release(&text);
	}
	return nr < most ? nr : most;
}

static void draw_keys(const struct top_state *state, struct canvas *c)
{
	static const struct {
		const char *key;
		const char *what;
	} keys[] = { { "q", "quit" },	{ "h", "help" },    { "t", "tree" },
		     { "+-", "fold" },	{ "/", "search" },  { "\\", "filter" },
		     { "<>I", "sort" }, { "c", "columns" }, { "b", "bytes" },
		     { "Z", "pause" },	{ "w", "write" } };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		/* a key is shown completely or not at all */
		if (canvas_column(c) + strlen(keys[i].key) +
			    strlen(keys[i].what) + 3 >
		    c->width)
			break;
		canvas_addf(c, STYLE_BOLD, "%s%s", i ? "  " : "", keys[i].key);
		canvas_addf(c, STYLE_PLAIN, " %s", keys[i].what);
	}
	if (state->replay)
		canvas_add(c, STYLE_PLAIN, "  . next  , back");
}

static void draw_prompt(const struct top_state *state, struct canvas *c)
{
	static const char *const prompts[] = {
		[TOP_SEARCH] = "Search: ",
		[TOP_FILTER] = "Show only: ",
		[TOP_DELAY] = "Seconds from one sample to the next: ",
		[TOP_FILE] = "Write samples to: ",
	};
	struct strbuf text = { 0 };

	text_escape(&text, state->input, state->ascii_only);
	canvas_add(c, STYLE_BOLD, prompts[state->prompt]);
	canvas_add(c, STYLE_PLAIN, strbuf_text(&text));
	canvas_add(c, STYLE_CURSOR, " ");
	if (*state->message)
		canvas_addf(c, STYLE_WARN, "  %s", state->message);
	strbuf_release(&text);
}

/* The last line: typed text, otherwise a message, otherwise keys. */
static void draw_foot(const struct top_frame *frame,
		      const struct top_state *state, struct canvas *c)
{
	const char *said = *state->message ? state->message : frame->said;
	struct strbuf text = { 0 };

	canvas_goto(c, c->height - 1);
	if (state->prompt != TOP_NO_PROMPT) {
		draw_prompt(state, c);
	} else if (said) {
		text_escape(&text, said, state->ascii_only);
		canvas_add_within(c, STYLE_WARN, strbuf_text(&text), c->width,
				  false);
	} else {
		if (*state->shape.filter) {
			text_escape(&text, state->shape.filter,
				    state->ascii_only);
			canvas_addf(c, STYLE_WARN, "only: %s  ",
				    strbuf_text(&text));
		}
		draw_keys(state, c);
	}
	strbuf_release(&text);
}

static void draw_list(const struct top_frame *frame, struct top_state *state,
		      struct canvas *c)
{
	size_t line = 0, foot = state->batch ? 0 : 1, page;

	canvas_goto(c, line++);
	draw_title(frame, state, c);
	canvas_goto(c, line++);
	draw_sums(frame, state, c);
	canvas_goto(c, line++);
	draw_lowest(frame, state, c);
	draw_counts(frame, c);
	line += draw_findings(frame, state, line, c);
	state->list_line = line + 1;
	page = c->height > line + 1 + foot ? c->height - line - 1 - foot : 0;
	if (page != state->page) {
		state->page = page;
		top_cursor_settle(state, frame->rows);
	}
	top_draw_table(frame, state, line, page, c);
	if (!frame->rows->nr) {
		canvas_goto(c, line + 2);
		canvas_add(c, STYLE_PLAIN,
			   frame->count.devices ? "  no device matches" :
						  "  no device-mapper device");
	}
	if (foot)
		draw_foot(frame, state, c);
}

size_t top_draw_lines(const struct top_frame *frame)
{
	/*
	 * title, sums, lowest, findings, headings, a message if there are no
	 * rows
	 */
	return frame->rows->nr + 6 + MOST_VERDICTS;
}

void top_draw(const struct top_frame *frame, struct top_state *state,
	      size_t width, size_t height, struct canvas *c)
{
	c->ascii_only = state->ascii_only;
	canvas_begin(c, width, height);
	switch (state->screen) {
	case TOP_HELP:
		top_draw_help(state, c);
		break;
	case TOP_EVIDENCE:
		top_draw_evidence(frame, state, c);
		break;
	case TOP_COLUMNS:
	case TOP_SORT:
		top_draw_columns(state, c);
		break;
	default:
		draw_list(frame, state, c);
		break;
	}
}
