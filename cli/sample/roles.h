/* SPDX-License-Identifier: GPL-2.0-only */
/* The properties of a pool's role ("hash.bvec": client, dot, kind). */
#ifndef MEMTOP_SAMPLE_ROLES_H
#define MEMTOP_SAMPLE_ROLES_H

#include <stdbool.h>

#include "sample/reserve_table.h"

/* The user of a reserve; every pool is in exactly one group. */
enum role_group {
	ROLE_CORE, /* dm core's bios */
	ROLE_RECHECK, /* reading a block again whose hash did not match */
	ROLE_HASH, /* reading the hash tree */
	ROLE_FEC, /* forward error correction */
	ROLE_OTHER, /* other targets, clients without a name, unknown roles */
	NR_ROLE_GROUPS,
};

/* What determines how many elements a pool has. */
enum role_size {
	ROLE_SIZE_PARAMETER, /* reserved_bio_based_ios, see model/reload.h */
	ROLE_SIZE_FIXED, /* a number in the kernel's source */
	ROLE_SIZE_SUBJOB, /* dm_mod's kcopyd_subjob_size_kb */
};

enum role_trait {
	ROLE_TRAIT_NONE = 0,
	/* There is an event for each element that is taken or returned. */
	ROLE_TRAIT_TOLD = 1 << 0,
	/*
	 * The task that took an element returns it itself. An element that is
	 * for I/O is returned when the I/O ends, by any task.
	 */
	ROLE_TRAIT_OF_TASK = 1 << 1,
	/* An element that leaves the reserve becomes a cached one. */
	ROLE_TRAIT_CACHED = 1 << 2,
	/* For I/O that a table with only verity targets never sends. */
	ROLE_TRAIT_CLONE = 1 << 3,
	/* The order in which a recheck takes elements. */
	ROLE_TRAIT_RECHECK_FIRST = 1 << 4,
	ROLE_TRAIT_RECHECK_SECOND = 1 << 5,
	ROLE_TRAIT_RECHECK_THIRD = 1 << 6,
};

/* A row of the catalogue. */
struct role {
	const char *name;
	enum role_group group;
	enum role_size size;
	unsigned int traits; /* enum role_trait */
};

/* The row of @id. */
const struct role *role_row(enum pool_role id);

/* The row with that name; NULL: not in the catalogue. */
const struct role *role_find(const char *role);

/*
 * The group of @role. One that is not in the catalogue belongs to the group of
 * the other roles with the same client, which is the first word.
 */
enum role_group role_group(const char *role);

/* Whether @role has @trait; one that is not in the catalogue has none. */
bool role_has(const char *role, enum role_trait trait);

/* When a recheck takes an element of it: 1, 2, 3; 0: never. */
unsigned int role_recheck_order(const char *role);

/* Whether the parameter sizes pools of @role, on a kernel without kernel/fix. */
bool role_is_sized_by_parameter(const char *role);

/* The parameter of dm_mod that sizes pools of @role; NULL: none does. */
const char *role_parameter(const struct role *role);

/* Whether the role's elements are bios of a dm-io client. */
bool role_is_bio(const char *role);

/* Whether the role's elements are biovec arrays; true in any group. */
bool role_is_biovec(const char *role);

/* Place in the usual order of roles; unknown ones share the last. */
unsigned int role_rank(const char *role);

#endif
