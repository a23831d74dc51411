/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small HTTP server on libmicrohttpd: one page, made by the caller, in the
 * caller's thread, in two formats and with compression, as the client accepts
 * it. Simultaneous requests for the same get the same page, from the same
 * memory. The resources of clients are limited, and system/clients.h decides
 * which of them is ended when a limit is reached.
 *
 * /-/healthy and /-/ready are for supervisors, and / names the pages.
 */
#ifndef MEMTOP_SYSTEM_HTTP_H
#define MEMTOP_SYSTEM_HTTP_H

#include <stdbool.h>
#include <stdint.h>

struct http_server;
struct strbuf;

/* Limit of pages that are being sent. */
#define HTTP_PAGES 8
/* At this limit, a new reader gets the last page, up to this age. */
#define HTTP_FRESH_NS 1000000000ULL

struct http_params {
	int fd; /* listens; the server's, also after an error */
	const char *path; /* of the page; must stay valid */
	/* Content-Type of both formats; the second is OpenMetrics */
	const char *types[2];
	/* Fills @body, which is empty; @open: in OpenMetrics. */
	void (*page)(void *context, bool open, struct strbuf *body);
	/* Whether a page would have all data now. */
	bool (*ready)(void *context);
	void *context;
};

/* Returns 0 or -errno, already reported. */
int http_open(const struct http_params *params, struct http_server **ret);

/* A descriptor that is readable when there is something to serve. */
int http_fd(const struct http_server *server);

/*
 * Does everything that is possible without waiting. Returns when to call it
 * again at the latest, by stop_clock(); UINT64_MAX: no need.
 */
uint64_t http_serve(struct http_server *server);

/* Requests and connections so far that did not get the page. */
uint64_t http_refused(const struct http_server *server);

/* Safe on NULL. */
void http_close(struct http_server *server);

#endif
