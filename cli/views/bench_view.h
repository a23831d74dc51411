/* SPDX-License-Identifier: GPL-2.0-only */
/* Results of a bench, for the views. */
#ifndef MEMTOP_VIEWS_BENCH_VIEW_H
#define MEMTOP_VIEWS_BENCH_VIEW_H

#include <stdio.h>

struct bench;

/*
 * One row a value, medians and spread of the runs, for people; the tables fit
 * @width columns, 0: no limit.
 */
void bench_text(FILE *out, const struct bench *bench, size_t width);

/* As a verity-memtop/bench/1 document: docs/bench.schema.json. */
void bench_json(FILE *out, const struct bench *bench);

/* One row a run, in the order of the runs. */
void bench_csv(FILE *out, const struct bench *bench);

/*
 * Commands for gnuplot: memory against latency and waits, as SVG into the file
 * that it calls `output`.
 */
void bench_plot_script(FILE *out, const struct bench *bench);

/* Draws that into the file @path. Returns 0 or -errno, already reported. */
int bench_plot(const char *path, const struct bench *bench);

#endif
