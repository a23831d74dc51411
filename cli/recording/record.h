/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings: samples in the compact format (docs/record-format.md) or as lines of
 * JSON, both described in docs/record.md. What is read from one equals what was
 * written, to the byte.
 */
#ifndef MEMTOP_RECORDING_RECORD_H
#define MEMTOP_RECORDING_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct record_reader;
struct sample;
struct strbuf;

/* Of JSON: add the first line, for samples of the kernel that @s is of, and a sample's. */
void record_add_header(struct strbuf *sb, const struct sample *s);
void record_add_sample(struct strbuf *sb, const struct sample *s);

/*
 * Opens a recording, "-" being stdin, and reads how it begins. A directory has its
 * files one after the other (ring.h). All of the following return 0 or more, or -errno
 * with the reason already said, and where in the file.
 */
int record_open(const char *path, struct record_reader **ret);

/* The same for @file, which the reader closes, called @name in messages. */
int record_open_file(FILE *file, const char *name, struct record_reader **ret);

/* Which sample, and when it was taken; times may be unknown. */
struct record_moment {
	uint64_t number; /* from 1; those that are missing are counted, too */
	uint64_t boottime_ns;
	uint64_t realtime_ns;
};

/*
 * Which is the next sample: 1, or 0 when there is none. A last one that is cut short is
 * none. That, and what is missing before it, is said.
 */
int record_peek(struct record_reader *r, struct record_moment *ret);

/* Makes it the newest one; there has to be one. */
int record_pass(struct record_reader *r);

/* Gives the newest one to the caller, who asks for each only once. Returns 0. */
int record_take(struct record_reader *r, struct sample *ret);

/*
 * Whether the sample given last is of another run of record than the one before it:
 * the kernel may have started between them, and numbers of pools and counts of one are
 * not those of the other.
 */
bool record_new_run(const struct record_reader *r);

/* All of these: 1, or 0 when there is none. */
int record_read(struct record_reader *r, struct sample *ret);

/* What @r is called in messages, as long as it is open. */
const char *record_name(const struct record_reader *r);

/* Fine on NULL. */
void record_close(struct record_reader *r);

#endif
