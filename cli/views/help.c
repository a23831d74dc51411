// SPDX-License-Identifier: GPL-2.0-only
#include "views/help.h"

#include <string.h>

#include "base/exit_status.h"
#include "base/strbuf.h"
#include "base/version.h"
#include "fields/fields.h"
#include "model/check.h"
#include "options/catalogue.h"
#include "sample/words.h"

/* Of the column of options. */
#define OPTION_WIDTH 23

void help_version(FILE *out, const char *parts)
{
	size_t i;

	fprintf(out, "verity-memtop %s\nsources:", version_number);
	for (i = 0; i < NR_SAMPLE_SOURCES; i++)
		fprintf(out, " %s", sample_source_words[i]);
	fprintf(out, "\n%s", parts);
}

static const char *type_name(const struct field *field)
{
	switch (field->type) {
	case FIELD_NUMBER:
		return "number";
	case FIELD_BYTES:
		return "bytes";
	case FIELD_TIME:
		return "time";
	case FIELD_BOOL:
		return "yes/no";
	case FIELD_RATE:
		return "rate";
	case FIELD_LIST:
		return field_is_quantity(field) ? "number" : "list";
	default:
		return "text";
	}
}

void help_columns(FILE *out, const struct field_table *table)
{
	size_t i;

	for (i = 0; i < table->nr; i++)
		fprintf(out, "%-12s %-6s  %s\n", table->fields[i].name,
			type_name(&table->fields[i]), table->fields[i].help);
}

static void help_commands(FILE *out)
{
	size_t i;

	fputs("\nCommands:\n", out);
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(out, "  %-8s %-12s  %s\n", command_infos[i].name,
			command_infos[i].arguments, command_infos[i].help);
}

static void help_option(FILE *out, const struct option_info *info)
{
	struct strbuf left = { 0 };

	if (info->letter)
		strbuf_addf(&left, "-%c, ", info->letter);
	else
		strbuf_addstr(&left, "    ");
	strbuf_addf(&left, "--%s", info->name);
	if (info->argument)
		strbuf_addf(&left, " %s", info->argument);
	/* an option that is too long for its column has a line of its own */
	if (left.len > OPTION_WIDTH)
		fprintf(out, "  %s\n  %*s", strbuf_text(&left), OPTION_WIDTH,
			"");
	else
		fprintf(out, "  %-*s", OPTION_WIDTH, strbuf_text(&left));
	fprintf(out, "  %s\n", info->help);
	strbuf_release(&left);
}

/* The options of some commands, or those of all commands. */
static void help_options(FILE *out, unsigned int commands)
{
	size_t i;

	for (i = 0; i < NR_OPTIONS; i++) {
		const struct option_info *info = &option_infos[i];
		bool general = info->commands == OPTION_ALL_COMMANDS;

		if (commands == OPTION_ALL_COMMANDS ?
			    general :
			    (info->commands & commands) && !general)
			help_option(out, info);
	}
}

/* The exit statuses in @statuses, bit 1 << enum exit_status. */
static void help_statuses(FILE *out, unsigned int statuses)
{
	const char *text;
	unsigned int i;

	fputs("\nExit status:\n", out);
	for (i = 0; (text = exit_status_text(i)); i++) {
		if (statuses >> i & 1)
			fprintf(out, "  %u  %s\n", i, text);
	}
}

static void help_tool(FILE *out)
{
	fputs("Usage: verity-memtop [OPTION...] [COMMAND] [ARGUMENT...]\n"
	      "\nShows the memory that device-mapper devices, dm-verity's above all, keep in\n"
	      "reserve. Without a command: top on a terminal, report otherwise.\n",
	      out);
	help_commands(out);
	fputs("\nOptions of every command:\n", out);
	help_options(out, OPTION_ALL_COMMANDS);
	help_statuses(out, ~0U);
	fputs("\nSee also 'verity-memtop help COMMAND' and verity-memtop(8).\n",
	      out);
}

static void help_report(FILE *out)
{
	fputs("\nColumns for devices:\n", out);
	help_columns(out, &device_fields);
	fputs("\nColumns for pools (--pools):\n", out);
	help_columns(out, &pool_fields);
}

static void help_top(FILE *out)
{
	fputs("\nColumns in addition to those of report:\n", out);
	help_columns(out, &live_only_fields);
}

/* The figures of a check, with their default ranges. */
static void help_check(FILE *out)
{
	static const char *const meanings[NR_CHECK_STATUSES] = {
		[CHECK_OK] = "all figures are in their ranges",
		[CHECK_WARNING] = "a figure is outside of a range of -w",
		[CHECK_CRITICAL] = "a figure is outside of a range of -c",
		[CHECK_UNKNOWN] =
			"a figure with a range is unknown, or no check was possible:\n"
			"               wrong options, privileges, time, memory, too few devices",
	};
	struct strbuf ranges = { 0 };
	size_t i;

	fputs("\nFigures, and their default ranges:\n", out);
	for (i = 0; i < NR_FIGURES; i++) {
		const struct check_figure_info *info = &check_figure_infos[i];

		strbuf_reset(&ranges);
		if (info->warning)
			strbuf_addf(&ranges, "-w %s", info->warning);
		if (info->critical)
			strbuf_addf(&ranges, "-c %s", info->critical);
		fprintf(out, "  %-18s  %-5s  %s\n", info->name,
			strbuf_text(&ranges), info->text);
	}
	strbuf_release(&ranges);
	fputs("\nExit status:\n", out);
	for (i = 0; i < NR_CHECK_STATUSES; i++)
		fprintf(out, "  %zu  %-8s  %s\n", i, check_status_names[i],
			meanings[i]);
}

/* Adds lines, each with two leading blanks. */
static void help_examples(FILE *out, const char *lines)
{
	fputs("\nExamples:\n", out);
	while (*lines) {
		int len = (int)strcspn(lines, "\n");

		fprintf(out, "  %.*s\n", len, lines);
		lines += len;
		lines += *lines == '\n';
	}
}

void help_command(FILE *out, enum command command)
{
	const struct command_info *info;

	if (command == NR_COMMANDS) {
		help_tool(out);
		return;
	}
	info = &command_infos[command];
	fprintf(out, "Usage: verity-memtop %s [OPTION...]%s%s\n\n%s\n",
		info->name, *info->arguments ? " " : "", info->arguments,
		info->help);
	if (info->details)
		fprintf(out, "\n%s", info->details);
	fputs("\nOptions:\n", out);
	help_options(out, 1U << command);
	help_options(out, OPTION_ALL_COMMANDS);
	if (command == COMMAND_REPORT)
		help_report(out);
	if (command == COMMAND_TOP)
		help_top(out);
	if (command == COMMAND_CHECK)
		help_check(out);
	else if (info->own_statuses)
		fprintf(out, "\nExit status:\n%s", info->own_statuses);
	else
		help_statuses(out, info->statuses);
	help_examples(out, info->examples);
}
