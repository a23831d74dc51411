// SPDX-License-Identifier: GPL-2.0-only
#include "commands/advise.h"

#include "base/distribution.h"
#include "base/msg.h"
#include "model/advise.h"
#include "model/advise_alike.h"
#include "model/snapshot.h"
#include "options/options.h"
#include "stream/stream.h"
#include "system/stop.h"
#include "views/advise_view.h"
#include "views/output.h"

/* All samples of a recording, or enough samples of the running kernel. */
static int gather(const struct options *options, struct stream *stream,
		  struct advise_evidence *evidence)
{
	int got;

	while ((got = stream_next(stream)) > 0) {
		if (stream_new_run(stream))
			advise_new_run(evidence);
		advise_add(evidence, stream_sample(stream));
		if (!options->replay && evidence->nr_samples == options->count)
			break;
	}
	return got < 0 ? got : 0;
}

static int open_stream(const struct options *options, struct stream **ret)
{
	struct stream_wish wish = stream_wish_of(
		options, options->count == 1 ? COLLECT_ONCE : COLLECT_ON, true);

	wish.paced = true;
	wish.delay_ns = options->delay_ns;
	if (!options->replay)
		stop_catch();
	return stream_open(&wish, ret);
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
			     const struct sample *last)
{
	enum exit_status status = STATUS_OK;
	struct snapshot snap;
	struct advice advice;

	snapshot_build(last, &snap);
	advise_decide(evidence, &snap,
		      options->nr_ios == 1 ? options->ios[0] : 0, &advice);
	advise_find_alike(advice.tables, advice.nr_tables);
	for (size_t i = 0; i < options->nr_ios; i++)
		advise_add_choice(&advice, evidence, &snap, options->ios[i]);
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
	snapshot_release(&snap);
	return output_flush() ? STATUS_FAILED : status;
}

enum exit_status advise_run(const struct options *options)
{
	struct advise_evidence evidence = { 0 };
	struct stream *stream = NULL;
	enum exit_status status;
	int err = open_stream(options, &stream);

	if (!err)
		err = gather(options, stream, &evidence);
	status = err ? exit_status_of(err) :
		       show(options, &evidence, stream_sample(stream));
	stream_close(stream);
	advise_evidence_release(&evidence);
	return status;
}
