// SPDX-License-Identifier: GPL-2.0-only
#include <locale.h>
#include <stdbool.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "commands/advise.h"
#include "commands/bench.h"
#include "commands/check.h"
#include "commands/diff.h"
#include "commands/doctor.h"
#include "commands/export.h"
#include "commands/record.h"
#include "commands/report.h"
#include "commands/top.h"
#include "commands/watch.h"
#include "kernel/version.h"
#include "options/catalogue.h"
#include "options/parse.h"
#include "system/fds.h"
#include "system/signals.h"
#include "top/terminal.h"
#include "views/check_line.h"
#include "views/help.h"
#include "views/output.h"

static enum exit_status help_run(const struct options *options)
{
	struct strbuf problem = { 0 };
	enum command command = NR_COMMANDS;

	if (options->arguments.nr)
		command = command_find(options->arguments.words[0], &problem);
	if (problem.len)
		msg_error("%s", strbuf_text(&problem));
	else
		help_command(output_stream(), command);
	strbuf_release(&problem);
	return options->arguments.nr && command == NR_COMMANDS ? STATUS_USAGE :
								 STATUS_OK;
}

static enum exit_status version_run(const struct options *options)
{
	struct strbuf parts = { 0 };

	(void)options;
	version_add_parts(&parts);
	help_version(output_stream(), strbuf_text(&parts));
	strbuf_release(&parts);
	return STATUS_OK;
}

static int run(const struct options *options)
{
	static enum exit_status (*const runners[NR_COMMANDS])(
		const struct options *) = {
		[COMMAND_REPORT] = report_run,	 [COMMAND_RECORD] = record_run,
		[COMMAND_WATCH] = watch_run,	 [COMMAND_DOCTOR] = doctor_run,
		[COMMAND_EXPORT] = export_run,	 [COMMAND_HELP] = help_run,
		[COMMAND_VERSION] = version_run, [COMMAND_ADVISE] = advise_run,
		[COMMAND_BENCH] = bench_run,	 [COMMAND_TOP] = top_run,
	};
	enum exit_status status;

	if (options->debug)
		msg_set_level(options->debug > 1 ? MSG_TRACE : MSG_DEBUG);
	/* their exit statuses are those of monitoring systems and of diff(1) */
	if (options->command == COMMAND_CHECK)
		return check_run(options);
	if (options->command == COMMAND_DIFF)
		return diff_run(options);
	status = runners[options->command](options);
	if (status == STATUS_OK && output_flush())
		status = STATUS_FAILED;
	return status;
}

/* Prints where to read on after a mistake in @options. */
static void say_help(const struct options *options)
{
	if (options->command < NR_COMMANDS && options->command_named)
		msg_info("see 'verity-memtop help %s'",
			 command_infos[options->command].name);
	else
		msg_info("see 'verity-memtop help'");
}

static int refuse(const struct options *options, bool is_check,
		  const char *problem)
{
	msg_error("%s", problem);
	say_help(options);
	/* 2 would be critical for the caller of a check */
	return is_check ? check_refuse(problem) : (int)STATUS_USAGE;
}

/* Whether @argv may be a check's, before its options are parsed. */
static bool may_be_check(char **argv)
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++) {
		if (strcmp(*argv, "check") == 0)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	bool is_check = may_be_check(argv + (argc > 0));
	struct strbuf problem = { 0 };
	struct options options;
	int status, err;

	/* A monitoring system takes any other status for a problem. */
	if (is_check)
		check_guard();
	err = fds_guard();
	if (err && is_check)
		check_end(CHECK_END_STREAMS);
	if (err)
		return STATUS_FAILED;
	signals_reset();
	/* only the character set of the locale is used */
	setlocale(LC_CTYPE, "");

	err = options_parse(argv + (argc > 0), &options, &problem);
	/* alone, and on a terminal */
	if (argc <= 1 && terminal_is_usable(NULL))
		options.command = COMMAND_TOP;
	if (!err && is_check && options.command != COMMAND_CHECK)
		check_unguard();
	if (err)
		status = refuse(&options, is_check, strbuf_text(&problem));
	else
		status = run(&options);
	options_release(&options);
	strbuf_release(&problem);
	return status;
}
