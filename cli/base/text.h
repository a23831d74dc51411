/* SPDX-License-Identifier: GPL-2.0-only */
/* Text from outside: escaped for display, parsed, compared. */
#ifndef MEMTOP_BASE_TEXT_H
#define MEMTOP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

/*
 * The number of bytes that @s begins with and that are printable ASCII, as nearly
 * all text is: one column each, and nothing to escape.
 */
size_t text_plain_len(const char *s);

/*
 * Adds @s to @sb so that it stays on its line and cannot steer a terminal:
 * bytes that are not UTF-8 and characters that text_is_deceptive() finds become
 * \xNN, byte by byte. With @ascii_only this applies to everything above ASCII.
 */
void text_escape(struct strbuf *sb, const char *s, bool ascii_only);

/*
 * Reads the character that @text begins with, which may be its NUL. Returns its
 * length in bytes; 0 if it is not UTF-8, which includes surrogates and overlong
 * forms.
 */
size_t text_decode(const char *text, uint32_t *ret);

/* The reverse: writes @c, below 0x110000, to @bytes. Returns its length. */
size_t text_encode(uint32_t c, char bytes[static 4]);

/* Whether @c moves, reorders or hides text, or is itself invisible. */
bool text_is_deceptive(uint32_t c);

/* Adds @word to @sb so that a shell reads it as one word again. */
void text_quote(struct strbuf *sb, const char *word);

/* Adds @s to @sb as valid UTF-8: each invalid byte becomes U+FFFD. */
void text_to_utf8(struct strbuf *sb, const char *s);

/*
 * Parses all of @s as a decimal number, digits only, from @min to @max. Returns
 * 0, -EINVAL if @s is not a number, -ERANGE if out of range.
 */
int text_to_u64(const char *s, uint64_t min, uint64_t max, uint64_t *ret);

/*
 * Parses all of @s as seconds, "2" or "0.25", up to nine digits after the
 * point, into nanoseconds up to @max. Returns as text_to_u64() does.
 */
int text_to_ns(const char *s, uint64_t max, uint64_t *ret);

/*
 * Finds the word that was meant by a mistyped one: start with .word set, offer
 * every candidate, read .best (NULL if none is near).
 */
struct text_nearest {
	const char *word;
	const char *best;
	size_t distance;
};

void text_nearest_offer(struct text_nearest *n, const char *candidate);

/*
 * Copies @from, which may be NULL, cut to fit, into the @room bytes at @to, at
 * least one. @to is always terminated.
 */
void text_copy(char *to, size_t room, const char *from);

#endif
