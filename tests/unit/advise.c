// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "model/advise.h"
#include "model/advise_alike.h"
#include "model/snapshot.h"

struct world {
	struct sample sample;
	struct snapshot snap;
	struct advise_evidence evidence;
	struct advice advice;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w)
		return -1;
	w->sample.boottime_ns = 1000;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	advice_release(&w->advice);
	advise_evidence_release(&w->evidence);
	snapshot_release(&w->snap);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static struct sample_device *add_device(struct world *w, uint32_t minor,
					const char *name, const char *target)
{
	struct sample_device *device = fixture_device(&w->sample, minor, name);

	fixture_target(device, SAMPLE_SLOT_LIVE, target);
	return device;
}

/* A verity device with all its pools. */
static struct sample_device *add_verity(struct world *w, uint32_t minor,
					const char *name)
{
	fixture_verity_pools(&w->sample, minor, 1000 + minor, SAMPLE_SLOT_LIVE);
	return add_device(w, minor, name, "verity");
}

static struct sample_pool *pool_of(struct world *w, uint32_t minor,
				   const char *role)
{
	for (size_t i = 0; i < w->sample.nr_pools; i++) {
		struct sample_pool *pool = &w->sample.pools[i];

		if (pool->dev.minor == minor && strcmp(pool->role, role) == 0)
			return pool;
	}
	fail_msg("no %s", role);
	return NULL;
}

static void decide(struct world *w, uint64_t asked)
{
	if (!w->evidence.nr_samples)
		advise_add(&w->evidence, &w->sample);
	snapshot_build(&w->sample, &w->snap);
	advise_decide(&w->evidence, &w->snap, asked, &w->advice);
	advise_find_alike(w->advice.tables, w->advice.nr_tables);
}

static void assert_reason(const struct world *w, enum advise_rule rule,
			  uint64_t value, uint64_t seen)
{
	const struct advise_reason *r = &w->advice.evidence.reasons[rule];

	assert_int_equal(r->value, value);
	assert_int_equal(r->seen, seen);
}

static void one_is_enough_where_nothing_was_used(void **state)
{
	struct world *w = *state;
	struct sample_device *top;

	add_verity(w, 0, "bottom");
	top = add_verity(w, 1, "top");
	fixture_lower(top, 254, 0);
	decide(w, 0);
	assert_int_equal(w->advice.least, 1);
	assert_int_equal(w->advice.value, 1);
	assert_int_equal(w->advice.depth, 2);
	assert_int_equal(w->advice.nr_reload, 2);
	assert_reason(w, ADVISE_PROGRESS, 1, 0);
	for (size_t rule = ADVISE_FLUSH; rule < NR_ADVISE_RULES; rule++)
		assert_reason(w, rule, 0, 0);
}

/*
 * 16 elements of 576 + 576 and of twice 128 + 256 + 4096 bytes; a page and a
 * buffer.
 */
static void bytes_are_exact(void **state)
{
	struct world *w = *state;
	const uint64_t one = 576 + 576 + 2 * (128 + 256 + 4096);

	add_verity(w, 0, "v");
	decide(w, 0);
	assert_int_equal(w->advice.now, 16 * one + 4096 + 4352);
	assert_int_equal(w->advice.then, one + 4096 + 4352);
	assert_int_equal(w->advice.tables[0].now, w->advice.now);
	assert_int_equal(w->advice.tables[0].then, w->advice.then);
	assert_int_equal(w->advice.tables[0].least, 16);
	assert_int_equal(w->advice.tables[0].most, 16);
	assert_false(w->advice.at_least);
}

static void each_value_has_its_effects(void **state)
{
	struct world *w = *state;
	const uint64_t one = 576 + 576 + 2 * (128 + 256 + 4096);
	const struct advise_choice *c;

	add_verity(w, 0, "v");
	pool_of(w, 0, "core.io")->lowest = 13;
	decide(w, 0);
	for (uint64_t value = 2; value <= 16; value *= 2)
		advise_add_choice(&w->advice, &w->evidence, &w->snap, value);
	assert_int_equal(w->advice.nr_choices, 4);
	c = w->advice.choices;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(c[i].value, 2 << i);
		assert_int_equal(c[i].then, (2 << i) * one + 4096 + 4352);
		assert_int_equal(c[i].nr_reload, i < 3);
		/* three elements were in use */
		assert_int_equal(c[i].against[ADVISE_USED], i == 0);
		assert_false(c[i].against[ADVISE_PROGRESS]);
	}
	/* the rest is about the recommended value still */
	assert_int_equal(w->advice.value, 3);
}

