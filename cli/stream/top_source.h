/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the live view's samples come from, the kernel or a recording, and what
 * has been made of the newest one.
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
	bool seeks; /* the first sample is the one that the options name */
	bool have; /* there is a sample */
	const struct sample *sample; /* the stream's */
	struct snapshot snap; /* of it, as what is below */
	struct delta delta;
	struct findings findings;
	uint64_t number; /* of the sample, from 1 */
	uint64_t built; /* of the snapshot, which several samples may have */
	bool stacks_asked; /* of this sample */
	bool ended; /* there is no further one */
};

/*
 * All of these return 0 or -errno, the reason already said. @paced: as in struct
 * stream_wish, with the delay of @options.
 */
int top_source_open(const struct options *options, bool paced,
		    struct top_source *ret);

/*
 * Takes the next sample. Where there is none, at the end of a recording or
 * because it failed, the one before stays.
 */
int top_source_next(struct top_source *src);

/* Goes to the sample before in a recording; from the first one, nowhere. */
int top_source_back(struct top_source *src);

/*
 * Adds to the sample the stacks of those that wait and of those they wait for,
 * as far as they can be had soon; of a recording it has them or has not.
 */
void top_source_stacks(struct top_source *src);

void top_source_close(struct top_source *src);

#endif
