// SPDX-License-Identifier: GPL-2.0-only
#include "top/terminal_library.h"

#include <errno.h>

#ifdef MEMTOP_STATIC
#define LINKED(name) ret->name = name;

int terminal_library_load(struct terminal_library *ret)
{
	CURSES_FUNCTIONS(LINKED)
	ret->window = &stdscr;
	return 0;
}
#else
int terminal_library_load(struct terminal_library *ret)
{
	const struct library library = {
		.file = "libncursesw.so.6",
		.purpose = "show the live view",
		.hint = "it is in the package libncursesw6; --batch does not need it",
	};

	CURSES_FUNCTIONS(LIBRARY_LOOK_UP)
	ret->window = library_function(&library, "stdscr");
	return ret->window ? 0 : -ELIBACC;
}
#endif
