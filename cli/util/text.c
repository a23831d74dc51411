// SPDX-License-Identifier: GPL-2.0-only
#include "util/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/strbuf.h"

/* Longest word that "did you mean" looks at. */
#define NEAREST_MAX 128

/*
 * Reads one character. Returns its length in bytes, or 0 if @s does not start
 * with valid UTF-8 (too long a form and surrogates are not valid).
 */
static size_t utf8_decode(const unsigned char *s, uint32_t *ret)
{
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

size_t text_utf8_length(const char *s)
{
	uint32_t c;

	return utf8_decode((const unsigned char *)s, &c);
}

/* Characters that move, reorder or hide what stands around them. */
static bool is_deceptive(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || /* C0, DEL, C1 */
	       c == 0xad || c == 0x61c || /* soft hyphen, bidi mark */
	       (c >= 0x200b && c <= 0x200f) || /* zero width, bidi marks */
	       (c >= 0x2028 && c <= 0x202e) || /* separators, bidi */
	       (c >= 0x2060 && c <= 0x206f) || /* invisible, bidi */
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff); /* tags */
}

void text_escape(struct strbuf *sb, const char *s, bool ascii_only)
{
	uint32_t c;

	while (*s) {
		size_t len = utf8_decode((const unsigned char *)s, &c);

		if (len && !is_deceptive(c) && !(ascii_only && len > 1)) {
			strbuf_add(sb, s, len);
			s += len;
			continue;
		}
		for (len = len ? len : 1; len; len--)
			strbuf_addf(sb, "\\x%02x", (unsigned char)*s++);
	}
}

void text_to_utf8(struct strbuf *sb, const char *s)
{
	uint32_t c;

	while (*s) {
		size_t len = utf8_decode((const unsigned char *)s, &c);

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

/* Edits (insert, drop, replace one character) that turn @a into @b. */
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
	/* One slip in short words, up to a third of long ones. */
	limit = len < 4 ? 1 : (len + 2) / 3;
	distance = edit_distance(n->word, candidate);
	/* What was cut short is as good as one slip. */
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
