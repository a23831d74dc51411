/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a value stands in a compact recording, which docs/record-format.md describes,
 * and the bytes that it is read from.
 */
#ifndef MEMTOP_RECORDING_RECORD_WIRE_H
#define MEMTOP_RECORDING_RECORD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recording/record_fields.h"

struct strbuf;

/* The letters are in the files. */
enum wire {
	WIRE_NUMBER = 'n', /* what is added to the number before, modulo 2^64 */
	WIRE_BOOL = 'b', /* a byte, 0 or 1 */
	WIRE_TEXT = 't', /* length, bytes */
	WIRE_DEV = 'd', /* major, minor */
	WIRE_MAYBE_DEV = 'D', /* a byte, whether it is known; if so, these */
	WIRE_OBJECT = 'o',
	WIRE_LIST = 'l',
	WIRE_MAYBE_LIST = 'L', /* a byte, whether it is known; if so, a list */
};

enum wire wire_of(enum record_type type);

/* Whether the field is described by the objects that it consists of. */
static inline bool wire_has_objects(enum wire wire)
{
	return wire == WIRE_OBJECT || wire == WIRE_LIST ||
	       wire == WIRE_MAYBE_LIST;
}

/* Seven bits in each byte, the lowest first; the eighth: there are more. */
void wire_put(struct strbuf *to, uint64_t n);

/* What is left to read. Functions return 0 or -EINVAL with a problem noted. */
struct wire_reader {
	const char *pos;
	const char *end;
	char problem[128];
};

int wire_fail(struct wire_reader *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int wire_get(struct wire_reader *w, uint64_t *ret);
int wire_get_bool(struct wire_reader *w, bool *ret);

/* A text without a NUL that has fewer than @room bytes; they stay where they are. */
int wire_get_text(struct wire_reader *w, size_t room, const char **ret,
		  size_t *len);

#endif
