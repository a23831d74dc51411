/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work that may hang permanently, in a separate process: one that hangs in the
 * kernel and cannot be killed is left behind.
 */
#ifndef MEMTOP_SYSTEM_GUARD_H
#define MEMTOP_SYSTEM_GUARD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct strbuf;

/* A working process, and the pipe that it writes to. */
struct guard {
	pid_t pid;
	int fd;
};

/*
 * Starts @job in another process; guard_read() reads what it writes to its @fd.
 * It has our stderr. Returns 0 or -errno.
 */
int guard_begin(void (*job)(void *arg, int fd), void *arg, struct guard *ret);

/*
 * Reads up to @room bytes that the job has written into @to. Returns their
 * number; 0 if the job has ended; -ETIMEDOUT if none arrive within @timeout_ns;
 * -errno.
 */
int guard_read(const struct guard *g, void *to, size_t room,
	       uint64_t timeout_ns);

/* Ends the process, which is left behind if it cannot be killed. */
void guard_end(struct guard *g);

/*
 * Lets @job fill its @text in another process, with a copy of @arg, and adds
 * its stderr to @messages. Returns 0 if it has finished; -ETIMEDOUT if not
 * within @timeout_ns; -ECHILD if it failed, -errno if it could not be started.
 * @text and @messages have its output so far in any case.
 */
int guard_run(void (*job)(void *arg, struct strbuf *text), void *arg,
	      uint64_t timeout_ns, struct strbuf *text,
	      struct strbuf *messages);

#endif
