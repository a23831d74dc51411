// SPDX-License-Identifier: GPL-2.0-only
#include "model/reload_way.h"

#include <string.h>

#include "base/array.h"
#include "model/snapshot.h"

const char *const reload_way_names[NR_RELOAD_WAYS] = {
	[RELOAD_DMSETUP] = "dmsetup",	[RELOAD_CRYPTSETUP] = "cryptsetup",
	[RELOAD_INACTIVE] = "inactive", [RELOAD_SUSPENDED] = "suspended",
	[RELOAD_STUCK] = "stuck",	[RELOAD_PENDING] = "pending",
	[RELOAD_REMAKE] = "remake",	[RELOAD_NOBODY] = "nobody",
};

bool reload_way_has_command(enum reload_way way)
{
	return way <= RELOAD_INACTIVE;
}

/*
 * Types whose second table can be loaded while the first is in use: those
 * without metadata of their own, and those that hand it over, snapshot_ctr() in
 * drivers/md/dm-snap.c, or share it, pool_ctr() and thin_ctr() in
 * drivers/md/dm-thin.c. Others read metadata that the first table still
 * changes.
 */
static bool can_be_loaded_again(const char *type)
{
	static const char *const types[] = {
		"verity",   "linear", "striped",   "crypt",
		"delay",    "error",  "flakey",	   "zero",
		"snapshot", "thin",   "thin-pool", "snapshot-origin",
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(types[i], type) == 0)
			return true;
	}
	return false;
}

const char *reload_way_culprit(const struct snap_entry *entry)
{
	for (size_t i = 0; i < entry->nr_targets; i++) {
		if (!can_be_loaded_again(entry->targets[i]->type))
			return entry->targets[i]->type;
	}
	return NULL;
}

bool reload_way_is_read_only(const struct snap_entry *entry)
{
	for (size_t i = 0; i < entry->nr_targets; i++) {
		if (strcmp(entry->targets[i]->type, "verity") != 0)
			return false;
	}
	return entry->nr_targets;
}

static bool has_inactive(const struct sample_device *device)
{
	for (size_t i = 0; i < device->nr_targets; i++) {
		if (device->targets[i].slot == SAMPLE_SLOT_INACTIVE)
			return true;
	}
	return false;
}

enum reload_way reload_way_of(const struct snap_entry *entry, bool stuck)
{
	/*
	 * LUKS2 keeps its key in a keyring that only cryptsetup's process has
	 */
	static const char luks2[] = "CRYPT-LUKS2-";

	if (!entry->dev_known || !entry->device || !*entry->device->name ||
	    !entry->nr_targets)
		return RELOAD_NOBODY;
	if (reload_way_culprit(entry))
		return RELOAD_REMAKE;
	if (entry->slot == SAMPLE_SLOT_INACTIVE)
		return RELOAD_INACTIVE;
	if (has_inactive(entry->device))
		return RELOAD_PENDING;
	if (entry->device->suspended)
		return RELOAD_SUSPENDED;
	if (stuck)
		return RELOAD_STUCK;
	return strncmp(entry->device->uuid, luks2, sizeof(luks2) - 1) ?
		       RELOAD_DMSETUP :
		       RELOAD_CRYPTSETUP;
}
