/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads one JSON text from left to right into the caller's variables. It builds
 * no tree, so memory depends only on the values that the caller reads, whatever
 * the text contains. It is stricter than the libraries, because a recording may
 * come from anywhere: RFC 8259 without extensions.
 *
 * Strings are bytes here. Each byte 80 to ff that is not part of UTF-8 is the
 * lone surrogate U+DC80 to U+DCFF in the text. Other lone surrogates and NULs
 * are errors.
 *
 * Functions return 0 or more, or -EINVAL with the problem stored in the reader,
 * which must not be used after that.
 */
#ifndef MEMTOP_BASE_JSON_READER_H
#define MEMTOP_BASE_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_reader {
	const char *start;
	const char *pos;
	const char *end; /* has a NUL */
	bool cut; /* the problem is that the text ends */
	char problem[128];
};

/* @text has @len bytes and a NUL after them; it is not copied. */
void json_reader_init(struct json_reader *j, const char *text, size_t len);

/* Stores a problem in the reader, for callers that detect one themselves. */
int json_fail(struct json_reader *j, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Enters an object ('{') or an array ('['). */
int json_enter(struct json_reader *j, char opening);

/*
 * Whether there is another member before @closing: 1, or 0 after skipping
 * @closing. The caller sets @first before the first call.
 */
int json_more(struct json_reader *j, char closing, bool *first);

/* Reads a member's name; "" for one that does not fit. */
int json_key(struct json_reader *j, char *to, size_t room);

/* Reads a string that fits into @room with its NUL. */
int json_text(struct json_reader *j, char *to, size_t room);

/* Reads a whole number from 0 to @most, exactly. */
int json_number(struct json_reader *j, uint64_t most, uint64_t *ret);

int json_bool(struct json_reader *j, bool *ret);

/* 1: skipped a null; 0: something else comes next. */
int json_null(struct json_reader *j);

/* Skips any value. */
int json_skip(struct json_reader *j);

/*
 * Goes from a value to the one at @path in it, "jobs/0/read": keys, and numbers
 * of elements. Returns 1, or 0 if there is none; the text after it is not
 * parsed.
 */
int json_find(struct json_reader *j, const char *path);

/* Checks that only blanks are left. */
int json_end(struct json_reader *j);

#endif
