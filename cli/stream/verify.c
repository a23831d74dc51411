// SPDX-License-Identifier: GPL-2.0-only
#include "stream/verify.h"

#include <inttypes.h>

#include "base/msg.h"
#include "model/verify.h"
#include "sample/sample.h"
#include "stream/stream.h"

/*
 * Levels, caches and tables change between the two readings, so only
 * differences that occur each time count.
 */
#define MAX_TRIES 5

static const char *slot_name(enum sample_slot slot)
{
	return slot == SAMPLE_SLOT_INACTIVE ? "inactive table, " : "";
}

static void say_differences(const struct differences *d)
{
	for (size_t i = 0; i < d->nr; i++) {
		const struct difference *one = &d->all[i];

		msg_error(
			"device %s (%" PRIu32 ":%" PRIu32
			"): %s%s%s%s is %s by tracepoints, %s by the stock source",
			one->name, one->dev.major, one->dev.minor,
			slot_name(one->slot), one->role, *one->role ? ": " : "",
			one->what, *one->a ? one->a : "empty",
			*one->b ? one->b : "empty");
	}
}

static int read_both(struct stream *events, struct stream *stock,
		     struct sample *ret, struct differences *d)
{
	int err;

	sample_release(ret);
	err = stream_last(events);
	if (!err)
		*ret = stream_take(events);
	if (!err)
		err = stream_last(stock);
	if (!err)
		verify_compare(ret, stream_sample(stock), d);
	return err;
}

static int compare(struct stream *events, struct stream *stock,
		   struct sample *ret, struct differences *d)
{
	int err = read_both(events, stock, ret, d);

	for (int tries = 1; !err && d->nr && tries < MAX_TRIES; tries++) {
		msg_debug("%zu differences: once more", d->nr);
		differences_release(d);
		err = read_both(events, stock, ret, d);
	}
	return err;
}

enum exit_status verify_read(const struct options *options, struct sample *ret)
{
	struct stream_params params =
		stream_params_of(options, COLLECT_ONCE, true);
	struct stream *events = NULL, *stock = NULL;
	struct differences d = { 0 };
	enum exit_status status;
	int err;

	*ret = (struct sample){ 0 };
	params.collect.blocks = true;
	params.collect.source = SOURCE_TRACEPOINTS;
	err = stream_open(&params, &events);
	params.collect.source = SOURCE_STOCK;
	if (!err)
		err = stream_open(&params, &stock);
	if (!err)
		err = compare(events, stock, ret, &d);
	status = exit_status_of(err);
	if (!err && d.nr) {
		say_differences(&d);
		status = STATUS_FAILED;
	} else if (!err) {
		msg_info("both sources agree on %zu pools of %zu devices",
			 d.pools, d.devices);
	}
	differences_release(&d);
	stream_close(events);
	stream_close(stock);
	return status;
}
