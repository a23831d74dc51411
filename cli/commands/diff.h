/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_COMMANDS_DIFF_H
#define MEMTOP_COMMANDS_DIFF_H

struct options;

/* Runs `diff`. Returns its exit status: 0 no difference, 1 differences, 2 trouble. */
int diff_run(const struct options *options);

#endif
