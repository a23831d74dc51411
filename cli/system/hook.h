/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands for events, run without a fork or wait in the caller: a helper
 * process, forked while the caller is still small, runs them.
 */
#ifndef MEMTOP_SYSTEM_HOOK_H
#define MEMTOP_SYSTEM_HOOK_H

#include <stdbool.h>
#include <stddef.h>

struct hook;
struct strbuf;

/*
 * Starts the helper, which runs @command in a shell for each hook_run(), at
 * most HOOK_MOST at the same time. Variables of our environment that begin with
 * @prefix are not passed on. Returns 0 or -errno, already reported.
 */
int hook_start(const char *command, const char *prefix, struct hook **ret);

#define HOOK_MOST 8

/*
 * Runs the command with @environment, "NAME=VALUE" and a NUL each, added to
 * ours, and @input on its stdin. Returns false if the helper is too far behind,
 * or has ended; it never waits.
 */
bool hook_run(struct hook *hook, const struct strbuf *environment,
	      const struct strbuf *input);

/*
 * Gives running and queued commands some seconds to end, and frees @hook; safe
 * on NULL.
 */
void hook_end(struct hook *hook);

#endif
