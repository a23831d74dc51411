// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/fio.h"
#include "bench/state.h"
#include "recording/record.h"
#include "fixtures.h"
#include "base/strbuf.h"
#include "model/bench.h"
#include "views/bench_view.h"
#include "views/page_view.h"

static const uint64_t values[] = { 1, 16, 64 };

/* --- the plan ------------------------------------------------------------ */
static void values_take_turns(void **state)
{
	static const size_t wanted[] = { 0, 1, 2, 1, 2, 0 };
	struct bench bench = { 0 };

	(void)state;
	bench_plan(&bench, values, 3, 2);
	assert_int_equal(bench.nr_runs, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(bench.runs[i].value, wanted[i]);
		assert_int_equal(bench.runs[i].round, i / 3);
		assert_false(bench.runs[i].done);
		assert_int_equal(bench.runs[i].figures[BENCH_P99],
				 MEMTOP_UNKNOWN);
	}
	bench_release(&bench);
}

static void the_kernels_own_value_is_the_base(void **state)
{
	struct bench bench = { 0 };

	(void)state;
	bench_plan(&bench, values, 3, 1);
	assert_int_equal(bench_baseline(&bench), 1);
	bench_release(&bench);
	bench = (struct bench){ 0 };
	bench_plan(&bench, (uint64_t[]){ 2, 8, 4 }, 3, 1);
	assert_int_equal(bench_baseline(&bench), 1);
	bench_release(&bench);
}

/* --- measured figures ---------------------------------------------------- */
static struct sample made_sample(void)
{
	struct sample s = { 0 };
	struct sample_pool *pool;

	fixture_device(&s, 0, "vmt-bench-1-0000-0");
	fixture_device(&s, 1, "other");
	pool = fixture_pool(&s, 0, 1, "core.io", 16, 100);
	pool->waits = 2;
	pool->drawn = 8;
	pool->longest_wait_ns = 70;
	pool = fixture_pool(&s, 0, 1, "recheck.page", 1, 4096);
	pool->waits = 1;
	pool->drawn = 1;
	pool->longest_wait_ns = 90;
	pool->takes = 5;
	pool->current = 0;
	pool = fixture_pool(&s, 1, 2, "core.io", 16, 7);
	pool->waits = 100;
	pool->current = 0;
	return s;
}

/* A run without samples yet; run_release() is due. */
static struct bench_run made_run(void)
{
	struct bench_run run = { 0 };

	bench_forget(run.figures);
	return run;
}

static void run_release(struct bench_run *run)
{
	free(run->levels);
	free(run->stalls);
}

static void only_its_own_devices_count(void **state)
{
	struct bench_run run = made_run();
	struct sample s = made_sample();

	(void)state;
	s.devices[0].rechecks = 7;
	s.devices[0].decodes = 6;
	s.devices[0].failed_decodes = 2;
	s.devices[0].decoding = 1;
	s.devices[1].rechecks = 1000;
	bench_measure(&run, &s, "vmt-bench-1-");
	assert_int_equal(run.figures[BENCH_RESERVED], 1600 + 4096);
	assert_int_equal(run.figures[BENCH_WAITS], 3);
	assert_int_equal(run.figures[BENCH_DRAWN], 9);
	assert_int_equal(run.figures[BENCH_LONGEST], 90);
	assert_int_equal(run.figures[BENCH_TAKES], 5);
	assert_int_equal(run.figures[BENCH_RECHECKS], 7);
	assert_int_equal(run.figures[BENCH_REPAIRS], 3);
	/* the parameter does not size the page's reserve */
	assert_int_equal(run.figures[BENCH_LEFT], 16);
	assert_int_equal(run.nr_levels, 2);
	assert_string_equal(run.levels[0].role, "core.io");
	assert_int_equal(run.levels[0].lowest, 16);
	assert_string_equal(run.levels[1].role, "recheck.page");
	assert_int_equal(run.levels[1].min, 1);
	assert_int_equal(run.levels[1].lowest, 0);
	run_release(&run);
	sample_release(&s);
}

