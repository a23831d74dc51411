/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Building JSON documents. json-c hands the ownership of a value to what it is
 * put into. NULL is its null; constructors here never return it for anything
 * else: when memory is short the program ends, as with util/alloc.h.
 */
#ifndef MEMTOP_JSON_VALUE_H
#define MEMTOP_JSON_VALUE_H

#include <json-c/json.h>
#include <stdint.h>
#include <stdio.h>

struct strbuf;
#include "model/sample.h"

void json_put(struct json_object *object, const char *key,
	      struct json_object *value);
void json_append(struct json_object *array, struct json_object *value);

struct json_object *json_new_object(void);
struct json_object *json_new_array(void);

/* null for MEMTOP_UNKNOWN. */
struct json_object *json_new_number(uint64_t n);

/* What of @raw is no UTF-8 becomes U+FFFD. */
struct json_object *json_new_text(const char *raw);

/* Adds @document as one line, with its end, and lets it go. */
void json_add_line(struct strbuf *sb, struct json_object *document);
/* "254:3" */
struct json_object *json_new_devno(struct sample_devno dev);

struct json_object *json_new_losses(const struct sample_losses *losses);

/* Writes @document to @out and lets it go. */
void json_write(FILE *out, struct json_object *document);

#endif
