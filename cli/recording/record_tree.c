// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "recording/record_fields.h"

static bool is_list(const struct record_field *field)
{
	return field->type == RECORD_LIST || field->type == RECORD_MAYBE_LIST;
}

static bool flag_at(const char *owner, size_t offset)
{
	return *(const bool *)(const void *)(owner + offset);
}

/* The pointer at this place in a struct, of whatever type. */
static char *pointer_at(const char *at)
{
	char *ret;

	memcpy(&ret, at, sizeof(ret));
	return ret;
}

struct record_span record_span_of(const struct record_field *field,
				  const char *owner)
{
	struct record_span span = { .nr = 0 };

	if (field->type == RECORD_MAYBE_LIST && !flag_at(owner, field->known))
		return span;
	memcpy(&span.elements, owner + field->offset, sizeof(span.elements));
	memcpy(&span.nr, owner + field->other, sizeof(span.nr));
	return span;
}

/* Whether it owns nothing, so that its bytes are all of it. */
static bool is_flat(const struct record_object *object)
{
	for (size_t i = 0; i < object->nr; i++) {
		const struct record_field *field = &object->fields[i];

		if (is_list(field) || field->type == RECORD_STRING ||
		    (field->type == RECORD_OBJECT && !is_flat(field->of)))
			return false;
	}
	return true;
}

/* ---- compared -------------------------------------------------------------- */

static bool lists_equal(const struct record_field *field, const char *a,
			const char *b)
{
	const struct record_span sa = record_span_of(field, a);
	const struct record_span sb = record_span_of(field, b);

	if (field->type == RECORD_MAYBE_LIST &&
	    flag_at(a, field->known) != flag_at(b, field->known))
		return false;
	if (sa.nr != sb.nr)
		return false;
	for (size_t i = 0; i < sa.nr; i++) {
		const size_t at = i * field->of->size;

		if (!record_equal(field->of, sa.elements + at,
				  sb.elements + at))
			return false;
	}
	return true;
}

/* Strings of new elements are NULL. */
static bool strings_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool record_field_equal(const struct record_field *field, const char *a,
			const char *b)
{
	const char *at_a = a + field->offset, *at_b = b + field->offset;

	switch (field->type) {
	case RECORD_COUNT:
		return *(const uint64_t *)(const void *)at_a ==
		       *(const uint64_t *)(const void *)at_b;
	case RECORD_U32:
	case RECORD_INDEX:
	case RECORD_SLOT:
	case RECORD_SOURCE:
	case RECORD_OP_KIND:
	case RECORD_LINK_KIND:
		return memcmp(at_a, at_b, sizeof(uint32_t)) == 0;
	case RECORD_TEXT:
	case RECORD_MAYBE_TEXT:
		return strcmp(at_a, at_b) == 0;
	case RECORD_BOOL:
		return *at_a == *at_b;
	case RECORD_MAYBE_DEV:
		if (flag_at(a, field->other) != flag_at(b, field->other))
			return false;
		if (!flag_at(a, field->other))
			return true;
		return memcmp(at_a, at_b, sizeof(struct sample_devno)) == 0;
	case RECORD_DEV:
		return memcmp(at_a, at_b, sizeof(struct sample_devno)) == 0;
	case RECORD_STRING:
		return strings_equal(pointer_at(at_a), pointer_at(at_b));
	case RECORD_OBJECT:
		return record_equal(field->of, at_a, at_b);
	case RECORD_LIST:
	case RECORD_MAYBE_LIST:
		return lists_equal(field, a, b);
	}
	return false;
}

bool record_equal(const struct record_object *object, const char *a,
		  const char *b)
{
	/* equal bytes, pointers included, are the same data */
	if (memcmp(a, b, object->size) == 0)
		return true;
	for (size_t i = 0; i < object->nr; i++) {
		if (!record_field_equal(&object->fields[i], a, b))
			return false;
	}
	return true;
}

bool record_same(const struct record_object *object, const char *a,
		 const char *b)
{
	for (size_t i = 0; i < object->identity; i++) {
		if (!record_field_equal(&object->fields[i], a, b))
			return false;
	}
	return true;
}

/* ---- copied ---------------------------------------------------------------- */

static void own(const struct record_object *object, char *to);

/* Replaces the list that @owner shares with a copy. */
static void own_list(const struct record_field *field, char *owner)
{
	const struct record_object *of = field->of;
	const struct record_span span = record_span_of(field, owner);
	const size_t nr = span.nr;
	char *elements = NULL;

	if (nr) {
		elements = xreallocarray(NULL, nr, of->size);
		memcpy(elements, span.elements, nr * of->size);
	}
	memcpy(owner + field->offset, &elements, sizeof(elements));
	memcpy(owner + field->other, &nr, sizeof(nr));
	if (is_flat(of))
		return;
	for (size_t i = 0; i < nr; i++)
		own(of, elements + i * of->size);
}

static void own_field(const struct record_field *field, char *owner)
{
	char *text;

	if (is_list(field)) {
		own_list(field, owner);
	} else if (field->type == RECORD_STRING) {
		text = xstrdup(pointer_at(owner + field->offset));
		memcpy(owner + field->offset, &text, sizeof(text));
	} else if (field->type == RECORD_OBJECT) {
		own(field->of, owner + field->offset);
	}
}

/* Replaces memory that @to shares with another object by a copy. */
static void own(const struct record_object *object, char *to)
{
	for (size_t i = 0; i < object->nr; i++)
		own_field(&object->fields[i], to);
}

void record_copy(const struct record_object *object, char *to, const char *from)
{
	memcpy(to, from, object->size);
	own(object, to);
}

static size_t size_of(const struct record_field *field)
{
	switch (field->type) {
	case RECORD_COUNT:
		return sizeof(uint64_t);
	case RECORD_TEXT:
	case RECORD_MAYBE_TEXT:
		return field->room;
	case RECORD_BOOL:
		return sizeof(bool);
	case RECORD_DEV:
	case RECORD_MAYBE_DEV:
		return sizeof(struct sample_devno);
	case RECORD_OBJECT:
		return field->of->size;
	case RECORD_LIST:
	case RECORD_MAYBE_LIST:
	case RECORD_STRING:
		return sizeof(char *);
	default:
		return sizeof(uint32_t);
	}
}

/* ---- freed ----------------------------------------------------------------- */

static void free_field(const struct record_field *field, char *owner)
{
	char *elements;
	size_t nr;

	if (field->type == RECORD_STRING) {
		free(pointer_at(owner + field->offset));
	} else if (field->type == RECORD_OBJECT) {
		record_free(field->of, owner + field->offset);
	} else if (is_list(field)) {
		/* an unknown list may have allocated elements, too */
		elements = pointer_at(owner + field->offset);
		memcpy(&nr, owner + field->other, sizeof(nr));
		for (size_t i = 0; !is_flat(field->of) && i < nr; i++)
			record_free(field->of, elements + i * field->of->size);
		free(elements);
	}
}

void record_free(const struct record_object *object, char *from)
{
	for (size_t i = 0; i < object->nr; i++)
		free_field(&object->fields[i], from);
}

void record_field_assign(const struct record_field *field, char *to,
			 const char *from)
{
	free_field(field, to);
	memcpy(to + field->offset, from + field->offset, size_of(field));
	if (is_list(field))
		memcpy(to + field->other, from + field->other, sizeof(size_t));
	if (field->type == RECORD_MAYBE_DEV)
		memcpy(to + field->other, from + field->other, sizeof(bool));
	if (field->type == RECORD_MAYBE_LIST)
		memcpy(to + field->known, from + field->known, sizeof(bool));
	own_field(field, to);
}