static void tables_alike_are_found(void **state)
{
	struct world *w = *state;
	static const char *const names[] = { "apex1", "other", "apex22",
					     "apex3b", "apex4" };
	static const size_t like[] = { 0, 1, 0, 3, 4 };
	static const size_t nr_like[] = { 2, 1, 0, 1, 1 };

	for (uint32_t i = 0; i < 5; i++)
		add_verity(w, i, names[i]);
	pool_of(w, 4, "core.io")->footprint_bytes++;
	decide(w, 0);
	assert_int_equal(w->advice.nr_tables, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(w->advice.tables[i].like, like[i]);
		assert_int_equal(w->advice.tables[i].nr_like, nr_like[i]);
	}
}

/* An owner's devices may have any names. */
static void tables_of_an_owner_are_alike(void **state)
{
	struct world *w = *state;
	static const char *const names[] = { "root", "usr", "other" };

	for (uint32_t i = 0; i < 3; i++)
		snprintf(add_verity(w, i, names[i])->uuid, SAMPLE_UUID_LEN,
			 "%s%u", i < 2 ? "CRYPT-VERITY-" : "OTHER-", i);
	decide(w, 0);
	assert_int_equal(w->advice.tables[0].nr_like, 2);
	assert_int_equal(w->advice.tables[1].like, 0);
	assert_int_equal(w->advice.tables[2].like, 2);
}

static void a_deadlock_speaks_against_every_value(void **state)
{
	struct world *w = *state;

	add_verity(w, 0, "v");
	advise_add(&w->evidence, &w->sample);
	w->evidence.reasons[ADVISE_DEADLOCK].value = 1;
	decide(w, 0);
	advise_add_choice(&w->advice, &w->evidence, &w->snap, 1024);
	assert_true(w->advice.choices[0].against[ADVISE_DEADLOCK]);
	assert_false(w->advice.choices[0].against[ADVISE_PROGRESS]);
}

static void an_unknown_footprint_makes_bytes_unknown(void **state)
{
	struct world *w = *state;

	add_verity(w, 0, "v");
	pool_of(w, 0, "hash.bio")->footprint_bytes = MEMTOP_UNKNOWN;
	decide(w, 0);
	assert_int_equal(w->advice.now, MEMTOP_UNKNOWN);
	assert_int_equal(w->advice.then, MEMTOP_UNKNOWN);
}

static void what_was_in_use_is_kept(void **state)
{
	struct world *w = *state;

	add_verity(w, 0, "v");
	add_verity(w, 1, "u");
	pool_of(w, 0, "core.io")->lowest = 13;
	pool_of(w, 1, "hash.bio")->current = 11;
	/* not sized by the parameter */
	pool_of(w, 1, "recheck.page")->lowest = 0;
	decide(w, 0);
	assert_int_equal(w->advice.least, 5);
	assert_reason(w, ADVISE_USED, 5, 5);
	assert_string_equal(w->advice.evidence.reasons[ADVISE_USED].name, "u");
	assert_string_equal(w->advice.evidence.reasons[ADVISE_USED].role,
			    "hash.bio");
}

static void the_lowest_of_all_samples_counts(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	add_verity(w, 0, "v");
	pool = pool_of(w, 0, "core.io");
	pool->current = 9;
	advise_add(&w->evidence, &w->sample);
	pool->current = 16;
	w->sample.boottime_ns = 5000;
	advise_add(&w->evidence, &w->sample);
	decide(w, 0);
	assert_int_equal(w->advice.least, 7);
	assert_int_equal(w->advice.evidence.nr_samples, 2);
	assert_int_equal(w->advice.evidence.first_ns, 1000);
	assert_int_equal(w->advice.evidence.last_ns, 5000);
}

static void unknown_levels_are_no_evidence(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	add_verity(w, 0, "v");
	pool = pool_of(w, 0, "core.io");
	pool->lowest = MEMTOP_UNKNOWN;
	pool->current = MEMTOP_UNKNOWN;
	decide(w, 0);
	assert_int_equal(w->advice.least, 1);
	assert_true(w->advice.evidence.levels_unknown);
	assert_true(w->advice.evidence.waits_unknown);
}

