/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work that may hang for good, in a process of its own: who can't be killed, as
 * he waits in the kernel, is left behind.
 */
#ifndef MEMTOP_GUARD_H
#define MEMTOP_GUARD_H

#include <stdint.h>

struct strbuf;

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
