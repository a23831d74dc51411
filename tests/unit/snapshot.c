// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "base/strbuf.h"
#include "model/snapshot.h"

/* A sample, mostly built by the test, and the snapshot made from it. */
struct world {
	struct sample sample;
	struct snapshot snap;
	struct snap_selection all;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct world));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *w = *state;

	snap_selection_release(&w->all);
	snapshot_release(&w->snap);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static void look(struct world *w)
{
	const struct snap_filter none = { 0 };

	/* of the sample before */
	snap_selection_release(&w->all);
	snapshot_release(&w->snap);
	snapshot_build(&w->sample, &w->snap);
	snapshot_select(&w->snap, &none, &w->all);
}

static void look_at(struct world *w, const char *fixture)
{
	assert_int_equal(fixture_make(fixture, &w->sample), 0);
	look(w);
}

static struct snap_sums total(struct world *w, size_t *devices)
{
	struct snap_count count;
	struct snap_sums sums;

	snap_selection_sum(&w->snap, &w->all, NULL, &sums, &count);
	*devices = count.devices;
	return sums;
}

static void nothing_is_nothing(void **state)
{
	struct world *w = *state;
	struct snap_sums sums;
	size_t devices;

	look_at(w, "empty");
	assert_int_equal(w->snap.nr_entries, 0);
	sums = total(w, &devices);
	assert_int_equal(devices, 0);
	assert_true(sums.reserved.exact == 0 && sums.cached.exact == 0);
}

static void a_plain_device_adds_up(void **state)
{
	struct world *w = *state;
	const struct snap_sums *sums;

	look_at(w, "one");
	assert_int_equal(w->snap.nr_entries, 1);
	sums = &w->snap.entries[0].sums;
	assert_int_equal(sums->pools.exact, 10);
	assert_true(sums->group[ROLE_CORE].exact == 2 * 16 * 576);
	assert_true(sums->group[ROLE_RECHECK].exact ==
		    4096 + 16 * (128 + 256 + 4096));
	assert_true(sums->group[ROLE_HASH].exact ==
		    4352 + 16 * (128 + 256 + 4096));
	assert_true(sums->group[ROLE_FEC].exact == 0);
	assert_true(sums->reserved.exact ==
		    sums->group[ROLE_CORE].exact +
			    sums->group[ROLE_RECHECK].exact +
			    sums->group[ROLE_HASH].exact);
	assert_true(sums->biovec.exact == 2 * 16 * 4096);
	assert_true(sums->group_biovec[ROLE_RECHECK].exact == 16 * 4096);
	/* in addition to the reserve, not a part of it */
	assert_true(sums->cached.exact == 20480);
}

static void fifty_nine_devices_have_the_known_biovecs(void **state)
{
	struct world *w = *state;
	struct snap_count count;
	struct snap_sums sums;
	size_t devices;

	look_at(w, "demo");
	snap_selection_sum(&w->snap, &w->all, "plain-*", &sums, &count);
	assert_int_equal(count.devices, 59);
	assert_int_equal(count.unknown, 0);
	assert_true(sums.biovec.exact == 7733248);
	assert_true(sums.group_biovec[ROLE_RECHECK].exact == 3866624);

	sums = total(w, &devices);
	assert_int_equal(devices, 61);
	assert_true(sums.biovec.exact == 61 * 131072 + 131072);
}

