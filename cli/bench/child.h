/* SPDX-License-Identifier: GPL-2.0-only */
/* A process that works for the bench, and ends when the bench does. */
#ifndef MEMTOP_BENCH_CHILD_H
#define MEMTOP_BENCH_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Starts @argv in a process group and a PID namespace of its own (CAP_SYS_ADMIN),
 * so that all that it starts dies with it; stdout goes to @output, a descriptor,
 * stderr to ours. Returns its pid, or -errno, said already.
 */
pid_t child_start(char *const *argv, int output);

/*
 * Forks: 0 in the child, which is to run on in a process group of its own and
 * dies with its parent.
 */
pid_t child_fork(void);

/* Waits until it ends or stop_clock() is @deadline. 1: it ended, as *@status. */
int child_wait(pid_t pid, uint64_t deadline, int *status);

/* Ends it and its children: asks, and after a second does not. */
void child_end(pid_t pid);

#endif
