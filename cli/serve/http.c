// SPDX-License-Identifier: GPL-2.0-only
#include "serve/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/library.h"
#include "util/msg.h"
#include "util/stop.h"
#include "util/strbuf.h"

/*
 * It is loaded when it is needed: it brings a library for TLS and what comes
 * with that, which to link with would make each report four times as dear to
 * start.
 */
#define LIBRARY "libmicrohttpd.so.12"
#define PACKAGE "libmicrohttpd12"

#define IDLE_SECONDS 10U
/* Requests are short; longer ones are refused by the library. */
#define REQUEST_ROOM ((size_t)16 * 1024)

#define MILLISECOND 1000000ULL

/* clang-format off */
#define FUNCTIONS(use)                       \
	use(MHD_start_daemon)                \
	use(MHD_stop_daemon)                 \
	use(MHD_run)                         \
	use(MHD_get_timeout)                 \
	use(MHD_get_daemon_info)             \
	use(MHD_get_connection_info)         \
	use(MHD_create_response_from_buffer) \
	use(MHD_add_response_header)         \
	use(MHD_queue_response)              \
	use(MHD_destroy_response)
/* clang-format on */

struct http_library {
	FUNCTIONS(LIBRARY_MEMBER)
};

/* A client that is connected; in a list, the youngest first. */
struct client {
	struct client *next;
	struct client **link; /* what points to it */
	int fd; /* not ours */
	uint64_t since; /* by stop_clock() */
	bool has_page;
};

struct http_server {
	struct http_wish wish;
	struct http_library lib;
	struct MHD_Daemon *daemon;
	struct client *clients; /* owned */
	unsigned int pages; /* on their way */
	uint64_t gone; /* clients so far that were let go */
	uint64_t refused;
};

static int load(struct http_library *ret)
{
	const struct library library = {
		.file = LIBRARY,
		.purpose = "serve HTTP",
		.hint = "it is in the package " PACKAGE
			"; --textfile does without",
	};

	FUNCTIONS(LIBRARY_LOOK_UP)
	return 0;
}

static void say(void *context, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
static void say(void *context, const char *fmt, va_list ap)
{
	(void)context;
	/* what clients do wrong, mostly */
	msg_library(MSG_DEBUG, "libmicrohttpd", fmt, ap);
}

static void note_client(void *context, struct MHD_Connection *connection,
			void **socket_context,
			enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = context;
	const union MHD_ConnectionInfo *info;
	struct client *client = *socket_context;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (client->next)
			client->next->link = client->link;
		*client->link = client->next;
		server->gone++;
		free(client);
		return;
	}
	client = xcalloc(1, sizeof(*client));
	info = server->lib.MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	client->fd = info ? info->connect_fd : -1;
	client->since = stop_clock();
	client->next = server->clients;
	client->link = &server->clients;
	if (client->next)
		client->next->link = &client->next;
	server->clients = client;
	*socket_context = client;
}