static void each_slot_is_an_entry_and_each_device_counts_once(void **state)
{
	struct world *w = *state;
	struct sample_device *device = fixture_device(&w->sample, 4, "two");
	const struct snap_entry *e;
	size_t devices;

	/* the slots' targets may come in any order */
	fixture_target(device, SAMPLE_SLOT_INACTIVE, "linear");
	fixture_target(device, SAMPLE_SLOT_LIVE, "verity");
	fixture_target(device, SAMPLE_SLOT_INACTIVE, "error");
	fixture_verity_pools(&w->sample, 4, 2, SAMPLE_SLOT_INACTIVE);
	fixture_verity_pools(&w->sample, 4, 1, SAMPLE_SLOT_LIVE);
	look(w);

	assert_int_equal(w->snap.nr_entries, 2);
	e = w->snap.entries;
	assert_int_equal(e[0].slot, SAMPLE_SLOT_LIVE);
	assert_int_equal(e[0].nr_targets, 1);
	assert_int_equal(e[0].nr_pools, 10);
	assert_int_equal(e[0].pools[0].raw->table_id, 1);
	assert_int_equal(e[1].slot, SAMPLE_SLOT_INACTIVE);
	assert_int_equal(e[1].nr_targets, 2);
	assert_string_equal(e[1].targets[1]->type, "error");
	assert_int_equal(e[1].pools[0].raw->table_id, 2);

	assert_true(total(w, &devices).reserved.exact ==
		    2 * e[0].sums.reserved.exact);
	assert_int_equal(devices, 1);
}

static void a_slot_that_is_not_known_is_kept(void **state)
{
	struct world *w = *state;

	fixture_target(fixture_device(&w->sample, 4, "odd"), SAMPLE_SLOT_LIVE,
		       "verity");
	fixture_pool(&w->sample, 4, 1, "core.io", 16, 64)->slot =
		SAMPLE_SLOT_UNKNOWN;
	look(w);
	assert_int_equal(w->snap.nr_entries, 2);
	assert_int_equal(w->snap.entries[1].slot, SAMPLE_SLOT_UNKNOWN);
	assert_true(w->snap.entries[1].sums.reserved.exact == 1024);
}

static void a_device_without_a_table_is_shown(void **state)
{
	struct world *w = *state;
	size_t devices;

	fixture_device(&w->sample, 2, "empty");
	look(w);
	assert_int_equal(w->snap.nr_entries, 1);
	assert_int_equal(w->snap.entries[0].slot, SAMPLE_SLOT_LIVE);
	assert_int_equal(w->snap.entries[0].nr_targets, 0);
	assert_true(total(w, &devices).reserved.exact == 0);
	assert_int_equal(devices, 1);
}

static void pools_of_a_vanished_device_are_kept(void **state)
{
	struct world *w = *state;
	size_t devices;

	fixture_device(&w->sample, 1, "before");
	fixture_device(&w->sample, 9, "after");
	fixture_pool(&w->sample, 5, 1, "core.io", 16, 64);
	look(w);
	assert_int_equal(w->snap.nr_entries, 3);
	assert_null(w->snap.entries[1].device);
	assert_true(w->snap.entries[1].dev_known);
	assert_int_equal(w->snap.entries[1].dev.minor, 5);
	assert_true(total(w, &devices).reserved.exact == 1024);
	assert_int_equal(devices, 3);
}

static void pools_that_nobody_named_are_apart_but_counted(void **state)
{
	struct world *w = *state;
	const struct snap_entry *entry;
	struct sample_pool *pool;
	size_t devices, i;

	fixture_device(&w->sample, 0, "named");
	for (i = 0; i < 2; i++) {
		pool = fixture_pool(&w->sample, i, i, "other.bvec", 16, 4096);
		pool->dev_known = false;
		pool->slot = i ? SAMPLE_SLOT_UNKNOWN : SAMPLE_SLOT_LIVE;
	}
	look(w);
	assert_int_equal(w->snap.nr_entries, 2);
	entry = &w->snap.entries[1];
	assert_false(entry->dev_known);
	assert_int_equal(entry->nr_pools, 2);
	assert_true(entry->sums.group[ROLE_OTHER].exact == 131072);
	assert_true(entry->sums.biovec.exact == 131072);
	assert_true(total(w, &devices).reserved.exact == 131072);
	assert_int_equal(devices, 1);
}

