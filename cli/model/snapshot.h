/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot interprets a sample: devices with their pools, reserves in bytes,
 * sums. All of it is derived from the one sample, without side effects.
 *
 * Sums are exact or unknown: one unknown part makes the sum unknown. Each has a
 * lower bound, the known part.
 */
#ifndef MEMTOP_MODEL_SNAPSHOT_H
#define MEMTOP_MODEL_SNAPSHOT_H

#include "model/device_arg.h"
#include "model/pool_users.h"
#include "sample/roles.h"
#include "sample/sample.h"

struct strbuf;

/* A sum over pools. */
struct snap_sum {
	uint64_t exact; /* may be unknown: then the sum is */
	uint64_t least; /* the lower bound; never unknown */
};

/* Sums over a set of pools, each pool counted once. */
struct snap_sums {
	struct snap_sum reserved;
	struct snap_sum biovec; /* the part of reserved in biovec arrays */
	struct snap_sum group[NR_ROLE_GROUPS]; /* reserved, split by group */
	struct snap_sum group_biovec[NR_ROLE_GROUPS];
	struct snap_sum cached; /* not a part of the reserve */
	struct snap_sum waits; /* how often a pool was exhausted */
	struct snap_sum waiters; /* currently waiting tasks */
	struct snap_sum pools;
};

struct snap_entry;

/*
 * One pool of one table. A shared pool appears at each device that uses it,
 * whether it is listed with it or not.
 */
struct snap_pool {
	const struct sample_pool *raw;
	const struct snap_entry *entry; /* where it is listed */
	unsigned int rank; /* of its role */
	enum role_group group;
	bool biovec;
	uint64_t reserved; /* bytes: min x footprint; may be unknown */
	size_t identity; /* the same number for the same pool */
	/*
	 * The device and slot at which it is shown; those of raw unless guest.
	 */
	bool dev_known;
	struct sample_devno dev;
	enum sample_slot slot;
	/*
	 * It is listed elsewhere, or without a device: a task of this device
	 * waits for an element of it, or has one.
	 */
	const struct pool_user *guest; /* of struct snapshot; NULL: no guest */
	/*
	 * All devices that it is known to serve, by number, including its own.
	 */
	const struct sample_devno *users; /* of struct snapshot */
	size_t nr_users;
	size_t nr_shared; /* of these, those other than its own */
};

/*
 * One table of one device; a device without any table; or all pools without a
 * known device.
 */
struct snap_entry {
	const struct sample *sample; /* its sample */
	bool dev_known;
	struct sample_devno dev;
	const struct sample_device *device; /* NULL: removed, or none */
	enum sample_slot slot;
	const struct sample_target **targets; /* owned; those of this slot */
	size_t nr_targets;
	struct snap_pool *pools;
	size_t nr_pools;
	struct snap_sums sums;
	/*
	 * The pool with the lowest current/min, if that is below 1; NULL if no
	 * pool is known to be below its minimum.
	 */
	const struct snap_pool *lowest;
	bool levels_known; /* all pools with a minimum have a known level */
	/*
	 * All reserves of the table are among pools: it has no target with
	 * unknown reserves, and the device was not torn.
	 */
	bool pools_known;
};

struct snapshot {
	const struct sample *sample;
	struct snap_entry *entries; /* by device number, live slot first */
	size_t nr_entries;
	struct snap_pool *pools; /* of all entries, one after another */
	size_t nr_pools;
	struct sample_devno *users; /* owned; all pools' */
	struct pool_users guests; /* owned */
};

/*
 * Makes a snapshot that refers to @sample, which must outlive it. Call
 * snapshot_release() later.
 */
void snapshot_build(const struct sample *sample, struct snapshot *ret);
void snapshot_release(struct snapshot *snap);

/* A list of words from the command line; what it points to is not owned. */
struct word_list {
	const char **words;
	size_t nr;
};

/*
 * The selection: entries that match one word of every list that is not empty.
 */
