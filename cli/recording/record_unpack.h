/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a compact recording. Damaged samples are left out up to the next part, with a
 * warning. Functions return 0 or more, or -errno after reporting the reason.
 */
#ifndef MEMTOP_RECORDING_RECORD_UNPACK_H
#define MEMTOP_RECORDING_RECORD_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct record_moment;
struct sample;
struct unpacker;

/*
 * Opens the next file of a recording: returns 1 with its @file and @name, or 0 at the
 * end. The name stays valid as long as the recording is open.
 */
typedef int (*unpack_next_file)(void *from, FILE **file, const char **name);

/*
 * @head: the @len bytes that were already read from @file. @next returns the files
 * after this one; NULL: there are none. Closes no file. Unless @sure, returns -ENOMSG,
 * without reporting it, if the file contains no part of a compact recording.
 */
int unpack_open(FILE *file, const char *name, const char *head, size_t len,
		bool sure, unpack_next_file next, void *from,
		struct unpacker **ret);

/* Finds the next sample: returns 1 with its number and times, or 0 at the end. */
int unpack_peek(struct unpacker *u, struct record_moment *ret);

/* Makes the sample that unpack_peek() found the newest. */
int unpack_pass(struct unpacker *u);

/* How often sample numbers have restarted so far; each run of 'record' does that. */
uint64_t unpack_restarts(const struct unpacker *u);

/* Copies the newest sample; the caller releases @ret. */
void unpack_copy(const struct unpacker *u, struct sample *ret);

/* Fine on NULL. */
void unpack_close(struct unpacker *u);

#endif
