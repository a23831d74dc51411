/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_TEXTFILE_H
#define MEMTOP_SYSTEM_TEXTFILE_H

struct strbuf;

/*
 * Makes @text the content of @path, readable by all: a reader opens the old
 * file or the whole new one. Removes what runs that were killed have left in
 * that directory. Returns 0, or -errno with the reason already said; then the
 * old file stays.
 */
int textfile_replace(const char *path, const struct strbuf *text);

#endif