struct snap_filter {
	struct device_args devices;
	/* Block devices: an entry must be one of them, or below one of them. */
	const struct sample_devno *on;
	size_t nr_on; /* 0: any */
	struct word_list names; /* globs over the name */
	struct word_list targets; /* target types, as dm calls them */
};

/* Entries, in the snapshot's order until they are sorted. */
struct snap_selection {
	const struct snap_entry **entries; /* owned */
	size_t nr;
};

void snapshot_select(const struct snapshot *snap,
		     const struct snap_filter *filter,
		     struct snap_selection *ret);
void snap_selection_release(struct snap_selection *sel);

/*
 * For each pool of the sample of @snap, by its place, whether it is of an entry of
 * @sel; where it is only a guest does not count. The caller frees.
 */
bool *snap_selection_pools(const struct snapshot *snap,
			   const struct snap_selection *sel);

/* How well @arg names the device of @snap that it names best; see device_arg_rank(). */
unsigned int snapshot_rank(const struct snapshot *snap,
			   const struct device_arg *arg);

/* Whether @entry's name is known and matches @glob. */
bool snap_entry_matches(const struct snap_entry *entry, const char *glob);

/* Whether @entry has a target of type @type, by its table or its pools. */
bool snap_entry_has_target(const struct snap_entry *entry, const char *type);

/*
 * How long something that began at @since_ns (CLOCK_BOOTTIME) had lasted at the
 * time of @entry's sample, in ns; may be unknown.
 */
uint64_t snap_age(const struct snap_entry *entry, uint64_t since_ns);

/* Whether @a is drained further than @b; both levels must be known. */
bool snap_pool_is_lower(const struct snap_pool *a, const struct snap_pool *b);

/* Whether @dev, one of its users, is not the device at which it is shown. */
bool snap_pool_is_shared_with(const struct snap_pool *pool,
			      struct sample_devno dev);

/*
 * How many tasks wait for @pool; for a guest, those of its device; may be
 * unknown.
 */
uint64_t snap_pool_waiters(const struct snap_pool *pool);

/*
 * Tasks that wait for @pool, or have an element; for a guest, those of its
 * device.
 */
size_t snap_pool_nr_tasks(const struct snap_pool *pool, bool holders);
const struct sample_task *snap_pool_task(const struct snap_pool *pool,
					 bool holders, size_t at);

/* Adds one pool to @sums. */
void snap_sums_add(struct snap_sums *sums, const struct snap_pool *pool);

/*
 * Makes sums unknown that lack pools of @entry; lower bounds stay. Does nothing
 * for an entry with all pools known.
 */
void snap_sums_miss(struct snap_sums *sums, const struct snap_entry *entry);

/* Devices, each counted once for all of its tables. */
struct snap_count {
	size_t devices;
	size_t unknown; /* of these, with unknown pools */
};

/*
 * Adds up the @nr entries at @entries, and sorts them. @seen has room for each pool of
 * the snapshot, and @mark in place of those that were added; it must not be 0.
 */
void snap_sum_entries(const struct snap_entry **entries, size_t nr,
		      size_t *seen, size_t mark, struct snap_sums *sums,
		      struct snap_count *count);

/*
 * Adds up the entries of @sel whose name matches @glob, or all if it is NULL.
 */
void snap_selection_sum(const struct snapshot *snap,
			const struct snap_selection *sel, const char *glob,
			struct snap_sums *sums, struct snap_count *count);

/* Whether every reserve of @target, one of @entry's, is among its pools. */
bool snap_knows_target(const struct snap_entry *entry,
		       const struct sample_target *target);

/*
 * The target types with unknown reserves of the @nr entries at @entries, each
 * once, sorted. The caller frees the list, not its words.
 */
const char **snap_list_unknown_types(const struct snap_entry *const *entries,
				     size_t nr, size_t *ret_nr);

/* Adds these to @sb: "crypt, raid". Returns how many they are. */
size_t snap_add_unknown_types(const struct snap_entry *const *entries,
			      size_t nr, struct strbuf *sb);

#endif
