/* SPDX-License-Identifier: GPL-2.0-only */
/* Helpers for the JSON of all views. */
#ifndef MEMTOP_VIEWS_JSON_VALUE_H
#define MEMTOP_VIEWS_JSON_VALUE_H

#include <stdint.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "sample/sample.h"

/* Writes null for MEMTOP_UNKNOWN. */
void json_put_number(struct json_writer *w, const char *key, uint64_t n);

/* "254:3" */
void json_put_devno(struct json_writer *w, const char *key,
		    struct sample_devno dev);

void json_put_losses(struct json_writer *w, const char *key,
		     const struct sample_losses *losses);

/*
 * Begins an indented document, and opens its first object. @text, which is empty,
 * has the part that was not yet written to @out. With @out NULL it has all of it,
 * and .out is set before json_finish().
 */
struct json_writer json_begin(struct strbuf *text, FILE *out);

/* Ends that object, writes the rest of the document and releases the text. */
void json_finish(struct json_writer *w);

#endif
