// SPDX-License-Identifier: GPL-2.0-only
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/strbuf.h"

/* Longest word that "did you mean" compares. */
#define NEAREST_MAX 128

size_t text_decode(const char *text, uint32_t *ret)
{
	const unsigned char *s = (const unsigned char *)text;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t len, i;

	if (s[0] < 0x80) {
		*ret = s[0];
		return 1;
	}
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	len = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	c = s[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		/* Stops at the NUL too. */
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return len;
}

size_t text_encode(uint32_t c, char bytes[static 4])
{
	static const uint8_t marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	bytes[0] = (char)(marks[len] | c);
	return len;
}

/*
 * From Unicode 15: controls, formats, separators except the space, characters
 * that are drawn as nothing or as a blank, private use, and noncharacters.
 */
static const struct {
	uint32_t first;
	uint32_t last;
} deceptive[] = {
	{ 0x0, 0x1f }, /* C0 */
	{ 0x7f, 0xa0 }, /* DEL, C1, no-break space */
	{ 0xad, 0xad }, /* soft hyphen */
	{ 0x34f, 0x34f }, /* combining grapheme joiner */
	{ 0x600, 0x605 },
	{ 0x61c, 0x61c }, /* bidi mark */
	{ 0x6dd, 0x6dd },
	{ 0x70f, 0x70f },
	{ 0x890, 0x891 },
	{ 0x8e2, 0x8e2 },
	{ 0x115f, 0x1160 }, /* Hangul fillers */
	{ 0x1680, 0x1680 },
	{ 0x17b4, 0x17b5 }, /* Khmer vowels that are not drawn */
	{ 0x180b, 0x180f }, /* Mongolian selectors */
	{ 0x2000, 0x200f }, /* blanks, zero width, bidi marks */
	{ 0x2028, 0x202f }, /* separators, bidi */
	{ 0x205f, 0x206f }, /* invisible, bidi */
	{ 0x2800, 0x2800 }, /* Braille blank */
	{ 0x3000, 0x3000 },
	{ 0x3164, 0x3164 },
	{ 0xe000, 0xf8ff }, /* private use */
	{ 0xfdd0, 0xfdef }, /* noncharacters */
	{ 0xfe00, 0xfe0f }, /* variation selectors */
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },
	{ 0x110bd, 0x110bd },
	{ 0x110cd, 0x110cd },
	{ 0x13430, 0x1343f },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff }, /* tags, more selectors */
	{ 0xf0000, 0x10ffff }, /* private use */
};

bool text_is_deceptive(uint32_t c)
{
	size_t i;

	/* fast path for nearly all text */
	if (c >= 0x20 && c < 0x7f)
		return false;
	/* the last two of each plane are noncharacters */
	if ((c & 0xfffe) == 0xfffe)
		return true;
	for (i = 0; i < sizeof(deceptive) / sizeof(deceptive[0]); i++) {
		if (c <= deceptive[i].last)
			return c >= deceptive[i].first;
	}
	return false;
}

size_t text_plain_len(const char *s)
{
	size_t len = 0;

	while (s[len] >= ' ' && s[len] < 0x7f)
		len++;
	return len;
}

void text_escape(struct strbuf *sb, const char *s, bool ascii_only)
{
	size_t plain = text_plain_len(s);
	uint32_t c;

	strbuf_add(sb, s, plain);
	s += plain;
	while (*s) {
		size_t len = text_decode(s, &c);

		if (len && !text_is_deceptive(c) && !(ascii_only && len > 1)) {
			strbuf_add(sb, s, len);
			s += len;
			continue;
		}
		for (len = len ? len : 1; len; len--)
			strbuf_addf(sb, "\\x%02x", (unsigned char)*s++);
	}
}

void text_quote(struct strbuf *sb, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_=+,./:@%";

	if (*word && !word[strspn(word, plain)]) {
		strbuf_addstr(sb, word);
		return;
	}
	strbuf_addstr(sb, "'");
	for (; *word; word++)
		strbuf_addf(sb, *word == '\'' ? "'\\'%c" : "%c", *word);
	strbuf_addstr(sb, "'");
}

void text_to_utf8(struct strbuf *sb, const char *s)
{
	uint32_t c;

	while (*s) {
		size_t len = text_decode(s, &c);

		if (len)
			strbuf_add(sb, s, len);
		else
			strbuf_addstr(sb, "\xef\xbf\xbd");
		s += len ? len : 1;
	}
}

int text_to_u64(const char *s, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t n = 0;

	if (!*s)
		return -EINVAL;
	if (s[strspn(s, "0123456789")])
		return -EINVAL;
	for (; *s; s++) {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *s - '0', &n))
			return -ERANGE;
	}
	if (n < min || n > max)
		return -ERANGE;
	*ret = n;
	return 0;
}

int text_to_ns(const char *s, uint64_t max, uint64_t *ret)
{
	size_t whole = strspn(s, "0123456789"), digits = 0;
	uint64_t n = 0;

	if (s[whole] == '.')
		digits = strspn(s + whole + 1, "0123456789");
	if (!whole || digits > 9 || (s[whole] && !digits) ||
	    s[whole + !!s[whole] + digits])
		return -EINVAL;
	for (size_t i = 0; i < whole; i++) {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, s[i] - '0', &n))
			return -ERANGE;
	}
	for (size_t i = 0; i < 9; i++) {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(
			    n, i < digits ? s[whole + 1 + i] - '0' : 0, &n))
			return -ERANGE;
	}
	if (n > max)
		return -ERANGE;
	*ret = n;
	return 0;
}

/*
 * Number of edits (insert, drop, replace one character) that turn @a into @b.
 */
static size_t edit_distance(const char *a, const char *b)
{
	size_t row[NEAREST_MAX + 1];
	size_t blen = strlen(b), j, diagonal, above;

	for (j = 0; j <= blen; j++)
		row[j] = j;
	for (; *a; a++) {
		diagonal = row[0]++;
		for (j = 1; j <= blen; j++) {
			above = row[j];
			if (tolower((unsigned char)*a) !=
			    tolower((unsigned char)b[j - 1])) {
				if (above < diagonal)
					diagonal = above;
				if (row[j - 1] < diagonal)
					diagonal = row[j - 1];
				diagonal++;
			}
			row[j] = diagonal;
			diagonal = above;
		}
	}
	return row[blen];
}

void text_nearest_offer(struct text_nearest *n, const char *candidate)
{
	size_t len = strlen(n->word), distance, limit;

	if (len > NEAREST_MAX || strlen(candidate) > NEAREST_MAX)
		return;
	/* One typing error in short words, up to a third in long ones. */
	limit = len < 4 ? 1 : (len + 2) / 3;
	distance = edit_distance(n->word, candidate);
	/* A word that was cut short counts as one typing error. */
	if (len && strncasecmp(candidate, n->word, len) == 0)
		distance = 1;
	if (distance > limit || (n->best && distance >= n->distance))
		return;
	n->best = candidate;
	n->distance = distance;
}

void text_copy(char *to, size_t room, const char *from)
{
	size_t len = from ? strnlen(from, room - 1) : 0;

	if (len)
		memcpy(to, from, len);
	to[len] = '\0';
}
