// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_encode.h"

#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"
#include "recording/record_tree.h"
#include "recording/record_wire.h"

/* How many elements ahead an element is searched for in the previous list. */
#define WINDOW 1024

/* A zeroed element, which new elements are compared with. */
static const union {
	char bytes[1024];
	uint64_t aligned;
} nothing;

_Static_assert(sizeof(struct sample_device) <= sizeof(nothing), "fits");
_Static_assert(sizeof(struct sample_pool) <= sizeof(nothing), "fits");

static void put_shape(struct strbuf *to, const struct record_object *object)
{
	wire_put(to, object->nr);
	for (size_t i = 0; i < object->nr; i++) {
		const struct record_field *field = &object->fields[i];
		const char *key = field->key ? field->key : "";
		const char wire = (char)wire_of(field->type);

		strbuf_add(to, &wire, 1);
		wire_put(to, strlen(key));
		strbuf_addstr(to, key);
		if (wire_has_objects(wire_of(field->type)))
			put_shape(to, field->of);
	}
}

void record_encode_shape(struct strbuf *to)
{
	put_shape(to, &record_sample_object);
}

static void put_object(struct strbuf *to, const struct record_object *object,
		       const char *before, const char *now);

/* ---- lists ----------------------------------------------------------------- */

/* The index of @element in the previous list, from @cursor on; its end: not found. */
static size_t find(const struct record_object *of, struct record_span before,
		   size_t cursor, const char *element)
{
	const size_t end = before.nr - cursor > WINDOW ? cursor + WINDOW :
							 before.nr;

	for (size_t i = cursor; i < end; i++) {
		if (record_same(of, before.elements + i * of->size, element))
			return i;
	}
	return before.nr;
}

/* Encodes an element that differs from that at @cursor, and advances the cursor. */
static void put_element(struct strbuf *to, const struct record_object *of,
			struct record_span before, size_t *cursor,
			const char *element)
{
	const size_t at = find(of, before, *cursor, element);

	if (at == before.nr) {
		wire_put(to, 0);
		put_object(to, of, nothing.bytes, element);
		return;
	}
	wire_put(to, at - *cursor + 1);
	put_object(to, of, before.elements + at * of->size, element);
	*cursor = at + 1;
}

static void put_list(struct strbuf *to, const struct record_field *field,
		     const char *before, const char *now)
{
	const struct record_object *of = field->of;
	const struct record_span old = record_span_of(field, before);
	const struct record_span new = record_span_of(field, now);
	size_t cursor = 0, run = 0;

	wire_put(to, new.nr);
	for (size_t i = 0; i < new.nr; i++) {
		const char *element = new.elements + i * of->size;

		if (cursor < old.nr &&
		    record_equal(of, old.elements + cursor * of->size,
				 element)) {
			cursor++;
			run++;
			continue;
		}
		wire_put(to, run);
		run = 0;
		put_element(to, of, old, &cursor, element);
	}
	if (run)
		wire_put(to, run);
}

/* ---- other values ---------------------------------------------------------- */

static void put_text(struct strbuf *to, const char *text)
{
	wire_put(to, text ? strlen(text) : 0);
	if (text)
		strbuf_addstr(to, text);
}

static void put_flag(struct strbuf *to, const char *flag)
{
	const char byte = *flag ? 1 : 0;

	strbuf_add(to, &byte, 1);
}

static void put_dev(struct strbuf *to, const char *at)
{
	struct sample_devno dev;

	memcpy(&dev, at, sizeof(dev));
	wire_put(to, dev.major);
	wire_put(to, dev.minor);
}

static uint64_t number_at(enum record_type type, const char *at)
{
	uint32_t n;
	uint64_t count;

	if (type == RECORD_COUNT) {
		memcpy(&count, at, sizeof(count));
		return count;
	}
	memcpy(&n, at, sizeof(n));
	return type == RECORD_INDEX && n == SAMPLE_NO_TARGET ? MEMTOP_UNKNOWN :
							       n;
}

/* The lowest bit is the sign, so that small negative numbers are short, too. */
static void put_difference(struct strbuf *to, uint64_t before, uint64_t now)
{
	const uint64_t more = now - before;

	wire_put(to, more >> 63 ? ~(more << 1) : more << 1);
}

static void put_field(struct strbuf *to, const struct record_field *field,
		      const char *before, const char *now)
{
	const char *at = now + field->offset;
	const char *text;

	switch (field->type) {
	case RECORD_COUNT:
	case RECORD_U32:
	case RECORD_INDEX:
		put_difference(to,
			       number_at(field->type, before + field->offset),
			       number_at(field->type, at));
		break;
	case RECORD_TEXT:
	case RECORD_MAYBE_TEXT:
		put_text(to, at);
		break;
	case RECORD_STRING:
		memcpy(&text, at, sizeof(text));
		put_text(to, text);
		break;
	case RECORD_SLOT:
	case RECORD_SOURCE:
	case RECORD_OP_KIND:
	case RECORD_LINK_KIND:
		put_text(to, record_word(field->type, at));
		break;
	case RECORD_BOOL:
		put_flag(to, at);
		break;
	case RECORD_MAYBE_DEV:
		put_flag(to, now + field->other);
		if (now[field->other])
			put_dev(to, at);
		break;
	case RECORD_DEV:
		put_dev(to, at);
		break;
	case RECORD_OBJECT:
		put_object(to, field->of, before + field->offset, at);
		break;
	case RECORD_MAYBE_LIST:
		put_flag(to, now + field->known);
		if (now[field->known])
			put_list(to, field, before, now);
		break;
	case RECORD_LIST:
		put_list(to, field, before, now);
		break;
	}
}

/* The set of fields that differ, one bit for each. */
static uint64_t differences(const struct record_object *object,
			    const char *before, const char *now)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < object->nr; i++) {
		if (!record_field_equal(&object->fields[i], before, now))
			bits |= 1ULL << i;
	}
	return bits;
}

static void put_fields(struct strbuf *to, const struct record_object *object,
		       const char *before, const char *now, uint64_t bits)
{
	wire_put(to, bits);
	for (size_t i = 0; i < object->nr; i++) {
		if (bits & 1ULL << i)
			put_field(to, &object->fields[i], before, now);
	}
}

static void put_object(struct strbuf *to, const struct record_object *object,
		       const char *before, const char *now)
{
	put_fields(to, object, before, now, differences(object, before, now));
}

/* ---- a sample -------------------------------------------------------------- */

/* The fields that are expensive to compare; @same skips them. */
static bool is_large(const struct record_field *field)
{
	return field->offset == offsetof(struct sample, devices) ||
	       field->offset == offsetof(struct sample, pools);
}

void record_encode(struct strbuf *to, struct sample *before,
		   const struct sample *now, bool same)
{
	const struct record_object *object = &record_sample_object;
	char *old = (char *)before;
	const char *new = (const char *)now;
	uint64_t bits = 0;

	for (size_t i = 0; i < object->nr; i++) {
		const struct record_field *field = &object->fields[i];

		if (!(same && is_large(field)) &&
		    !record_field_equal(field, old, new))
			bits |= 1ULL << i;
	}
	put_fields(to, object, old, new, bits);
	for (size_t i = 0; i < object->nr; i++) {
		if (bits & 1ULL << i)
			record_field_assign(&object->fields[i], old, new);
	}
}
