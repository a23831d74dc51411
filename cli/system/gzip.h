/* SPDX-License-Identifier: GPL-2.0-only */
/* Compression of HTTP replies. */
#ifndef MEMTOP_SYSTEM_GZIP_H
#define MEMTOP_SYSTEM_GZIP_H

struct strbuf;

/* Adds @from, in the format of gzip, to @to. Without memory the process ends. */
void gzip_add(struct strbuf *to, const struct strbuf *from);

#endif
