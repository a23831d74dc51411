// SPDX-License-Identifier: GPL-2.0-only
#include "base/json_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * Largest depth that json_skip() accepts; its stack has one bit for each level.
 */
#define MAX_DEPTH 64
/* Size of the keys that json_find() searches for, with the NUL. */
#define MAX_KEY 64

/* A character of a string, in bytes. */
struct bytes {
	char at[4];
	size_t nr;
};

void json_reader_init(struct json_reader *j, const char *text, size_t len)
{
	*j = (struct json_reader){ .start = text,
				   .pos = text,
				   .end = text + len };
}

int json_fail(struct json_reader *j, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(j->problem, sizeof(j->problem), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/*
 * The next token is not @wanted; at the end of the text, the text is cut short.
 */
static int fail_wanted(struct json_reader *j, const char *wanted)
{
	if (j->pos < j->end)
		return json_fail(j, "expected %s", wanted);
	j->cut = true;
	return json_fail(j, "it ends where %s is expected", wanted);
}

static void skip_blanks(struct json_reader *j)
{
	while (j->pos < j->end && (*j->pos == ' ' || *j->pos == '\t' ||
				   *j->pos == '\r' || *j->pos == '\n'))
		j->pos++;
}

/* Skips @c, if it comes next. */
static bool pass(struct json_reader *j, char c)
{
	skip_blanks(j);
	if (j->pos == j->end || *j->pos != c)
		return false;
	j->pos++;
	return true;
}

int json_enter(struct json_reader *j, char opening)
{
	if (pass(j, opening))
		return 0;
	return fail_wanted(j, opening == '{' ? "an object" : "an array");
}

int json_more(struct json_reader *j, char closing, bool *first)
{
	bool was_first = *first;

	*first = false;
	if (pass(j, closing))
		return 0;
	if (was_first || pass(j, ','))
		return 1;
	return fail_wanted(j, closing == '}' ? "',' or '}'" : "',' or ']'");
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the four digits of \uXXXX. */
static int read_hex(struct json_reader *j, uint32_t *ret)
{
	int i, digit;

	*ret = 0;
	for (i = 0; i < 4; i++) {
		digit = j->pos < j->end ? hex_digit(*j->pos) : -1;
		if (digit < 0)
			return fail_wanted(j, "a hexadecimal digit");
		*ret = *ret << 4 | (uint32_t)digit;
		j->pos++;
	}
	return 0;
}

/* Reads the second half of a surrogate pair whose first half is @high. */
static int read_low_half(struct json_reader *j, uint32_t high, uint32_t *ret)
{
	uint32_t low;
	int err;

	if (j->pos == j->end || *j->pos != '\\')
		return fail_wanted(j, "the second half of a surrogate pair");
	j->pos++;
	if (j->pos == j->end || *j->pos != 'u')
		return fail_wanted(j, "the second half of a surrogate pair");
	j->pos++;
	err = read_hex(j, &low);
	if (err)
		return err;
	if (low < 0xdc00 || low > 0xdfff)
		return json_fail(j, "a surrogate without its second half");
	*ret = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return 0;
}

/* Reads the part after "\u". */
static int read_code(struct json_reader *j, struct bytes *ret)
{
	uint32_t c;
	int err = read_hex(j, &c);

	if (!err && c >= 0xd800 && c <= 0xdbff)
		err = read_low_half(j, c, &c);
	if (err)
		return err;
	if (c == 0)
		return json_fail(j, "NUL in a string");
	if (c >= 0xdc80 && c <= 0xdcff) {
		*ret = (struct bytes){ { (char)(c - 0xdc00) }, 1 };
		return 0;
	}
	if (c >= 0xdc00 && c <= 0xdfff)
		return json_fail(j, "a surrogate that does not encode a byte");
	ret->nr = text_encode(c, ret->at);
	return 0;
}

/* Reads the part after a backslash. */
static int read_escape(struct json_reader *j, struct bytes *ret)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (j->pos == j->end)
		return fail_wanted(j, "the rest of an escape");
	if (*j->pos == 'u') {
		j->pos++;
		return read_code(j, ret);
	}
	found = *j->pos ? strchr(from, *j->pos) : NULL;
	if (!found)
		return json_fail(j, "an unknown escape");
	j->pos++;
	*ret = (struct bytes){ { to[found - from] }, 1 };
	return 0;
}

/* Invalid UTF-8 here: is it cut off in the middle of a character, or wrong? */
static int fail_utf8(struct json_reader *j)
{
	const unsigned char *at = (const unsigned char *)j->pos;
	size_t left = (size_t)(j->end - j->pos), i;
	size_t need = at[0] < 0xc2 || at[0] > 0xf4 ? 0 :
		      at[0] < 0xe0		   ? 2 :
		      at[0] < 0xf0		   ? 3 :
						     4;

	for (i = 1; i < left && (at[i] & 0xc0) == 0x80; i++)
		;
	j->cut = i == left && left < need;
	return json_fail(j, "bytes that are not UTF-8");
}

/* The next character of a string; 0 if it is the quote that ends it. */
static int read_char(struct json_reader *j, struct bytes *ret)
{
	uint32_t code;
	unsigned char c;
	int err;

	if (j->pos == j->end)
		return fail_wanted(j, "the end of a string");
	c = (unsigned char)*j->pos;
	if (c < 0x20)
		return json_fail(j, "control character in a string");
	if (c == '"') {
		j->pos++;
		return 0;
	}
	if (c == '\\') {
		j->pos++;
		err = read_escape(j, ret);
		return err ? err : 1;
	}
	ret->nr = text_decode(j->pos, &code);
	if (!ret->nr)
		return fail_utf8(j);
	memcpy(ret->at, j->pos, ret->nr);
	j->pos += ret->nr;
	return 1;
}

/* Adds bytes of a string to @to, which has @len of them, if they fit. */
static void take_bytes(char *to, size_t *len, size_t room, bool *fits,
		       const char *bytes, size_t nr)
{
	*fits = *fits && *len + nr < room;
	if (!*fits)
		return;
	memcpy(to + *len, bytes, nr);
	*len += nr;
	to[*len] = '\0';
}

/* Passes the characters that stand for themselves, which most do. */
static void take_plain(struct json_reader *j, char *to, size_t *len,
		       size_t room, bool *fits)
{
	const char *at = j->pos;
	size_t nr;

	while (at < j->end && (signed char)*at >= 0x20 && *at != '"' &&
	       *at != '\\')
		at++;
	nr = (size_t)(at - j->pos);
	if (nr)
		take_bytes(to, len, room, fits, j->pos, nr);
	j->pos = at;
}

/*
 * Reads a string; @to always gets a NUL. Sets @fits to whether it was large
 * enough; the rest is skipped.
 */
static int read_string(struct json_reader *j, char *to, size_t room, bool *fits)
{
	struct bytes c = { .nr = 0 };
	size_t len = 0;
	int ret;

	*fits = true;
	*to = '\0';
	if (!pass(j, '"'))
		return fail_wanted(j, "a string");
	do {
		take_plain(j, to, &len, room, fits);
		ret = read_char(j, &c);
		if (ret > 0)
			take_bytes(to, &len, room, fits, c.at, c.nr);
	} while (ret > 0);
	return ret;
}

int json_key(struct json_reader *j, char *to, size_t room)
{
	bool fits;
	int err = read_string(j, to, room, &fits);

	if (err)
		return err;
	if (!fits)
		*to = '\0';
	return pass(j, ':') ? 0 : fail_wanted(j, "':'");
}

int json_text(struct json_reader *j, char *to, size_t room)
{
	bool fits;
	int err = read_string(j, to, room, &fits);

	if (!err && !fits)
		err = json_fail(j, "a string longer than %zu bytes", room - 1);
	return err;
}

/* Skips digits; returns whether there was one. */
static bool pass_digits(struct json_reader *j)
{
	const char *before = j->pos;

	while (j->pos < j->end && *j->pos >= '0' && *j->pos <= '9')
		j->pos++;
	return j->pos > before;
}

/* Skips a number of any kind; @whole: it has only digits. */
static int pass_number(struct json_reader *j, bool *whole)
{
	*whole = !pass(j, '-');
	if (j->pos < j->end && *j->pos == '0')
		j->pos++;
	else if (!pass_digits(j))
		return fail_wanted(j, "a digit");
	if (j->pos < j->end && *j->pos == '.') {
		*whole = false;
		j->pos++;
		if (!pass_digits(j))
			return fail_wanted(j, "a digit");
	}
	if (j->pos < j->end && (*j->pos | 0x20) == 'e') {
		*whole = false;
		j->pos++;
		if (j->pos < j->end && (*j->pos == '+' || *j->pos == '-'))
			j->pos++;
		if (!pass_digits(j))
			return fail_wanted(j, "a digit");
	}
	return 0;
}

int json_number(struct json_reader *j, uint64_t most, uint64_t *ret)
{
	const char *digit;
	uint64_t n = 0;
	bool whole, fits = true;
	int err;

	skip_blanks(j);
	digit = j->pos;
	if (digit == j->end ||
	    (*digit != '-' && (*digit < '0' || *digit > '9')))
		return fail_wanted(j, "a number");
	err = pass_number(j, &whole);
	if (err)
		return err;
	for (; whole && fits && digit < j->pos; digit++)
		fits = !__builtin_mul_overflow(n, 10, &n) &&
		       !__builtin_add_overflow(n, (uint64_t)(*digit - '0'), &n);
	if (!whole || !fits || n > most)
		return json_fail(j, "not an integer from 0 to %" PRIu64, most);
	*ret = n;
	return 0;
}

/* 1: skipped @word; 0: something else comes next. */
static int pass_word(struct json_reader *j, const char *word)
{
	size_t len, left;

	skip_blanks(j);
	if (j->pos < j->end && *j->pos != *word)
		return 0;
	len = strlen(word);
	left = (size_t)(j->end - j->pos);
	if (left && left < len && memcmp(j->pos, word, left) == 0) {
		j->pos = j->end;
		return fail_wanted(j, word);
	}
	if (left < len || memcmp(j->pos, word, len) != 0)
		return 0;
	j->pos += len;
	return 1;
}

int json_null(struct json_reader *j)
{
	return pass_word(j, "null");
}

int json_bool(struct json_reader *j, bool *ret)
{
	int found = pass_word(j, "true");

	*ret = found > 0;
	if (!found)
		found = pass_word(j, "false");
	if (!found)
		return fail_wanted(j, "true or false");
	return found < 0 ? found : 0;
}

/* Skips a value that is neither an object nor an array. */
static int skip_scalar(struct json_reader *j)
{
	static const char *const words[] = { "null", "true", "false" };
	char nowhere[1];
	bool ignored;
	size_t i;
	int ret;

	skip_blanks(j);
	if (j->pos < j->end && *j->pos == '"')
		return read_string(j, nowhere, sizeof(nowhere), &ignored);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ret = pass_word(j, words[i]);
		if (ret)
			return ret < 0 ? ret : 0;
	}
	if (j->pos == j->end ||
	    (*j->pos != '-' && !(*j->pos >= '0' && *j->pos <= '9')))
		return fail_wanted(j, "a value");
	return pass_number(j, &ignored);
}

int json_skip(struct json_reader *j)
{
	/* a bit for each level, set for an object; bit 0 is the innermost */
	uint64_t objects = 0;
	unsigned int depth = 0;
	bool first = false;
	char nowhere[1];
	int ret;

	do {
		/* A value must follow. */
		first = pass(j, '{');
		if (first || pass(j, '[')) {
			if (++depth > MAX_DEPTH)
				return json_fail(j, "nested too deeply");
			objects = objects << 1 | first;
			first = true;
		} else {
			ret = skip_scalar(j);
			if (ret)
				return ret;
		}
		/* Leaves all that ends here, and moves to the next member. */
		for (ret = 0; depth && !ret;) {
			ret = json_more(j, objects & 1 ? '}' : ']', &first);
			if (ret < 0)
				return ret;
			if (ret)
				continue;
			depth--;
			objects >>= 1;
		}
		if (depth && objects & 1)
			ret = json_key(j, nowhere, sizeof(nowhere));
		if (ret < 0)
			return ret;
	} while (depth);
	return 0;
}

int json_end(struct json_reader *j)
{
	skip_blanks(j);
	return j->pos == j->end ?
		       0 :
		       json_fail(j, "text after the end of the object");
}

/* Goes to the member @name (@len bytes) of an object: 1; 0: it has none. */
static int find_member(struct json_reader *j, const char *name, size_t len)
{
	char key[MAX_KEY];
	bool first = true;
	int err = json_enter(j, '{');

	while (!err && (err = json_more(j, '}', &first)) > 0) {
		err = json_key(j, key, sizeof(key));
		if (!err && strlen(key) == len && memcmp(key, name, len) == 0)
			return 1;
		if (!err)
			err = json_skip(j);
	}
	return err;
}

/* Goes to the element with this number in an array: 1; 0: it has none. */
static int find_element(struct json_reader *j, const char *number)
{
	unsigned long left = strtoul(number, NULL, 10);
	bool first = true;
	int err = json_enter(j, '[');

	while (!err && (err = json_more(j, ']', &first)) > 0) {
		if (!left--)
			return 1;
		err = json_skip(j);
	}
	return err;
}

int json_find(struct json_reader *j, const char *path)
{
	int err = 1;

	while (err > 0 && *path) {
		size_t len = strcspn(path, "/");

		skip_blanks(j);
		if (j->pos != j->end && *j->pos == '{')
			err = find_member(j, path, len);
		else if (j->pos != j->end && *j->pos == '[')
			err = find_element(j, path);
		else
			err = 0;
		path += len + (path[len] == '/');
	}
	return err;
}