static void one_known_level_is_enough(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	add_verity(w, 0, "v");
	pool = pool_of(w, 0, "core.io");
	pool->lowest = MEMTOP_UNKNOWN;
	pool->current = 14;
	decide(w, 0);
	assert_int_equal(w->advice.least, 2);
	assert_false(w->advice.evidence.levels_unknown);
}

static void who_waited_should_have_had_more(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	add_verity(w, 0, "v");
	pool = pool_of(w, 0, "core.io");
	pool->waits = 3;
	pool->longest_wait_ns = 77;
	decide(w, 0);
	assert_int_equal(w->advice.least, 32);
	assert_reason(w, ADVISE_WAITED, 32, 3);
	assert_int_equal(
		w->advice.evidence.reasons[ADVISE_WAITED].longest_wait_ns, 77);
}

/*
 * A current waiter counts although its wait is not counted yet, and so does
 * each further one.
 */
static void who_waits_counts(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	add_verity(w, 0, "v");
	pool = pool_of(w, 0, "core.io");
	pool->min = 4;
	pool->waiters_known = true;
	pool->nr_waiters = 9;
	pool->waiters = calloc(9, sizeof(*pool->waiters));
	decide(w, 0);
	assert_int_equal(w->advice.least, 13);
	assert_reason(w, ADVISE_WAITED, 13, 9);
}

static void there_is_a_most(void **state)
{
	struct world *w = *state;

	add_verity(w, 0, "v");
	pool_of(w, 0, "core.io")->min = 1024;
	pool_of(w, 0, "core.io")->waits = 1;
	decide(w, 0);
	assert_int_equal(w->advice.least, 1024);
}

static void waits_of_others_change_nothing(void **state)
{
	struct world *w = *state;

	add_verity(w, 0, "v");
	pool_of(w, 0, "recheck.page")->waits = 8;
	decide(w, 0);
	assert_int_equal(w->advice.least, 1);
	assert_reason(w, ADVISE_ELSEWHERE, 1, 8);
}

static void a_flush_needs_a_clone_for_each_target(void **state)
{
	struct world *w = *state;
	struct sample_device *device = add_device(w, 0, "lv", "linear");

	for (size_t i = 0; i < 4; i++)
		fixture_target(device, SAMPLE_SLOT_LIVE, "linear");
	/* another table, and a target to which no flushes are sent */
	fixture_target(device, SAMPLE_SLOT_INACTIVE, "linear");
	fixture_target(device, SAMPLE_SLOT_LIVE, "zero");
	fixture_pool(&w->sample, 0, 1, "core.clone", 16, 512);
	decide(w, 0);
	assert_int_equal(w->advice.least, 4);
	assert_reason(w, ADVISE_FLUSH, 4, 5);
}

static void verity_is_sent_no_flush(void **state)
{
	struct world *w = *state;
	struct sample_device *device = add_verity(w, 0, "v");

	for (size_t i = 0; i < 4; i++)
		fixture_target(device, SAMPLE_SLOT_LIVE, "verity");
	decide(w, 0);
	assert_reason(w, ADVISE_FLUSH, 0, 0);
}

/* The kernel keeps as many bios as it sends to the target for a flush. */
static void some_targets_keep_more(void **state)
{
	struct world *w = *state;

	add_device(w, 0, "cached", "cache");
	fixture_pool(&w->sample, 0, 1, "core.io", 16, 100);
	fixture_pool(&w->sample, 0, 1, "other.bio", 16, 10);
	decide(w, 1);
	assert_int_equal(w->advice.then, 2 * 100 + 10);
	assert_false(w->advice.at_least);
}

static void stripes_are_not_known(void **state)
{
	struct world *w = *state;

	add_device(w, 0, "fast", "striped");
	fixture_pool(&w->sample, 0, 1, "core.io", 16, 100);
	decide(w, 1);
	/* up to 16, the current number */
	assert_int_equal(w->advice.then, 16 * 100);
	assert_true(w->advice.at_least);
	assert_int_equal(w->advice.nr_reload, 0);
}

static void what_is_asked_for_is_looked_at(void **state)
{
	struct world *w = *state;

	add_verity(w, 0, "v");
	add_verity(w, 1, "u");
	for (size_t i = 0; i < w->sample.nr_pools; i++) {
		if (w->sample.pools[i].dev.minor == 1 &&
		    w->sample.pools[i].min == 16)
			w->sample.pools[i].min = 4;
	}
	decide(w, 4);
	assert_int_equal(w->advice.least, 1);
	assert_int_equal(w->advice.value, 4);
	assert_int_equal(w->advice.nr_tables, 2);
	assert_int_equal(w->advice.nr_reload, 1);
	assert_true(w->advice.tables[0].reload);
	assert_false(w->advice.tables[1].reload);
}

