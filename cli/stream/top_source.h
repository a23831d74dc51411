/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The live view's samples, from the kernel or a recording, and the data derived
 * from the newest one.
 */
#ifndef MEMTOP_STREAM_TOP_SOURCE_H
#define MEMTOP_STREAM_TOP_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/delta.h"
#include "model/snapshot.h"
#include "sample/sample.h"
#include "stall/stall.h"

struct options;
struct stream;

struct top_source {
	struct stream *stream; /* owned */
	bool seeks; /* begin at the sample that the options name */
	bool have; /* a sample was taken */
	const struct sample *sample; /* the stream's newest */
	struct snapshot snap; /* derived from it, like the members below */
	struct delta delta;
	struct findings findings;
	uint64_t number; /* of the sample, from 1 */
	uint64_t before; /* number of the previous sample; 0: none */
	uint64_t built; /* count of snapshots; equal samples share one */
	bool stacks_asked; /* the stacks of this sample were requested */
	bool ended; /* no sample follows */
};

/*
 * These functions return 0 or -errno, already reported. @paced: as in struct
 * stream_params, with the delay of @options. @filter->on outlives the source.
 */
int top_source_open(const struct options *options, bool paced,
		    const struct snap_filter *filter, struct top_source *ret);

/*
 * Takes the next sample. At the end of a recording, or on an error, the
 * previous one stays.
 */
int top_source_next(struct top_source *src);

/* Goes to the previous sample of a recording; does nothing at the first one. */
int top_source_back(struct top_source *src);

/*
 * Adds the stacks of the waiters and of the tasks that they wait for to the
 * sample, as far as the kernel returns them quickly. Does nothing for a
 * recording.
 */
void top_source_stacks(struct top_source *src);

void top_source_close(struct top_source *src);

#endif
