// SPDX-License-Identifier: GPL-2.0-only
#include "base/msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

#define NAME "verity-memtop: "

/*
 * The only writable file variable beside main's: libraries' log callbacks get
 * no context that could hold it.
 */
static enum msg_level msg_most = MSG_INFO;

void msg_set_level(enum msg_level most)
{
	msg_most = most;
}

int msg_shows(enum msg_level level)
{
	return level <= msg_most;
}

static const char *msg_label(enum msg_level level)
{
	switch (level) {
	case MSG_WARNING:
		return "warning: ";
	case MSG_DEBUG:
	case MSG_TRACE:
		return "debug: ";
	default:
		return "";
	}
}

/*
 * Writes a line with one write(), so that lines of several writers stay whole.
 */
static void msg_line(enum msg_level level, const char *library,
		     const char *text)
{
	struct strbuf line = { 0 };

	strbuf_addf(&line, NAME "%s", msg_label(level));
	if (library)
		strbuf_addf(&line, "%s: ", library);
	text_escape(&line, text, false);
	strbuf_addstr(&line, "\n");
	fputs(strbuf_text(&line), stderr);
	strbuf_release(&line);
}

/* Writes @text line by line. */
static void msg_lines(enum msg_level level, const char *library, char *text)
{
	size_t len = strlen(library);
	char *line;

	while ((line = strsep(&text, "\n"))) {
		/* Some texts have the library's name, but not on every line. */
		if (strncmp(line, library, len) == 0 &&
		    strncmp(line + len, ": ", 2) == 0)
			line += len + 2;
		if (*line)
			msg_line(level, library, line);
	}
}

static void msg_vsay(enum msg_level level, int err, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));
static void msg_vsay(enum msg_level level, int err, const char *fmt, va_list ap)
{
	struct strbuf text = { 0 };

	if (!msg_shows(level))
		return;
	strbuf_vaddf(&text, fmt, ap);
	if (err)
		strbuf_addf(&text, ": %s", strerror(abs(err)));
	/* A newline here came in a name: escape it. */
	msg_line(level, NULL, strbuf_text(&text));
	strbuf_release(&text);
}

void msg_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_vsay(MSG_ERROR, 0, fmt, ap);
	va_end(ap);
}

void msg_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_vsay(MSG_WARNING, 0, fmt, ap);
	va_end(ap);
}

void msg_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_vsay(MSG_INFO, 0, fmt, ap);
	va_end(ap);
}

void msg_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_vsay(MSG_DEBUG, 0, fmt, ap);
	va_end(ap);
}

int msg_error_errno(int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_vsay(MSG_ERROR, err, fmt, ap);
	va_end(ap);
	return -abs(err);
}

void msg_library(enum msg_level level, const char *library, const char *fmt,
		 va_list ap)
{
	struct strbuf text = { 0 };

	if (!msg_shows(level))
		return;
	strbuf_vaddf(&text, fmt, ap);
	if (text.len)
		msg_lines(level, library, text.text);
	strbuf_release(&text);
}

bool msg_is_debug(const char *line)
{
	static const char prefix[] = NAME "debug: ";

	return strncmp(line, prefix, sizeof(prefix) - 1) == 0;
}

void msg_forward(const char *line, size_t len)
{
	fprintf(stderr, "%.*s\n", (int)len, line);
}