static void set_waiters(struct sample_pool *pool, size_t nr)
{
	free(pool->waiters);
	pool->waiters = calloc(nr ? nr : 1, sizeof(*pool->waiters));
	pool->waiters_known = true;
	pool->nr_waiters = nr;
}

/* top is verity on v, which is on low, which can be suspended */
static void add_stack(struct world *w)
{
	add_device(w, 0, "low", "linear");
	fixture_lower(add_verity(w, 1, "v"), 254, 0);
	fixture_lower(add_verity(w, 2, "top"), 254, 1);
}

/* No number of elements helps while a device below completes no I/O. */
static void waits_while_a_device_is_suspended_do_not_count(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	add_stack(w);
	pool = pool_of(w, 2, "core.io");
	pool->waits = 1;
	pool->lowest = 15;
	advise_add(&w->evidence, &w->sample);
	/* all in use, and five wait */
	w->sample.devices[0].suspended = true;
	pool->current = 0;
	pool->lowest = 0;
	pool->waits = 6;
	set_waiters(pool, 5);
	advise_add(&w->evidence, &w->sample);
	/* two more tasks waited before it was resumed */
	w->sample.devices[0].suspended = false;
	pool->current = 16;
	pool->waits = 8;
	pool->longest_wait_ns = 9000000000ULL;
	set_waiters(pool, 0);
	advise_add(&w->evidence, &w->sample);
	decide(w, 0);
	/* earlier counts are evidence */
	assert_int_equal(w->advice.least, 32);
	assert_reason(w, ADVISE_WAITED, 32, 1);
	assert_reason(w, ADVISE_USED, 1, 1);
	assert_reason(w, ADVISE_SUSPENDED, 1, 5);
	assert_string_equal(
		w->advice.evidence.reasons[ADVISE_SUSPENDED].cause_name, "low");
}

static void waits_before_or_after_a_suspension_count(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	add_stack(w);
	pool = pool_of(w, 1, "core.io");
	pool->waits = 0;
	w->sample.devices[0].suspended = true;
	advise_add(&w->evidence, &w->sample);
	w->sample.devices[0].suspended = false;
	advise_add(&w->evidence, &w->sample);
	decide(w, 0);
	assert_int_equal(w->advice.least, 1);
	assert_reason(w, ADVISE_SUSPENDED, 0, 0);
	advice_release(&w->advice);
	snapshot_release(&w->snap);
	pool->waits = 4;
	pool->lowest = 9;
	pool->longest_wait_ns = 77;
	advise_add(&w->evidence, &w->sample);
	decide(w, 0);
	assert_reason(w, ADVISE_WAITED, 32, 4);
	assert_reason(w, ADVISE_USED, 7, 7);
	/* not known to be in one of these */
	assert_int_equal(
		w->advice.evidence.reasons[ADVISE_WAITED].longest_wait_ns,
		MEMTOP_UNKNOWN);
}

/* A device outside of the stack has no excuse. */
static void a_suspended_device_excuses_only_what_is_on_it(void **state)
{
	struct world *w = *state;

	add_stack(w);
	add_verity(w, 3, "else");
	w->sample.devices[1].suspended = true;
	pool_of(w, 3, "core.io")->current = 6;
	pool_of(w, 2, "core.io")->current = 1;
	decide(w, 0);
	assert_reason(w, ADVISE_USED, 10, 10);
	assert_reason(w, ADVISE_SUSPENDED, 1, 0);
}

/* Advice never contradicts a watch's finding, in any sample. */
static void after_a_deadlock_no_value_is_enough(void **state)
{
	struct world *w = *state;
	struct sample dead;

	assert_int_equal(fixture_make("deadlock", &dead), 0);
	advise_add(&w->evidence, &dead);
	sample_release(&dead);
	add_verity(w, 0, "v");
	advise_add(&w->evidence, &w->sample);
	decide(w, 0);
	assert_true(w->advice.least == MEMTOP_UNKNOWN);
	assert_true(w->advice.value == MEMTOP_UNKNOWN);
	assert_true(w->advice.then == MEMTOP_UNKNOWN);
	assert_int_equal(w->advice.nr_reload, 0);
	assert_reason(w, ADVISE_PROGRESS, 0, 0);
	assert_int_equal(w->advice.evidence.reasons[ADVISE_DEADLOCK].kind,
			 FINDING_DEADLOCK);
	advice_release(&w->advice);
	snapshot_release(&w->snap);
	/* the requested value is always reported with its bytes */
	decide(w, 4);
	assert_true(w->advice.least == MEMTOP_UNKNOWN);
	assert_int_equal(w->advice.value, 4);
	assert_int_equal(w->advice.nr_reload, 1);
}

