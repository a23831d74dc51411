// SPDX-License-Identifier: GPL-2.0-only
#include "system/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "base/version.h"
#include "system/accept.h"
#include "system/clients.h"
#include "system/gzip.h"
#include "system/host.h"
#include "system/library.h"
#include "system/stop.h"

/*
 * The library is loaded on demand: it needs a TLS library and its dependencies.
 * Linked with it, each report would take four times as long to start.
 */
#define LIBRARY "libmicrohttpd.so.12"
#define PACKAGE "libmicrohttpd12"

/* Requests are short; longer ones are refused by the library. */
#define REQUEST_ROOM ((size_t)16 * 1024)

/*
 * The library accepts ten clients before ended ones are removed. With its full
 * limit in use it would accept none.
 */
#define CLIENTS_MARGIN 32
/* Descriptors for everything else, and the minimum number of connections. */
#define OTHER_FILES 128
#define CLIENTS_LEAST 16

/* clang-format off */
#define FUNCTIONS(use)                       \
	use(MHD_start_daemon)                \
	use(MHD_stop_daemon)                 \
	use(MHD_run)                         \
	use(MHD_get_timeout)                 \
	use(MHD_get_daemon_info)             \
	use(MHD_get_connection_info)         \
	use(MHD_get_connection_values)       \
	use(MHD_lookup_connection_value)     \
	use(MHD_create_response_from_buffer) \
	use(MHD_add_response_header)         \
	use(MHD_queue_response)              \
	use(MHD_destroy_response)
/* clang-format on */

struct http_library {
	FUNCTIONS(LIBRARY_MEMBER)
};

/* A page that was made for the requests of one moment. */
struct page {
	struct held held; /* by clients that read it */
	struct page *next; /* an older one */
	bool open; /* in OpenMetrics */
	bool gzip; /* compressed */
	uint64_t batch; /* of the requests that it was made for */
	struct MHD_Response *response; /* ours and one for each reader */
	uint64_t made; /* when it was made, by stop_clock() */
};

struct http_server {
	struct http_params params;
	struct http_library lib;
	struct MHD_Daemon *daemon;
	struct clients clients;
	struct page *pages; /* owned, the newest first */
	unsigned int nr_pages;
	uint64_t batch; /* number of the current batch of requests */
	uint64_t gone; /* clients that have left so far */
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
	/* mostly errors of clients */
	msg_library(MSG_DEBUG, "libmicrohttpd", fmt, ap);
}

static void note_client(void *context, struct MHD_Connection *connection,
			void **socket_context,
			enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = context;
	struct sockaddr_storage peer = { 0 };
	socklen_t len = sizeof(peer);
	const union MHD_ConnectionInfo *info;
	int fd;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		clients_remove(&server->clients, *socket_context);
		server->gone++;
		return;
	}
	info = server->lib.MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	fd = info ? info->connect_fd : -1;
	if (getpeername(fd, (struct sockaddr *)&peer, &len))
		peer.ss_family = AF_UNSPEC;
	*socket_context = clients_add(&server->clients, fd,
				      (struct sockaddr *)&peer, stop_clock());
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

	(void)request;
	(void)code;
	clients_served(&server->clients, client_of(server, connection));
}

/* --- replies --------------------------------------------------------------- */

struct header {
	const char *name;
	const char *value;
};

/*
 * Takes @body. Each connection is for one request, so a client that was served
 * no longer uses any resource. @more: further headers, up to one without a
 * name. NULL: no memory.
 */
static struct MHD_Response *new_response(const struct http_library *lib,
					 const char *type,
					 const struct header *more,
					 struct strbuf *body)
{
	struct MHD_Response *response;
	bool whole;

	strbuf_addstr(body, "");
	response = lib->MHD_create_response_from_buffer(body->len, body->text,
							MHD_RESPMEM_MUST_FREE);
	if (!response) {
		strbuf_release(body);
		return NULL;
	}
	whole = lib->MHD_add_response_header(response, "Content-Type", type) &&
		lib->MHD_add_response_header(response, "X-Content-Type-Options",
					     "nosniff") &&
		lib->MHD_add_response_header(response, "Connection", "close");
	for (; whole && more->name; more++)
		whole = lib->MHD_add_response_header(response, more->name,
						     more->value);
	if (whole)
		return response;
	lib->MHD_destroy_response(response);
	return NULL;
}

/* Takes @body. */
static enum MHD_Result reply(struct http_server *server,
			     struct MHD_Connection *connection,
			     unsigned int status, struct strbuf *body)
{
	const bool refused = status == MHD_HTTP_METHOD_NOT_ALLOWED;
	const struct header more[] = {
		{ refused ? "Allow" : NULL, "GET, HEAD" }, { NULL, NULL }
	};
	const struct http_library *lib = &server->lib;
	struct MHD_Response *response =
		new_response(lib, "text/plain; charset=utf-8", more, body);
	enum MHD_Result ret;

	if (!response)
		return MHD_NO;
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
	return reply(server, connection, status, &body);
}