static void a_shared_pool_counts_once_and_names_the_others(void **state)
{
	struct world *w = *state;
	const struct snap_entry *e;
	struct snap_sums sums;
	size_t devices, i;

	for (i = 0; i < 3; i++) {
		fixture_device(&w->sample, i, "d");
		fixture_pool(&w->sample, i, i, "recheck.page", 1, 4096)->id =
			77;
	}
	fixture_pool(&w->sample, 2, 2, "core.io", 1, 64);
	look(w);
	e = w->snap.entries;
	assert_int_equal(w->snap.nr_entries, 3);
	/* each device has it, the sum has it once */
	for (i = 0; i < 3; i++)
		assert_true(e[i].sums.group[ROLE_RECHECK].exact == 4096);
	sums = total(w, &devices);
	assert_true(sums.reserved.exact == 4096 + 64);
	assert_int_equal(sums.pools.exact, 2);

	assert_int_equal(e[0].pools[0].nr_shared, 2);
	assert_int_equal(e[0].pools[0].users[1].minor, 1);
	assert_int_equal(e[0].pools[0].users[2].minor, 2);
	assert_int_equal(e[1].pools[0].nr_shared, 2);
	assert_int_equal(e[1].pools[0].users[0].minor, 0);
	/* its other pool is its own */
	assert_string_equal(e[2].pools[0].raw->role, "core.io");
	assert_int_equal(e[2].pools[0].nr_shared, 0);
}

static void a_pool_named_twice_in_one_place_is_one(void **state)
{
	struct world *w = *state;

	fixture_pool(&w->sample, 1, 1, "core.io", 16, 64)->id = 5;
	fixture_pool(&w->sample, 1, 1, "core.io", 16, 64)->id = 5;
	/* of unknown identity: not treated as the same */
	fixture_pool(&w->sample, 1, 1, "hash.io", 16, 64)->id = MEMTOP_UNKNOWN;
	fixture_pool(&w->sample, 1, 1, "hash.io", 16, 64)->id = MEMTOP_UNKNOWN;
	look(w);
	assert_int_equal(w->snap.entries[0].nr_pools, 3);
	assert_true(w->snap.entries[0].sums.reserved.exact == 3 * 1024);
}

static void a_pool_in_both_slots_is_not_shared(void **state)
{
	struct world *w = *state;
	size_t devices;

	fixture_pool(&w->sample, 1, 1, "core.io", 16, 64)->id = 5;
	fixture_pool(&w->sample, 1, 1, "core.io", 16, 64)->id = 5;
	w->sample.pools[1].slot = SAMPLE_SLOT_INACTIVE;
	look(w);
	assert_int_equal(w->snap.nr_entries, 2);
	assert_int_equal(w->snap.entries[0].pools[0].nr_shared, 0);
	assert_int_equal(w->snap.entries[1].pools[0].nr_shared, 0);
	assert_true(total(w, &devices).reserved.exact == 1024);
}

static void sharing_names_each_device_once(void **state)
{
	struct world *w = *state;
	const struct snap_pool *pool;
	size_t i;

	/* in both slots of one device, in one of another, and nameless */
	for (i = 0; i < 4; i++) {
		fixture_pool(&w->sample, i / 2, 1, "hash.io", 1, 64);
		w->sample.pools[i].id = 5;
	}
	w->sample.pools[1].slot = SAMPLE_SLOT_INACTIVE;
	w->sample.pools[3].dev_known = false;
	look(w);
	assert_int_equal(w->snap.nr_entries, 4);
	pool = w->snap.entries[2].pools;
	assert_int_equal(pool->nr_shared, 1);
	assert_int_equal(pool->users[0].minor, 0);
	pool = w->snap.entries[3].pools;
	assert_int_equal(pool->nr_shared, 2);
	assert_int_equal(pool->users[1].minor, 1);
}

