/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a compact recording. What is damaged is left out up to the next part, with a
 * warning. Functions return 0 or more, or -errno with the reason already said.
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
 * Goes on to the next file of a recording: 1, and @file and @name are those; 0: there
 * is none. The name stays valid as long as the recording is open.
 */
typedef int (*unpack_next_file)(void *from, FILE **file, const char **name);

/*
 * @head: @len bytes of @file that are read already. After this file, @next is asked
 * for others if it is not NULL. Closes no file. -ENOMSG, which is not said: unless
 * @sure, nothing in it is of a compact recording.
 */
int unpack_open(FILE *file, const char *name, const char *head, size_t len,
		bool sure, unpack_next_file next, void *from,
		struct unpacker **ret);

/* 1: there is another sample, and @ret says which; 0: there is none. */
int unpack_peek(struct unpacker *u, struct record_moment *ret);

/* Makes that one the newest. */
int unpack_pass(struct unpacker *u);

/* How often the numbers of samples have begun again so far, which another run does. */
uint64_t unpack_restarts(const struct unpacker *u);

/* A copy of the newest one, for the caller to release. */
void unpack_copy(const struct unpacker *u, struct sample *ret);

/* Fine on NULL. */
void unpack_close(struct unpacker *u);

#endif
