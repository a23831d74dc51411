/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a recording that is lines of JSON. */
#ifndef MEMTOP_RECORDING_RECORD_JSON_H
#define MEMTOP_RECORDING_RECORD_JSON_H

#include <stddef.h>
#include <stdio.h>

struct json_recording;
struct sample;

/*
 * Reads the first line. @head: the @len bytes, four at most, that were already read
 * from @file. @name must stay valid; @file is not closed. Both functions return 0 or
 * more, or -errno after reporting the reason and the position in the file.
 */
int json_recording_open(FILE *file, const char *name, const char *head,
			size_t len, struct json_recording **ret);

/*
 * Reads the next sample: returns 1 and @ret, which the caller releases, or 0 at the
 * end. Warns of a last line that is cut short, and leaves it out. @before: as for
 * record_check().
 */
int json_recording_read(struct json_recording *r, const struct sample *before,
			struct sample *ret);

/* Fine on NULL. */
void json_recording_close(struct json_recording *r);

#endif
