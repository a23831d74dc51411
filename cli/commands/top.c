// SPDX-License-Identifier: GPL-2.0-only
#include "commands/top.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/text_width.h"
#include "fields/field_where.h"
#include "fields/fields.h"
#include "options/options.h"
#include "recording/file.h"
#include "stream/device_words.h"
#include "stream/top_source.h"
#include "system/stop.h"
#include "top/canvas.h"
#include "top/terminal.h"
#include "top/top_cursor.h"
#include "top/top_frame.h"
#include "top/top_keys.h"
#include "views/help.h"
#include "views/output.h"
#include "views/report_view.h"

/* A message is shown for this long, or until a key is pressed. */
#define SAID_NS 5000000000ULL
/* Width that all requested values together need. */
#define BATCH_WIDTH 4096

struct top {
	const struct options *options;
	struct top_source source;
	struct snap_filter filter;
	struct field_where where;
	bool *found; /* owned; for each argument: a sample had its device */
	struct top_state state;
	struct top_rows rows;
	struct canvas canvas;
	struct canvas last; /* the previous drawing */
	struct terminal *terminal; /* NULL: --batch */
	struct recording recording; /* while state.recording */
	char *path; /* owned; of the recording */
	char said[256]; /* the newest message */
	uint64_t said_at; /* on stop_clock() */
	uint64_t shown; /* samples */
	uint64_t summed; /* the source.built that the following belong to */
	struct snap_sums sums;
	struct snap_count count;
};

static enum exit_status state_make(struct top *top)
{
	const struct options *options = top->options;
	struct strbuf problem = { 0 };
	struct table_style style = { 0 };
	struct top_state *state = &top->state;
	int err;

	output_style(&style, options->wide);
	*state = (struct top_state){
		.table = &live_fields,
		.shape = { .tree = options->tree },
		.ascii_only = options->ascii || style.ascii_only,
		.batch = options->batch,
		.wide = options->wide,
		.replay = options->replay != NULL,
		.delay_ns = options->delay_ns,
	};
	if (options->filter)
		text_copy(state->shape.filter, sizeof(state->shape.filter),
			  options->filter);
	err = top_state_choose(state, options->columns, &problem);
	if (!err && options->sort)
		err = field_order_parse(state->table, options->sort,
					&state->shape.order, &problem);
	if (!err)
		err = field_where_add_all(&top->where, state->table,
					  &options->wheres, &problem);
	if (err) {
		msg_error("%s", strbuf_text(&problem));
		msg_info(
			"'verity-memtop top --list-columns' lists the columns");
	}
	strbuf_release(&problem);
	return err ? STATUS_USAGE : STATUS_OK;
}

static struct top_moment moment_of(const struct top *top)
{
	return (struct top_moment){ .snap = &top->source.snap,
				    .delta = &top->source.delta,
				    .findings = &top->source.findings,
				    .filter = &top->filter,
				    .where = &top->where };
}

/* Sums are those of the snapshot, however often it is drawn. */
static void sum_up(struct top *top, struct top_frame *frame)
{
	if (top->summed != top->source.built) {
		top_frame_sum(frame);
		top->sums = frame->sums;
		top->count = frame->count;
		top->summed = top->source.built;
	}
	frame->sums = top->sums;
	frame->count = top->count;
}

static void draw(struct top *top)
{
	const struct top_moment moment = moment_of(top);
	struct top_frame frame = {
		.moment = &moment,
		.rows = &top->rows,
		.number = top->source.number,
		.ended = top->source.ended,
		.file = top->options->replay,
		.writing = top->state.recording ? top->path : NULL,
		.written = top->recording.nr,
		.said = *top->said ? top->said : NULL,
	};
	const struct canvas last = top->canvas;
	size_t width = output_width(top->options->wide), height;

	if (top->state.rows_due) {
		top_rows_build(&moment, &top->state.shape, &top->rows);
		top_cursor_settle(&top->state, &top->rows);
	}
	if (top->state.screen == TOP_EVIDENCE)
		top_source_stacks(&top->source);
	sum_up(top, &frame);
	height = top_draw_lines(&frame);
	if (!width)
		width = BATCH_WIDTH;
	if (top->terminal)
		terminal_size(top->terminal, &width, &height);
	top->canvas = top->last;
	top->last = last;
	top_draw(&frame, &top->state, width, height, &top->canvas);
	if (top->terminal)
		terminal_draw(top->terminal, &top->canvas, &top->last);
}

