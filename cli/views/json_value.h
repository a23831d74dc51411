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

/* Begins an indented document, and opens its first object. */
struct json_writer json_begin(struct strbuf *to);

/* Ends that object, writes the document to @out and releases it. */
void json_finish(struct json_writer *w, FILE *out);

#endif