static void a_device_named_twice_is_one(void **state)
{
	struct world *w = *state;

	fixture_device(&w->sample, 3, "first");
	fixture_device(&w->sample, 1, "other");
	fixture_device(&w->sample, 3, "second");
	look(w);
	assert_int_equal(w->snap.nr_entries, 2);
	assert_string_equal(w->snap.entries[1].device->name, "first");
}

static void an_unknown_part_makes_the_sums_unknown(void **state)
{
	struct world *w = *state;
	const struct snap_sums *sums;
	size_t devices;

	look_at(w, "unknowns");
	sums = &w->snap.entries[1].sums;
	assert_true(sums->reserved.exact == MEMTOP_UNKNOWN);
	assert_true(sums->biovec.exact == MEMTOP_UNKNOWN);
	assert_true(sums->group[ROLE_HASH].exact == MEMTOP_UNKNOWN);
	assert_true(sums->cached.exact == MEMTOP_UNKNOWN);
	/* sums without it stay known */
	assert_true(sums->group[ROLE_RECHECK].exact != MEMTOP_UNKNOWN);
	assert_true(w->snap.entries[0].sums.reserved.exact != MEMTOP_UNKNOWN);
	assert_true(total(w, &devices).reserved.exact == MEMTOP_UNKNOWN);
	assert_int_equal(devices, 2);
}

/* One table of @type with a pool of dm core and one of its own. */
static const struct snap_entry *entry_of(struct world *w, const char *type)
{
	fixture_target(fixture_device(&w->sample, 0, "one"), SAMPLE_SLOT_LIVE,
		       type);
	fixture_pool(&w->sample, 0, 1, "core.io", 16, 64);
	fixture_pool(&w->sample, 0, 1, "other.bvec", 2, 4096);
	look(w);
	return &w->snap.entries[0];
}

/*
 * Of a target that has reserves, or may have some, only the sum of dm core is
 * exact.
 */
static void unknown_targets_make_sums_unknown(void **state)
{
	static const char *const types[] = {
		"cache",
		"clone",
		"crypt",
		"ebs",
		"era",
		"integrity",
		"mirror",
		"raid",
		"snapshot",
		"thin-pool",
		"vdo",
		"writecache",
		"snapshot-merge",
		"zoned",
		"multisnap",
		"acme",
		"",
		"verity2",
		"linea",
		"Linear",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct world *w = *state;
		const struct snap_entry *entry = entry_of(w, types[i]);
		const struct snap_sums *sums = &entry->sums;

		assert_false(entry->pools_known);
		assert_false(entry->levels_known);
		assert_true(sums->reserved.exact == MEMTOP_UNKNOWN);
		assert_true(sums->biovec.exact == MEMTOP_UNKNOWN);
		assert_true(sums->cached.exact == MEMTOP_UNKNOWN);
		assert_true(sums->waiters.exact == MEMTOP_UNKNOWN);
		assert_true(sums->waits.exact == MEMTOP_UNKNOWN);
		assert_true(sums->pools.exact == MEMTOP_UNKNOWN);
		for (size_t j = 0; j < NR_ROLE_GROUPS; j++) {
			uint64_t sum = sums->group[j].exact;

			assert_true(j == ROLE_CORE ? sum == 16 * 64 :
						     sum == MEMTOP_UNKNOWN);
		}
		assert_true(sums->reserved.least == 16 * 64 + 2 * 4096);
		assert_true(sums->biovec.least == 2 * 4096);
		assert_true(sums->pools.least == 2);
		teardown(state);
		setup(state);
	}
}

static void known_targets_keep_sums_exact(void **state)
{
	static const char *const types[] = {
		"delay",   "dust",	 "error",     "flakey",
		"linear",  "log-writes", "multipath", "snapshot-origin",
		"striped", "switch",	 "thin",      "unstriped",
		"verity",  "zero",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct world *w = *state;
		const struct snap_entry *entry = entry_of(w, types[i]);

		assert_true(entry->pools_known);
		assert_true(entry->levels_known);
		assert_true(entry->sums.reserved.exact == 16 * 64 + 2 * 4096);
		assert_true(entry->sums.pools.exact == 2);
		teardown(state);
		setup(state);
	}
}

