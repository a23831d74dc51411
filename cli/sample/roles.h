/* SPDX-License-Identifier: GPL-2.0-only */
/* What a pool's role ("hash.bvec": client, dot, kind) says about it. */
#ifndef MEMTOP_SAMPLE_ROLES_H
#define MEMTOP_SAMPLE_ROLES_H

#include <stdbool.h>

/* Whose reserve it is; every pool is in exactly one group. */
enum role_group {
	ROLE_CORE, /* dm core's bios */
	ROLE_RECHECK, /* reading a block again whose hash did not match */
	ROLE_HASH, /* reading the hash tree */
	ROLE_FEC, /* forward error correction */
	ROLE_OTHER, /* clients nobody named, roles unknown to us */
	NR_ROLE_GROUPS,
};

enum role_group role_group(const char *role);

/* Whether @role ends in ".@kind". */
bool role_has_kind(const char *role, const char *kind);

/* Whether the role's elements are biovec arrays; true in any group. */
bool role_is_biovec(const char *role);

/* Place in the usual order of roles; unknown ones share the last. */
unsigned int role_rank(const char *role);

#endif
