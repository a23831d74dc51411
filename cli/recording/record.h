/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings: samples in the compact format (docs/record-format.md) or as lines of
 * JSON; docs/record.md describes both. A sample that is read equals the sample that
 * was written, to the byte.
 */
#ifndef MEMTOP_RECORDING_RECORD_H
#define MEMTOP_RECORDING_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct record_reader;
struct sample;
struct strbuf;

/* Add a line of JSON: the first one, with the kernel of @s, and that of a sample. */
void record_add_header(struct strbuf *sb, const struct sample *s);
void record_add_sample(struct strbuf *sb, const struct sample *s);

/*
 * Opens a recording ("-": stdin) and reads its beginning. The files of a directory
 * (ring.h) are read one after another. The functions below return 0 or more, or
 * -errno after reporting the reason and the position in the file.
 */
int record_open(const char *path, struct record_reader **ret);

/* The same for @file, which the reader closes; messages call it @name. */
int record_open_file(FILE *file, const char *name, struct record_reader **ret);

/* The number of a sample and its times, which may be unknown. */
struct record_moment {
	uint64_t number; /* from 1; missing samples count as well */
	uint64_t boottime_ns;
	uint64_t realtime_ns;
};

/*
 * Finds the next sample: returns 1, or 0 at the end. A sample that is cut short at the
 * end of the file is left out. Warns of it, and of missing samples before the next one.
 */
int record_peek(struct record_reader *r, struct record_moment *ret);

/* Makes the sample that record_peek() found the newest one. */
int record_pass(struct record_reader *r);

/* Moves the newest sample to the caller; at most once for each sample. Returns 0. */
int record_take(struct record_reader *r, struct sample *ret);

/*
 * Whether the sample that was taken last is from another run of 'record' than the one
 * before it. The kernel may have restarted between them, so pool numbers and counts
 * cannot be compared.
 */
bool record_new_run(const struct record_reader *r);

/* Reads and takes the next sample: returns 1, or 0 at the end. */
int record_read(struct record_reader *r, struct sample *ret);

/* The name of @r in messages; valid as long as @r is open. */
const char *record_name(const struct record_reader *r);

/* Fine on NULL. */
void record_close(struct record_reader *r);

#endif