/* A target whose reserves the walk finds, so it has a pool then. */
static void walked_targets_are_known_by_their_pools(void **state)
{
	struct world *w = *state;
	struct sample *s = &w->sample;
	const struct snap_entry *entry;

	fixture_target(fixture_device(s, 0, "one"), SAMPLE_SLOT_LIVE, "crypt");
	fixture_pool(s, 0, 1, "core.io", 16, 64)->target_index =
		SAMPLE_NO_TARGET;
	strcpy(fixture_pool(s, 0, 2, "crypt.page", 256, 4096)->target_type,
	       "crypt");
	strcpy(fixture_pool(s, 0, 3, "crypt.bvec", 64, 4096)->target_type,
	       "crypt");
	look(w);
	entry = &w->snap.entries[0];
	assert_true(entry->pools_known);
	assert_true(entry->sums.reserved.exact == 16 * 64 + 320 * 4096);
	assert_true(entry->sums.biovec.exact == 64 * 4096);
	/* a kernel that lacks a member of it */
	s->devices[0].gaps = SAMPLE_NO_RESERVES;
	look(w);
	entry = &w->snap.entries[0];
	assert_false(entry->pools_known);
	assert_true(entry->sums.reserved.exact == MEMTOP_UNKNOWN);
	assert_true(entry->sums.reserved.least == 16 * 64 + 320 * 4096);
}

/* One of the two targets has no pool: it was not walked. */
static void each_walked_target_needs_a_pool(void **state)
{
	struct world *w = *state;
	struct sample *s = &w->sample;
	struct sample_device *d = fixture_device(s, 0, "one");

	fixture_target(d, SAMPLE_SLOT_LIVE, "crypt");
	fixture_target(d, SAMPLE_SLOT_LIVE, "linear");
	fixture_target(d, SAMPLE_SLOT_LIVE, "crypt");
	for (uint32_t i = 0; i < 3; i++)
		d->targets[i].index = i;
	strcpy(fixture_pool(s, 0, 2, "crypt.page", 256, 4096)->target_type,
	       "crypt");
	look(w);
	assert_false(w->snap.entries[0].pools_known);
	strcpy(fixture_pool(s, 0, 3, "crypt.page", 256, 4096)->target_type,
	       "crypt");
	s->pools[1].target_index = 2;
	look(w);
	assert_true(w->snap.entries[0].pools_known);
}

/* In any order, and with the unknown one in either slot. */
static void totals_are_at_least_what_is_known(void **state)
{
	struct world *w = *state;
	struct snap_count count;
	struct snap_sums sums;
	struct strbuf types = { 0 };

	look_at(w, "targets");
	snap_selection_sum(&w->snap, &w->all, NULL, &sums, &count);
	assert_int_equal(count.devices, 6);
	assert_int_equal(count.unknown, 5);
	assert_true(sums.reserved.exact == MEMTOP_UNKNOWN);
	assert_true(sums.group[ROLE_CORE].exact == sums.group[ROLE_CORE].least);
	assert_true(sums.biovec.least == 4 * 16 * 4096 + 16 * 4096);
	assert_int_equal(
		snap_add_unknown_types(w->all.entries, w->all.nr, &types), 4);
	assert_string_equal(strbuf_text(&types), "acme, crypt, raid, snapshot");
	strbuf_release(&types);

	snap_selection_sum(&w->snap, &w->all, "plain", &sums, &count);
	assert_int_equal(count.unknown, 0);
	assert_true(sums.reserved.exact == 2 * 16 * 576);
	snap_selection_sum(&w->snap, &w->all, "system", &sums, &count);
	assert_int_equal(count.devices, 1);
	assert_int_equal(count.unknown, 1);
}

