/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes one JSON text from left to right. Nothing can get lost: the buffer
 * grows, or is passed on, or the process ends.
 *
 * In strings, invisible characters and those that steer a terminal are written
 * as escapes (text_is_deceptive()). @key is NULL in an array, and for the
 * outermost value. Otherwise it is a word of the program's own, of characters
 * that need no escape.
 */
#ifndef MEMTOP_BASE_JSON_WRITER_H
#define MEMTOP_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct strbuf;

#define JSON_DEEPEST 64

struct json_writer {
	struct strbuf *to;
	/*
	 * Passes the text so far on to @out, when there is much of it. NULL: all
	 * of the text stays in @to.
	 */
	void (*pass_on)(FILE *out, const struct strbuf *text);
	FILE *out;
	bool pretty; /* one value a line, indented; otherwise no blanks */
	bool bytes; /* bytes that are not UTF-8 become U+DC80 to U+DCFF, not U+FFFD */
	unsigned int depth;
	bool any; /* the open object or array has a value */
	char closings[JSON_DEEPEST];
};

void json_put_object(struct json_writer *w, const char *key);
void json_put_array(struct json_writer *w, const char *key);

/* Ends the innermost object or array. */
void json_put_end(struct json_writer *w);

void json_put_u64(struct json_writer *w, const char *key, uint64_t n);
void json_put_i64(struct json_writer *w, const char *key, int64_t n);

/* Finite numbers only. */
void json_put_double(struct json_writer *w, const char *key, double n);
/* @n thousandths, with all three digits. */
void json_put_thousandths(struct json_writer *w, const char *key, uint64_t n);
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);

/* null for NULL. */
void json_put_text(struct json_writer *w, const char *key, const char *text);

#endif
