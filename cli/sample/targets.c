// SPDX-License-Identifier: GPL-2.0-only
#include "sample/targets.h"

#include <string.h>

#include "base/array.h"
#include "sample/reserve_table.h"
#include "sample/sample.h"

#define ROW(type, reserves, walker, module, least, most, kept) \
	{ type, TARGET_##reserves, module, least, most, kept },
static const struct target_row rows[] = { TARGET_TABLE(ROW) };
#undef ROW

/* Common parts of several types. */
static const char *const others[] = {
	"dm_mod", "dm_bufio",	      "dm_persistent_data", "dm_bio_prison",
	"dm_log", "dm_log_userspace", "dm_region_hash",	    "md_mod",
	"raid1",  "raid10",
};

const struct target_row *target_find(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcmp(rows[i].type, type) == 0)
			return &rows[i];
	}
	return NULL;
}

enum target_reserves target_reserves(const char *type)
{
	const struct target_row *row = target_find(type);

	return row ? row->reserves : TARGET_UNKNOWN;
}

bool target_keeps(const char *type, const char *role)
{
	const struct target_row *row = target_find(type);
	const size_t len = strcspn(role, ".");

	for (const char *at = row ? row->kept : NULL; at && *at;
	     at += strspn(at, " ")) {
		const size_t word = strcspn(at, " ");

		if (word == len && memcmp(at, role, len) == 0)
			return true;
		at += word;
	}
	return false;
}

const char *target_module(size_t i)
{
	if (i < ARRAY_SIZE(others))
		return others[i];
	i -= ARRAY_SIZE(others);
	for (size_t at = 0; at < ARRAY_SIZE(rows); at++) {
		const char *name = rows[at].module;

		/* the types of one module are adjacent */
		if (!name || (at && rows[at - 1].module &&
			      strcmp(rows[at - 1].module, name) == 0))
			continue;
		if (!i--)
			return name;
	}
	return NULL;
}