static void a_torn_device_is_unknown_and_counted(void **state)
{
	struct world *w = *state;
	struct snap_count count;
	struct snap_sums sums;

	assert_int_equal(fixture_make("one", &w->sample), 0);
	w->sample.devices[0].torn = true;
	look(w);
	snap_selection_sum(&w->snap, &w->all, NULL, &sums, &count);
	assert_int_equal(count.unknown, 1);
	assert_true(sums.group[ROLE_CORE].exact == MEMTOP_UNKNOWN);
}

static void an_overflow_is_unknown(void **state)
{
	struct world *w = *state;

	fixture_pool(&w->sample, 0, 1, "core.io", 1ULL << 40, 1ULL << 40);
	fixture_pool(&w->sample, 1, 1, "core.io", 1, UINT64_MAX - 1);
	fixture_pool(&w->sample, 1, 1, "core.clone", 1, 2);
	look(w);
	assert_true(w->snap.entries[0].sums.reserved.exact == MEMTOP_UNKNOWN);
	assert_true(w->snap.entries[1].sums.reserved.exact == MEMTOP_UNKNOWN);
}

static void the_level_is_the_lowest_share(void **state)
{
	struct world *w = *state;
	const struct snap_entry *entry;

	fixture_pool(&w->sample, 0, 1, "core.io", 16, 64)->current = 8;
	fixture_pool(&w->sample, 0, 1, "hash.io", 100, 64)->current = 49;
	fixture_pool(&w->sample, 0, 1, "hash.bio", 2, 64)->current = 1;
	fixture_pool(&w->sample, 0, 1, "fec.extra", 0, 64);
	look(w);
	entry = &w->snap.entries[0];
	assert_string_equal(entry->lowest->raw->role, "hash.io");
	assert_true(entry->levels_known);
}

static void levels_may_be_full_or_unknown(void **state)
{
	struct world *w = *state;

	/* more elements than its minimum are full */
	fixture_pool(&w->sample, 0, 1, "core.io", 16, 64)->current = 20;
	fixture_pool(&w->sample, 1, 1, "core.io", 16, 64)->current =
		MEMTOP_UNKNOWN;
	fixture_pool(&w->sample, 2, 1, "core.io", UINT64_MAX - 1, 64)->current =
		UINT64_MAX - 2;
	look(w);
	assert_null(w->snap.entries[0].lowest);
	assert_true(w->snap.entries[0].levels_known);
	assert_null(w->snap.entries[1].lowest);
	assert_false(w->snap.entries[1].levels_known);
	assert_non_null(w->snap.entries[2].lowest);
}

static void pools_come_in_the_usual_order(void **state)
{
	struct world *w = *state;
	const struct snap_pool *pools;

	fixture_pool(&w->sample, 0, 1, "novel", 1, 1);
	fixture_pool(&w->sample, 0, 1, "hash.io", 1, 1);
	fixture_pool(&w->sample, 0, 1, "core.io", 1, 1)->target_index =
		SAMPLE_NO_TARGET;
	fixture_pool(&w->sample, 0, 1, "recheck.io", 1, 1)->target_index = 1;
	fixture_pool(&w->sample, 0, 1, "hash.io", 1, 1);
	look(w);
	pools = w->snap.entries[0].pools;
	assert_string_equal(pools[0].raw->role, "core.io");
	assert_string_equal(pools[1].raw->role, "hash.io");
	assert_int_equal(pools[1].raw->id, 2);
	assert_int_equal(pools[2].raw->id, 5);
	assert_string_equal(pools[3].raw->role, "novel");
	assert_string_equal(pools[4].raw->role, "recheck.io");
}

static size_t selected(struct world *w, const struct snap_filter *filter)
{
	snap_selection_release(&w->all);
	snapshot_select(&w->snap, filter, &w->all);
	return w->all.nr;
}

#define WORDS(...)                                                \
	{                                                         \
		(const char *[]){ __VA_ARGS__ },                  \
			sizeof((const char *[]){ __VA_ARGS__ }) / \
				sizeof(const char *)              \
	}