static void where_a_stack_shares_a_pool_no_value_is_enough(void **state)
{
	struct world *w = *state;

	add_stack(w);
	pool_of(w, 2, "recheck.page")->id = pool_of(w, 1, "recheck.page")->id;
	decide(w, 0);
	assert_true(w->advice.least == MEMTOP_UNKNOWN);
	assert_reason(w, ADVISE_SHARED, 1, 1);
	assert_string_equal(w->advice.evidence.reasons[ADVISE_SHARED].name,
			    "v");
	assert_string_equal(
		w->advice.evidence.reasons[ADVISE_SHARED].cause_name, "top");
}

static void shared_pools_count_once(void **state)
{
	struct world *w = *state;

	add_device(w, 0, "top", "verity");
	add_device(w, 1, "bottom", "verity");
	fixture_pool(&w->sample, 0, 1, "recheck.io", 16, 100)->id = 7;
	fixture_pool(&w->sample, 1, 2, "recheck.io", 16, 100)->id = 7;
	decide(w, 2);
	assert_int_equal(w->advice.now, 1600);
	assert_int_equal(w->advice.then, 200);
	assert_int_equal(w->advice.nr_shared, 1);
}

/* A recording from elsewhere can have any contents. */
static void a_loop_of_devices_ends(void **state)
{
	struct world *w = *state;
	struct sample_device *device;

	device = add_verity(w, 0, "egg");
	fixture_lower(device, 254, 1);
	device = add_verity(w, 1, "hen");
	fixture_lower(device, 254, 0);
	decide(w, 0);
	assert_true(w->advice.depth >= 2);
}

static void devices_without_such_reserves_are_no_tables(void **state)
{
	struct world *w = *state;

	add_device(w, 0, "bare", "linear");
	add_device(w, 1, "odd", "linear");
	fixture_pool(&w->sample, 1, 1, "novel.thing", 4, 64);
	decide(w, 0);
	assert_int_equal(w->advice.nr_tables, 0);
}

static void error_correction_is_counted(void **state)
{
	struct world *w = *state;

	add_verity(w, 0, "plain");
	add_verity(w, 1, "corrected");
	fixture_fec_pools(&w->sample, 1, 1001);
	decide(w, 0);
	assert_int_equal(w->advice.nr_fec, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_is_enough_where_nothing_was_used),
		TEST(bytes_are_exact),
		TEST(each_value_has_its_effects),
		TEST(tables_alike_are_found),
		TEST(tables_of_an_owner_are_alike),
		TEST(a_deadlock_speaks_against_every_value),
		TEST(an_unknown_footprint_makes_bytes_unknown),
		TEST(what_was_in_use_is_kept),
		TEST(the_lowest_of_all_samples_counts),
		TEST(unknown_levels_are_no_evidence),
		TEST(one_known_level_is_enough),
		TEST(who_waited_should_have_had_more),
		TEST(who_waits_counts),
		TEST(there_is_a_most),
		TEST(waits_of_others_change_nothing),
		TEST(a_flush_needs_a_clone_for_each_target),
		TEST(verity_is_sent_no_flush),
		TEST(some_targets_keep_more),
		TEST(stripes_are_not_known),
		TEST(what_is_asked_for_is_looked_at),
		TEST(waits_while_a_device_is_suspended_do_not_count),
		TEST(waits_before_or_after_a_suspension_count),
		TEST(a_suspended_device_excuses_only_what_is_on_it),
		TEST(after_a_deadlock_no_value_is_enough),
		TEST(where_a_stack_shares_a_pool_no_value_is_enough),
		TEST(shared_pools_count_once),
		TEST(a_loop_of_devices_ends),
		TEST(devices_without_such_reserves_are_no_tables),
		TEST(error_correction_is_counted),
	};

	return cmocka_run_group_tests_name("advise", tests, NULL, NULL);
}
