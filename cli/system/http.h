/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small HTTP server, libmicrohttpd's: one page, made by the caller, in the
 * caller's thread. Requests that come at the same time get the same page, from
 * the same memory. What clients can take is bounded, and serve/clients.h says
 * who has to go when there is no more of it.
 */
#ifndef MEMTOP_SYSTEM_HTTP_H
#define MEMTOP_SYSTEM_HTTP_H

#include <stdint.h>

struct http_server;
struct strbuf;

/* Pages that are on their way. */
#define HTTP_PAGES 8
/* If there are that many, a new reader gets the last one, up to this age. */
#define HTTP_FRESH_NS 1000000000ULL

struct http_wish {
	int fd; /* listens; the server's from then on, also if that fails */
	const char *path; /* of the page, has to stay valid */
	const char *type; /* Content-Type */
	/* Fills @body, which is empty. */
	void (*page)(void *context, struct strbuf *body);
	void *context;
};

/* Returns 0 or -errno, the reason already said. */
int http_open(const struct http_wish *wish, struct http_server **ret);

/* Can be read when there is something to serve. */
int http_fd(const struct http_server *server);

/*
 * Does what can be done without waiting. Returns when it has to be called again
 * at the latest, as stop_clock() counts; UINT64_MAX: no need.
 */
uint64_t http_serve(struct http_server *server);

/* Requests and connections so far that did not get the page. */
uint64_t http_refused(const struct http_server *server);

/* Fine on NULL. */
void http_close(struct http_server *server);

#endif
