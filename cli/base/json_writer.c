// SPDX-License-Identifier: GPL-2.0-only
#include "base/json_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

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

static void add_string(struct json_writer *w, const char *s)
{
	uint32_t c;

	strbuf_add(w->to, "\"", 1);
	while (*s) {
		size_t len = plain_len(s);

		/* most strings have nothing else */
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

static void add_line(struct json_writer *w)
{
	static const char blanks[] = "\n                                ";
	size_t len = 1 + 2 * w->depth;

	if (!w->pretty)
		return;
	if (len < sizeof(blanks))
		strbuf_add(w->to, blanks, len);
	else
		strbuf_addf(w->to, "\n%*s", 2 * (int)w->depth, "");
}

/* Writes the separators before a value. */
static void begin(struct json_writer *w, const char *key)
{
	if (w->any)
		strbuf_add(w->to, ",", 1);
	if (w->depth)
		add_line(w);
	w->any = true;
	if (!key)
		return;
	add_string(w, key);
	strbuf_add(w->to, ": ", w->pretty ? 2 : 1);
}

static void open_value(struct json_writer *w, const char *key, char opening,
		       char closing)
{
	begin(w, key);
	/* the program itself determines the depth, not its input */
	if (w->depth == JSON_DEEPEST)
		abort();
	w->closings[w->depth++] = closing;
	w->any = false;
	strbuf_add(w->to, &opening, 1);
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
	w->depth--;
	add_line(w);
	strbuf_add(w->to, &w->closings[w->depth], 1);
	w->any = true;
}

void json_put_u64(struct json_writer *w, const char *key, uint64_t n)
{
	begin(w, key);
	strbuf_addu(w->to, n);
}

void json_put_i64(struct json_writer *w, const char *key, int64_t n)
{
	begin(w, key);
	strbuf_addf(w->to, "%" PRId64, n);
}

void json_put_double(struct json_writer *w, const char *key, double n)
{
	char text[40];

	begin(w, key);
	/* independent of the locale's numbers: main() sets LC_CTYPE only */
	snprintf(text, sizeof(text), "%.17g", n);
	strbuf_addstr(w->to, text);
	if (!strpbrk(text, ".e"))
		strbuf_addstr(w->to, ".0");
}

void json_put_bool(struct json_writer *w, const char *key, bool value)
{
	begin(w, key);
	strbuf_addstr(w->to, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *key)
{
	begin(w, key);
	strbuf_addstr(w->to, "null");
}

void json_put_text(struct json_writer *w, const char *key, const char *text)
{
	if (!text) {
		json_put_null(w, key);
		return;
	}
	begin(w, key);
	add_string(w, text);
}
