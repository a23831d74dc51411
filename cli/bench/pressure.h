/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes memory short while a load runs. */
#ifndef MEMTOP_BENCH_PRESSURE_H
#define MEMTOP_BENCH_PRESSURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Whether this is a virtual machine, according to the processor. */
bool pressure_in_vm(void);

struct pressure {
	pid_t pid;
	int said; /* descriptor of its output */
};

/*
 * Starts a process that takes all memory that is free or becomes free. Returns
 * 0 once memory is short, or -errno, already reported.
 */
int pressure_shortage(struct pressure *ret);

/*
 * Starts a shell command that makes allocations fail, for example. Returns 0
 * once it has written a byte, or -errno, already reported.
 */
int pressure_command(const char *command, struct pressure *ret);

void pressure_end(struct pressure *p);

/* How many processes the OOM killer has killed since boot. */
uint64_t pressure_oom_kills(void);

#endif
