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

/* Adds @nr blanks. */
void strbuf_pad(struct strbuf *sb, size_t nr);

/* Adds @n in decimal, which costs a tenth of strbuf_addf(). */
void strbuf_addu(struct strbuf *sb, uint64_t n);

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/*
 * Makes room for @most more bytes, and returns the end of the text, where the
 * caller writes them. strbuf_end() follows, with the new end.
 */
char *strbuf_extend(struct strbuf *sb, size_t most);
void strbuf_end(struct strbuf *sb, char *end);

/* Writes @n in decimal to @at, at most STRBUF_DIGITS bytes; returns their end. */
#define STRBUF_DIGITS 20
char *strbuf_put_digits(char *at, uint64_t n);

/* Empties @sb and keeps its memory. */
void strbuf_reset(struct strbuf *sb);

/* The text so far, "" when empty; valid until @sb changes. */
const char *strbuf_text(const struct strbuf *sb);

void strbuf_release(struct strbuf *sb);

#endif
