/* SPDX-License-Identifier: GPL-2.0-only */
/* What a bench has measured, to be drawn. */
#ifndef MEMTOP_VIEWS_BENCH_VIEW_H
#define MEMTOP_VIEWS_BENCH_VIEW_H

#include <stdio.h>

struct bench;

/*
 * A row a value, medians and how far the runs are apart, for people; the tables fit
 * into @width columns, 0: into any.
 */
void bench_text(FILE *out, const struct bench *bench, size_t width);

/* As a verity-memtop/bench/1 document: docs/bench.schema.json. */
void bench_json(FILE *out, const struct bench *bench);

/* A row a run, in the order in which they were made. */
void bench_csv(FILE *out, const struct bench *bench);

/*
 * What gnuplot is to be told: memory against latency and waits, as SVG into
 * the file that it calls `output`.
 */
void bench_plot_script(FILE *out, const struct bench *bench);

/* Draws that into the file @path. Returns 0 or -errno, said already. */
int bench_plot(const char *path, const struct bench *bench);

#endif
