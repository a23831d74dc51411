// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/strbuf.h"
#include "base/text.h"

static void assert_escaped(const char *raw, const char *wanted, bool ascii)
{
	struct strbuf sb = { 0 };

	text_escape(&sb, raw, ascii);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void plain_text_is_left_alone(void **state)
{
	(void)state;
	assert_escaped("", "", false);
	assert_escaped("plain-1 {}\"'\\x20", "plain-1 {}\"'\\x20", false);
	assert_escaped("na\xc3\xafve \xe6\x97\xa5 \xf0\x9f\x90\xa7",
		       "na\xc3\xafve \xe6\x97\xa5 \xf0\x9f\x90\xa7", false);
}

static void control_characters_are_escaped(void **state)
{
	(void)state;
	assert_escaped("a\nb\tc\r\033[0m\x7f",
		       "a\\x0ab\\x09c\\x0d\\x1b[0m\\x7f", false);
	/* C1: a terminal may read U+009B as "ESC [" */
	assert_escaped("\xc2\x9b", "\\xc2\\x9b", false);
}

static void deceptive_characters_are_escaped(void **state)
{
	(void)state;
	assert_escaped("\xe2\x80\xae", "\\xe2\\x80\\xae", false);
	assert_escaped("\xe2\x80\x8b", "\\xe2\\x80\\x8b", false);
	assert_escaped("\xef\xbb\xbf", "\\xef\\xbb\\xbf", false);
	assert_escaped("\xf3\xa0\x80\x81", "\\xf3\\xa0\\x80\\x81", false);
}

static void invalid_utf8_is_escaped_byte_by_byte(void **state)
{
	(void)state;
	assert_escaped("\xff", "\\xff", false);
	assert_escaped("\x80z", "\\x80z", false);
	/* cut short, by the end and by another character */
	assert_escaped("\xe6\x97", "\\xe6\\x97", false);
	assert_escaped("\xe6z", "\\xe6z", false);
	/* too long a form, a surrogate, beyond Unicode */
	assert_escaped("\xc0\xaf", "\\xc0\\xaf", false);
	assert_escaped("\xe0\x80\xaf", "\\xe0\\x80\\xaf", false);
	assert_escaped("\xed\xa0\x80", "\\xed\\xa0\\x80", false);
	assert_escaped("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", false);
}

static void ascii_only_escapes_the_rest(void **state)
{
	(void)state;
	assert_escaped("na\xc3\xafve", "na\\xc3\\xafve", true);
}

static void assert_utf8(const char *raw, const char *wanted)
{
	struct strbuf sb = { 0 };

	text_to_utf8(&sb, raw);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void invalid_bytes_become_replacement_characters(void **state)
{
	(void)state;
	assert_utf8("a\nb\x1b", "a\nb\x1b");
	assert_utf8("na\xc3\xafve", "na\xc3\xafve");
	assert_utf8("\xff", "\xef\xbf\xbd");
	assert_utf8("\xc3", "\xef\xbf\xbd");
	assert_utf8("x\xed\xa0\x80y", "x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdy");
}

static void numbers_are_parsed_to_the_end(void **state)
{
	uint64_t n = 7;

	(void)state;
	assert_int_equal(text_to_u64("0", 0, 9, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(text_to_u64("18446744073709551615", 0, UINT64_MAX, &n),
			 0);
	assert_true(n == UINT64_MAX);

	n = 7;
	assert_int_equal(text_to_u64("", 0, 9, &n), -EINVAL);
	assert_int_equal(text_to_u64("10x", 0, 99, &n), -EINVAL);
	assert_int_equal(text_to_u64(" 1", 0, 9, &n), -EINVAL);
	assert_int_equal(text_to_u64("-1", 0, 9, &n), -EINVAL);
	assert_int_equal(text_to_u64("+1", 0, 9, &n), -EINVAL);
	assert_int_equal(text_to_u64("0x1", 0, 9, &n), -EINVAL);
	assert_int_equal(text_to_u64("10", 0, 9, &n), -ERANGE);
	assert_int_equal(text_to_u64("1", 2, 9, &n), -ERANGE);
	assert_int_equal(text_to_u64("18446744073709551616", 0, UINT64_MAX, &n),
			 -ERANGE);
	assert_int_equal(text_to_u64("99999999999999999999999", 0, UINT64_MAX,
				     &n),
			 -ERANGE);
	assert_true(n == 7);
}

static void copies_are_cut_and_terminated(void **state)
{
	char to[4] = "zzz";

	(void)state;
	text_copy(to, sizeof(to), "abcdef");
	assert_string_equal(to, "abc");
	text_copy(to, sizeof(to), "x");
	assert_string_equal(to, "x");
	text_copy(to, sizeof(to), NULL);
	assert_string_equal(to, "");
}

static const char *nearest(const char *word)
{
	struct text_nearest n = { .word = word };

	text_nearest_offer(&n, "columns");
	text_nearest_offer(&n, "sort");
	text_nearest_offer(&n, "json");
	text_nearest_offer(&n, "list-columns");
	return n.best;
}

static void slips_of_the_finger_are_recognised(void **state)
{
	(void)state;
	assert_string_equal(nearest("colums"), "columns");
	assert_string_equal(nearest("COLUMNS"), "columns");
	assert_string_equal(nearest("jsno"), "json");
	assert_string_equal(nearest("col"), "columns");
	assert_string_equal(nearest("list-colunms"), "list-columns");
	assert_null(nearest("xyzzy"));
	assert_null(nearest(""));
	assert_null(nearest("a-word-that-is-much-longer-than-any-of-ours"));
}

static void assert_seconds(const char *s, int err, uint64_t wanted)
{
	uint64_t ns = 77;

	assert_int_equal(text_to_ns(s, 100 * 1000000000ULL, &ns), err);
	assert_true(ns == (err ? 77 : wanted));
}

static void seconds_are_parsed_exactly(void **state)
{
	(void)state;
	assert_seconds("0", 0, 0);
	assert_seconds("1", 0, 1000000000);
	assert_seconds("0.5", 0, 500000000);
	assert_seconds("00.000000001", 0, 1);
	assert_seconds("99.999999999", 0, 99999999999);
	assert_seconds("100.000000000", 0, 100000000000);
	assert_seconds("100.000000001", -ERANGE, 0);
	assert_seconds("18446744074", -ERANGE, 0);
	assert_seconds("99999999999999999999999", -ERANGE, 0);
	assert_seconds("", -EINVAL, 0);
	assert_seconds(".", -EINVAL, 0);
	assert_seconds("1.", -EINVAL, 0);
	assert_seconds(".5", -EINVAL, 0);
	assert_seconds("1.5.5", -EINVAL, 0);
	assert_seconds("1.0000000000", -EINVAL, 0);
	assert_seconds("-1", -EINVAL, 0);
	assert_seconds("1s", -EINVAL, 0);
}

static void assert_base64(const char *bytes, const char *wanted)
{
	struct strbuf sb = { 0 };

	base64_add(&sb, bytes, strlen(bytes));
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

/* Most are the examples of RFC 4648. */
static void bytes_become_base64(void **state)
{
	(void)state;
	assert_base64("", "");
	assert_base64("f", "Zg==");
	assert_base64("go", "Z28=");
	assert_base64("foo", "Zm9v");
	assert_base64("foob", "Zm9vYg==");
	assert_base64("fooba", "Zm9vYmE=");
	assert_base64("foobar", "Zm9vYmFy");
	assert_base64("\xff\xfe\xfb", "//77");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_become_base64),
		cmocka_unit_test(plain_text_is_left_alone),
		cmocka_unit_test(control_characters_are_escaped),
		cmocka_unit_test(deceptive_characters_are_escaped),
		cmocka_unit_test(invalid_utf8_is_escaped_byte_by_byte),
		cmocka_unit_test(ascii_only_escapes_the_rest),
		cmocka_unit_test(invalid_bytes_become_replacement_characters),
		cmocka_unit_test(numbers_are_parsed_to_the_end),
		cmocka_unit_test(copies_are_cut_and_terminated),
		cmocka_unit_test(slips_of_the_finger_are_recognised),
		cmocka_unit_test(seconds_are_parsed_exactly),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