/* Errors while the view is shown are displayed and do not end it. */
static void note_messages(struct top *top)
{
	const char *said = terminal_said(top->terminal);
	const char *own = "verity-memtop: ";

	if (!said)
		return;
	if (strncmp(said, own, strlen(own)) == 0)
		said += strlen(own);
	text_copy(top->said, sizeof(top->said), said);
	top->said_at = stop_clock();
}

static void write_end(struct top *top)
{
	if (!top->state.recording)
		return;
	recording_close(&top->recording, 0);
	top->state.recording = false;
	free(top->path);
	top->path = NULL;
}

static void write_sample(struct top *top)
{
	if (top->state.recording &&
	    recording_add(&top->recording, top->source.sample, false))
		write_end(top);
}

/* Keeps an existing file: a user in a hurry should not have to confirm. */
static void write_begin(struct top *top)
{
	if (strcmp(top->state.input, "-") == 0) {
		msg_error("stdout is the terminal: name a file");
		return;
	}
	top->path = xstrdup(top->state.input);
	if (recording_open(&top->recording,
			   &(struct recording_params){
				   .path = top->path,
				   .fresh = true,
				   .keeps_runs = top->options->replay,
			   })) {
		free(top->path);
		top->path = NULL;
		return;
	}
	top->state.recording = true;
	write_sample(top);
}

/* Records which of the arguments name a device of the sample. */
static void note_found(struct top *top)
{
	const struct device_args *devices = &top->filter.devices;

	for (size_t i = 0; i < devices->nr; i++) {
		if (!top->found[i])
			top->found[i] = snapshot_rank(&top->source.snap,
						      &devices->args[i]) !=
					DEVICE_ARG_NONE;
	}
}

/*
 * Reports an argument that has named no device so far; returns whether there is
 * one.
 */
static bool is_missing(const struct top *top)
{
	const struct device_args *devices = &top->filter.devices;
	size_t missing = 0;

	for (size_t i = 0; i < devices->nr && top->source.have; i++) {
		const struct device_args one = { &devices->args[i], 1 };

		if (!top->found[i])
			missing += device_words_missing(&one, &top->source.snap,
							top->options->replay);
	}
	return missing > 0;
}

/* Returns the reason to end the view, 0 or -errno. */
static int next_sample(struct top *top)
{
	uint64_t before = top->source.number;
	int err = top_source_next(&top->source);

	top->state.rows_due = true;
	if (top->source.number != before) {
		if (stop_clock() - top->said_at > SAID_NS)
			top->said[0] = '\0';
		write_sample(top);
	}
	if (top->source.have)
		note_found(top);
	return top->source.have && top->terminal ? 0 : err;
}

static void print_omitted(const struct top *top)
{
	struct strbuf note = { 0 }, wrapped = { 0 };

	top_omitted(&top->state, &note);
	width_wrap(&wrapped, strbuf_text(&note),
		   output_width(top->options->wide));
	fputs(strbuf_text(&wrapped), output_stream());
	strbuf_release(&wrapped);
	strbuf_release(&note);
}

static enum exit_status run_batch(struct top *top)
{
	int err;

	for (;;) {
		err = next_sample(top);
		if (err || top->source.ended)
			break;
		draw(top);
		if (top->shown++)
			fputc('\n', output_stream());
		canvas_print(&top->canvas, output_stream());
		print_omitted(top);
		err = output_flush();
		if (err || top->shown == top->options->count)
			break;
	}
	/* a reader who closed the pipe has seen enough */
	if (err == -EPIPE)
		return STATUS_FAILED;
	if (!err && is_missing(top))
		return STATUS_NOT_FOUND;
	return exit_status_of(err);
}

