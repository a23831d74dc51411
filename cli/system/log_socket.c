// SPDX-License-Identifier: GPL-2.0-only
#include "system/log_socket.h"

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"

#define NAME "verity-memtop"
#define FACILITY_DAEMON 3

struct log_socket {
	enum log_protocol protocol;
	int fd;
	struct sockaddr_un address;
};

static const char *const usual_paths[] = {
	[LOG_TO_SYSLOG] = "/dev/log",
	[LOG_TO_JOURNAL] = "/run/systemd/journal/socket",
};

static int connect_log(const struct log_socket *log)
{
	return connect(log->fd, (const struct sockaddr *)&log->address,
		       sizeof(log->address));
}

int log_socket_open(enum log_protocol protocol, const char *path,
		    struct log_socket **ret)
{
	struct log_socket *log = xcalloc(1, sizeof(*log));
	int err;

	path = path ? path : usual_paths[protocol];
	log->protocol = protocol;
	log->address.sun_family = AF_UNIX;
	text_copy(log->address.sun_path, sizeof(log->address.sun_path), path);
	/* localtime_r() reads a file, but only once */
	tzset();
	log->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (log->fd < 0 || connect_log(log)) {
		err = msg_error_errno(errno, "cannot log to %s", path);
		log_socket_close(log);
		return err;
	}
	*ret = log;
	return 0;
}

/* A field for the journal: with its length if it has several lines. */
static void add_field(struct strbuf *message, const char *field)
{
	const char *value = strchr(field, '=') + 1;
	uint64_t len = htole64(strlen(value));

	if (!strchr(value, '\n')) {
		strbuf_addf(message, "%s\n", field);
		return;
	}
	strbuf_addf(message, "%.*s\n", (int)(value - field - 1), field);
	strbuf_add(message, (const char *)&len, sizeof(len));
	strbuf_addf(message, "%s\n", value);
}

static void add_journal(struct strbuf *message, enum log_priority priority,
			const struct strbuf *text, const struct strbuf *fields)
{
	const char *next = strbuf_text(fields);

	strbuf_addf(message,
		    "PRIORITY=%d\nSYSLOG_FACILITY=%d\nSYSLOG_IDENTIFIER=" NAME
		    "\nSYSLOG_PID=%d\n",
		    (int)priority, FACILITY_DAEMON, (int)getpid());
	for (; next < strbuf_text(fields) + fields->len;
	     next += strlen(next) + 1)
		add_field(message, next);
	strbuf_addf(message, "MESSAGE=%s\n", strbuf_text(text));
}

static void add_syslog(struct strbuf *message, enum log_priority priority,
		       const struct strbuf *text)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr",
					  "May", "Jun", "Jul", "Aug",
					  "Sep", "Oct", "Nov", "Dec" };
	time_t now = time(NULL);
	struct tm tm = { 0 };

	localtime_r(&now, &tm);
	strbuf_addf(message, "<%d>%s %2d %02d:%02d:%02d " NAME "[%d]: %s",
		    FACILITY_DAEMON * 8 + (int)priority, months[tm.tm_mon],
		    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)getpid(),
		    strbuf_text(text));
}

static bool send_message(const struct log_socket *log,
			 const struct strbuf *message)
{
	return send(log->fd, message->text, message->len,
		    MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)message->len;
}

bool log_socket_send(struct log_socket *log, enum log_priority priority,
		     const struct strbuf *text, const struct strbuf *fields)
{
	struct strbuf message = { 0 };
	bool sent;

	if (log->protocol == LOG_TO_JOURNAL)
		add_journal(&message, priority, text, fields);
	else
		add_syslog(&message, priority, text);
	sent = send_message(log, &message);
	/* the log daemon was restarted */
	if (!sent && (errno == ECONNREFUSED || errno == ENOTCONN) &&
	    connect_log(log) == 0)
		sent = send_message(log, &message);
	strbuf_release(&message);
	return sent;
}

void log_socket_close(struct log_socket *log)
{
	if (!log)
		return;
	if (log->fd >= 0)
		close(log->fd);
	free(log);
}
