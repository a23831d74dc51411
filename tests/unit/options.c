// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "options/catalogue.h"
#include "base/times.h"
#include "options/parse.h"

/* Parses "a b c", a word at each blank; free with options_release(). */
static int parse(const char *line, struct options *ret, struct strbuf *problem)
{
	static char copy[256];
	static char *argv[32];
	size_t nr = 0;
	char *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", line);
	while ((word = strsep(&rest, " "))) {
		if (*word)
			argv[nr++] = word;
	}
	argv[nr] = NULL;
	return options_parse(argv, ret, problem);
}

static struct options parsed(const char *line)
{
	struct strbuf problem = { 0 };
	struct options options;

	assert_int_equal(parse(line, &options, &problem), 0);
	assert_int_equal(problem.len, 0);
	return options;
}

/* @line is refused with a message that has @part in it. */
static void assert_refused(const char *line, const char *part)
{
	struct strbuf problem = { 0 };
	struct options options;

	assert_int_equal(parse(line, &options, &problem), -EINVAL);
	if (!strstr(strbuf_text(&problem), part))
		fail_msg("'%s': '%s' is not in '%s'", line, part,
			 strbuf_text(&problem));
	options_release(&options);
	strbuf_release(&problem);
}

static void without_a_command_it_is_report(void **state)
{
	struct options o;

	(void)state;
	o = parsed("");
	assert_int_equal(o.command, COMMAND_REPORT);
	assert_false(o.json || o.pools || o.columns || o.sort);
	options_release(&o);

	o = parsed("--pools");
	assert_int_equal(o.command, COMMAND_REPORT);
	assert_true(o.pools);
	options_release(&o);
}

static void options_may_stand_anywhere(void **state)
{
	struct options o;

	(void)state;
	o = parsed("-B report one -H two --sort name");
	assert_true(o.exact && o.no_headings);
	assert_string_equal(o.sort, "name");
	assert_int_equal(o.arguments.nr, 2);
	assert_string_equal(o.arguments.words[0], "one");
	assert_string_equal(o.arguments.words[1], "two");
	options_release(&o);
}

static void values_come_in_each_usual_form(void **state)
{
	static const char *const lines[] = { "-o A,B",	      "-oA,B",
					     "-Bo A,B",	      "-BoA,B",
					     "--columns A,B", "--columns=A,B" };
	struct options o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		o = parsed(lines[i]);
		assert_string_equal(o.columns, "A,B");
		options_release(&o);
	}
	/* a value may look like an option, or be empty */
	o = parsed("--name -x --name= --sort --pools");
	assert_string_equal(o.names.words[0], "-x");
	assert_string_equal(o.names.words[1], "");
	assert_string_equal(o.sort, "--pools");
	assert_false(o.pools);
	options_release(&o);
}

static void lists_grow_and_the_last_single_value_wins(void **state)
{
	struct options o;

	(void)state;
	o = parsed("--name a --name b --target v --subtotal x --subtotal y "
		   "--sort a --sort b --debug --debug");
	assert_int_equal(o.names.nr, 2);
	assert_int_equal(o.targets.nr, 1);
	assert_int_equal(o.subtotals.nr, 2);
	assert_string_equal(o.subtotals.words[1], "y");
	assert_string_equal(o.sort, "b");
	assert_int_equal(o.debug, 2);
	options_release(&o);
}

static void words_after_two_dashes_are_words(void **state)
{
	struct options o;

	(void)state;
	o = parsed("report -- -B --json -");
	assert_false(o.exact || o.json);
	assert_int_equal(o.arguments.nr, 3);
	options_release(&o);
}

static void help_and_version_are_commands_too(void **state)
{
	struct options o;

	(void)state;
	o = parsed("--help");
	assert_int_equal(o.command, COMMAND_HELP);
	assert_int_equal(o.arguments.nr, 0);
	options_release(&o);

	o = parsed("report -J -h device");
	assert_int_equal(o.command, COMMAND_HELP);
	assert_int_equal(o.arguments.nr, 1);
	assert_string_equal(o.arguments.words[0], "report");
	options_release(&o);

	o = parsed("-V");
	assert_int_equal(o.command, COMMAND_VERSION);
	options_release(&o);

	o = parsed("help report");
	assert_int_equal(o.command, COMMAND_HELP);
	options_release(&o);
}

