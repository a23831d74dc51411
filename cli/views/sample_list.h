/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The samples of a recording, one a line, with their time and events, to find
 * the one to look at.
 */
#ifndef MEMTOP_VIEWS_SAMPLE_LIST_H
#define MEMTOP_VIEWS_SAMPLE_LIST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "base/strbuf.h"
#include "sample/sample.h"
#include "views/grid.h"

struct sample_events;

/* Zeroed before the first sample, except for .json. Must not be moved. */
struct sample_list {
	bool json; /* a document, otherwise a table */
	struct grid grid; /* owned */
	struct strbuf text; /* owned; the document */
	struct json_writer writer; /* to .text */
	struct sample last; /* owned; the newest one */
	uint64_t first_ns; /* boottime_ns of the first; may be unknown */
	uint64_t number; /* of .last in the recording; 0: no sample yet */
};

/*
 * Adds the sample with this number in the recording, which the list owns from
 * now on.
 */
void sample_list_add(struct sample_list *list, uint64_t number,
		     struct sample sample);

/*
 * Writes the list to @out, which is stdout; @headings: with a line of them,
 * @wide: as for output_width().
 */
void sample_list_print(struct sample_list *list, FILE *out, bool headings,
		       bool wide);

/* The same for a document, with at least one sample; only for sample_list.c. */
void sample_list_add_json(struct sample_list *list, const struct sample *sample,
			  const struct sample_events *events);
void sample_list_print_json(struct sample_list *list, FILE *out);

void sample_list_release(struct sample_list *list);

#endif
