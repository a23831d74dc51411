/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_BASE_BASE64_H
#define MEMTOP_BASE_BASE64_H

#include <stddef.h>

struct strbuf;

/* Adds @len bytes as Base64 (RFC 4648), in one line. */
void base64_add(struct strbuf *sb, const void *bytes, size_t len);

#endif
