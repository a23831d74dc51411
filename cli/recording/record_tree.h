/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares, copies and frees objects of a recording by their table of fields. */
#ifndef MEMTOP_RECORDING_RECORD_TREE_H
#define MEMTOP_RECORDING_RECORD_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct record_field;
struct record_object;

/* The elements of a list and their number. */
struct record_span {
	char *elements;
	size_t nr;
};

/* The elements of the list that @field is in @owner; none if the list is unknown. */
struct record_span record_span_of(const struct record_field *field,
				  const char *owner);

/* Whether a field, or each field, is equal to the byte. */
bool record_field_equal(const struct record_field *field, const char *a,
			const char *b);
bool record_equal(const struct record_object *object, const char *a,
		  const char *b);

/* Whether both have the same identity in a list; other fields may differ. */
bool record_same(const struct record_object *object, const char *a,
		 const char *b);

/* Copies a field, or each field, to @to, which then owns its own memory. */
void record_field_assign(const struct record_field *field, char *to,
			 const char *from);
void record_copy(const struct record_object *object, char *to,
		 const char *from);

/* Frees all owned memory without resetting the pointers. */
void record_free(const struct record_object *object, char *from);

#endif
