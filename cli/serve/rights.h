/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_RIGHTS_H
#define MEMTOP_RIGHTS_H

enum rights_user {
	RIGHTS_KEEP_USER, /* root's files stay root's */
	RIGHTS_NOBODY, /* root becomes nobody */
};

/*
 * Gives up all capabilities, for good, and the way to get any by running a
 * program. Returns 0 or -errno, the reason already said.
 */
int rights_drop(enum rights_user user);

#endif
