// SPDX-License-Identifier: GPL-2.0-only
#include "sample/targets.h"

#include <string.h>

#include "base/array.h"
#include "sample/sample.h"

/*
 * Read in drivers/md of Linux 6.1, 6.12 and 7.2. A thin device uses the
 * reserves of its thin-pool, an origin those of its snapshots. The number of
 * bios for a flush is num_flush_bios there. The number of stripes of a striped
 * target is not in a sample. A writecache on persistent memory gets one bio,
 * others get two. A new snapshot takes over the exception store of the old one, and a
 * new thin-pool the pool on the same metadata device. Types that are not loaded
 * again but removed and created (reload_way.c) keep nothing.
 */
#define ANY 0, MEMTOP_UNKNOWN
static const struct target_row rows[] = {
	{ "cache", TARGET_WALKED, "dm_cache", 2, 2, NULL },
	{ "clone", TARGET_WALKED, "dm_clone", 1, 1, NULL },
	{ "crypt", TARGET_WALKED, "dm_crypt", 1, 1, NULL },
	{ "delay", TARGET_NONE, NULL, 1, 1, NULL },
	{ "dust", TARGET_NONE, NULL, 1, 1, NULL },
	{ "ebs", TARGET_WALKED, "dm_ebs", 1, 1, NULL },
	{ "era", TARGET_WALKED, "dm_era", 1, 1, NULL },
	{ "error", TARGET_NONE, NULL, 0, 0, NULL },
	{ "flakey", TARGET_NONE, NULL, 1, 1, NULL },
	{ "integrity", TARGET_WALKED, "dm_integrity", 1, 1, NULL },
	{ "linear", TARGET_NONE, NULL, 1, 1, NULL },
	{ "log-writes", TARGET_NONE, NULL, 1, 1, NULL },
	{ "mirror", TARGET_WALKED, "dm_mirror", 1, 1, NULL },
	{ "multipath", TARGET_NONE, NULL, ANY, NULL },
	{ "raid", TARGET_WALKED, "dm_raid", 1, 1, NULL },
	{ "snapshot", TARGET_WALKED, "dm_snapshot", 1, 1, "store" },
	{ "snapshot-merge", TARGET_WALKED, "dm_snapshot", 2, 2, NULL },
	{ "snapshot-origin", TARGET_NONE, NULL, 1, 1, NULL },
	{ "striped", TARGET_NONE, NULL, 1, MEMTOP_UNKNOWN, NULL },
	{ "switch", TARGET_NONE, NULL, 0, 0, NULL },
	{ "thin", TARGET_NONE, NULL, 1, 1, NULL },
	{ "thin-pool", TARGET_WALKED, "dm_thin_pool", 1, 1, "kcopyd metadata" },
	{ "unstriped", TARGET_NONE, NULL, 0, 0, NULL },
	{ "vdo", TARGET_UNKNOWN, NULL, 1, 1, NULL },
	{ "verity", TARGET_BOTH, "dm_verity", 0, 0, NULL },
	{ "writecache", TARGET_WALKED, "dm_writecache", 1, 2, NULL },
	{ "zero", TARGET_NONE, NULL, 0, 0, NULL },
	{ "zoned", TARGET_WALKED, "dm_zoned", 1, 1, NULL },
};

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
