// SPDX-License-Identifier: GPL-2.0-only
#include "commands/advise.h"

#include <errno.h>

#include "base/msg.h"
#include "kernel/collect.h"
#include "model/advise.h"
#include "model/snapshot.h"
#include "options/options.h"
#include "recording/record.h"
#include "stream/wish.h"
#include "system/stop.h"
#include "views/advise_view.h"
#include "views/output.h"

/* Adds @next to the evidence, and keeps it instead of the one before. */
static void take_sample(struct advise_evidence *evidence, struct sample *last,
			struct sample *next)
{
	advise_add(evidence, next);
	sample_release(last);
	*last = *next;
}

/* The samples of a recording: all of them, or up to one. */
static int read_recording(const struct options *options,
			  struct advise_evidence *evidence, struct sample *last)
{
	struct record_reader *reader;
	struct sample next;
	int err = record_open(options->replay, &reader);

	if (err)
		return err;
	while (!options->sample || evidence->nr_samples < options->sample) {
		err = record_read(reader, &next);
		if (err <= 0)
			break;
		take_sample(evidence, last, &next);
	}
	record_close(reader);
	if (err < 0)
		return err;
	if (!evidence->nr_samples || evidence->nr_samples < options->sample) {
		msg_error("%s: the recording does not have this sample",
			  options->replay);
		return -ENODEV;
	}
	return 0;
}

/* Samples of this machine, until there are enough or somebody interrupts. */
static int watch(const struct options *options, struct collector *collector,
		 struct advise_evidence *evidence, struct sample *last)
{
	uint64_t next_ns = stop_clock();
	struct sample next;
	int err;

	while (!stop_wanted()) {
		err = collector_read(collector, &next);
		if (err)
			return err;
		take_sample(evidence, last, &next);
		if (evidence->nr_samples == options->count)
			break;
		next_ns += options->delay_ns;
		if (next_ns < stop_clock())
			next_ns = stop_clock();
		stop_sleep_until(next_ns);
	}
	if (evidence->nr_samples)
		return 0;
	msg_error("interrupted before the first sample");
	return -EINTR;
}

static int read_machine(const struct options *options,
			struct advise_evidence *evidence, struct sample *last)
{
	const struct collect_wish wish = wish_make(
		options, options->count == 1 ? COLLECT_ONCE : COLLECT_ON, true);
	struct collector *collector;
	int err;

	stop_catch();
	err = collector_open(&wish, &collector);
	if (err)
		return err;
	err = watch(options, collector, evidence, last);
	collector_close(collector);
	return err;
}

static enum exit_status show(const struct options *options,
			     const struct advise_evidence *evidence,
			     const struct sample *last)
{
	enum exit_status status = STATUS_OK;
	struct output_text text;
	struct snapshot snap;
	struct advice advice;
	FILE *out;

	snapshot_build(last, &snap);
	advise_decide(evidence, &snap, options->nr_ios ? options->ios[0] : 0,
		      &advice);
	if (!advice.nr_tables) {
		msg_error(
			"no device has a reserve that reserved_bio_based_ios sizes");
		status = STATUS_NOT_FOUND;
	} else if (options->json) {
		advise_json(output_stream(), &advice);
	} else {
		out = output_text_open(&text);
		advise_text(out, &advice);
		output_text_close(&text, out, options->wide);
	}
	advice_release(&advice);
	snapshot_release(&snap);
	return output_flush() ? STATUS_FAILED : status;
}

enum exit_status advise_run(const struct options *options)
{
	struct advise_evidence evidence = { 0 };
	struct sample last = { 0 };
	enum exit_status status;
	int err = options->replay ? read_recording(options, &evidence, &last) :
				    read_machine(options, &evidence, &last);

	status = err ? exit_status_of(err) : show(options, &evidence, &last);
	sample_release(&last);
	advise_evidence_release(&evidence);
	return status;
}
