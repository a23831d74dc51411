/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Restores the terminal however the process ends: normally, by a signal, or in
 * a crash. Meanwhile stderr is held back, so that no message disturbs the
 * screen. Only for terminal.c.
 */
#ifndef MEMTOP_TOP_TERMINAL_RESTORE_H
#define MEMTOP_TOP_TERMINAL_RESTORE_H

#include <stdbool.h>

struct terminal_library;

/*
 * Saves the state of the terminal, whose keys come from the descriptor @keys,
 * before curses changes it. From now on signals restore it.
 */
void terminal_remember(const struct terminal_library *lib, int keys);

/*
 * Restores it, and prints the held text to stderr; safe if nothing was saved.
 * Async-signal-safe.
 */
void terminal_restore(void);

bool terminal_is_taken(void);

/*
 * A descriptor of the text that was written to stderr meanwhile; -1: it is not
 * held.
 */
int terminal_held(void);

#endif
