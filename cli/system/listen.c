// SPDX-License-Identifier: GPL-2.0-only
#include "system/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "system/address.h"
#include "system/service.h"

/* Connections that wait while a page is made: the kernel's maximum. */
#define BACKLOG SOMAXCONN

#define PASSED "fd://"
#define MAX_PORT 65535

/* Splits "[::1]:80" into "::1" and "80", both in @host, which is owned. */
static int split(const char *address, char **host, const char **port)
{
	char *colon, *end;
	uint64_t number;

	*host = xstrdup(address);
	colon = strrchr(*host, ':');
	if (!colon || text_to_u64(colon + 1, 0, MAX_PORT, &number))
		return -EINVAL;
	*colon = '\0';
	*port = colon + 1;
	if (**host != '[')
		return strchr(*host, ':') ? -EINVAL : 0;
	end = colon - 1;
	if (end <= *host + 1 || *end != ']')
		return -EINVAL;
	*end = '\0';
	memmove(*host, *host + 1, end - *host);
	return 0;
}

static bool is_local(int fd)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &length))
		return false;
	return address.ss_family == AF_UNIX ||
	       address_is_loopback((struct sockaddr *)&address);
}

/* Returns a descriptor or -errno. */
static int open_socket(const struct addrinfo *info)
{
	const int on = 1, off = 0;
	int fd, err;

	fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* "all addresses" includes those of IPv4 */
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* The first usable address of @host, IPv6 before IPv4. */
static int open_any(const char *host, const char *port)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
					.ai_flags = AI_PASSIVE };
	static const int families[] = { AF_INET6, AF_INET };
	struct addrinfo *all, *info;
	int fd = -EADDRNOTAVAIL, err;
	size_t i;

	err = getaddrinfo(*host ? host : NULL, port, &hints, &all);
	if (err) {
		msg_error("no address '%s': %s", host, gai_strerror(err));
		return -EINVAL;
	}
	for (i = 0; i < 2 && fd < 0; i++) {
		for (info = all; info && fd < 0; info = info->ai_next) {
			if (info->ai_family == families[i])
				fd = open_socket(info);
		}
	}
	freeaddrinfo(all);
	return fd < 0 ? msg_error_errno(fd, "cannot listen at %s:%s", host,
					port) :
			fd;
}

static int take_passed(const char *number)
{
	uint64_t which;
	int fd;

	if (text_to_u64(number, 0, MAX_PORT, &which)) {
		msg_error("'%s%s' is not the number of a socket", PASSED,
			  number);
		return -EINVAL;
	}
	fd = service_socket(which);
	if (fd == -ENOENT)
		msg_error(
			"no socket %s was passed: LISTEN_FDS is %s; this is for a service with a socket unit",
			number, getenv("LISTEN_FDS") ?: "not set");
	return fd;
}

int listen_at(const char *address, struct listening *ret)
{
	const char *port;
	char *host;
	int fd;

	if (strncmp(address, PASSED, strlen(PASSED)) == 0) {
		fd = take_passed(address + strlen(PASSED));
	} else if (split(address, &host, &port) == 0) {
		fd = open_any(host, port);
		free(host);
	} else {
		free(host);
		msg_error(
			"'%s' is not an address and port (example: 127.0.0.1:80)",
			address);
		return -EINVAL;
	}
	if (fd < 0)
		return fd;
	*ret = (struct listening){ .fd = fd, .local = is_local(fd) };
	return 0;
}

void listen_describe(const struct listening *listening, struct strbuf *sb)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getsockname(listening->fd, (struct sockaddr *)&address, &length) ||
	    getnameinfo((struct sockaddr *)&address, length, host, sizeof(host),
			port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV)) {
		strbuf_addstr(sb, "?");
		return;
	}
	strbuf_addf(sb, address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s",
		    host, port);
}
