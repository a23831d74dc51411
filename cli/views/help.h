/* SPDX-License-Identifier: GPL-2.0-only */
/* The tool's help, on stdout. */
#ifndef MEMTOP_VIEWS_HELP_H
#define MEMTOP_VIEWS_HELP_H

#include <stdio.h>

#include "options/options.h"

struct field_table;

/* NR_COMMANDS: help for the tool as a whole. */
void help_command(FILE *out, enum command command);
/* @parts: lines with the built-in or linked libraries. */
void help_version(FILE *out, const char *parts);

/* One line a column: name, type, meaning. */
void help_columns(FILE *out, const struct field_table *table);

#endif