static void the_lowest_level_is_kept(void **state)
{
	struct bench_run run = made_run();
	struct sample s = made_sample();

	(void)state;
	s.pools[0].current = 3;
	bench_measure(&run, &s, "vmt-bench-1-");
	s.pools[0].current = 16;
	s.pools[0].waits = 9;
	bench_measure(&run, &s, "vmt-bench-1-");
	assert_int_equal(run.figures[BENCH_LEFT], 3);
	assert_int_equal(run.levels[0].lowest, 3);
	assert_int_equal(run.figures[BENCH_WAITS], 10);
	run_release(&run);
	sample_release(&s);
}

static void unknown_figures_stay_unknown(void **state)
{
	static const enum bench_figure unknown[] = {
		BENCH_WAITS,	BENCH_LONGEST, BENCH_TAKES,  BENCH_DRAWN,
		BENCH_RECHECKS, BENCH_REPAIRS, BENCH_STALLS, BENCH_DEADLOCKS,
	};
	struct bench_run run = made_run(), none = made_run();
	struct sample s = made_sample();

	(void)state;
	s.devices[0].rechecks = MEMTOP_UNKNOWN;
	s.devices[0].decodes = MEMTOP_UNKNOWN;
	s.pools[1].waits = MEMTOP_UNKNOWN;
	s.pools[1].drawn = MEMTOP_UNKNOWN;
	s.pools[1].longest_wait_ns = MEMTOP_UNKNOWN;
	s.pools[1].takes = MEMTOP_UNKNOWN;
	bench_measure(&run, &s, "vmt-bench-1-");
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_int_equal(run.figures[unknown[i]], MEMTOP_UNKNOWN);
	bench_measure(&none, &s, "vmt-bench-2-");
	assert_int_equal(none.figures[BENCH_RESERVED], MEMTOP_UNKNOWN);
	assert_int_equal(none.nr_levels, 0);
	run_release(&run);
	sample_release(&s);
}

/* A waiter is known there too, but not how long its pool saw no activity. */
static void a_watch_reports_stalls(void **state)
{
	struct bench_run watched = made_run(), asked = made_run();
	struct sample s = made_sample();

	(void)state;
	for (size_t i = 0; i < s.nr_pools; i++)
		s.pools[i].waiters_known = true;
	bench_measure(&watched, &s, "vmt-bench-1-");
	s.watched_since_ns = MEMTOP_UNKNOWN;
	bench_measure(&asked, &s, "vmt-bench-1-");
	assert_int_equal(watched.figures[BENCH_STALLS], 0);
	assert_int_equal(asked.figures[BENCH_STALLS], MEMTOP_UNKNOWN);
	assert_int_equal(asked.figures[BENCH_DEADLOCKS], MEMTOP_UNKNOWN);
	assert_int_equal(asked.figures[BENCH_WAITS], 3);
	run_release(&watched);
	run_release(&asked);
	sample_release(&s);
}

/* A recorded deadlock: what a bench would have measured. */
static void stalls_and_deadlocks_are_counted(void **state)
{
	struct bench_run run = made_run();
	struct record_reader *reader;
	struct sample s;
	size_t nr = 0;

	(void)state;
	assert_int_equal(record_open("tests/recordings/deadlock", &reader), 0);
	while (record_read(reader, &s) > 0) {
		nr++;
		bench_measure(&run, &s, "");
		/* the same sample twice counts once */
		bench_measure(&run, &s, "");
		sample_release(&s);
	}
	record_close(reader);
	assert_true(nr > 1);
	assert_int_equal(run.figures[BENCH_STALLS], 1);
	assert_int_equal(run.figures[BENCH_DEADLOCKS], 1);
	run_release(&run);
}

static void foreign_tables_are_found(void **state)
{
	struct sample before = made_sample(), after = made_sample();

	(void)state;
	/*
	 * existing devices, a bench's devices, one of another size, and a
	 * foreign one
	 */
	fixture_pool(&after, 0, 9, "core.io", 16, 7);
	fixture_pool(&after, 1, 10, "core.io", 4, 7);
	fixture_pool(&after, 1, 11, "core.io", 16, 7);
	fixture_pool(&after, 1, 11, "hash.bio", 16, 7);
	fixture_pool(&after, 1, 12, "hash.buffer", 16, 7);
	assert_int_equal(bench_find_foreign(&before, &after, "vmt-bench-1-", 16,
					    NULL),
			 1);
	sample_release(&before);
	sample_release(&after);
}

