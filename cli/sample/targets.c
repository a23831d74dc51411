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
 * others get two.
 */
#define ANY 0, MEMTOP_UNKNOWN
static const struct target_row rows[] = {
	{ "cache", TARGET_WALKED, "dm_cache", 2, 2 },
	{ "clone", TARGET_WALKED, "dm_clone", 1, 1 },
	{ "crypt", TARGET_WALKED, "dm_crypt", 1, 1 },
	{ "delay", TARGET_NONE, NULL, 1, 1 },
	{ "dust", TARGET_NONE, NULL, 1, 1 },
	{ "ebs", TARGET_WALKED, "dm_ebs", 1, 1 },
	{ "era", TARGET_WALKED, "dm_era", 1, 1 },
	{ "error", TARGET_NONE, NULL, 0, 0 },
	{ "flakey", TARGET_NONE, NULL, 1, 1 },
	{ "integrity", TARGET_WALKED, "dm_integrity", 1, 1 },
	{ "linear", TARGET_NONE, NULL, 1, 1 },
	{ "log-writes", TARGET_NONE, NULL, 1, 1 },
	{ "mirror", TARGET_WALKED, "dm_mirror", 1, 1 },
	{ "multipath", TARGET_NONE, NULL, ANY },
	{ "raid", TARGET_WALKED, "dm_raid", 1, 1 },
	{ "snapshot", TARGET_WALKED, "dm_snapshot", 1, 1 },
	{ "snapshot-merge", TARGET_WALKED, "dm_snapshot", 2, 2 },
	{ "snapshot-origin", TARGET_NONE, NULL, 1, 1 },
	{ "striped", TARGET_NONE, NULL, 1, MEMTOP_UNKNOWN },
	{ "switch", TARGET_NONE, NULL, 0, 0 },
	{ "thin", TARGET_NONE, NULL, 1, 1 },
	{ "thin-pool", TARGET_WALKED, "dm_thin_pool", 1, 1 },
	{ "unstriped", TARGET_NONE, NULL, 0, 0 },
	{ "vdo", TARGET_UNKNOWN, NULL, 1, 1 },
	{ "verity", TARGET_BOTH, "dm_verity", 0, 0 },
	{ "writecache", TARGET_WALKED, "dm_writecache", 1, 2 },
	{ "zero", TARGET_NONE, NULL, 0, 0 },
	{ "zoned", TARGET_WALKED, "dm_zoned", 1, 1 },
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
