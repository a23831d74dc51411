/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a recording that is lines of JSON. */
#ifndef MEMTOP_RECORDING_RECORD_JSON_H
#define MEMTOP_RECORDING_RECORD_JSON_H

#include <stddef.h>
#include <stdio.h>

struct json_recording;
struct sample;

/*
 * Reads the first line; @head: @len bytes of @file, four at most, that are read
 * already. @name has to stay valid. Closes no file. Both functions return 0 or more,
 * or -errno with the reason already said, and where in the file.
 */
int json_recording_open(FILE *file, const char *name, const char *head,
			size_t len, struct json_recording **ret);

/*
 * Reads the next sample: 1, and @ret is the caller's to release, or 0 when there is
 * none. A last line that is cut short is none, which is said. @before: as for
 * record_check().
 */
int json_recording_read(struct json_recording *r, const struct sample *before,
			struct sample *ret);

/* Fine on NULL. */
void json_recording_close(struct json_recording *r);

#endif