/* --- results ------------------------------------------------------------- */
static struct bench made_bench(void)
{
	struct bench bench = { .conditions = {
				       .kernel = "6.12.0-test",
				       .machine = "x86_64",
				       .devices = 4,
				       .depth = 1,
				       .block_size = 4096,
				       .data_bytes = 16 << 20,
				       .jobs = 8,
				       .runtime_ns = 2000000000,
				       .load = BENCH_SEQUENTIAL,
				       .blocks = BENCH_RECHECK,
				       .snapshot = true,
				       .backing = "loop",
				       .pressure = "none",
				       .command = "verity-memtop bench" } };

	bench_plan(&bench, values, 3, 5);
	for (size_t i = 0; i < bench.nr_runs; i++) {
		struct bench_run *run = &bench.runs[i];

		run->done = true;
		run->figures[BENCH_RESERVED] = 1000 * values[run->value];
		run->figures[BENCH_P99] = 100000 + 100 * run->round;
		run->figures[BENCH_WAITS] = run->value ? 0 : 10 + run->round;
		run->figures[BENCH_STUCK] = 0;
		run->nr_levels = 2;
		run->levels = calloc(2, sizeof(*run->levels));
		run->levels[0] = (struct bench_level){ "core.io", 16, 16 };
		run->levels[1] =
			(struct bench_level){ "hash.io", 16, 9 - run->round };
	}
	/* one was interrupted */
	bench.runs[bench.nr_runs - 1].done = false;
	return bench;
}

static void noise_is_distinguished_from_difference(void **state)
{
	struct bench bench = made_bench();
	struct bench_summary one = bench_summarize(&bench, 0);
	struct bench_summary base = bench_summarize(&bench, 1);

	(void)state;
	assert_true(base.baseline);
	assert_false(one.baseline);
	assert_int_equal(one.runs + base.runs, 9);
	assert_int_equal(one.spreads[BENCH_RESERVED].median, 1000);
	assert_true(one.chances[BENCH_RESERVED] < STATS_NOISE);
	assert_true(one.chances[BENCH_WAITS] < STATS_NOISE);
	assert_true(one.chances[BENCH_P99] > STATS_NOISE);
	assert_true(one.chances[BENCH_MAX] == 1);
	assert_true(base.chances[BENCH_RESERVED] == 1);
	bench_release(&bench);
}

