/* SPDX-License-Identifier: GPL-2.0-only */
/* Text from outside: made safe to show, parsed, compared. */
#ifndef MEMTOP_BASE_TEXT_H
#define MEMTOP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

/*
 * Adds @s to @sb so that it stays on its line and cannot steer a terminal:
 * bytes that are no UTF-8 and characters that text_is_deceptive() finds
 * become \xNN, byte by byte. With @ascii_only everything above
 * ASCII does.
 */
void text_escape(struct strbuf *sb, const char *s, bool ascii_only);

/*
 * Reads the character that @text begins with, its NUL being one too. Returns
 * its length in bytes; 0 if that is not UTF-8, surrogates and too long forms
 * included.
 */
size_t text_decode(const char *text, uint32_t *ret);

/* The other way: writes @c, below 0x110000, to @bytes. Returns its length. */
size_t text_encode(uint32_t c, char bytes[static 4]);

/* Whether @c moves, reorders or hides text, or cannot be seen itself. */
bool text_is_deceptive(uint32_t c);

/* Adds @word to @sb so that a shell reads it as one word again. */
void text_quote(struct strbuf *sb, const char *word);

/* Adds @s to @sb as valid UTF-8: each byte that is none becomes U+FFFD. */
void text_to_utf8(struct strbuf *sb, const char *s);

/*
 * Parses all of @s as a decimal number, digits only, from @min to @max.
 * Returns 0, -EINVAL when @s is no number, -ERANGE when out of range.
 */
int text_to_u64(const char *s, uint64_t min, uint64_t max, uint64_t *ret);

/*
 * Parses all of @s as seconds, "2" or "0.25", up to nine digits after the
 * point, into nanoseconds up to @max. Returns as text_to_u64() does.
 */
int text_to_ns(const char *s, uint64_t max, uint64_t *ret);

/*
 * Finds the word meant by one that was mistyped: start with .word set, offer
 * every candidate, read .best (NULL when none is near).
 */
struct text_nearest {
	const char *word;
	const char *best;
	size_t distance;
};

void text_nearest_offer(struct text_nearest *n, const char *candidate);

/*
 * Copies @from, which may be NULL, into the @room bytes at @to, one at least, cut to
 * fit.
 * @to is always terminated.
 */
void text_copy(char *to, size_t room, const char *from);

#endif
