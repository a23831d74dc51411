// SPDX-License-Identifier: GPL-2.0-only
#include "commands/doctor.h"

#include <unistd.h>

#include "base/exit_status.h"
#include "base/times.h"
#include "kernel/collect.h"
#include "kernel/facts.h"
#include "model/doctor.h"
#include "options/options.h"
#include "stream/stream.h"
#include "views/doctor_view.h"
#include "views/output.h"

/* Time limit for the kernel's answer about a stack. */
#define STACK_TIMEOUT (5 * SECOND)

/*
 * The facts are the known requirements. Other obstacles (a security module, a
 * limit, a missing symbol) show only in an attempt, so this does all that a
 * report does. Returns 0 or -errno, already reported.
 */
static int try_way(enum sample_source way, struct doctor_view *view)
{
	/* with links and stacks, as in a watch with the same source */
	const struct stream_params params = {
		.collect = {
			.source = source_choice_of(way),
			.span = way == SAMPLE_STOCK ? COLLECT_WATCH : COLLECT_ONCE,
			.lower = true,
		},
	};
	const struct stream_tasks self = { { (uint32_t)getpid() }, 1 };
	struct stream *stream = NULL;
	int err = stream_open(&params, &stream);

	if (!err)
		err = stream_last(stream);
	if (!err && way == SAMPLE_STOCK) {
		stream_add_stacks(stream, &self, STACK_TIMEOUT);
		view->root = collector_root(stream_collector(stream));
		collector_list_gaps(stream_collector(stream), &view->gaps);
	}
	stream_close(stream);
	return err;
}

static enum exit_status status_of(const struct doctor_view *view)
{
	if (doctor_best(view) != NR_SAMPLE_SOURCES)
		return STATUS_OK;
	switch (doctor_least_lack(view->result)) {
	case LACK_DM:
		return STATUS_NOT_FOUND;
	case LACK_RIGHT:
		return STATUS_NOT_PERMITTED;
	case LACK_KERNEL:
		return STATUS_UNSUPPORTED;
	default: /* all known requirements are met, and yet it failed */
		return exit_status_of(view->errors[SAMPLE_STOCK] ?
					      view->errors[SAMPLE_STOCK] :
					      view->errors[SAMPLE_TRACEPOINTS]);
	}
}

static void show_text(const struct options *options,
		      const struct doctor_view *view)
{
	struct output_text text;
	FILE *out = output_text_open(&text);

	doctor_text(out, view, output_colour(options->colour));
	output_text_close(&text, out, options->wide);
}

enum exit_status doctor_run(const struct options *options)
{
	struct doctor_facts facts;
	struct doctor_result result;
	struct doctor_view view = { .facts = &facts, .result = &result };

	facts_collect(&facts);
	result = doctor_decide(&facts);
	for (size_t way = 0; way < NR_SAMPLE_SOURCES; way++) {
		if (result.lack[way] == LACK_NOTHING)
			view.errors[way] = try_way(way, &view);
	}
	if (options->json)
		doctor_json(output_stream(), &view);
	else
		show_text(options, &view);
	return output_flush() ? STATUS_FAILED : status_of(&view);
}
