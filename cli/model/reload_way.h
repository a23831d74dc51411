/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a table gets new reserves: by a reload while its device is in use, if its
 * targets permit that, or by other means.
 */
#ifndef MEMTOP_MODEL_RELOAD_WAY_H
#define MEMTOP_MODEL_RELOAD_WAY_H

#include <stdbool.h>

struct snap_entry;

enum reload_way {
	/* There is a command, for a device in use: */
	RELOAD_DMSETUP, /* load its own table again, then resume */
	RELOAD_CRYPTSETUP, /* cryptsetup, which asks for the passphrase */
	RELOAD_INACTIVE, /* load the inactive table again, nothing else */
	/* There is no command: */
	RELOAD_SUSPENDED, /* resume would end another's suspension */
	RELOAD_STUCK, /* the device below completes no I/O: it would hang */
	RELOAD_PENDING, /* another table is loaded, and would be replaced */
	RELOAD_REMAKE, /* a target is not known to permit it */
	RELOAD_NOBODY, /* of no table, or of a removed device */
	NR_RELOAD_WAYS,
};

extern const char *const reload_way_names[NR_RELOAD_WAYS];

/* Whether there is a command. */
bool reload_way_has_command(enum reload_way way);

/*
 * For the table @entry. @stuck: its device, or one below, is suspended, or a
 * task of theirs is in a deadlock.
 */
enum reload_way reload_way_of(const struct snap_entry *entry, bool stuck);

/* The type of a target that must be created again; NULL: none. */
const char *reload_way_culprit(const struct snap_entry *entry);

/* Whether all targets are verity: their tables are loaded read-only. */
bool reload_way_is_read_only(const struct snap_entry *entry);

#endif
