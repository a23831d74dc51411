/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ncurses, loaded on demand: it would double the cost of starting the other
 * commands. Only for terminal.c and terminal_restore.c.
 */
#ifndef MEMTOP_TOP_TERMINAL_LIBRARY_H
#define MEMTOP_TOP_TERMINAL_LIBRARY_H

/* macros would take the place of the members */
#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>

#include "system/library.h"

/* <term.h> has macros with these names for terminfo's capabilities. */
#undef lines
#undef columns

/* clang-format off */
#define CURSES_FUNCTIONS(use)   \
	use(cbreak)             \
	use(clearok)            \
	use(curs_set)           \
	use(del_curterm)        \
	use(delscreen)          \
	use(endwin)             \
	use(getmaxx)            \
	use(getmaxy)            \
	use(getmouse)           \
	use(has_colors)         \
	use(init_pair)          \
	use(keypad)             \
	use(mouseinterval)      \
	use(mousemask)          \
	use(newterm)            \
	use(nodelay)            \
	use(noecho)             \
	use(nonl)               \
	use(set_curterm)        \
	use(set_escdelay)       \
	use(set_term)           \
	use(setupterm)          \
	use(start_color)        \
	use(tigetstr)           \
	use(use_default_colors) \
	use(waddnstr)           \
	use(wattr_set)          \
	use(wclrtoeol)          \
	use(werase)             \
	use(wget_wch)           \
	use(wmove)              \
	use(wrefresh)
/* clang-format on */

struct terminal_library {
	CURSES_FUNCTIONS(LIBRARY_MEMBER)
	WINDOW **window; /* stdscr */
};

/* Returns 0, or -ELIBACC, already reported. The library stays loaded. */
int terminal_library_load(struct terminal_library *ret);

#endif
