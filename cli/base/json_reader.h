/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One JSON text, read from left to right into what the caller has ready for
 * it. No tree is built: what a text costs is what its values take, whatever
 * somebody has written into it. Stricter than the libraries, as a recording
 * may come from anywhere: RFC 8259 and no extension of it.
 *
 * Strings are bytes here. Each byte 80 to ff that is not part of UTF-8 stands
 * in the text as the lone surrogate U+DC80 to U+DCFF; other lone surrogates
 * are errors, as are NULs.
 *
 * Functions return 0 or more, or -EINVAL with the problem said in the reader.
 * After that it must not be used any more.
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
	bool cut; /* what is wrong is that the text ends */
	char problem[128];
};

/* @text has @len bytes and a NUL after them; it is not copied. */
void json_reader_init(struct json_reader *j, const char *text, size_t len);

/* Says a problem in the reader, for callers that find one themselves. */
int json_fail(struct json_reader *j, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Enters an object ('{') or an array ('['). */
int json_enter(struct json_reader *j, char opening);

/*
 * Whether there is another member before @closing: 1, or 0 with @closing
 * passed. @first is set by the caller before the first call.
 */
int json_more(struct json_reader *j, char closing, bool *first);

/* A member's name; "" for one that does not fit. */
int json_key(struct json_reader *j, char *to, size_t room);

/* A string that fits into @room with its NUL. */
int json_text(struct json_reader *j, char *to, size_t room);

/* A whole number from 0 to @most, exact. */
int json_number(struct json_reader *j, uint64_t most, uint64_t *ret);

int json_bool(struct json_reader *j, bool *ret);

/* 1 if there is a null, which is passed; 0 if there is something else. */
int json_null(struct json_reader *j);

/* Passes any value. */
int json_skip(struct json_reader *j);

/*
 * Goes from a value to the one at @path in it, "jobs/0/read": keys, and numbers
 * of elements. Returns 1, or 0 if there is none; what stands behind it is not
 * looked at.
 */
int json_find(struct json_reader *j, const char *path);

/* Nothing but blanks may be left. */
int json_end(struct json_reader *j);

#endif
