/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes a recording. Each sample is completely in the file before the next one
 * is taken. An old recording is replaced only once the first sample has been
 * taken.
 */
#ifndef MEMTOP_RECORDING_FILE_H
#define MEMTOP_RECORDING_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "recording/record_pack.h"
#include "system/place.h"

struct ring;
struct sample;

struct recording_params {
	const char *path; /* "-" is stdout; stays valid */
	bool fresh; /* fail if the file exists */
	bool json; /* lines of JSON, not the compact format */
	bool no_wall_clock; /* leave out realtime_ns */
	bool no_host; /* leave out host and boot_id */
	bool keeps_runs; /* copy the runs of the recording that is replayed */
	/* Limits of a directory of files; the oldest are removed. 0: no limit. */
	uint64_t ring_bytes;
	uint64_t keep_ns;
};

struct recording {
	struct recording_params params;
	int fd; /* owned; -1: stdout */
	struct place place; /* the file's directory and name */
	struct ring *ring; /* owned; NULL: one file */
	bool created; /* this process made the file */
	uint64_t size; /* bytes of complete samples */
	uint64_t nr; /* samples written */
	uint64_t run_ns; /* when the first sample was taken */
	struct record_packer packer;
};

/* These functions return 0 or -errno, and have reported the reason. */
int recording_open(struct recording *rec,
		   const struct recording_params *params);

/*
 * Appends a sample. If it fails, the previous samples are still complete in the file.
 * @same: the devices and pools equal those of the previous sample.
 */
int recording_add(struct recording *rec, const struct sample *sample,
		  bool same);

/* Returns @err, or the error of closing the file if @err is 0. */
int recording_close(struct recording *rec, int err);

#endif
