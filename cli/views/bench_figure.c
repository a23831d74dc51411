// SPDX-License-Identifier: GPL-2.0-only
#include "views/bench_figure.h"

#include <inttypes.h>

#include "base/strbuf.h"
#include "base/units.h"
#include "sample/words.h"

void bench_figure_add(struct strbuf *sb, enum bench_unit unit, uint64_t n)
{
	if (n == MEMTOP_UNKNOWN) {
		strbuf_addstr(sb, "-");
		return;
	}
	switch (unit) {
	case BENCH_BYTES:
		units_add_bytes(sb, n);
		break;
	case BENCH_RATE:
		units_add_bytes(sb, n);
		strbuf_addstr(sb, "/s");
		break;
	case BENCH_TIME:
		units_add_time(sb, n);
		break;
	case BENCH_NUMBER:
		strbuf_addf(sb, "%" PRIu64, n);
		break;
	}
}

void bench_figure_add_change(struct strbuf *sb, uint64_t n, uint64_t base)
{
	const double percent =
		base ? ((double)n - (double)base) * 100 / (double)base : 0;

	if (n == MEMTOP_UNKNOWN || base == MEMTOP_UNKNOWN || (n && !base))
		strbuf_addstr(sb, "-");
	else if (percent > -0.05 && percent < 0.05)
		strbuf_addstr(sb, "0.0%");
	else
		strbuf_addf(sb, "%+.1f%%", percent);
}

void bench_figure_add_chance(struct strbuf *sb, double chance)
{
	if (chance < 0.001)
		strbuf_addstr(sb, "<0.001");
	else
		strbuf_addf(sb, "%.3f", chance);
}

/* Whether all finished runs have exactly @value in @figure. */
static bool has_only(const struct bench *bench, enum bench_figure figure,
		     uint64_t value)
{
	for (size_t i = 0; i < bench->nr_runs; i++) {
		if (bench->runs[i].done &&
		    bench->runs[i].figures[figure] != value)
			return false;
	}
	return true;
}

bool bench_figure_is_shown(const struct bench *bench, enum bench_figure figure)
{
	return !bench_figure_infos[figure].rare ||
	       (!has_only(bench, figure, 0) &&
		!has_only(bench, figure, MEMTOP_UNKNOWN));
}

void bench_figure_add_absent(struct strbuf *sb, const struct bench *bench,
			     const char *what, uint64_t value)
{
	const char *before = what;

	for (size_t i = 0; i < NR_BENCH_FIGURES; i++) {
		if (!bench_figure_infos[i].rare || !has_only(bench, i, value))
			continue;
		strbuf_addf(sb, "%s%s", before, bench_figure_infos[i].heading);
		before = ", ";
	}
	if (before != what)
		strbuf_addstr(sb, ".\n");
}

void bench_figure_add_conditions(struct strbuf *sb,
				 const struct bench_conditions *c,
				 const char *machine)
{
	static const char *const blocks[NR_BENCH_BLOCKS] = {
		[BENCH_CLEAN] = "",
		[BENCH_RECHECK] = ", all rechecked",
		[BENCH_REPAIR] = ", repaired when read",
	};
	static const char *const loads[NR_BENCH_LOADS] = {
		[BENCH_RANDOM] = "random reads",
		[BENCH_SEQUENTIAL] = "sequential reads",
		[BENCH_WRITE] = "random writes",
	};

	strbuf_addf(sb, "Linux %s, %s, source %s\n", c->kernel,
		    machine ? machine : c->machine,
		    sample_source_words[c->source]);
	if (!machine)
		strbuf_addf(sb, "%s\n", c->command);
	strbuf_addf(sb, "%" PRIu64 " devices, %" PRIu64 " deep%s%s, on %s, ",
		    c->devices, c->depth,
		    c->fec ? ", with error correction" : "",
		    c->snapshot ? ", below a snapshot each" : "", c->backing);
	units_add_bytes(sb, c->data_bytes);
	strbuf_addf(sb,
		    " in blocks of %" PRIu64 "%s; %s by %" PRIu64 " jobs for ",
		    c->block_size, blocks[c->blocks], loads[c->load], c->jobs);
	units_add_time(sb, c->runtime_ns);
	strbuf_addf(sb, "; pressure: %s\n", c->pressure);
}
