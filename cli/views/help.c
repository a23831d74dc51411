// SPDX-License-Identifier: GPL-2.0-only
#include "views/help.h"

#include "base/exit_status.h"
#include "base/strbuf.h"
#include "base/version.h"
#include "fields/fields.h"
#include "sample/words.h"

void help_version(FILE *out)
{
	struct strbuf parts = { 0 };
	size_t i;

	version_add_parts(&parts);
	fprintf(out, "verity-memtop %s\nsources:", version_number);
	for (i = 0; i < NR_SAMPLE_SOURCES; i++)
		fprintf(out, " %s", sample_source_words[i]);
	fprintf(out, "\n%s", strbuf_text(&parts));
	strbuf_release(&parts);
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
	fprintf(out, "  %-23s  %s\n", strbuf_text(&left), info->help);
	strbuf_release(&left);
}

/* The options of some commands, or those that all have. */
static void help_options(FILE *out, unsigned int commands)
{
	size_t i;

	for (i = 0; i < nr_option_infos; i++) {
		const struct option_info *info = &option_infos[i];
		bool general = info->commands == OPTION_ALL_COMMANDS;

		if (commands == OPTION_ALL_COMMANDS ?
			    general :
			    (info->commands & commands) && !general)
			help_option(out, info);
	}
}

static void help_statuses(FILE *out)
{
	const char *text;
	unsigned int i;

	fputs("\nExit status:\n", out);
	for (i = 0; (text = exit_status_text(i)); i++)
		fprintf(out, "  %u  %s\n", i, text);
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
	help_statuses(out);
	fputs("\nSee also 'verity-memtop help COMMAND' and verity-memtop(8).\n",
	      out);
}

static void help_report(FILE *out)
{
	fputs("\nA DEVICE is a name, dm-N, major:minor, or a path in /dev of one of these.\n",
	      out);
	fputs("\nColumns for devices:\n", out);
	help_columns(out, &device_fields);
	fputs("\nColumns for pools (--pools):\n", out);
	help_columns(out, &pool_fields);
}

static void help_top(FILE *out)
{
	fputs("\nA DEVICE is as for report. On the screen, h explains the keys.\n"
	      "\nColumns in addition to those of report:\n",
	      out);
	help_columns(out, &live_only_fields);
}

static void help_record(FILE *out)
{
	fputs("\nFILE '-' is stdout. The default is one sample (--count 1).\n"
	      "A new file can be read by its owner only.\n",
	      out);
}

void help_command(FILE *out, enum command command)
{
	if (command == NR_COMMANDS) {
		help_tool(out);
		return;
	}
	fprintf(out,
		"Usage: verity-memtop %s [OPTION...]%s%s\n\n%s\n\nOptions:\n",
		command_infos[command].name,
		*command_infos[command].arguments ? " " : "",
		command_infos[command].arguments, command_infos[command].help);
	help_options(out, 1U << command);
	help_options(out, OPTION_ALL_COMMANDS);
	if (command == COMMAND_REPORT)
		help_report(out);
	if (command == COMMAND_TOP)
		help_top(out);
	if (command == COMMAND_RECORD)
		help_record(out);
}
