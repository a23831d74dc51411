/* SPDX-License-Identifier: GPL-2.0-only */
/* Decodes the samples that record_encode.h encodes. */
#ifndef MEMTOP_RECORDING_RECORD_DECODE_H
#define MEMTOP_RECORDING_RECORD_DECODE_H

#include <stddef.h>

struct record_shape;
struct sample;
struct wire_reader;

/*
 * Reads the description of the objects and fields in a part. Unknown ones, of later
 * versions, are skipped when samples are decoded. Returns 0 and @ret, which the caller
 * frees, or -EINVAL with the problem in @w.
 */
int record_shape_read(struct wire_reader *w, struct record_shape **ret);

/* Fine on NULL. */
void record_shape_free(struct record_shape *shape);

/* Initializes a zeroed @s, to which the first record_decode() of a part applies. */
void record_shape_begin(const struct record_shape *shape, struct sample *s);

/*
 * Applies the changes in @w to @s, and reads @w to its end. @room: limit of the memory
 * for new list elements, in bytes; is reduced by the bytes used. Returns 0, or -EINVAL
 * with the problem in @w, after which @s can only be released.
 */
int record_decode(struct wire_reader *w, const struct record_shape *shape,
		  struct sample *s, size_t *room);

#endif
