// SPDX-License-Identifier: GPL-2.0-only
#include "base/json_writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

/* Bytes that are passed on together. */
#define ENOUGH (64U << 10)

static void add_escape(struct strbuf *sb, uint32_t c)
{
	if (c < 0x10000)
		strbuf_addf(sb, "\\u%04" PRIx32, c);
	else
		strbuf_addf(sb, "\\u%04" PRIx32 "\\u%04" PRIx32,
			    0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
}

/* Characters with a short escape, and these escapes. */
static const char *short_escape(uint32_t c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static void add_character(struct strbuf *sb, const char *s, size_t len,
			  uint32_t c)
{
	const char *escape = short_escape(c);

	if (escape)
		strbuf_addstr(sb, escape);
	else if (text_is_deceptive(c))
		add_escape(sb, c);
	else
		strbuf_add(sb, s, len);
}

/* The number of bytes that @s begins with and that need no escape. */
static size_t plain_len(const char *s)
{
	size_t len = 0;

	while (s[len] >= 0x20 && s[len] < 0x7f && s[len] != '"' &&
	       s[len] != '\\')
		len++;
	return len;
}

/* A string that has more than plain characters. */
static void add_escaped(struct json_writer *w, const char *s)
{
	uint32_t c;

	strbuf_add(w->to, "\"", 1);
	while (*s) {
		size_t len = plain_len(s);

		if (len) {
			strbuf_add(w->to, s, len);
			s += len;
			continue;
		}
		len = text_decode(s, &c);
		if (len)
			add_character(w->to, s, len, c);
		else if (w->bytes)
			add_escape(w->to, 0xdc00 + (unsigned char)*s);
		else
			strbuf_addstr(w->to, "\xef\xbf\xbd");
		s += len ? len : 1;
	}
	strbuf_add(w->to, "\"", 1);
}

/* ---- separators ------------------------------------------------------------ */

static char *put(char *at, const char *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

/* Begins a line, indented, unless the text has no lines. */
static char *put_line(const struct json_writer *w, char *at)
{
	/* clang-format off */
	static const char blanks[2 * JSON_DEEPEST + 1] =
		"                                                                "
		"                                                                ";
	/* clang-format on */

	if (!w->pretty)
		return at;
	*at++ = '\n';
	return put(at, blanks, 2 * w->depth);
}

/*
 * Writes the separators before a value, and the key. Returns where the value
 * begins, with room for @room bytes.
 */
static char *begin(struct json_writer *w, const char *key, size_t room)
{
	size_t key_len = key ? strlen(key) : 0;
	char *at = strbuf_extend(w->to, 2 * JSON_DEEPEST + key_len + room + 6);

	if (w->any)
		*at++ = ',';
	if (w->depth)
		at = put_line(w, at);
	w->any = true;
	if (!key)
		return at;
	*at++ = '"';
	at = put(at, key, key_len);
	*at++ = '"';
	*at++ = ':';
	if (w->pretty)
		*at++ = ' ';
	return at;
}

static void put_word(struct json_writer *w, const char *key, const char *word,
		     size_t len)
{
	strbuf_end(w->to, put(begin(w, key, len), word, len));
}

/* ---- values ------------------------------------------------------------------ */

static void open_value(struct json_writer *w, const char *key, char opening,
		       char closing)
{
	put_word(w, key, &opening, 1);
	/* the program itself determines the depth, not its input */
	if (w->depth == JSON_DEEPEST)
		abort();
	w->closings[w->depth++] = closing;
	w->any = false;
}

void json_put_object(struct json_writer *w, const char *key)
{
	open_value(w, key, '{', '}');
}

void json_put_array(struct json_writer *w, const char *key)
{
	open_value(w, key, '[', ']');
}

void json_put_end(struct json_writer *w)
{
	char *at = strbuf_extend(w->to, 2 * JSON_DEEPEST + 2);

	w->depth--;
	at = put_line(w, at);
	*at++ = w->closings[w->depth];
	strbuf_end(w->to, at);
	w->any = true;
	if (w->pass_on && w->to->len >= ENOUGH) {
		w->pass_on(w->out, w->to);
		strbuf_reset(w->to);
	}
}

void json_put_u64(struct json_writer *w, const char *key, uint64_t n)
{
	strbuf_end(w->to, strbuf_put_digits(begin(w, key, STRBUF_DIGITS), n));
}

void json_put_i64(struct json_writer *w, const char *key, int64_t n)
{
	char *at = begin(w, key, 1 + STRBUF_DIGITS);

	if (n < 0)
		*at++ = '-';
	strbuf_end(w->to,
		   strbuf_put_digits(at, n < 0 ? -(uint64_t)n : (uint64_t)n));
}

void json_put_double(struct json_writer *w, const char *key, double n)
{
	char text[40];

	/* independent of the locale's numbers: main() sets LC_CTYPE only */
	snprintf(text, sizeof(text), "%.17g", n);
	put_word(w, key, text, strlen(text));
	if (!strpbrk(text, ".e"))
		strbuf_addstr(w->to, ".0");
}

void json_put_thousandths(struct json_writer *w, const char *key, uint64_t n)
{
	char text[40];

	snprintf(text, sizeof(text), "%" PRIu64 ".%03u", n / 1000,
		 (unsigned int)(n % 1000));
	put_word(w, key, text, strlen(text));
}

void json_put_bool(struct json_writer *w, const char *key, bool value)
{
	if (value)
		put_word(w, key, "true", 4);
	else
		put_word(w, key, "false", 5);
}

void json_put_null(struct json_writer *w, const char *key)
{
	put_word(w, key, "null", 4);
}

void json_put_text(struct json_writer *w, const char *key, const char *text)
{
	size_t len;
	char *at;

	if (!text) {
		json_put_null(w, key);
		return;
	}
	len = plain_len(text);
	at = begin(w, key, len + 2);
	/* as most are */
	if (!text[len]) {
		*at++ = '"';
		at = put(at, text, len);
		*at++ = '"';
		strbuf_end(w->to, at);
		return;
	}
	strbuf_end(w->to, at);
	add_escaped(w, text);
}
