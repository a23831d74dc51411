// SPDX-License-Identifier: GPL-2.0-only
/* The live view's screen: what stands above and below the table. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"
#include "util/units.h"
#include "views/finding_text.h"
#include "views/top_frame.h"

/* As many columns as a name in the header takes. */
#define NAME_WIDTH 24
/* Lines of verdicts above the table; the evidence has them all. */
#define MOST_VERDICTS 3

void top_frame_sum(struct top_frame *frame)
{
	const struct snap_filter all = { 0 };
	struct snap_selection sel;

	snapshot_select(frame->moment->snap, &all, &sel);
	snap_selection_sum(frame->moment->snap, &sel, NULL, &frame->sums,
			   &frame->devices);
	snap_selection_release(&sel);
}

static void label(struct canvas *c, const char *name)
{
	if (canvas_column(c))
		canvas_add(c, STYLE_PLAIN, "  ");
	canvas_addf(c, STYLE_PLAIN, "%s ", name);
}

static void add_bytes(struct canvas *c, const struct top_state *state,
		      uint64_t bytes)
{
	struct strbuf text = { 0 };

	if (bytes == MEMTOP_UNKNOWN)
		strbuf_addstr(&text, "-");
	else if (state->exact)
		strbuf_addf(&text, "%" PRIu64, bytes);
	else
		units_add_bytes(&text, bytes);
	canvas_add(c, STYLE_BOLD, strbuf_text(&text));
	strbuf_release(&text);
}

/* "every 1s", or what keeps it from that. */
static void draw_pace(const struct top_frame *frame,
		      const struct top_state *state, struct canvas *c)
{
	struct strbuf text = { 0 };

	if (frame->ended) {
		canvas_add(c, STYLE_WARN, "  end");
	} else if (state->paused) {
		canvas_add(c, STYLE_WARN, "  paused");
	} else {
		units_add_time(&text, state->delay_ns);
		canvas_addf(c, STYLE_PLAIN, "  every %s", strbuf_text(&text));
		strbuf_release(&text);
	}
	if (frame->writing)
		canvas_addf(c, STYLE_WARN, "  writing %" PRIu64,
			    frame->written);
}

static const char *source_name(const struct sample *sample)
{
	return sample->source == SAMPLE_STOCK ? "stock" : "tracepoints";
}

