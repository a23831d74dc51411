// SPDX-License-Identifier: GPL-2.0-only
#include "system/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include "base/msg.h"
#include "system/library.h"

/*
 * libsystemd is loaded on demand: linked with it, each report would take half
 * as long again to start.
 */
#define LIBRARY "libsystemd.so.0"

static void *function(const char *name)
{
	const struct library library = {
		.file = LIBRARY,
		.purpose = "talk to the service manager",
	};

	return library_function(&library, name);
}

int service_socket(size_t which)
{
	typeof(&sd_listen_fds) listen_fds;
	typeof(&sd_is_socket) is_socket;
	int fd, nr;

	if (!getenv("LISTEN_FDS"))
		return -ENOENT;
	listen_fds = function("sd_listen_fds");
	is_socket = function("sd_is_socket");
	if (!listen_fds || !is_socket)
		return -ELIBACC;
	nr = listen_fds(0);
	if (nr < 0)
		return msg_error_errno(nr, "cannot use the passed sockets");
	if (which >= (size_t)nr)
		return -ENOENT;
	fd = SD_LISTEN_FDS_START + (int)which;
	if (is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0) {
		msg_error("passed socket %zu does not listen", which);
		return -ENOTSOCK;
	}
	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		return msg_error_errno(errno, "cannot use the passed socket");
	return fd;
}
