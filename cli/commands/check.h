/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_CHECK_H
#define MEMTOP_COMMANDS_CHECK_H

struct options;

/*
 * The command `check`: one look for monitoring systems, whose exit statuses it
 * has. It comes to an end, whatever the machine is in.
 */
int check_run(const struct options *options);

/* The same for options that are wrong: says @problem. */
int check_refuse(const char *problem);

/*
 * From now on a lack of memory, or a signal that would end the process, ends it
 * as UNKNOWN, which the line on stdout says; with check_unguard() no longer.
 */
void check_guard(void);
void check_unguard(void);

#endif
