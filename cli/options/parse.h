/* SPDX-License-Identifier: GPL-2.0-only */
/* Parses argv into struct options. */
#ifndef MEMTOP_OPTIONS_PARSE_H
#define MEMTOP_OPTIONS_PARSE_H

#include "options/options.h"

struct strbuf;

/*
 * Parses @argv, the arguments after the program's name, up to its NULL. Options
 * may stand anywhere before a "--". Returns 0, or -EINVAL with the reason in
 * @problem; the caller calls options_release() in either case.
 */
int options_parse(char **argv, struct options *ret, struct strbuf *problem);
void options_release(struct options *options);

/* The command named @name, or NR_COMMANDS with the reason in @problem. */
enum command command_find(const char *name, struct strbuf *problem);

#endif
