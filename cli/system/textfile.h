/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_TEXTFILE_H
#define MEMTOP_SYSTEM_TEXTFILE_H

struct strbuf;

/*
 * Makes @text the content of @path, readable by all: a reader gets the old file
 * or the complete new one. Removes leftovers of killed runs in that directory.
 * Returns 0, or -errno, already reported; then the old file stays.
 */
int textfile_replace(const char *path, const struct strbuf *text);

#endif
