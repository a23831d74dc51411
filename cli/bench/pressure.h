/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory made short while a load runs. */
#ifndef MEMTOP_BENCH_PRESSURE_H
#define MEMTOP_BENCH_PRESSURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Whether this is a virtual machine, as far as the processor says. */
bool pressure_in_vm(void);

struct pressure {
	pid_t pid;
	int said; /* descriptor of what it writes */
};

/*
 * Starts a process that takes all memory that is free, and what becomes free.
 * Returns 0 once memory is short, or -errno, said already.
 */
int pressure_shortage(struct pressure *ret);

/*
 * Starts a shell command that makes allocations fail, or whatever; returns 0
 * once it has written a byte, or -errno, said already.
 */
int pressure_command(const char *command, struct pressure *ret);

void pressure_end(struct pressure *p);

/* How many processes the kernel has killed for lack of memory, since it booted. */
uint64_t pressure_oom_kills(void);

#endif
