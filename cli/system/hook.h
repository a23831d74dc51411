/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that are run when something happens, without the caller forking or
 * waiting then: a helper process, forked while the caller is still small, does.
 */
#ifndef MEMTOP_SYSTEM_HOOK_H
#define MEMTOP_SYSTEM_HOOK_H

#include <stdbool.h>
#include <stddef.h>

struct hook;
struct strbuf;

/*
 * Starts the helper, which runs @command in a shell for each hook_run(), at most
 * HOOK_MOST at the same time. Variables of our environment whose names begin with
 * @prefix are not passed on. Returns 0 or -errno, the reason already said.
 */
int hook_start(const char *command, const char *prefix, struct hook **ret);

#define HOOK_MOST 8

/*
 * Has the command run with @environment, "NAME=VALUE" and a NUL each, added to
 * ours, and @input on its stdin. Returns false if the helper is too far behind, or
 * gone; it never waits.
 */
bool hook_run(struct hook *hook, const struct strbuf *environment,
	      const struct strbuf *input);

/*
 * Lets what runs or is due end, for at most some seconds, and frees @hook; fine
 * on NULL.
 */
void hook_end(struct hook *hook);

#endif
