/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of signals, which a process inherits from its parent. */
#ifndef MEMTOP_SYSTEM_SIGNALS_H
#define MEMTOP_SYSTEM_SIGNALS_H

/*
 * Resets signal states that a parent may have changed by accident and that this
 * program depends on: a blocked signal could not end it, an ignored SIGCHLD
 * would lose the exit statuses of its children, an ignored SIGWINCH the size of
 * the terminal. SIGINT, SIGTERM and SIGHUP stay ignored if they are: that is
 * how nohup(1) and shells protect a process.
 */
void signals_reset(void);

#endif
