/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_VIEWS_RELOAD_LINE_H
#define MEMTOP_VIEWS_RELOAD_LINE_H

#include <stdbool.h>

#include "model/reload_way.h"

struct snap_entry;
struct strbuf;

/*
 * Adds the command of @way for the table @entry, for a shell, or nothing if it
 * has none. Returns whether it has.
 */
bool reload_line_add(struct strbuf *sb, enum reload_way way,
		     const struct snap_entry *entry);

#endif
