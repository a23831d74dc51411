/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work that may hang for good, in a process of its own: who can't be killed, as
 * he waits in the kernel, is left behind.
 */
#ifndef MEMTOP_SYSTEM_GUARD_H
#define MEMTOP_SYSTEM_GUARD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct strbuf;

/* A process that works, and the pipe that it writes to. */
struct guard {
	pid_t pid;
	int fd;
};

/*
 * Starts @job in another process; what it writes to its @fd is for guard_read().
 * Its stderr is ours. Returns 0 or -errno.
 */
int guard_begin(void (*job)(void *arg, int fd), void *arg, struct guard *ret);

/*
 * Fills @to with @size bytes that the job has written. Returns 1; 0 where it has
 * ended; -ETIMEDOUT if they have not come within @timeout_ns; -errno.
 */
int guard_read(const struct guard *g, void *to, size_t size,
	       uint64_t timeout_ns);

/* Ends the process, which is left behind if it cannot be killed. */
void guard_end(struct guard *g);

/*
 * Has @job fill its @text in another process, @arg being what it has been here,
 * and what it says on stderr added to @messages. Returns 0 if it has come to its
 * end; -ETIMEDOUT if not within @timeout_ns; -ECHILD if it failed, -errno if it
 * could not be started. @text and @messages have what there is in any case.
 */
int guard_run(void (*job)(void *arg, struct strbuf *text), void *arg,
	      uint64_t timeout_ns, struct strbuf *text,
	      struct strbuf *messages);

#endif
