// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the catalogue of commands and options, for completions/generate: a line
 * for each, its parts separated by tabs.
 *
 *   command NAME ARGUMENTS OFFER HELP
 *   option  NAME LETTER ARGUMENT NAMES OFFER COMMANDS REPEATED HELP
 */
#include <stdio.h>

#include "options/catalogue.h"

static const char *const offers[] = {
	[OFFER_NOTHING] = "",
	[OFFER_FILE] = "file",
	[OFFER_DIRECTORY] = "directory",
	[OFFER_DEVICE] = "device",
	[OFFER_COLUMN] = "column",
	[OFFER_TARGET] = "target",
	[OFFER_COMMAND] = "command",
};

/* "help" completes names of commands; it is not in the catalogue itself. */
static void print_command(enum command command)
{
	const struct command_info *info = &command_infos[command];

	printf("command\t%s\t%s\t%s\t%s\n", info->name, info->arguments,
	       command == COMMAND_HELP ? "help" : offers[info->offer],
	       info->help);
}

static void print_option(const struct option_info *info)
{
	const char *separator = "";
	bool repeated = info->type == OPTION_IS_TEXTS ||
			info->type == OPTION_IS_COUNTED;

	printf("option\t%s\t%.1s\t%s\t", info->name, &info->letter,
	       info->argument ? info->argument : "");
	for (size_t i = 0; i < info->nr_names; i++)
		printf("%s%s", i ? " " : "", info->names[i]);
	printf("\t%s\t", offers[info->offer]);
	for (size_t i = 0; i < NR_COMMANDS; i++) {
		if (!(info->commands & 1U << i))
			continue;
		printf("%s%s", separator, command_infos[i].name);
		separator = " ";
	}
	printf("\t%s\t%s\n", repeated ? "yes" : "", info->help);
}

int main(void)
{
	for (size_t i = 0; i < NR_COMMANDS; i++)
		print_command(i);
	for (size_t i = 0; i < NR_OPTIONS; i++)
		print_option(&option_infos[i]);
	return fflush(stdout) ? 1 : 0;
}
