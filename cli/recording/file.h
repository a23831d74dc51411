/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording as it grows. Each sample is in the file, whole, before the next
 * one is taken. An old recording is replaced only when there is a sample to
 * put in its place.
 */
#ifndef MEMTOP_RECORDING_FILE_H
#define MEMTOP_RECORDING_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "system/place.h"

struct sample;

struct recording {
	const char *path;
	int fd; /* owned; -1: stdout */
	struct place place; /* of the file */
	bool created; /* by us */
	uint64_t size; /* bytes of whole samples */
	uint64_t nr; /* samples written */
	bool no_wall_clock; /* leave out realtime_ns; set by the caller */
};

/*
 * Opens @path, "-" being stdout; with @fresh a file that exists is an error. All
 * of these return 0 or -errno, the reason already said.
 */
int recording_open(struct recording *rec, const char *path, bool fresh);

/* If it fails, the samples before this one are still whole in the file. */
int recording_add(struct recording *rec, const struct sample *sample);

/* Returns @err, or what went wrong at last. */
int recording_close(struct recording *rec, int err);

#endif