/* The output of @write for a bench; the caller frees. */
static char *written(void (*write)(FILE *out, const struct bench *bench))
{
	struct bench bench = made_bench();
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	write(out, &bench);
	fclose(out);
	bench_release(&bench);
	return text;
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

/* For tests/commands/json.t, which checks it against its schema. */
static void keep(const char *text)
{
	const char *path = getenv("MEMTOP_KEEP");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (!path)
		return;
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void text_of_any_width(FILE *out, const struct bench *bench)
{
	bench_text(out, bench, 0);
}

static const struct page_facts facts = {
	.command =
		"verity-memtop bench --lkml --pressure-command "
		"'</code><b>a-command-that-is-longer-than-the-line-of-a-mail-has-columns'",
	.machine = "x86_64, 8 CPUs",
};

static void text_for_a_mail(FILE *out, const struct bench *bench)
{
	bench_lkml(out, bench, &facts);
}

static void page(FILE *out, const struct bench *bench)
{
	struct page_facts with = facts;
	char *json = written(bench_json);

	with.data = json;
	with.data_len = strlen(json);
	bench_html(out, bench, &with);
	free(json);
}

/* For tests/commands/html.t, which checks it. */
static void a_page_is_written(void **state)
{
	const char *path = getenv("MEMTOP_KEEP");
	char *text = written(page);
	struct strbuf name = { 0 };
	FILE *file;

	(void)state;
	assert_has(text, "&lt;/code&gt;&lt;b&gt;a-command");
	assert_has(text, "<td class=\"number\">0.008</td>");
	assert_has(text, "</html>\n");
	if (path) {
		strbuf_addf(&name, "%s.html", path);
		file = fopen(strbuf_text(&name), "w");
		assert_non_null(file);
		fputs(text, file);
		assert_int_equal(fclose(file), 0);
		strbuf_release(&name);
	}
	free(text);
}

static void a_mail_has_72_columns(void **state)
{
	char *text = written(text_for_a_mail), *next = text, *line;

	(void)state;
	assert_has(text, "verity-memtop 0.1.0\n  $ verity-memtop bench --lkml");
	assert_has(text, "x86_64, 8 CPUs");
	assert_has(text, "FIGURE   ");
	assert_has(text, "RESERVED  16  16KiB 16KiB 16KiB    base");
	assert_has(text, "-93.8% 0.008\n");
	assert_has(text, "RATE       1      -     -     -       -     -\n");
	assert_has(text, "Mann-Whitney U");
	assert_has(text, "0 in all runs: STUCK.\n");
	while ((line = strsep(&next, "\n"))) {
		if (strlen(line) > LKML_WIDTH)
			fail_msg("'%s' is too long", line);
	}
	free(text);
}

static void views_show_it(void **state)
{
	char *text = written(text_of_any_width);

	(void)state;
	assert_has(text, "verity-memtop bench\n4 devices, 1 deep, below a "
			 "snapshot each, on loop, 16MiB");
	assert_has(text, "all rechecked; sequential reads by 8 jobs");
	assert_has(text, "0 in all runs: STUCK.\n");
	assert_has(text, "Unknown: TAKES, DRAWN, LONGEST, STALLS,");
	/* of the runs with 64 elements the last was interrupted */
	assert_has(text, " 64 hash.io    16    5\n");
	assert_has(text, "16 (base)");
	assert_has(text, "1000B*");
	assert_has(text, "11 [10 13]*");
	free(text);
	text = written(bench_csv);
	assert_has(text, "ios,round,reserved_bytes,bytes_per_second,");
	assert_has(text, "\n1,1,1000,,,,100000,,,,,10,,,,,,,0\n");
	free(text);
	text = written(bench_plot_script);
	assert_has(text, "\n16 16000 16000 16000 ");
	assert_has(text, "plot $data");
	free(text);
	text = written(bench_json);
	assert_has(text, "\"verity-memtop/bench/1\"");
	assert_has(text, "\"bytes_per_second\": null");
	assert_has(text, "\"blocks\": \"recheck\"");
	keep(text);
	free(text);
}

/* --- the state file ------------------------------------------------------ */
static void a_state_is_read_as_written(void **state)
{
	const struct bench_state written_state = { .pid = 4711,
						   .set = true,
						   .before = 16,
						   .ours = 1,
						   .directory =
							   "/dev/shm/a b" };
	struct strbuf text = { 0 };
	struct bench_state read;

	(void)state;
	bench_state_format(&written_state, &text);
	assert_int_equal(bench_state_parse(strbuf_text(&text), &read), 0);
	assert_int_equal(read.pid, 4711);
	assert_true(read.set);
	assert_int_equal(read.before, 16);
	assert_int_equal(read.ours, 1);
	assert_string_equal(read.directory, "/dev/shm/a b");
	/* a file that is cut anywhere is invalid, and is left unchanged */
	for (size_t len = 0; len < text.len; len++) {
		char *cut = strndup(text.text, len);

		read.pid = 1;
		assert_int_equal(bench_state_parse(cut, &read), -EINVAL);
		assert_int_equal(read.pid, 1);
		free(cut);
	}
	strbuf_addstr(&text, "more\n");
	assert_int_equal(bench_state_parse(strbuf_text(&text), &read), -EINVAL);
	strbuf_release(&text);
}

static void other_states_are_refused(void **state)
{
	static const char *const faulty[] = {
		"pid x\nset 0\nbefore 1\nours 1\ndirectory \n",
		"pid 1\nset 2\nbefore 1\nours 1\ndirectory \n",
		"pid 1\nset 0\nbefore -1\nours 1\ndirectory \n",
		"pid 1\nset 0\nbefore 1\nours 99999999999\ndirectory \n",
		"pid 111111111111111111111111111111\nset 0\nbefore 1\nours 1\n"
		"directory \n",
		"set 0\npid 1\nbefore 1\nours 1\ndirectory \n",
	};
	struct bench_state read;

	(void)state;
	for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++)
		assert_int_equal(bench_state_parse(faulty[i], &read), -EINVAL);
	assert_int_equal(bench_state_parse(
				 "pid 1\nset 0\nbefore 1\nours 1\ndirectory \n",
				 &read),
			 0);
}

/* --- fio ----------------------------------------------------------------- */
#define FIO(bw) FIO_P99(bw, "500")
#define FIO_P99(bw, p99)                                                     \
	"{\"fio version\":\"fio-3.33\",\"jobs\":[{\"total_err\":2,\"read\":" \
	"{\"bw_bytes\":" bw                                                  \
	",\"total_ios\":77,\"clat_ns\":{\"min\":1,\"max\":900,"              \
	"\"percentile\":{\"50.000000\":40,\"99.000000\":" p99 "}}},"         \
	"\"write\":{\"bw_bytes\":5,\"total_ios\":6,\"clat_ns\":{\"max\":9,"  \
	"\"percentile\":{\"50.000000\":7,\"99.000000\":8}}}}]}"

static void fio_is_understood(void **state)
{
	uint64_t figures[NR_BENCH_FIGURES];

	(void)state;
	bench_forget(figures);
	assert_int_equal(fio_parse(FIO("123456789012"), false, figures), 0);
	assert_int_equal(figures[BENCH_THROUGHPUT], 123456789012);
	assert_int_equal(figures[BENCH_P50], 40);
	assert_int_equal(figures[BENCH_P99], 500);
	assert_int_equal(figures[BENCH_MAX], 900);
	assert_int_equal(figures[BENCH_ERRORS], 2);
	assert_int_equal(figures[BENCH_OPERATIONS], 77);
	assert_int_equal(figures[BENCH_WAITS], MEMTOP_UNKNOWN);
	assert_int_equal(fio_parse(FIO("1"), true, figures), 0);
	assert_int_equal(figures[BENCH_THROUGHPUT], 5);
	assert_int_equal(figures[BENCH_OPERATIONS], 6);
	assert_int_equal(figures[BENCH_P99], 8);
	/* the end of a bucket */
	assert_int_equal(fio_parse(FIO_P99("1", "901"), false, figures), 0);
	assert_int_equal(figures[BENCH_P99], 900);
}

static void missing_figures_of_fio_are_refused(void **state)
{
	static const char *const faulty[] = {
		"",	   "fio: no such file", "{}",		"[]",
		"7",	   "{\"jobs\":[]}",	"{\"jobs\":7}", FIO("\"fast\""),
		FIO("1.5")
	};
	uint64_t figures[NR_BENCH_FIGURES];

	(void)state;
	for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++)
		assert_int_equal(fio_parse(faulty[i], false, figures), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_take_turns),
		cmocka_unit_test(the_kernels_own_value_is_the_base),
		cmocka_unit_test(only_its_own_devices_count),
		cmocka_unit_test(the_lowest_level_is_kept),
		cmocka_unit_test(unknown_figures_stay_unknown),
		cmocka_unit_test(a_watch_reports_stalls),
		cmocka_unit_test(stalls_and_deadlocks_are_counted),
		cmocka_unit_test(foreign_tables_are_found),
		cmocka_unit_test(noise_is_distinguished_from_difference),
		cmocka_unit_test(views_show_it),
		cmocka_unit_test(a_mail_has_72_columns),
		cmocka_unit_test(a_page_is_written),
		cmocka_unit_test(a_state_is_read_as_written),
		cmocka_unit_test(other_states_are_refused),
		cmocka_unit_test(fio_is_understood),
		cmocka_unit_test(missing_figures_of_fio_are_refused),
	};

	return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
