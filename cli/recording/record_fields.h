/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fields of a recording's objects and their place in a sample: one table for both
 * writing and reading, so that both have the same keys.
 */
#ifndef MEMTOP_RECORDING_RECORD_FIELDS_H
#define MEMTOP_RECORDING_RECORD_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "sample/sample.h"

#define RECORD_SCHEMA "verity-memtop/record/1"

/* Limit of strings that have none in the kernel, including the NUL. */
#define RECORD_MAX_STRING 16384

/* How a struct's member is represented in JSON. */
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
	size_t room; /* of a text: size including its NUL */
	size_t other;
	size_t known;
	const struct record_object *of; /* fields of the object or list element */
	bool later; /* missing in old recordings: unknown there */
};

struct record_object {
	const char *what; /* name in messages: "a pool" */
	size_t size; /* of the struct */
	const struct record_field *fields;
	size_t nr;
	/* Number of leading fields that identify an element of a list. */
	size_t identity;
	bool bare; /* written as the value of its only field */
};

/* The word for the enum value at @at; NULL: unknown. */
const char *record_word(enum record_type type, const void *at);

/* All words of an enum; @nr is their number. */
const char *const *record_words(enum record_type type, size_t *nr);

/* The first line of a recording in JSON. */
struct record_header {
	char schema[64];
	char tool_version[64];
	char kernel[sizeof(((struct sample *)NULL)->kernel)];
};

/* The field of the first line that all versions have. */
extern const struct record_object record_schema_object;
extern const struct record_object record_header_object;
extern const struct record_object record_sample_object;

#endif
