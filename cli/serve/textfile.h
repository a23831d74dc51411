/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_TEXTFILE_H
#define MEMTOP_TEXTFILE_H

struct strbuf;

/*
 * Makes @text the content of @path: whoever opens it has the old one or all of
 * the new one, and may read it. Returns 0 or -errno, the reason already said;
 * then the old one stays.
 */
int textfile_replace(const char *path, const struct strbuf *text);

#endif
