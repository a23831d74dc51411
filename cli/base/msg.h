/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to users. All go to stderr, one a line, as "verity-memtop: ...";
 * stdout is for results only. Quoted text (names, library text) is escaped.
 */
#ifndef MEMTOP_BASE_MSG_H
#define MEMTOP_BASE_MSG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum msg_level {
	MSG_ERROR, /* the requested action failed */
	MSG_WARNING, /* done, but incomplete or in doubt */
	MSG_INFO, /* a hint, a next step */
	MSG_DEBUG, /* steps of this program and messages of libraries */
	MSG_TRACE, /* debug messages of libraries */
};

/* Shows levels up to @most; MSG_INFO until called. */
void msg_set_level(enum msg_level most);

/* Nonzero if @level is shown: saves work that only feeds a message. */
int msg_shows(enum msg_level level);

void msg_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void msg_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void msg_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void msg_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * As msg_error(), followed by ": " and the text of @err, an errno with either
 * sign. Returns -|@err|, so that a failing branch is one line.
 */
int msg_error_errno(int err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Whether @line was made by msg_debug() or by a library, also in a process that
 * this one started.
 */
bool msg_is_debug(const char *line);

/* Passes on a line of @len bytes from such a process. */
void msg_forward(const char *line, size_t len);

/*
 * For the log callbacks of libraries: @library ("libbpf") is put before each
 * line of the text. Blank lines are left out.
 */
void msg_library(enum msg_level level, const char *library, const char *fmt,
		 va_list ap) __attribute__((format(printf, 3, 0)));

#endif
