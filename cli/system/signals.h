/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of signals, which a process inherits from whoever started it.
 */
#ifndef MEMTOP_SYSTEM_SIGNALS_H
#define MEMTOP_SYSTEM_SIGNALS_H

/*
 * Undoes what a parent has changed by accident and we depend on: a blocked signal
 * could not end us, an ignored SIGCHLD would take the exit statuses of our
 * children, an ignored SIGWINCH the size of the terminal. SIGINT, SIGTERM and SIGHUP
 * stay ignored if they are: that is how nohup(1) and shells spare a process.
 */
void signals_reset(void);

#endif
