/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings: samples as lines of JSON, described in docs/record.md. What is
 * read from one equals what was written, to the byte.
 */
#ifndef MEMTOP_RECORDING_RECORD_H
#define MEMTOP_RECORDING_RECORD_H

#include <stdint.h>
#include <stdio.h>

struct record_reader;
struct sample;
struct strbuf;

/* Add a recording's first line, for samples of the kernel that @s is of, and a sample's. */
void record_add_header(struct strbuf *sb, const struct sample *s);
void record_add_sample(struct strbuf *sb, const struct sample *s);

/*
 * Opens a recording, "-" being stdin, and reads its first line. All of the
 * following return 0 or more, or -errno with the reason already said, and
 * where in the file.
 */
int record_open(const char *path, struct record_reader **ret);

/* The same for @file, which the reader closes, called @name in messages. */
int record_open_file(FILE *file, const char *name, struct record_reader **ret);

/*
 * Reads the next sample: 1, and @ret is the caller's to release, or 0 when
 * there is none. A last line that is cut short is none, which is said.
 */
int record_read(struct record_reader *r, struct sample *ret);

/* What @r is called in messages, as long as it is open. */
const char *record_name(const struct record_reader *r);

/* Fine on NULL. */
void record_close(struct record_reader *r);

#endif
