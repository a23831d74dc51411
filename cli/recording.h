/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording as it grows. Each sample is in the file once it is taken, so
 * that nothing but the last is ever lost; an old recording is only replaced
 * when there is something to put in its place.
 */
#ifndef MEMTOP_RECORDING_H
#define MEMTOP_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sample;

struct recording {
	const char *path;
	FILE *file; /* owned, unless it is stdout */
	bool created; /* by us */
	uint64_t nr; /* samples written */
};

/*
 * Opens @path, "-" being stdout; with @fresh a file that exists is an error. All
 * of these return 0 or -errno, the reason already said.
 */
int recording_open(struct recording *rec, const char *path, bool fresh);
int recording_add(struct recording *rec, const struct sample *sample);

/* Returns @err, or what went wrong at last. */
int recording_close(struct recording *rec, int err);

#endif
