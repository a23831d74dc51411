/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_VIEWS_NAME_LIST_H
#define MEMTOP_VIEWS_NAME_LIST_H

#include <stdbool.h>

struct event_names;
struct strbuf;

/*
 * Adds "deadlock: low, up, +2" for @what and its devices, after a semicolon if
 * @to has text; nothing for no devices. Names are escaped.
 */
void name_list_add(struct strbuf *to, const char *what,
		   const struct event_names *names, bool ascii_only);

#endif
