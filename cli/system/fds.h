/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_FDS_H
#define MEMTOP_SYSTEM_FDS_H

#include <stddef.h>

/*
 * Makes sure that descriptors 0 to 2 are taken, so that a file opened later
 * cannot end up as stdout. A descriptor that was closed gives EBADF when used.
 * Call this before anything is opened. Returns 0 or -errno.
 */
int fds_guard(void);

/* Writes all of @bytes, @len of them, to @fd. Returns 0 or -errno. */
int fds_write(int fd, const char *bytes, size_t len);

#endif
