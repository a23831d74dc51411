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

#include "recording/record_pack.h"
#include "system/place.h"

struct ring;
struct sample;

struct recording_wish {
	const char *path; /* "-" is stdout; stays valid */
	bool fresh; /* a file that exists is an error */
	bool json; /* lines of JSON, not the compact format */
	bool no_wall_clock; /* leave out realtime_ns */
	bool no_host; /* leave out host and boot_id */
	bool keeps_runs; /* samples of a recording: they are of its runs */
	/* A directory of files, of which the oldest are removed; 0: no limit. */
	uint64_t ring_bytes;
	uint64_t keep_ns;
};

struct recording {
	struct recording_wish wish;
	int fd; /* owned; -1: stdout */
	struct place place; /* of the file */
	struct ring *ring; /* owned; NULL: one file */
	bool created; /* by us */
	uint64_t size; /* bytes of whole samples */
	uint64_t nr; /* samples written */
	uint64_t run_ns; /* when the first one was taken */
	struct record_packer packer;
};

/* All of these return 0 or -errno, the reason already said. */
int recording_open(struct recording *rec, const struct recording_wish *wish);

/*
 * If it fails, the samples before this one are still whole in the file. @same: the
 * devices and pools are those of the sample before.
 */
int recording_add(struct recording *rec, const struct sample *sample,
		  bool same);

/* Returns @err, or what went wrong at last. */
int recording_close(struct recording *rec, int err);

#endif
