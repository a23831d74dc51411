// SPDX-License-Identifier: GPL-2.0-only
#include "sample/roles.h"

#include <string.h>

#include "base/array.h"
#include "sample/sample.h"

/* Short names for the table's words. */
enum {
	NONE = ROLE_TRAIT_NONE,
	TOLD = ROLE_TRAIT_TOLD,
	OF_TASK = ROLE_TRAIT_OF_TASK,
	CACHED = ROLE_TRAIT_CACHED,
	CLONE = ROLE_TRAIT_CLONE,
	RECHECK_FIRST = ROLE_TRAIT_RECHECK_FIRST,
	RECHECK_SECOND = ROLE_TRAIT_RECHECK_SECOND,
	RECHECK_THIRD = ROLE_TRAIT_RECHECK_THIRD,
};

#define ROW(ID, role, group, elements, size, traits) \
	[POOL_##ID] = { role, ROLE_##group, ROLE_SIZE_##size, traits },
static const struct role rows[NR_POOL_ROLES] = { ROLE_TABLE(ROW) };
#undef ROW

#define FITS(ID, role, group, elements, size, traits) \
	_Static_assert(sizeof(role) <= SAMPLE_ROLE_LEN, "a role is too long");
ROLE_TABLE(FITS)
#undef FITS

const struct role *role_row(enum pool_role id)
{
	return &rows[id];
}

const struct role *role_find(const char *role)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		/* a call for each row would cost more than all others */
		if (*role == *rows[i].name && strcmp(role, rows[i].name) == 0)
			return &rows[i];
	}
	return NULL;
}

enum role_group role_group(const char *role)
{
	const struct role *row = role_find(role);
	size_t len = strcspn(role, ".");

	if (row)
		return row->group;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcspn(rows[i].name, ".") == len &&
		    strncmp(role, rows[i].name, len) == 0)
			return rows[i].group;
	}
	return ROLE_OTHER;
}

bool role_has(const char *role, enum role_trait trait)
{
	const struct role *row = role_find(role);

	return row && (row->traits & (unsigned int)trait);
}

unsigned int role_recheck_order(const char *role)
{
	const struct role *row = role_find(role);
	unsigned int traits = row ? row->traits : 0;

	return traits & RECHECK_FIRST  ? 1 :
	       traits & RECHECK_SECOND ? 2 :
	       traits & RECHECK_THIRD  ? 3 :
					 0;
}

bool role_is_sized_by_parameter(const char *role)
{
	const struct role *row = role_find(role);

	return row && row->size == ROLE_SIZE_PARAMETER;
}

const char *role_parameter(const struct role *role)
{
	switch (role->size) {
	case ROLE_SIZE_PARAMETER:
		return "reserved_bio_based_ios";
	case ROLE_SIZE_SUBJOB:
		return "kcopyd_subjob_size_kb";
	case ROLE_SIZE_FIXED:
		break;
	}
	return NULL;
}

static bool ends_in(const char *role, const char *kind)
{
	const char *dot = strrchr(role, '.');

	return dot && strcmp(dot + 1, kind) == 0;
}

bool role_is_bio(const char *role)
{
	return ends_in(role, "bio");
}

bool role_is_biovec(const char *role)
{
	return ends_in(role, "bvec");
}

unsigned int role_rank(const char *role)
{
	const struct role *row = role_find(role);

	return row ? (unsigned int)(row - rows) : NR_POOL_ROLES;
}
