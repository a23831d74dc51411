// SPDX-License-Identifier: GPL-2.0-only
#include "bench/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/msg.h"

/* Other processes take free ones, too. */
#define TRIES 100

/* Attaches @file to a free loop device; returns its descriptor or -errno. */
static int attach(int control, int file, char path[LOOP_PATH_ROOM])
{
	const struct loop_config config = {
		.fd = (unsigned int)file,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR,
	};
	int nr = ioctl(control, LOOP_CTL_GET_FREE), fd;

	if (nr < 0)
		return -errno;
	snprintf(path, LOOP_PATH_ROOM, "/dev/loop%d", nr);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, LOOP_CONFIGURE, &config) == 0)
		return fd;
	nr = -errno;
	close(fd);
	return nr;
}

static int attach_any(int file, char path[LOOP_PATH_ROOM])
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int fd = control < 0 ? -errno : -EBUSY;

	for (int i = 0; fd == -EBUSY && i < TRIES; i++)
		fd = attach(control, file, path);
	if (control >= 0)
		close(control);
	return fd < 0 ? msg_error_errno(fd, "cannot make a loop device") : fd;
}

int loop_open(const char *directory, uint64_t bytes, char path[LOOP_PATH_ROOM])
{
	int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), fd;

	if (file < 0)
		return msg_error_errno(
			errno, "cannot make a file without a name in %s",
			directory);
	if (ftruncate(file, (off_t)bytes))
		fd = msg_error_errno(errno, "cannot make a file in %s",
				     directory);
	else
		fd = attach_any(file, path);
	close(file);
	return fd;
}