static struct client *client_of(struct http_server *server,
				struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		server->lib.MHD_get_connection_info(
			connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info->socket_context;
}

static void note_end(void *context, struct MHD_Connection *connection,
		     void **request, enum MHD_RequestTerminationCode code)
{
	struct http_server *server = context;
	struct client *client = client_of(server, connection);

	(void)request;
	(void)code;
	server->pages -= client->has_page;
	client->has_page = false;
}

/* Takes @body. Each connection is for one request: so its age has a meaning. */
static enum MHD_Result reply(struct http_server *server,
			     struct MHD_Connection *connection,
			     unsigned int status, const char *type,
			     struct strbuf *body)
{
	const struct http_library *lib = &server->lib;
	struct MHD_Response *response;
	enum MHD_Result ret = MHD_NO;

	strbuf_addstr(body, "");
	response = lib->MHD_create_response_from_buffer(body->len, body->text,
							MHD_RESPMEM_MUST_FREE);
	if (!response) {
		strbuf_release(body);
		return MHD_NO;
	}
	if (lib->MHD_add_response_header(response, "Content-Type", type) &&
	    lib->MHD_add_response_header(response, "X-Content-Type-Options",
					 "nosniff") &&
	    lib->MHD_add_response_header(response, "Connection", "close") &&
	    (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
	     lib->MHD_add_response_header(response, "Allow", "GET, HEAD")) &&
	    (status != MHD_HTTP_SERVICE_UNAVAILABLE ||
	     lib->MHD_add_response_header(response, "Retry-After", "1")))
		ret = lib->MHD_queue_response(connection, status, response);
	lib->MHD_destroy_response(response);
	return ret;
}

static enum MHD_Result refuse(struct http_server *server,
			      struct MHD_Connection *connection,
			      unsigned int status, const char *why)
{
	struct strbuf body = { 0 };

	server->refused++;
	strbuf_addf(&body, "%s\n", why);
	return reply(server, connection, status, "text/plain; charset=utf-8",
		     &body);
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *upload,
			      size_t *upload_size, void **request)
{
	struct http_server *server = context;
	struct client *client = client_of(server, connection);
	struct strbuf body = { 0 };

	(void)version;
	(void)upload;
	(void)request;
	*upload_size = 0;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return refuse(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED,
			      "There is nothing here but to be read.");
	if (strcmp(url, "/") == 0) {
		strbuf_addf(&body,
			    "verity-memtop " MEMTOP_VERSION
			    ": the metrics are at %s\n",
			    server->wish.path);
		return reply(server, connection, MHD_HTTP_OK,
			     "text/plain; charset=utf-8", &body);
	}
	if (strcmp(url, server->wish.path) != 0)
		return refuse(server, connection, MHD_HTTP_NOT_FOUND,
			      "There is no such page.");
	if (server->pages >= HTTP_REPLIES)
		return refuse(server, connection, MHD_HTTP_SERVICE_UNAVAILABLE,
			      "Too many clients are being served.");
	server->pages++;
	client->has_page = true;
	server->wish.page(server->wish.context, &body);
	return reply(server, connection, MHD_HTTP_OK, server->wish.type, &body);
}

static int start(struct http_server *server)
{
	server->daemon = server->lib.MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, answer,
		server, MHD_OPTION_EXTERNAL_LOGGER, say, NULL,
		MHD_OPTION_LISTEN_SOCKET, server->wish.fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)HTTP_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, REQUEST_ROOM,
		MHD_OPTION_NOTIFY_CONNECTION, note_client, server,
		MHD_OPTION_NOTIFY_COMPLETED, note_end, server, MHD_OPTION_END);
	if (server->daemon)
		return 0;
	close(server->wish.fd);
	return msg_error_errno(errno ? errno : EIO, "can't serve HTTP");
}

int http_open(const struct http_wish *wish, struct http_server **ret)
{
	struct http_server *server = xcalloc(1, sizeof(*server));
	int err;

	server->wish = *wish;
	err = load(&server->lib);
	if (err)
		close(wish->fd);
	else
		err = start(server);
	if (err) {
		free(server);
		return err;
	}
	*ret = server;
	return 0;
}

int http_fd(const struct http_server *server)
{
	return server->lib
		.MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)
		->epoll_fd;
}

/*
 * Ends those that are here for too long, as the library ends only those that
 * keep still. Returns when the next one will be.
 */
static uint64_t end_old(struct http_server *server, uint64_t now)
{
	uint64_t next = UINT64_MAX;

	for (struct client *c = server->clients; c; c = c->next) {
		if (now - c->since < HTTP_AGE_NS) {
			if (c->since + HTTP_AGE_NS < next)
				next = c->since + HTTP_AGE_NS;
		} else {
			shutdown(c->fd, SHUT_RDWR);
		}
	}
	return next;
}

uint64_t http_serve(struct http_server *server)
{
	uint64_t gone = server->gone, now, next;
	MHD_UNSIGNED_LONG_LONG timeout;

	server->lib.MHD_run(server->daemon);
	now = stop_clock(); /* no client is younger */
	next = end_old(server, now);
	/*
	 * With as many clients as may be the library does not listen, and when
	 * some go it listens again only in its next run, for which it does not
	 * ask (MHD_epoll() and MHD_cleanup_connections() in its daemon.c).
	 */
	if (server->gone != gone)
		next = now;
	else if (server->lib.MHD_get_timeout(server->daemon, &timeout) ==
			 MHD_YES &&
		 now + timeout * MILLISECOND < next)
		next = now + timeout * MILLISECOND;
	return next;
}

uint64_t http_refused(const struct http_server *server)
{
	return server->refused;
}

void http_close(struct http_server *server)
{
	if (!server)
		return;
	server->lib.MHD_stop_daemon(server->daemon);
	free(server);
}