/* The same as arguments of the command line; two at most. */
#define ARGS(...)                                                 \
	{                                                         \
		two_args((const char *[]){ __VA_ARGS__, NULL }),  \
			sizeof((const char *[]){ __VA_ARGS__ }) / \
				sizeof(const char *)              \
	}

static struct device_arg *two_args(const char *const *words)
{
	static struct device_arg args[2];

	for (size_t i = 0; i < 2 && words[i]; i++)
		args[i] = (struct device_arg){ .word = words[i] };
	return args;
}

static void devices_are_found_by_any_of_their_names(void **state)
{
	struct world *w = *state;
	static const char *const good[] = {
		"plain-3",
		"plain\\x2d3",
		"CRYPT-VERITY-00000000000000000000000000000002-test",
		"CRYPT-VERITY-00000000000000000000000000000002",
		"00000000000000000000000000000002",
		"00000000-0000-0000-0000-000000000002",
		"CRYPT-*-*02-test",
		"dm-2",
		"254:2",
		"/dev/dm-2",
		"/dev/mapper/plain-3",
		"/dev/mapper/plain\\x2d3",
		"/dev/block/dm-2",
		"/dev/block/254:2",
		"/dev/block/mapper/plain-3",
		"/sys/block/dm-2",
		"/sys/class/block/dm-2",
		"/sys/devices/virtual/block/dm-2",
		"/dev/plain/3",
		"plain/3",
		"7:2",
		"plain-[3]",
	};
	static const char *const bad[] = { "plain",
					   "dm-",
					   "dm-2x",
					   "dm--2",
					   "254:",
					   ":2",
					   "254:02x",
					   "253:2",
					   "dm-99999",
					   "/dev/254",
					   "",
					   "dm-18446744073709551618",
					   "/dev/mapper/dm-2",
					   "plain/",
					   "/3",
					   "plain//3",
					   "/dev/plain/3/x",
					   "plain--3",
					   "CRY",
					   "CRYPT-LUKS2-",
					   "0000000000000000000000000000000",
					   "0000-0000000000000000000000000000-x",
					   "plain\\x2",
					   "/mapper/plain-3",
					   "7:99",
					   "nothing*" };
	size_t i;

	look_at(w, "demo");
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct snap_filter filter = { .devices = ARGS(good[i]) };

		assert_int_equal(selected(w, &filter), 1);
		assert_string_equal(w->all.entries[0]->device->name, "plain-3");
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct snap_filter filter = { .devices = ARGS(bad[i]) };

		assert_int_equal(selected(w, &filter), 0);
	}
}

/* LVM's: the volume group's UUID, then the volume's. */
static void a_volume_has_its_own_uuid(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *word;
		size_t nr; /* of devices that it names */
	} cases[] = {
		{ "lvlvlv-lvlv-lvlv-lvlv-lvlv-lvlv-000001", 1 },
		{ "vgvgvg-vgvg-vgvg-vgvg-vgvg-vgvg-000000", 0 },
		{ "LVM-", 2 },
	};

	look_at(w, "demo");
	strcpy(w->sample.devices[0].uuid,
	       "LVM-vgvgvgvgvgvgvgvgvgvgvgvgvg000000lvlvlvlvlvlvlvlvlvlvlvlvlv000001-tpool");
	strcpy(w->sample.devices[1].uuid,
	       "LVM-vgvgvgvgvgvgvgvgvgvgvgvgvg000000lvlvlvlvlvlvlvlvlvlvlvlvlv000002");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct snap_filter filter = { .devices = ARGS(
							    cases[i].word) };

		assert_int_equal(selected(w, &filter), cases[i].nr);
		if (cases[i].nr)
			assert_ptr_equal(w->all.entries[0]->device,
					 &w->sample.devices[0]);
	}
}

