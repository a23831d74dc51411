// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_wire.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"

enum wire wire_of(enum record_type type)
{
	static const enum wire wires[] = {
		[RECORD_COUNT] = WIRE_NUMBER,
		[RECORD_U32] = WIRE_NUMBER,
		[RECORD_INDEX] = WIRE_NUMBER,
		[RECORD_TEXT] = WIRE_TEXT,
		[RECORD_BOOL] = WIRE_BOOL,
		[RECORD_SLOT] = WIRE_TEXT,
		[RECORD_SOURCE] = WIRE_TEXT,
		[RECORD_DEV] = WIRE_DEV,
		[RECORD_MAYBE_DEV] = WIRE_MAYBE_DEV,
		[RECORD_OBJECT] = WIRE_OBJECT,
		[RECORD_LIST] = WIRE_LIST,
		[RECORD_MAYBE_LIST] = WIRE_MAYBE_LIST,
		[RECORD_OP_KIND] = WIRE_TEXT,
		[RECORD_LINK_KIND] = WIRE_TEXT,
		[RECORD_STRING] = WIRE_TEXT,
		[RECORD_MAYBE_TEXT] = WIRE_TEXT,
	};

	return wires[type];
}

void wire_put(struct strbuf *to, uint64_t n)
{
	char bytes[10];
	size_t len = 0;

	for (; n >= 0x80; n >>= 7)
		bytes[len++] = (char)(n | 0x80);
	bytes[len++] = (char)n;
	strbuf_add(to, bytes, len);
}

int wire_fail(struct wire_reader *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->problem, sizeof(w->problem), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

int wire_get(struct wire_reader *w, uint64_t *ret)
{
	uint64_t n = 0;
	unsigned int bits = 0;

	while (w->pos < w->end) {
		const uint64_t byte = (unsigned char)*w->pos++;

		/* the tenth byte can have one bit only */
		if (bits == 63 && byte > 1)
			return wire_fail(w, "a number beyond 64 bits");
		n |= (byte & 0x7f) << bits;
		if (byte < 0x80) {
			*ret = n;
			return 0;
		}
		bits += 7;
	}
	return wire_fail(w, "the sample ends within a number");
}

int wire_get_bool(struct wire_reader *w, bool *ret)
{
	if (w->pos == w->end || (*w->pos != 0 && *w->pos != 1))
		return wire_fail(w, "expected 0 or 1");
	*ret = *w->pos++;
	return 0;
}

int wire_get_text(struct wire_reader *w, size_t room, const char **ret,
		  size_t *len)
{
	uint64_t nr;
	int err = wire_get(w, &nr);

	if (err)
		return err;
	if (nr >= room)
		return wire_fail(w, "a string longer than %zu bytes", room - 1);
	if (nr > (size_t)(w->end - w->pos))
		return wire_fail(w, "the sample ends within a string");
	if (memchr(w->pos, '\0', nr))
		return wire_fail(w, "NUL in a string");
	*ret = w->pos;
	*len = nr;
	w->pos += nr;
	return 0;
}
