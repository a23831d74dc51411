/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_FDS_H
#define MEMTOP_FDS_H

/*
 * Makes sure that descriptors 0 to 2 are taken, so that none opened later can
 * end up as stdout; one that was closed gives EBADF when used. To be called
 * before anything is opened. Returns 0 or -errno.
 */
int fds_guard(void);

#endif
