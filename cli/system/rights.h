/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMTOP_SYSTEM_RIGHTS_H
#define MEMTOP_SYSTEM_RIGHTS_H

#include <stddef.h>

enum rights_user {
	RIGHTS_KEEP_USER, /* can still use files of root */
	RIGHTS_NOBODY, /* root becomes the user nobody */
};

/*
 * Drops all capabilities permanently, and prevents getting any by running a
 * program. Returns 0 or -errno, already reported.
 */
int rights_drop(enum rights_user user);

/*
 * The same, but keeps those of the @nr @capabilities that are in effect: root becomes
 * the user nobody with these capabilities. Returns 0 or -errno, not reported.
 */
int rights_drop_others(const unsigned int *capabilities, size_t nr);

#endif
