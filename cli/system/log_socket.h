/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system's logs, through sockets that are connected at the start and never
 * waited for. A daemon that writes a log to a disk may hang, and the libraries'
 * functions would wait for it.
 */
#ifndef MEMTOP_SYSTEM_LOG_SOCKET_H
#define MEMTOP_SYSTEM_LOG_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

struct log_socket;
struct strbuf;

enum log_protocol {
	LOG_TO_SYSLOG, /* the format of syslog(3) */
	LOG_TO_JOURNAL, /* the format of systemd, with fields */
};

/* The numbers of syslog(3) and the journal. */
enum log_priority {
	LOG_PRIORITY_CRITICAL = 2,
	LOG_PRIORITY_WARNING = 4,
	LOG_PRIORITY_NOTICE = 5,
};

/*
 * Connects to the log at @path; NULL: its usual path. Returns 0 or -errno,
 * already reported.
 */
int log_socket_open(enum log_protocol protocol, const char *path,
		    struct log_socket **ret);

/*
 * Sends @text, a line without its end, and, to a journal, @fields, "NAME=VALUE"
 * and a NUL each. Returns false if the log's buffer was full.
 */
bool log_socket_send(struct log_socket *log, enum log_priority priority,
		     const struct strbuf *text, const struct strbuf *fields);

/* Safe on NULL. */
void log_socket_close(struct log_socket *log);

#endif