static void draw_title(const struct top_frame *frame,
		       const struct top_state *state, struct canvas *c)
{
	const struct sample *sample = frame->moment->snap->sample;
	struct strbuf text = { 0 };

	canvas_add(c, STYLE_BOLD, "verity-memtop");
	text_escape(&text, sample->kernel, state->ascii_only);
	canvas_addf(c, STYLE_PLAIN, "  %s  %s", strbuf_text(&text),
		    source_name(sample));
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

/* In percent, with as many digits as say something. */
static void draw_share(const struct top_frame *frame,
		       const struct top_state *state, struct canvas *c)
{
	uint64_t total = frame->moment->snap->sample->mem_total_bytes;
	double share;

	if (total == MEMTOP_UNKNOWN || total == 0)
		return;
	share = (double)frame->sums.reserved * 100 / (double)total;
	if (frame->sums.reserved != MEMTOP_UNKNOWN &&
	    (share >= 0.01 || !frame->sums.reserved))
		canvas_addf(c, STYLE_PLAIN, " %.2f%% of", share);
	else if (frame->sums.reserved != MEMTOP_UNKNOWN)
		canvas_add(c, STYLE_PLAIN, " <0.01% of");
	else
		canvas_add(c, STYLE_PLAIN, " of");
	canvas_add(c, STYLE_PLAIN, " ");
	add_bytes(c, state, total);
}

static void draw_sums(const struct top_frame *frame,
		      const struct top_state *state, struct canvas *c)
{
	label(c, "Devices");
	canvas_addf(c, STYLE_BOLD, "%zu", frame->devices);
	if (frame->rows->nr_devices != frame->moment->snap->nr_entries &&
	    !state->tree)
		canvas_addf(c, STYLE_WARN, " (%zu shown)",
			    frame->rows->nr_devices);
	label(c, "Reserved");
	add_bytes(c, state, frame->sums.reserved);
	draw_share(frame, state, c);
	label(c, "Biovec");
	add_bytes(c, state, frame->sums.biovec);
	label(c, "Cached");
	add_bytes(c, state, frame->sums.cached);
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
	struct strbuf text = { 0 };

	label(c, "Lowest");
	if (!pool) {
		canvas_add(c, STYLE_BOLD, known ? "all full" : "-");
		return;
	}
	text_escape(&text, device ? device->name : "-", state->ascii_only);
	if (canvas_width_of(strbuf_text(&text)) > NAME_WIDTH)
		canvas_add_within(c, STYLE_BOLD, strbuf_text(&text), NAME_WIDTH,
				  false);
	else
		canvas_add(c, STYLE_BOLD, strbuf_text(&text));
	strbuf_reset(&text);
	text_escape(&text, pool->raw->role, state->ascii_only);
	canvas_addf(c, pool->raw->current ? STYLE_WARN : STYLE_BAD,
		    " %s %" PRIu64 "/%" PRIu64, strbuf_text(&text),
		    pool->raw->current, pool->raw->min);
	strbuf_release(&text);
}

bool top_is_alarm(const struct finding *finding)
{
	return finding->kind >= FINDING_STALL;
}

static size_t count_alarms(const struct findings *findings)
{
	size_t nr = 0, i;

	for (i = 0; i < findings->nr; i++)
		nr += top_is_alarm(&findings->all[i]);
	return nr;
}

static void draw_counts(const struct top_frame *frame, struct canvas *c)
{
	size_t stalls = count_alarms(frame->moment->findings);
	struct sample_loss losses[SAMPLE_NR_LOSSES];
	bool any = false;

	sample_list_losses(&frame->moment->snap->sample->losses, losses);
	label(c, "Waiting");
	if (frame->sums.waiters == MEMTOP_UNKNOWN)
		canvas_add(c, STYLE_BOLD, "-");
	else
		canvas_addf(c, frame->sums.waiters ? STYLE_WARN : STYLE_BOLD,
			    "%" PRIu64, frame->sums.waiters);
	label(c, "Stalls");
	canvas_addf(c, stalls ? STYLE_BAD : STYLE_BOLD, "%zu", stalls);
	label(c, "Lost");
	for (size_t i = 0; i < SAMPLE_NR_LOSSES; i++) {
		if (!losses[i].nr)
			continue;
		canvas_addf(c, STYLE_BAD, "%s%s ", any ? ", " : "",
			    losses[i].name);
		if (losses[i].nr == MEMTOP_UNKNOWN)
			canvas_add(c, STYLE_BAD, "-");
		else
			canvas_addf(c, STYLE_BAD, "%" PRIu64, losses[i].nr);
		any = true;
	}
	if (!any)
		canvas_add(c, STYLE_BOLD, "0");
}

/* The verdicts, the gravest first; returns how many lines they take. */
static size_t draw_verdicts(const struct top_frame *frame,
			    struct top_state *state, size_t line,
			    struct canvas *c)
{
	const struct findings *findings = frame->moment->findings;
	size_t nr = count_alarms(findings), most = MOST_VERDICTS, i;

	state->verdict_line = nr ? line : 0;
	if (!nr)
		state->on_verdict = false;
	if (c->height < 20)
		most = 1;
	for (i = 0; i < nr && i < most; i++) {
		enum style style = !i && state->on_verdict && !state->batch ?
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
		/* a key is whole or not there */
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

/* The last line: what is typed, else what there is to say, else keys. */
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
		if (*state->filter) {
			text_escape(&text, state->filter, state->ascii_only);
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
	line += draw_verdicts(frame, state, line, c);
	state->list_line = line + 1;
	page = c->height > line + 1 + foot ? c->height - line - 1 - foot : 0;
	if (page != state->page) {
		state->page = page;
		top_state_settle(state, frame->rows);
	}
	top_draw_table(frame, state, line, page, c);
	if (!frame->rows->nr) {
		canvas_goto(c, line + 2);
		canvas_add(c, STYLE_PLAIN,
			   frame->devices ? "  no device matches" :
					    "  no device-mapper device");
	}
	if (foot)
		draw_foot(frame, state, c);
}

size_t top_draw_lines(const struct top_frame *frame)
{
	/* title, sums, lowest, verdicts, headings, a word on no rows */
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
		top_draw_columns(state, c);
		break;
	default:
		draw_list(frame, state, c);
		break;
	}
}