/* Performs the request of a key. Returns false: end. */
static bool grant(struct top *top, enum top_params params, uint64_t *next)
{
	switch (params) {
	case TOP_QUIT:
		return false;
	case TOP_NEXT:
		next_sample(top);
		*next = stop_clock() + top->state.delay_ns;
		break;
	case TOP_BACK:
		top_source_back(&top->source);
		top->state.paused = true;
		top->state.rows_due = true;
		break;
	case TOP_WRITE:
		write_begin(top);
		break;
	case TOP_WRITE_END:
		write_end(top);
		break;
	default:
		break;
	}
	return true;
}

/* Whether a sample is due; sets the time of the next one. */
static bool is_due(const struct top *top, uint64_t *next)
{
	uint64_t now = stop_clock();

	if (now < *next)
		return false;
	*next += top->state.delay_ns;
	if (*next < now)
		*next = now + top->state.delay_ns;
	return !top->state.paused && !top->source.ended;
}

/* The end that --count sets: the last sample is shown as long as the others. */
static bool is_enough(const struct top *top, uint64_t seen)
{
	return top->options->count && seen >= top->options->count;
}

static enum exit_status run_terminal(struct top *top)
{
	uint64_t next = stop_clock() + top->state.delay_ns, seen = 1;
	uint64_t delay = top->state.delay_ns;
	enum terminal_news news;
	struct top_event event;

	for (;;) {
		note_messages(top);
		draw(top);
		news = terminal_wait(top->terminal, next, &event);
		if (news == TERMINAL_STOP)
			return STATUS_OK;
		if (news == TERMINAL_LOST)
			return STATUS_FAILED;
		if (news == TERMINAL_EVENT) {
			if (!grant(top,
				   top_keys_take(&top->state, &top->rows,
						 &event),
				   &next))
				return STATUS_OK;
			if (event.key != TOP_KEY_NONE)
				top->said[0] = '\0';
		}
		/* a new pace begins at once */
		if (delay != top->state.delay_ns)
			next = stop_clock();
		delay = top->state.delay_ns;
		if (!is_due(top, &next))
			continue;
		if (is_enough(top, seen++))
			return STATUS_OK;
		next_sample(top);
	}
}

/* The first sample is taken before anything is drawn: it may fail. */
static enum exit_status run(struct top *top)
{
	enum exit_status status;
	int err;

	stop_catch();
	err = top_source_open(top->options, top->state.batch, &top->filter,
			      &top->source);
	if (err)
		return exit_status_of(err);
	if (top->state.batch)
		return run_batch(top);
	err = next_sample(top);
	/* a device of a recording may come later */
	if (!err && !top->options->replay && is_missing(top))
		return STATUS_NOT_FOUND;
	if (!err)
		err = terminal_open(output_colour(top->options->colour),
				    &top->terminal);
	if (err)
		return exit_status_of(err);
	status = run_terminal(top);
	write_end(top);
	terminal_close(top->terminal);
	if (status == STATUS_FAILED)
		msg_error("the terminal is gone");
	return status;
}

enum exit_status top_run(const struct options *options)
{
	struct top top = {
		.options = options,
		.filter = { .names = options->names,
			    .targets = options->targets },
	};
	struct strbuf why = { 0 };
	enum exit_status status;
	struct sample_devno *on;
	size_t nr_on;

	if (options->list_columns) {
		help_columns(output_stream(), &live_fields);
		return STATUS_OK;
	}
	if (device_words_find_on(options, &on, &nr_on)) {
		free(on);
		return STATUS_NOT_FOUND;
	}
	top.filter.on = on;
	top.filter.nr_on = nr_on;
	device_words_resolve(options, &top.filter.devices);
	top.found = xcalloc(top.filter.devices.nr, sizeof(*top.found));
	status = state_make(&top);
	if (!terminal_is_there())
		top.state.batch = true;
	if (status == STATUS_OK && !top.state.batch &&
	    !terminal_is_usable(&why)) {
		msg_error("%s", strbuf_text(&why));
		msg_info("'verity-memtop top --batch' prints it instead");
		status = STATUS_FAILED;
	}
	if (status == STATUS_OK)
		status = run(&top);
	strbuf_release(&why);
	top_source_close(&top.source);
	device_args_release(&top.filter.devices);
	field_where_release(&top.where);
	free(top.found);
	free(on);
	top_rows_release(&top.rows);
	top_state_release(&top.state);
	canvas_release(&top.canvas);
	canvas_release(&top.last);
	return status;
}
