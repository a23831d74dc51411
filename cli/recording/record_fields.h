/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a recording's objects hold and where it is in a sample: one table for
 * writing and reading, so that neither can know a key that the other doesn't.
 */
#ifndef MEMTOP_RECORDING_RECORD_FIELDS_H
#define MEMTOP_RECORDING_RECORD_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "sample/sample.h"

#define RECORD_SCHEMA "verity-memtop/record/1"

/* Of what has no limit in the kernel's structures, with the NUL. */
#define RECORD_MAX_STRING 16384

/* How a member of a struct stands in the JSON. */
enum record_type {
	RECORD_COUNT, /* uint64_t: a number, null for MEMTOP_UNKNOWN */
	RECORD_U32, /* uint32_t: a number */
	RECORD_INDEX, /* uint32_t: a number, null for SAMPLE_NO_TARGET */
	RECORD_TEXT, /* char[]: a string */
	RECORD_BOOL, /* bool */
	RECORD_SLOT, /* enum sample_slot: a word, null for unknown */
	RECORD_SOURCE, /* enum sample_source: a word */
	RECORD_DEV, /* struct sample_devno: "major:minor" */
	RECORD_MAYBE_DEV, /* the same, null unless the bool at .other is set */
	RECORD_OBJECT, /* a struct */
	RECORD_LIST, /* a pointer to structs, their number at .other */
	RECORD_MAYBE_LIST, /* the same, null unless the bool at .known is set */
	RECORD_OP_KIND, /* enum sample_op_kind: a word */
	RECORD_LINK_KIND, /* enum sample_link_kind: a word */
	RECORD_STRING, /* char *, owned: a string below RECORD_MAX_STRING bytes */
	RECORD_MAYBE_TEXT, /* char[]: a string, null for "" */
};

struct record_field {
	const char *key;
	enum record_type type;
	size_t offset;
	size_t room; /* of a text, with its NUL */
	size_t other;
	size_t known;
	const struct record_object *of; /* of an object, or a list's elements */
	bool later; /* not in the first recordings: unknown where it is missing */
};

struct record_object {
	const char *what; /* in messages: "a pool" */
	size_t size; /* of the struct */
	const struct record_field *fields;
	size_t nr;
	/* So many of the first fields say which one of a list it is. */
	size_t identity;
	bool bare; /* the one field's value stands for the object */
};

/* The value of an enum as a word; NULL: unknown. */
const char *record_word(enum record_type type, const void *at);

/* The words of an enum, and how many. */
const char *const *record_words(enum record_type type, size_t *nr);

/* The first line. */
struct record_header {
	char schema[64];
	char tool_version[64];
	char kernel[sizeof(((struct sample *)NULL)->kernel)];
};

/* As much of it as all versions have. */
extern const struct record_object record_schema_object;
extern const struct record_object record_header_object;
extern const struct record_object record_sample_object;

#endif
