// SPDX-License-Identifier: GPL-2.0-only
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Enough for most cells of a table. */
#define LEAST_ROOM 32

/* Makes room for @extra more bytes and a NUL. */
static void strbuf_grow(struct strbuf *sb, size_t extra)
{
	size_t need = sb->len + extra + 1;

	if (need <= sb->room)
		return;
	if (need < 2 * sb->room)
		need = 2 * sb->room;
	if (need < LEAST_ROOM)
		need = LEAST_ROOM;
	sb->text = xreallocarray(sb->text, need, 1);
	sb->room = need;
}

void strbuf_add(struct strbuf *sb, const char *bytes, size_t len)
{
	strbuf_grow(sb, len);
	memcpy(sb->text + sb->len, bytes, len);
	sb->len += len;
	sb->text[sb->len] = '\0';
}

void strbuf_addstr(struct strbuf *sb, const char *s)
{
	strbuf_add(sb, s, strlen(s));
}

char *strbuf_extend(struct strbuf *sb, size_t most)
{
	strbuf_grow(sb, most);
	return sb->text + sb->len;
}

void strbuf_end(struct strbuf *sb, char *end)
{
	sb->len = (size_t)(end - sb->text);
	*end = '\0';
}

void strbuf_pad(struct strbuf *sb, size_t nr)
{
	char *at = strbuf_extend(sb, nr);

	memset(at, ' ', nr);
	strbuf_end(sb, at + nr);
}

char *strbuf_put_digits(char *at, uint64_t n)
{
	char digits[STRBUF_DIGITS], *first = digits + sizeof(digits);

	do
		*--first = (char)('0' + n % 10);
	while (n /= 10);
	while (first < digits + sizeof(digits))
		*at++ = *first++;
	return at;
}

void strbuf_addu(struct strbuf *sb, uint64_t n)
{
	char *at = strbuf_extend(sb, STRBUF_DIGITS);

	strbuf_end(sb, strbuf_put_digits(at, n));
}

void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
{
	va_list again;
	size_t room;
	int len;

	/* Formatting is expensive: once is enough in most cases. */
	strbuf_grow(sb, 0);
	room = sb->room - sb->len;
	va_copy(again, ap);
	len = vsnprintf(sb->text + sb->len, room, fmt, again);
	va_end(again);
	if (len < 0) {
		/*
		 * Only %ls in a broken locale could fail, and it is not used.
		 */
		sb->text[sb->len] = '\0';
		return;
	}
	if ((size_t)len >= room) {
		strbuf_grow(sb, len);
		vsnprintf(sb->text + sb->len, (size_t)len + 1, fmt, ap);
	}
	sb->len += len;
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(sb, fmt, ap);
	va_end(ap);
}

void strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	if (sb->text)
		sb->text[0] = '\0';
}

const char *strbuf_text(const struct strbuf *sb)
{
	return sb->text ? sb->text : "";
}

void strbuf_release(struct strbuf *sb)
{
	free(sb->text);
	*sb = (struct strbuf){ 0 };
}
