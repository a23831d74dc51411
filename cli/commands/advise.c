// SPDX-License-Identifier: GPL-2.0-only
#include "commands/advise.h"

#include "base/distribution.h"
#include "base/msg.h"
#include "fields/field_where.h"
#include "model/advise.h"
#include "model/advise_alike.h"
#include "model/part.h"
#include "model/snapshot.h"
#include "options/options.h"
#include "stream/stream.h"
#include "system/stop.h"
#include "views/advise_view.h"
#include "views/output.h"

/* The tables of @snap that meet @where. */
static void choose(const struct snapshot *snap, const struct field_where *where,
		   struct part *ret)
{
	struct snap_selection sel;

	snapshot_select(snap, &(struct snap_filter){ 0 }, &sel);
	field_where_select(where, &sel);
	part_make(snap, &sel, ret);
	snap_selection_release(&sel);
}

/* Adds what @sample shows about the tables that meet @where. */
static void add(struct advise_evidence *evidence, const struct sample *sample,
		const struct field_where *where)
{
	struct snapshot snap;
	struct part part;

	if (!where->nr) {
		advise_add(evidence, sample);
		return;
	}
	snapshot_build(sample, &snap);
	choose(&snap, where, &part);
	advise_add_part(evidence, &part);
	part_release(&part);
	snapshot_release(&snap);
}

/* All samples of a recording, or enough samples of the running kernel. */
static int gather(const struct options *options, struct stream *stream,
		  const struct field_where *where,
		  struct advise_evidence *evidence)
{
	int got;

	while ((got = stream_next(stream)) > 0) {
		if (stream_new_run(stream))
			advise_new_run(evidence);
		add(evidence, stream_sample(stream), where);
		if (!options->replay && evidence->nr_samples == options->count)
			break;
	}
	return got < 0 ? got : 0;
}

static int open_stream(const struct options *options, struct stream **ret)
{
	struct stream_params params = stream_params_of(
		options, options->count == 1 ? COLLECT_ONCE : COLLECT_ON, true);

	/* for the owners of devices */
	params.collect.blocks = true;
	params.paced = true;
	params.delay_ns = options->delay_ns;
	if (!options->replay)
		stop_catch();
	return stream_open(&params, ret);
}

static enum distribution system_of(const struct options *options)
{
	if (options->system)
		return options->system;
	/* a recording can be of any system */
	return options->replay ? DISTRIBUTION_OTHER : distribution_running();
}

/* Prints a script, or reports why there can be none. */
static enum exit_status print_script(const struct options *options,
				     const struct advice *advice)
{
	if (advice->value == MEMTOP_UNKNOWN) {
		msg_error("no value is known to be enough; --ios names one");
		return STATUS_FAILED;
	}
	if (advice->sample->reserved_bio_based_ios == MEMTOP_UNKNOWN) {
		msg_error(
			"the present value of reserved_bio_based_ios is not known, so a script could not restore it");
		return STATUS_FAILED;
	}
	advise_script(output_stream(), advice, system_of(options));
	return STATUS_OK;
}

static void print(const struct options *options, const struct advice *advice)
{
	struct output_text text;
	FILE *out;

	if (options->json) {
		advise_json(output_stream(), advice, system_of(options));
		return;
	}
	out = output_text_open(&text);
	advise_text(out, advice, system_of(options),
		    output_colour(options->colour));
	output_text_close(&text, out, options->wide);
}

static enum exit_status show(const struct options *options,
			     const struct advise_evidence *evidence,
			     const struct snapshot *snap)
{
	enum exit_status status = STATUS_OK;
	struct advice advice;

	advise_decide(evidence, snap,
		      options->nr_ios == 1 ? options->ios[0] : 0, &advice);
	advise_find_alike(advice.tables, advice.nr_tables);
	for (size_t i = 0; i < options->nr_ios; i++)
		advise_add_choice(&advice, evidence, snap, options->ios[i]);
	if (!advice.nr_tables) {
		msg_error(
			"no device has a reserve that reserved_bio_based_ios sizes");
		status = STATUS_NOT_FOUND;
	} else if (options->script) {
		status = print_script(options, &advice);
	} else {
		print(options, &advice);
	}
	advice_release(&advice);
	return output_flush() ? STATUS_FAILED : status;
}

/* The advice for the tables of @last that meet @where. */
static enum exit_status show_chosen(const struct options *options,
				    const struct advise_evidence *evidence,
				    const struct sample *last,
				    const struct field_where *where)
{
	enum exit_status status;
	struct snapshot snap;
	struct part part;

	snapshot_build(last, &snap);
	if (where->nr) {
		choose(&snap, where, &part);
		status = show(options, evidence, &part.snap);
		part_release(&part);
	} else {
		status = show(options, evidence, &snap);
	}
	snapshot_release(&snap);
	return status;
}

enum exit_status advise_run(const struct options *options)
{
	struct advise_evidence evidence = { 0 };
	struct stream *stream = NULL;
	struct field_where where = { 0 };
	enum exit_status status = STATUS_USAGE;
	int err;

	if (field_where_take(&where, &options->wheres))
		goto out;
	err = open_stream(options, &stream);
	if (!err)
		err = gather(options, stream, &where, &evidence);
	status = err ? exit_status_of(err) :
		       show_chosen(options, &evidence, stream_sample(stream),
				   &where);
	stream_close(stream);
out:
	field_where_release(&where);
	advise_evidence_release(&evidence);
	return status;
}
