/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the text of a bench that several views have. */
#ifndef MEMTOP_VIEWS_BENCH_FIGURE_H
#define MEMTOP_VIEWS_BENCH_FIGURE_H

#include "model/bench.h"

struct strbuf;

/* Adds @n in its @unit, or "-" if it is unknown. */
void bench_figure_add(struct strbuf *sb, enum bench_unit unit, uint64_t n);

/* Adds the change from @base to @n, "-12%", or "-" if one is unknown. */
void bench_figure_add_change(struct strbuf *sb, uint64_t n, uint64_t base);

enum bench_cell {
	BENCH_CELL_FIGURE,
	BENCH_CELL_IOS,
	BENCH_CELL_MEDIAN,
	BENCH_CELL_LEAST,
	BENCH_CELL_MOST,
	BENCH_CELL_CHANGE,
	BENCH_CELL_CHANCE,
	NR_BENCH_CELLS
};

extern const char *const bench_cell_headings[NR_BENCH_CELLS];

/*
 * Calls @row for each figure with each value of the parameter, with the texts of its
 * cells, which end with the call, and whether it differs significantly from the base.
 */
void bench_figure_each_row(const struct bench *bench,
			   void (*row)(void *arg, const char *const *cells,
				       bool significant),
			   void *arg);

/* Whether @figure has a column, instead of a sentence that it is absent. */
bool bench_figure_is_shown(const struct bench *bench, enum bench_figure figure);

/*
 * Adds a sentence that begins with @before and names the rare figures that have
 * @value in all runs; nothing if there is none.
 */
void bench_figure_add_absent(struct strbuf *sb, const struct bench *bench,
			     const char *before, uint64_t value);

/*
 * Adds the lines with the system, the command and the load; with @machine, which
 * has more facts, without the command.
 */
void bench_figure_add_conditions(struct strbuf *sb,
				 const struct bench_conditions *c,
				 const char *machine);

#endif
