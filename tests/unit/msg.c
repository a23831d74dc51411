// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/strbuf.h"

/* The descriptor of stderr while a test runs, and the original one. */
struct capture {
	FILE *file;
	int saved;
};

static int capture_begin(void **state)
{
	struct capture *c = calloc(1, sizeof(*c));

	if (!c)
		return -1;
	c->file = tmpfile();
	c->saved = dup(STDERR_FILENO);
	if (!c->file || c->saved < 0)
		return -1;
	fflush(stderr);
	dup2(fileno(c->file), STDERR_FILENO);
	msg_set_level(MSG_INFO);
	*state = c;
	return 0;
}

static int capture_end(void **state)
{
	struct capture *c = *state;

	fflush(stderr);
	dup2(c->saved, STDERR_FILENO);
	close(c->saved);
	fclose(c->file);
	free(c);
	return 0;
}

/* All messages so far are @wanted. */
static void assert_said(void **state, const char *wanted)
{
	struct capture *c = *state;
	struct strbuf said = { 0 };
	int ch;

	fflush(stderr);
	rewind(c->file);
	while ((ch = fgetc(c->file)) != EOF)
		strbuf_add(&said, (char[]){ (char)ch }, 1);
	assert_string_equal(strbuf_text(&said), wanted);
	strbuf_release(&said);
}

static void library(enum msg_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void library(enum msg_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_library(level, "libbpf", fmt, ap);
	va_end(ap);
}

static void each_message_is_one_line(void **state)
{
	msg_error("no device '%s'", "a\nb\033[0m\xff");
	msg_warning("odd");
	msg_info("try this");
	assert_said(state, "verity-memtop: no device 'a\\x0ab\\x1b[0m\\xff'\n"
			   "verity-memtop: warning: odd\n"
			   "verity-memtop: try this\n");
}

static void errors_have_their_text_and_come_back_negative(void **state)
{
	assert_int_equal(msg_error_errno(ENOENT, "cannot open %s", "x"),
			 -ENOENT);
	assert_int_equal(msg_error_errno(-ENOSPC, "cannot write"), -ENOSPC);
	assert_said(state,
		    "verity-memtop: cannot open x: No such file or directory\n"
		    "verity-memtop: cannot write: No space left on device\n");
}

static void debugging_is_silent_until_asked_for(void **state)
{
	msg_debug("one");
	library(MSG_TRACE, "two");
	assert_false(msg_shows(MSG_DEBUG));
	assert_said(state, "");
	msg_set_level(MSG_DEBUG);
	msg_debug("three");
	library(MSG_TRACE, "four");
	assert_said(state, "verity-memtop: debug: three\n");
}

static void libraries_are_named_on_every_line(void **state)
{
	msg_set_level(MSG_TRACE);
	library(MSG_WARNING, "libbpf: %s\n\n  second %d\n", "first", 2);
	library(MSG_TRACE, "\n");
	library(MSG_TRACE, "%s", "");
	library(MSG_TRACE, "libbpf:");
	assert_said(state, "verity-memtop: warning: libbpf: first\n"
			   "verity-memtop: warning: libbpf:   second 2\n"
			   "verity-memtop: debug: libbpf: libbpf:\n");
}

static void long_messages_are_whole(void **state)
{
	char text[5000], wanted[sizeof(text) + 64];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	msg_error("%s", text);
	snprintf(wanted, sizeof(wanted), "verity-memtop: %s\n", text);
	assert_said(state, wanted);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, capture_begin, capture_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_message_is_one_line),
		TEST(errors_have_their_text_and_come_back_negative),
		TEST(debugging_is_silent_until_asked_for),
		TEST(libraries_are_named_on_every_line),
		TEST(long_messages_are_whole),
	};

	return cmocka_run_group_tests_name("msg", tests, NULL, NULL);
}
