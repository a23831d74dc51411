/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Encodes and decodes single values of a compact recording; docs/record-format.md
 * describes the format.
 */
#ifndef MEMTOP_RECORDING_RECORD_WIRE_H
#define MEMTOP_RECORDING_RECORD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recording/record_fields.h"

struct strbuf;

/* Types of values. Files contain these letters. */
enum wire {
	WIRE_NUMBER = 'n', /* difference to the previous number, modulo 2^64 */
	WIRE_BOOL = 'b', /* a byte, 0 or 1 */
	WIRE_TEXT = 't', /* length, bytes */
	WIRE_DEV = 'd', /* major, minor */
	WIRE_MAYBE_DEV = 'D', /* a byte, 1: known, followed by a device */
	WIRE_OBJECT = 'o',
	WIRE_LIST = 'l',
	WIRE_MAYBE_LIST = 'L', /* a byte, 1: known, followed by a list */
};

enum wire wire_of(enum record_type type);

/* Whether the field's description contains the description of an object. */
static inline bool wire_has_objects(enum wire wire)
{
	return wire == WIRE_OBJECT || wire == WIRE_LIST ||
	       wire == WIRE_MAYBE_LIST;
}

/* Adds a number: seven bits in each byte, the lowest first; the eighth: more follow. */
void wire_put(struct strbuf *to, uint64_t n);

/* The bytes left to read. Functions return 0, or -EINVAL with the reason in problem. */
struct wire_reader {
	const char *pos;
	const char *end;
	char problem[128];
};

int wire_fail(struct wire_reader *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int wire_get(struct wire_reader *w, uint64_t *ret);
int wire_get_bool(struct wire_reader *w, bool *ret);

/* A text without a NUL, shorter than @room bytes; @ret points into the reader. */
int wire_get_text(struct wire_reader *w, size_t room, const char **ret,
		  size_t *len);

#endif