static void mistakes_are_named(void **state)
{
	(void)state;
	assert_refused("rport", "unknown command 'rport', did you mean report");
	assert_refused("xyzzy", "unknown command 'xyzzy'");
	assert_refused("dm-0", "unknown command 'dm-0'");
	assert_refused("--josn",
		       "unknown option '--josn', did you mean --json");
	assert_refused("--jsonx=1", "unknown option '--jsonx'");
	assert_refused("-x", "unknown option '-x'");
	assert_refused("-Bx", "unknown option '-x'");
	assert_refused("--json=yes", "--json takes no value");
	assert_refused("--columns", "--columns needs a value: LIST");
	assert_refused("-o", "--columns needs a value");
	/* no abbreviations: a new option would change their meaning */
	assert_refused("--col A", "unknown option '--col'");
}

static void wrong_pairings_are_refused(void **state)
{
	(void)state;
	assert_refused("version --json", "--json is not for version");
	assert_refused("--sort x help", "--sort is not for help");
	assert_refused("version now", "'now' is one argument too many");
	assert_refused("help report now", "'now' is one argument too many");
	assert_refused("--json -o NAME", "--columns does not go with --json");
	assert_refused("-JH", "--noheadings does not go with --json");
	assert_refused("-J --no-totals", "--no-totals does not go with");
}

static void every_option_of_tables_is_well_formed(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < NR_OPTIONS; i++) {
		const struct option_info *a = &option_infos[i];

		assert_non_null(a->name);
		assert_non_null(a->help);
		assert_true(a->commands);
		for (j = 0; j < i; j++) {
			const struct option_info *b = &option_infos[j];

			/* --on of bench is another one */
			if (a->commands & b->commands)
				assert_string_not_equal(a->name, b->name);
			/* a letter means one thing in all commands */
			assert_true(!a->letter || a->letter != b->letter);
		}
	}
}

/* --on of report has a file, and that of bench devices, wherever it stands. */
static void a_name_can_have_two_options(void **state)
{
	struct options o;

	(void)state;
	o = parsed("report --on /a --on b");
	assert_int_equal(o.on_files.nr, 2);
	assert_string_equal(o.on_files.words[1], "b");
	assert_string_equal(o.on, "loop");
	options_release(&o);
	o = parsed("--on=/a top");
	assert_int_equal(o.on_files.nr, 1);
	options_release(&o);
	o = parsed("bench --on ram");
	assert_string_equal(o.on, "ram");
	assert_int_equal(o.on_files.nr, 0);
	options_release(&o);
	o = parsed("--on ram bench");
	assert_string_equal(o.on, "ram");
	options_release(&o);
	assert_refused("--on foo bench", "'foo' is neither loop nor ram");
	assert_refused("report --on", "--on needs a value: FILE");
	assert_refused("watch --on /a", "--on is not for watch");
	assert_refused("report --on / --replay f", "does not go with --replay");
}

static void letters_may_stand_before_the_command(void **state)
{
	struct options o;

	(void)state;
	o = parsed("record -n 5 -d 0.25 file");
	assert_int_equal(o.command, COMMAND_RECORD);
	assert_true(o.count == 5 && o.delay_ns == 250000000);
	assert_false(o.no_headings);
	options_release(&o);
	o = parsed("record file");
	assert_true(o.count == 1 && o.delay_ns == 1000000000);
	options_release(&o);
	o = parsed("-n 5 record file");
	assert_true(o.count == 5);
	options_release(&o);
	assert_refused("report -n 5", "--count is not for report");
	assert_refused("report -d 1", "--delay is not for report");
	assert_refused("record", "needs FILE");
	assert_refused("record a b", "'b' is one argument too many");
	assert_refused("record -n x a", "'x' is not a number");
	assert_refused("record -n -d a", "'-d' is not a number");
	assert_refused("report --sample 2", "--replay");
}

