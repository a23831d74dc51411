/* SPDX-License-Identifier: GPL-2.0-only */
/* What all objects of a recording have in common: they are compared, copied, freed. */
#ifndef MEMTOP_RECORDING_RECORD_TREE_H
#define MEMTOP_RECORDING_RECORD_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct record_field;
struct record_object;

/* A list: its elements, and how many. */
struct record_span {
	char *elements;
	size_t nr;
};

/* That of a list at @owner; an unknown one has no elements. */
struct record_span record_span_of(const struct record_field *field,
				  const char *owner);

/* Whether a field, or all of them, are equal, to the byte. */
bool record_field_equal(const struct record_field *field, const char *a,
			const char *b);
bool record_equal(const struct record_object *object, const char *a,
		  const char *b);

/* Whether both are the same one of a list, however they differ. */
bool record_same(const struct record_object *object, const char *a,
		 const char *b);

/* Has a field, or all, of @to be equal to @from, and own its memory. */
void record_field_assign(const struct record_field *field, char *to,
			 const char *from);
void record_copy(const struct record_object *object, char *to,
		 const char *from);

/* Frees what it owns; the pointers stay. */
void record_free(const struct record_object *object, char *from);

#endif
