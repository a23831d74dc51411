/* SPDX-License-Identifier: GPL-2.0-only */
/* The other way from record_encode.h. */
#ifndef MEMTOP_RECORDING_RECORD_DECODE_H
#define MEMTOP_RECORDING_RECORD_DECODE_H

#include <stddef.h>

struct record_shape;
struct sample;
struct wire_reader;

/*
 * Reads which objects there are: those known here are taken, others will be passed
 * over. Returns 0, and @ret is the caller's, or -EINVAL with the problem in @w.
 */
int record_shape_read(struct wire_reader *w, struct record_shape **ret);

/* Fine on NULL. */
void record_shape_free(struct record_shape *shape);

/* A zeroed @s becomes the sample that changes begin with. */
void record_shape_begin(const struct record_shape *shape, struct sample *s);

/*
 * Changes @s as @w says, to its end. @room: what new elements of lists may take, in
 * bytes; is reduced. Returns 0, or -EINVAL with the problem in @w: @s can only be
 * released then.
 */
int record_decode(struct wire_reader *w, const struct record_shape *shape,
		  struct sample *s, size_t *room);

#endif