/* --- pages ----------------------------------------------------------------- */

/* Releases the pages without readers; with @all the others as well. */
static void put_pages(struct http_server *server, bool all)
{
	struct page **link = &server->pages;

	while (*link) {
		struct page *page = *link;

		if (page->held.readers && !all) {
			link = &page->next;
			continue;
		}
		*link = page->next;
		server->nr_pages--;
		server->lib.MHD_destroy_response(page->response);
		free(page);
	}
}

/* Makes a page like @wanted. NULL: no memory. */
static struct page *make_page(struct http_server *server,
			      const struct page *wanted)
{
	const struct header more[] = {
		{ "Vary", "Accept, Accept-Encoding" },
		{ wanted->gzip ? "Content-Encoding" : NULL, "gzip" },
		{ NULL, NULL },
	};
	const char *type = server->params.types[wanted->open];
	struct strbuf body = { 0 }, compressed = { 0 };
	struct MHD_Response *response;
	struct page *page;

	server->params.page(server->params.context, wanted->open, &body);
	if (wanted->gzip) {
		gzip_add(&compressed, &body);
		strbuf_release(&body);
		body = compressed;
	}
	response = new_response(&server->lib, type, more, &body);
	if (!response)
		return NULL;
	page = xcalloc(1, sizeof(*page));
	*page = *wanted;
	page->response = response;
	page->made = stop_clock();
	page->batch = server->batch;
	page->next = server->pages;
	server->pages = page;
	server->nr_pages++;
	return page;
}

/* The newest page like @wanted, or NULL. */
static struct page *newest_page(const struct http_server *server,
				const struct page *wanted)
{
	struct page *page = server->pages;

	while (page &&
	       (page->open != wanted->open || page->gzip != wanted->gzip))
		page = page->next;
	return page;
}

/*
 * A page like @wanted for a request. All requests of one batch share one, so
 * several cost little more than one. NULL: no memory.
 */
static struct page *find_page(struct http_server *server,
			      const struct page *wanted)
{
	struct page *page = newest_page(server, wanted);
	const uint64_t now = stop_clock();

	if (page && page->batch == server->batch)
		return page;
	if (server->nr_pages >= HTTP_PAGES) {
		if (page && now - page->made < HTTP_FRESH_NS)
			return page;
		clients_free_held(&server->clients, now);
		put_pages(server, false);
	}
	if (server->nr_pages >= HTTP_PAGES)
		return newest_page(server, wanted);
	return make_page(server, wanted);
}

/* The values of one header, which a request may have several times. */
struct values {
	const char *name;
	struct strbuf list; /* separated by commas */
};

static enum MHD_Result add_value(void *context, enum MHD_ValueKind kind,
				 const char *name, const char *value)
{
	struct values *values = context;

	(void)kind;
	if (value && strcasecmp(name, values->name) == 0)
		strbuf_addf(&values->list, "%s%s", values->list.len ? "," : "",
			    value);
	return MHD_YES;
}

/* Whether @accepted is true of the request's header @name. */
static bool accepts(struct http_server *server,
		    struct MHD_Connection *connection, const char *name,
		    bool (*accepted)(const char *value))
{
	struct values values = { .name = name };
	bool ret;

	server->lib.MHD_get_connection_values(connection, MHD_HEADER_KIND,
					      add_value, &values);
	ret = accepted(strbuf_text(&values.list));
	strbuf_release(&values.list);
	return ret;
}

static enum MHD_Result reply_page(struct http_server *server,
				  struct MHD_Connection *connection,
				  struct client *client)
{
	const struct page wanted = {
		.open = accepts(server, connection, MHD_HTTP_HEADER_ACCEPT,
				accept_openmetrics),
		.gzip = accepts(server, connection,
				MHD_HTTP_HEADER_ACCEPT_ENCODING, accept_gzip),
	};
	struct page *page = find_page(server, &wanted);

	if (!page)
		return MHD_NO;
	clients_asked(&server->clients, client, &page->held, stop_clock());
	return server->lib.MHD_queue_response(connection, MHD_HTTP_OK,
					      page->response);
}

/* The other pages; false: there is none at @url. */
static bool reply_about(struct http_server *server,
			struct MHD_Connection *connection, const char *url,
			enum MHD_Result *ret)
{
	unsigned int status = MHD_HTTP_OK;
	struct strbuf body = { 0 };

