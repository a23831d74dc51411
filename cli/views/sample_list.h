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

#include "sample/sample.h"
#include "views/grid.h"

/* Zeroed before the first sample. */
struct sample_list {
	struct grid grid; /* owned */
	struct sample last; /* owned; the newest one */
	uint64_t first_ns; /* boottime_ns of the first; may be unknown */
};

/* Adds a sample, which the list owns from now on. */
void sample_list_add(struct sample_list *list, struct sample sample);

/*
 * Writes the list to @out, which is stdout; @headings: with a line of them,
 * @wide: as for output_width().
 */
void sample_list_print(struct sample_list *list, FILE *out, bool headings,
		       bool wide);

void sample_list_release(struct sample_list *list);

#endif
