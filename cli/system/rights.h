/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_RIGHTS_H
#define MEMTOP_SYSTEM_RIGHTS_H

#include <stddef.h>

enum rights_user {
	RIGHTS_KEEP_USER, /* root's files stay root's */
	RIGHTS_NOBODY, /* root becomes nobody */
};

/*
 * Gives up all capabilities, for good, and the way to get any by running a
 * program. Returns 0 or -errno, the reason already said.
 */
int rights_drop(enum rights_user user);

/*
 * The same, but for those of @capabilities, of which there are @nr, that are in
 * effect: root becomes nobody, who has them. Returns 0 or -errno, unsaid.
 */
int rights_drop_others(const unsigned int *capabilities, size_t nr);

#endif
