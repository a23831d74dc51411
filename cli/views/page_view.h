/* SPDX-License-Identifier: GPL-2.0-only */
/* Results that are sent to others: as a mail, or as a page. */
#ifndef MEMTOP_VIEWS_PAGE_VIEW_H
#define MEMTOP_VIEWS_PAGE_VIEW_H

#include <stddef.h>
#include <stdio.h>

struct bench;
struct drawing;
struct findings;
struct report_view;
struct table_style;

/* Columns of a mail to a mailing list. */
#define LKML_WIDTH 72

/* How and where the results were made. */
struct page_facts {
	const char *command; /* the command line, for a shell */
	const char *machine; /* "x86_64, 4 CPUs"; NULL: not that of the results */
	/* of a page: the recording, or the results as JSON */
	const void *data;
	size_t data_len;
};

/*
 * Writes a report as plain ASCII text of LKML_WIDTH columns: the facts, the
 * table in @style, whose width and colours are set, and @findings.
 */
void report_lkml(FILE *out, const struct report_view *view,
		 struct table_style style, const struct findings *findings,
		 const struct page_facts *facts);

/*
 * The same for a bench: medians, spreads and the probabilities that the
 * differences are chance.
 */
void bench_lkml(FILE *out, const struct bench *bench,
		const struct page_facts *facts);

/*
 * Writes a report as a page of HTML in one file: the facts, @findings, the table,
 * @drawing, bars, and the recording.
 */
void report_html(FILE *out, const struct report_view *view,
		 const struct table_style *style,
		 const struct findings *findings, const struct drawing *drawing,
		 const struct page_facts *facts);

/* The same for a bench. */
void bench_html(FILE *out, const struct bench *bench,
		const struct page_facts *facts);

#endif