static void a_sample_is_named_by_number_or_time(void **state)
{
	struct options o;

	(void)state;
	o = parsed("report --replay f");
	assert_true(!o.sample && !o.at_given && !o.list_samples);
	options_release(&o);
	o = parsed("top --replay f --sample 3");
	assert_int_equal(o.sample, 3);
	options_release(&o);
	o = parsed("check --replay f --at 14:03:05");
	assert_true(o.at_given && !o.at.dated);
	assert_true(o.at.hour == 14 && o.at.minute == 3 && o.at.second == 5);
	options_release(&o);
	o = parsed("advise --replay f --at 2026-11-27T14:03");
	assert_true(o.at_given && o.at.dated && o.at.day == 27);
	options_release(&o);
	o = parsed("report --replay f --list-samples --noheadings --wide");
	assert_true(o.list_samples);
	options_release(&o);
	assert_refused("report --at 14:03", "--at goes with --replay only");
	assert_refused("report --list-samples", "goes with --replay only");
	assert_refused("report --replay f --at 14", "'14' is not a time");
	assert_refused("report --replay f --at 14:03 --sample 1",
		       "--at does not go with --sample");
	assert_refused("report --replay f --list-samples --tree",
		       "--tree does not go with --list-samples");
	assert_refused("report --replay f --list-samples v",
		       "takes no devices");
	o = parsed("watch --replay f --at 14:03");
	assert_true(o.at_given);
	options_release(&o);
	o = parsed("report --replay f --list-samples --json");
	assert_true(o.list_samples && o.json);
	options_release(&o);
	assert_refused("report --replay f --list-samples --csv",
		       "--csv does not go with --list-samples");
	assert_refused("record --at 14:03 f", "--at is not for record");
	o = parsed("record --no-wall-clock f");
	assert_true(o.no_wall_clock);
	assert_int_equal(o.format, FORMAT_COMPACT);
	options_release(&o);
	o = parsed("record --no-host --format json f");
	assert_true(o.no_host);
	assert_int_equal(o.format, FORMAT_JSON);
	options_release(&o);
	o = parsed("record --ring 64M --keep 7d d");
	assert_int_equal(o.ring_bytes, 64 << 20);
	assert_int_equal(o.keep_ns, 7 * 86400 * SECOND);
	assert_int_equal(o.count, 0);
	options_release(&o);
	o = parsed("record --ring 1048576 --keep 90 d");
	assert_int_equal(o.ring_bytes, 1 << 20);
	assert_int_equal(o.keep_ns, 90 * SECOND);
	options_release(&o);
	o = parsed("record --replay f g");
	assert_int_equal(o.count, 0);
	options_release(&o);
	o = parsed("record --replay f -n 3 g");
	assert_int_equal(o.count, 3);
	options_release(&o);
	assert_refused("record --ring 1M --format json d",
		       "--ring does not go with --format");
	assert_refused("record --ring 1023K d", "out of range");
	assert_refused("record --ring 64X d", "'64X' is not a number");
	assert_refused("record --ring M d", "'M' is not a number");
	assert_refused("record --ring 99999999T d", "out of range");
	assert_refused("record --keep 59 d", "out of range");
	assert_refused("record --keep 1w d", "'1w' is not a number");
	assert_refused("record --watch --replay f g",
		       "--watch does not go with --replay");
	o = parsed("report --replay f -t 10m");
	assert_int_equal(o.ago_ns, 600 * SECOND);
	options_release(&o);
	o = parsed("top --ago 2h --replay f");
	assert_int_equal(o.ago_ns, 7200 * SECOND);
	options_release(&o);
	assert_refused("check -t 7", "--ago is not for check");
	assert_refused("-t 7 check", "--ago is not for check");
	o = parsed("-t 7 --replay f");
	assert_int_equal(o.ago_ns, 7 * SECOND);
	options_release(&o);
	assert_refused("report -t 10m", "--ago goes with --replay only");
	assert_refused("report --replay f -t 0", "out of range");
	assert_refused("report --replay f -t 10m --at 14:03",
		       "--ago does not go with --at");
	assert_refused("report --replay f -t 10m --sample 1",
		       "--ago does not go with --sample");
	o = parsed("check");
	assert_int_equal(o.min_devices, 1);
	options_release(&o);
	o = parsed("check --min-devices 0");
	assert_int_equal(o.min_devices, 0);
	options_release(&o);
}

