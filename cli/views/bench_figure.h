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

/* Adds the probability @chance, "0.029". */
void bench_figure_add_chance(struct strbuf *sb, double chance);

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
