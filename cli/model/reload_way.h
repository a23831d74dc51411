/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a table gets new reserves: loaded again while its device is in use, if its
 * targets can be, or what has to be done instead.
 */
#ifndef MEMTOP_MODEL_RELOAD_WAY_H
#define MEMTOP_MODEL_RELOAD_WAY_H

#include <stdbool.h>

struct snap_entry;

enum reload_way {
	/* A command does it, for a device in use: */
	RELOAD_DMSETUP, /* its own table once more, then resume */
	RELOAD_CRYPTSETUP, /* cryptsetup, which asks for the passphrase */
	RELOAD_INACTIVE, /* the inactive table once more, which stays so */
	/* No command is given: */
	RELOAD_SUSPENDED, /* resume would end what somebody else began */
	RELOAD_STUCK, /* the device below lets nothing through: it would hang */
	RELOAD_PENDING, /* another table waits, and would be replaced */
	RELOAD_REMAKE, /* a target is not known to allow it */
	RELOAD_NOBODY, /* of no table, or of a device that is gone */
	NR_RELOAD_WAYS,
};

extern const char *const reload_way_names[NR_RELOAD_WAYS];

/* Whether there is a command. */
bool reload_way_has_command(enum reload_way way);

/*
 * For the table @entry. @stuck: its device, or one below, is suspended, or a task
 * of theirs is in a deadlock.
 */
enum reload_way reload_way_of(const struct snap_entry *entry, bool stuck);

/* The type of a target that has to be made again; NULL: none has. */
const char *reload_way_culprit(const struct snap_entry *entry);

/* Whether all targets are verity: their tables are loaded read-only. */
bool reload_way_is_read_only(const struct snap_entry *entry);

#endif
