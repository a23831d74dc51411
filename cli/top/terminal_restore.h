/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The terminal as it was before the live view, which comes back however the
 * process ends: in order, by a signal, or in a crash. Meanwhile stderr is held
 * back, so that no message tears the screen. Only for terminal.c.
 */
#ifndef MEMTOP_TOP_TERMINAL_RESTORE_H
#define MEMTOP_TOP_TERMINAL_RESTORE_H

#include <stdbool.h>

/*
 * Notes how the terminal is, whose keys come from the descriptor @keys, before
 * curses changes it; from now on it is taken, and signals give it back.
 */
void terminal_remember(int keys);

/* Gives it back, and stderr what was held; fine if it is not taken.
 * Async-signal-safe. */
void terminal_restore(void);

bool terminal_is_taken(void);

/* A descriptor of what was written to stderr meanwhile; -1: it is not held. */
int terminal_held(void);

#endif
