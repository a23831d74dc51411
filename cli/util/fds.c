// SPDX-License-Identifier: GPL-2.0-only
#include "util/fds.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int fds_guard(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* The wrong way round on purpose: using it must fail. */
		if (open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return -errno;
	}
	return 0;
}