	if (strcmp(url, "/") == 0) {
		strbuf_addf(&body, "verity-memtop %s: the metrics are at %s\n",
			    version_number, server->params.path);
	} else if (strcmp(url, "/-/healthy") == 0) {
		/* one thread does everything, so this reply proves it */
		strbuf_addstr(&body, "healthy\n");
	} else if (strcmp(url, "/-/ready") == 0) {
		if (!server->params.ready(server->params.context))
			status = MHD_HTTP_SERVICE_UNAVAILABLE;
		strbuf_addstr(
			&body,
			status == MHD_HTTP_OK ?
				"ready\n" :
				"Not ready: the kernel could not be read. The log has the reason.\n");
	} else {
		return false;
	}
	*ret = reply(server, connection, status, &body);
	return true;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *upload,
			      size_t *upload_size, void **request)
{
	struct http_server *server = context;
	struct client *client = client_of(server, connection);
	const char *host = server->lib.MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
	enum MHD_Result ret;

	(void)version;
	(void)upload;
	(void)request;
	*upload_size = 0;
	if (client->ended)
		return MHD_NO;
	clients_asked(&server->clients, client, NULL, stop_clock());
	if (!host_fits(host, client->fd))
		return refuse(
			server, connection, MHD_HTTP_MISDIRECTED_REQUEST,
			"Unknown host name. Use localhost or an IP address.");
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return refuse(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED,
			      "Only GET and HEAD are supported.");
	if (strcmp(url, server->params.path) == 0)
		return reply_page(server, connection, client);
	if (reply_about(server, connection, url, &ret))
		return ret;
	return refuse(server, connection, MHD_HTTP_NOT_FOUND, "Not found.");
}

/* --- the server ------------------------------------------------------------ */

/* As many connections as there can be descriptors for. */
static unsigned int most_clients(void)
{
	const rlim_t wanted = CLIENTS_MOST + CLIENTS_MARGIN + OTHER_FILES;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return CLIENTS_LEAST;
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = wanted < limit.rlim_max ? wanted :
							   limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
		getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= wanted)
		return CLIENTS_MOST;
	if (limit.rlim_cur <= CLIENTS_LEAST + CLIENTS_MARGIN + OTHER_FILES)
		return CLIENTS_LEAST;
	return (unsigned int)limit.rlim_cur - CLIENTS_MARGIN - OTHER_FILES;
}

static int start(struct http_server *server)
{
	const int seconds = CLIENTS_REQUEST_NS / SECOND;

	/*
	 * The kernel keeps a connection until it has data, so a request is
	 * processed as soon as it is accepted, however many others follow.
	 * Sockets other than TCP do without.
	 */
	setsockopt(server->params.fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds,
		   sizeof(seconds));
	server->daemon = server->lib.MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, answer,
		server, MHD_OPTION_EXTERNAL_LOGGER, say, NULL,
		MHD_OPTION_LISTEN_SOCKET, server->params.fd,
		MHD_OPTION_CONNECTION_LIMIT,
		server->clients.most + CLIENTS_MARGIN,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, REQUEST_ROOM,
		MHD_OPTION_NOTIFY_CONNECTION, note_client, server,
		MHD_OPTION_NOTIFY_COMPLETED, note_end, server, MHD_OPTION_END);
	if (server->daemon)
		return 0;
	close(server->params.fd);
	return msg_error_errno(errno ? errno : EIO, "cannot serve HTTP");
}

int http_open(const struct http_params *params, struct http_server **ret)
{
	struct http_server *server = xcalloc(1, sizeof(*server));
	int err;

	server->params = *params;
	clients_init(&server->clients, most_clients());
	err = load(&server->lib);
	if (err)
		close(params->fd);
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

uint64_t http_serve(struct http_server *server)
{
	const uint64_t gone = server->gone;
	MHD_UNSIGNED_LONG_LONG timeout;
	uint64_t now, next;

	server->batch++;
	server->lib.MHD_run(server->daemon);
	put_pages(server, false);
	now = stop_clock(); /* no client is younger */
	next = clients_end_slow(&server->clients, now);
	/*
	 * If the library could not accept more, for lack of descriptors, and
	 * some are closed, it listens again only in its next run, which it does
	 * not request (MHD_epoll() and MHD_cleanup_connections() in its
	 * daemon.c).
	 */
	if (server->gone != gone)
		next = now;
	else if (server->lib.MHD_get_timeout(server->daemon, &timeout) ==
			 MHD_YES &&
		 now + timeout * MS < next)
		next = now + timeout * MS;
	return next;
}

uint64_t http_refused(const struct http_server *server)
{
	return server->refused + server->clients.dropped;
}

void http_close(struct http_server *server)
{
	if (!server)
		return;
	server->lib.MHD_stop_daemon(server->daemon);
	put_pages(server, true);
	free(server);
}
