/* SPDX-License-Identifier: GPL-2.0-only */
/* A process that works for the bench, and ends when the bench does. */
#ifndef MEMTOP_BENCH_CHILD_H
#define MEMTOP_BENCH_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Starts @argv in a process group and a PID namespace of its own
 * (CAP_SYS_ADMIN), so that all its descendants die with it. Its stdout is the
 * descriptor @output, its stderr is ours. Returns its pid, or -errno, already
 * reported.
 */
pid_t child_start(char *const *argv, int output);

/*
 * Forks: returns 0 in the child, which continues in a process group of its own
 * and dies with its parent.
 */
pid_t child_fork(void);

/*
 * Waits until it ends or until @deadline (stop_clock()). 1: it ended, with
 * *@status.
 */
int child_wait(pid_t pid, uint64_t deadline, int *status);

/* Ends it and its children: first with SIGTERM, after a second with SIGKILL. */
void child_end(pid_t pid);

#endif
