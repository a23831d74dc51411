/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_CHECK_H
#define MEMTOP_COMMANDS_CHECK_H

struct options;

/*
 * The command `check`: one sample for monitoring systems, with their exit
 * statuses. It always ends, whatever state the machine is in.
 */
int check_run(const struct options *options);

/* The same for wrong options: reports @problem. */
int check_refuse(const char *problem);

/*
 * From now on, a lack of memory or a signal that would end the process ends it
 * as UNKNOWN, with a line on stdout. check_unguard() reverses this.
 */
void check_guard(void);
void check_unguard(void);

#endif
