// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/bench.h"
#include "base/msg.h"
#include "views/bench_view.h"

/* A number, or the word that gnuplot takes for a missing value. */
static void print_number(FILE *out, uint64_t n)
{
	if (n == MEMTOP_UNKNOWN)
		fputs(" NaN", out);
	else
		fprintf(out, " %" PRIu64, n);
}

static void print_data(FILE *out, const struct bench *bench)
{
	static const enum bench_figure columns[] = { BENCH_RESERVED, BENCH_P99,
						     BENCH_WAITS };

	fputs("$data << EOD\n", out);
	for (size_t i = 0; i < bench->nr_values; i++) {
		struct bench_summary summary = bench_summarize(bench, i);

		fprintf(out, "%" PRIu64, summary.value);
		for (size_t j = 0; j < sizeof(columns) / sizeof(columns[0]);
		     j++) {
			const struct stats_spread *s =
				&summary.spreads[columns[j]];

			print_number(out, s->median);
			print_number(out, s->least);
			print_number(out, s->most);
		}
		fputc('\n', out);
	}
	fputs("EOD\n", out);
}

void bench_plot_script(FILE *out, const struct bench *bench)
{
	fputs("set terminal svg size 800,700 background rgb 'white'\n"
	      "set datafile missing 'NaN'\n"
	      "set multiplot layout 3,1\n"
	      "set logscale x 2\n"
	      "set grid\n"
	      "set key off\n"
	      "set yrange [0:*]\n",
	      out);
	print_data(out, bench);
	fputs("set ylabel 'in reserve, KiB'\n"
	      "plot $data using 1:($2/1024) with linespoints\n"
	      "set ylabel '99 % of reads below, ms'\n"
	      "plot $data using 1:($5/1e6):($6/1e6):($7/1e6) "
	      "with yerrorlines\n"
	      "set ylabel 'waits'\n"
	      "set xlabel 'reserved\\_bio\\_based\\_ios (medians; bars from the least to the most)'\n"
	      "plot $data using 1:8:9:10 with yerrorlines\n",
	      out);
}

int bench_plot(const char *path, const struct bench *bench)
{
	FILE *plotter;
	int status;

	if (strpbrk(path, "'\n")) {
		msg_error("--plot: no quotes or line feeds in the name");
		return -EINVAL;
	}
	plotter = popen("gnuplot", "we");
	if (!plotter)
		return msg_error_errno(errno, "cannot run gnuplot");
	fprintf(plotter, "set output '%s'\n", path);
	bench_plot_script(plotter, bench);
	status = pclose(plotter);
	if (status == 0)
		return 0;
	msg_error(
		"gnuplot failed; install gnuplot-nox, or see its message above");
	return -EIO;
}