static void advise_takes_a_value_of_the_kernels(void **state)
{
	struct options o;

	(void)state;
	o = parsed("advise --ios 1024 --json -n 5 -d 0.5");
	assert_int_equal(o.command, COMMAND_ADVISE);
	assert_int_equal(o.nr_ios, 1);
	assert_int_equal(o.ios[0], 1024);
	assert_int_equal(o.count, 5);
	options_release(&o);
	o = parsed("advise --ios 1,16 --ios 4");
	assert_int_equal(o.nr_ios, 3);
	assert_int_equal(o.ios[1], 16);
	assert_int_equal(o.ios[2], 4);
	options_release(&o);

	assert_refused("advise --ios 0",
		       "the kernel would use its default, 16");
	assert_refused("advise --ios 1025", "the maximum is 1024, not 1025");
	assert_refused("advise --ios 18446744073709551616", "out of range");
	assert_refused("advise --ios -1", "not a number");
	assert_refused("advise --ios 1,2,1025", "the maximum is 1024");
	assert_refused("advise --replay f -n 2", "--count does not go with");
	assert_refused("advise v", "one argument too many");
	o = parsed("advise --system android --script");
	assert_int_equal(o.system, DISTRIBUTION_ANDROID);
	assert_true(o.script);
	options_release(&o);
	assert_refused("advise --system 60",
		       "'60' is not one of other, debian");
	assert_refused("report --ios 1", "not for report");
}

static void bench_has_its_limits(void **state)
{
	struct options o;

	(void)state;
	o = parsed("bench --ios 1,16,1024 --size 3 --block-size 1024");
	assert_int_equal(o.nr_ios, 3);
	assert_int_equal(o.ios[2], 1024);
	assert_int_equal(o.size, 3 << 20);
	assert_int_equal(o.block_size, 1024);
	assert_int_equal(o.devices, 4);
	assert_int_equal(o.pressure, PRESSURE_NONE);
	assert_string_equal(o.command_line,
			    "verity-memtop bench --ios 1,16,1024 --size 3 "
			    "--block-size 1024");
	options_release(&o);

	o = parsed("bench --load sequential --pressure-command a'$b");
	assert_int_equal(o.load, BENCH_SEQUENTIAL);
	assert_int_equal(o.blocks, BENCH_CLEAN);
	assert_string_equal(o.on, "loop");
	assert_int_equal(o.pressure, PRESSURE_COMMAND);
	assert_string_equal(o.command_line,
			    "verity-memtop bench --load sequential "
			    "--pressure-command 'a'\\''$b'");
	options_release(&o);

	assert_refused("bench --ios 1,,2", "not a number");
	assert_refused("bench --ios 1,0",
		       "the kernel would use its default, 16");
	assert_refused("bench --ios 1,", "not a number");
	assert_refused("bench --block-size 3000", "out of range");
	assert_refused("bench --block-size 8192", "out of range");
	o = parsed("bench --on /dev/a,/dev/b");
	assert_int_equal(o.devices, 2);
	options_release(&o);
	assert_refused("bench --on disk", "neither loop nor ram");
	assert_refused("bench --on /dev/a,", "neither loop nor ram");
	assert_refused("bench --on /dev/a --devices 2", "one stack");
	assert_refused("bench --load fast",
		       "not one of random, sequential, write");
	assert_refused("bench --load writes", "did you mean write?");
	assert_refused("bench --load write", "needs --snapshot");
	assert_refused("bench --blocks repair", "needs --fec");
	assert_refused("bench --blocks recheck --fec", "see --blocks repair");
	assert_refused("bench --pressure high", "not one of none, shortage");
	assert_refused("bench --pressure none --pressure-command x",
		       "not go with --pressure");
	assert_refused("bench --devices 0", "out of range");
	assert_refused("bench --depth 10", "out of range");
	assert_refused("bench --runtime 0", "out of range");
	assert_refused("bench --replay f", "not for bench");
	assert_refused("bench v", "one argument too many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_command_it_is_report),
		cmocka_unit_test(options_may_stand_anywhere),
		cmocka_unit_test(values_come_in_each_usual_form),
		cmocka_unit_test(lists_grow_and_the_last_single_value_wins),
		cmocka_unit_test(words_after_two_dashes_are_words),
		cmocka_unit_test(help_and_version_are_commands_too),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(wrong_pairings_are_refused),
		cmocka_unit_test(every_option_of_tables_is_well_formed),
		cmocka_unit_test(a_name_can_have_two_options),
		cmocka_unit_test(letters_may_stand_before_the_command),
		cmocka_unit_test(a_sample_is_named_by_number_or_time),
		cmocka_unit_test(advise_takes_a_value_of_the_kernels),
		cmocka_unit_test(bench_has_its_limits),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
