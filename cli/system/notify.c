// SPDX-License-Identifier: GPL-2.0-only
#include "system/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/msg.h"
#include "base/text.h"
#include "system/stop.h"

static int connect_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int err, fd;

	if ((*path != '/' && *path != '@') || len >= sizeof(address.sun_path))
		return -EINVAL;
	memcpy(address.sun_path, path, len);
	/* an abstract socket */
	if (*path == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address,
		    offsetof(struct sockaddr_un, sun_path) + len)) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/* The watchdog interval; 0: no watchdog. */
static uint64_t watchdog_ns(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t ours, ret;

	/* it may be for our parent */
	if (pid && (text_to_u64(pid, 1, INT32_MAX, &ours) ||
		    ours != (uint64_t)getpid()))
		return 0;
	if (!usec || text_to_u64(usec, 1, UINT64_MAX / 1000, &ret))
		return 0;
	return ret * 1000;
}

void notify_open(struct notify *ret)
{
	const char *path = getenv("NOTIFY_SOCKET");

	*ret = (struct notify){ .fd = -1 };
	if (!path)
		return;
	ret->fd = connect_socket(path);
	if (ret->fd < 0) {
		msg_warning("cannot notify the service manager at %s: %s", path,
			    strerror(-ret->fd));
		return;
	}
	/* a margin, so that a late notification does no harm */
	ret->interval = watchdog_ns() / 2;
}

static void tell(const struct notify *notify, const char *state)
{
	if (notify->fd >= 0)
		send(notify->fd, state, strlen(state),
		     MSG_DONTWAIT | MSG_NOSIGNAL);
}

void notify_ready(const struct notify *notify)
{
	tell(notify, "READY=1");
}

void notify_stopping(const struct notify *notify)
{
	tell(notify, "STOPPING=1");
}

uint64_t notify_alive(struct notify *notify)
{
	if (notify->fd < 0 || !notify->interval)
		return UINT64_MAX;
	if (stop_clock() >= notify->due) {
		tell(notify, "WATCHDOG=1");
		notify->due = stop_clock() + notify->interval;
	}
	return notify->due;
}

void notify_close(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}
