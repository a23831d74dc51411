/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system's logs, through sockets that are connected at the start and never
 * waited for: who writes a log to a disk may be stuck on it, and the libraries'
 * calls would wait for him.
 */
#ifndef MEMTOP_SYSTEM_LOG_SOCKET_H
#define MEMTOP_SYSTEM_LOG_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

struct log_socket;
struct strbuf;

enum log_protocol {
	LOG_TO_SYSLOG, /* what syslog(3) speaks */
	LOG_TO_JOURNAL, /* systemd's, with fields */
};

/* As syslog(3) and the journal number them. */
enum log_priority {
	LOG_PRIORITY_CRITICAL = 2,
	LOG_PRIORITY_WARNING = 4,
	LOG_PRIORITY_NOTICE = 5,
};

/*
 * Connects to the log at @path; NULL: where that log is usually. Returns 0 or
 * -errno, the reason already said.
 */
int log_socket_open(enum log_protocol protocol, const char *path,
		    struct log_socket **ret);

/*
 * Sends @text, a line without its end, and, to a journal, @fields, "NAME=VALUE"
 * and a NUL each. Returns false if it found no room there.
 */
bool log_socket_send(struct log_socket *log, enum log_priority priority,
		     const struct strbuf *text, const struct strbuf *fields);

/* Fine on NULL. */
void log_socket_close(struct log_socket *log);

#endif
