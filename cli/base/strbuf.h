/* SPDX-License-Identifier: GPL-2.0-only */
/* A growing string. Zero-initialised it is empty and owns nothing. */
#ifndef MEMTOP_BASE_STRBUF_H
#define MEMTOP_BASE_STRBUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf {
	char *text; /* owned; NULL until something is added */
	size_t len; /* without the NUL */
	size_t room;
};

void strbuf_add(struct strbuf *sb, const char *bytes, size_t len);
void strbuf_addstr(struct strbuf *sb, const char *s);

/* Adds @n in decimal, which costs a tenth of strbuf_addf(). */
void strbuf_addu(struct strbuf *sb, uint64_t n);

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Empties @sb and keeps its memory. */
void strbuf_reset(struct strbuf *sb);

/* The text so far, "" when empty; valid until @sb changes. */
const char *strbuf_text(const struct strbuf *sb);

void strbuf_release(struct strbuf *sb);

#endif