static void filters_of_one_kind_widen_of_several_narrow(void **state)
{
	struct world *w = *state;
	const struct snap_filter two = { .names = WORDS("fec", "stack*") };
	const struct snap_filter both = { .names = WORDS("plain-1*"),
					  .devices = ARGS("dm-0", "fec") };
	const struct snap_filter type = { .targets = WORDS("verity") };
	const struct snap_filter other = { .targets = WORDS("verit") };

	look_at(w, "demo");
	assert_int_equal(selected(w, &two), 2);
	assert_int_equal(selected(w, &both), 1);
	assert_int_equal(selected(w, &type), 61);
	assert_int_equal(selected(w, &other), 0);
}

static void filters_tell_slots_and_nameless_ones_apart(void **state)
{
	struct world *w = *state;
	const struct snap_filter linear = { .targets = WORDS("linear") };
	const struct snap_filter verity = { .targets = WORDS("verity") };
	const struct snap_filter any = { .names = WORDS("*") };
	const struct snap_filter gone = { .devices = ARGS("254:9") };

	look_at(w, "states");
	assert_int_equal(selected(w, &linear), 1);
	assert_int_equal(w->all.entries[0]->slot, SAMPLE_SLOT_INACTIVE);
	/* pools of the removed table name verity */
	assert_int_equal(selected(w, &verity), 4);
	assert_int_equal(selected(w, &any), 4);
	assert_int_equal(selected(w, &gone), 1);
}

static void globs_match_names_of_any_bytes(void **state)
{
	struct world *w = *state;
	const struct snap_filter all = { .names = WORDS("*") };
	const struct snap_filter some = { .names = WORDS("not*utf8*") };

	look_at(w, "hostile");
	assert_int_equal(selected(w, &all), 8);
	assert_int_equal(selected(w, &some), 1);
}

static void totals_are_of_what_is_selected(void **state)
{
	struct world *w = *state;
	const struct snap_filter filter = { .devices = ARGS("254:0") };
	size_t devices;

	look_at(w, "shared");
	selected(w, &filter);
	/* the shared page counts for the remaining device */
	assert_true(total(w, &devices).group[ROLE_RECHECK].exact ==
		    2 * 4096 + 16 * (128 + 256 + 4096));
	assert_int_equal(devices, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_nothing),
		TEST(a_plain_device_adds_up),
		TEST(fifty_nine_devices_have_the_known_biovecs),
		TEST(each_slot_is_an_entry_and_each_device_counts_once),
		TEST(a_slot_that_is_not_known_is_kept),
		TEST(a_device_without_a_table_is_shown),
		TEST(pools_of_a_vanished_device_are_kept),
		TEST(pools_that_nobody_named_are_apart_but_counted),
		TEST(a_shared_pool_counts_once_and_names_the_others),
		TEST(a_pool_named_twice_in_one_place_is_one),
		TEST(a_pool_in_both_slots_is_not_shared),
		TEST(sharing_names_each_device_once),
		TEST(a_device_named_twice_is_one),
		TEST(an_unknown_part_makes_the_sums_unknown),
		TEST(unknown_targets_make_sums_unknown),
		TEST(walked_targets_are_known_by_their_pools),
		TEST(each_walked_target_needs_a_pool),
		TEST(known_targets_keep_sums_exact),
		TEST(totals_are_at_least_what_is_known),
		TEST(a_torn_device_is_unknown_and_counted),
		TEST(an_overflow_is_unknown),
		TEST(the_level_is_the_lowest_share),
		TEST(levels_may_be_full_or_unknown),
		TEST(pools_come_in_the_usual_order),
		TEST(devices_are_found_by_any_of_their_names),
		TEST(a_volume_has_its_own_uuid),
		TEST(filters_of_one_kind_widen_of_several_narrow),
		TEST(filters_tell_slots_and_nameless_ones_apart),
		TEST(globs_match_names_of_any_bytes),
		TEST(totals_are_of_what_is_selected),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
