// SPDX-License-Identifier: GPL-2.0-only
#include "record.h"

#include <errno.h>

#include "collect/collect.h"
#include "model/sample.h"
#include "options.h"
#include "recording.h"
#include "util/msg.h"
#include "util/stop.h"
#include "wish.h"

static int add_sample(struct recording *rec, struct collector *collector)
{
	struct sample sample = { 0 };
	int err = collector_read(collector, &sample);

	if (!err)
		err = recording_add(rec, &sample);
	sample_release(&sample);
	return err;
}

/* Samples at a steady pace; one that took too long moves those after it. */
static int record_samples(const struct options *options, struct recording *rec,
			  struct collector *collector)
{
	uint64_t next = stop_clock();
	int err = 0;

	for (;;) {
		if (!stop_wanted())
			err = add_sample(rec, collector);
		if (err || stop_wanted() || rec->nr == options->count)
			break;
		next += options->delay_ns;
		if (next < stop_clock())
			next = stop_clock();
		stop_sleep_until(next);
	}
	if (!err && !rec->nr) {
		msg_error("interrupted before the first sample");
		err = -EINTR;
	}
	return err;
}

enum exit_status record_run(const struct options *options)
{
	const struct collect_wish wish = wish_make(
		options, options->count == 1 ? COLLECT_ONCE : COLLECT_ON, true);
	struct collector *collector;
	struct recording rec;
	int err;

	err = recording_open(&rec, options->arguments.words[0], false);
	if (err)
		return exit_status_of(err);
	stop_catch();
	err = collector_open(&wish, &collector);
	if (!err) {
		err = record_samples(options, &rec, collector);
		collector_close(collector);
	}
	return exit_status_of(recording_close(&rec, err));
}
