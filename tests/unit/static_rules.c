// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "base/text.h"
#include "model/static_rules.h"

struct world {
	struct sample sample;
	struct static_hits hits;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w)
		return -1;
	w->sample.reserved_bio_based_ios = 16;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	static_hits_release(&w->hits);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static void assert_hits(struct world *w, enum static_rule rule, size_t nr,
			uint64_t bytes)
{
	uint64_t found;

	static_hits_release(&w->hits);
	static_rules_find(&w->sample, &w->hits);
	assert_int_equal(static_hits_count(&w->hits, rule, &found), nr);
	assert_true(found == bytes);
}

/* A verity device with reserves of 16. */
static void add_verity(struct world *w, uint32_t minor)
{
	struct sample_device *d = fixture_device(&w->sample, minor, "v");

	fixture_target(d, SAMPLE_SLOT_LIVE, "verity");
	fixture_verity_pools(&w->sample, minor, 1000 + minor, SAMPLE_SLOT_LIVE);
}

static struct sample_pool *pool_of(struct world *w, uint32_t minor,
				   const char *role)
{
	for (size_t i = 0; i < w->sample.nr_pools; i++) {
		struct sample_pool *p = &w->sample.pools[i];

		if (p->dev.minor == minor && strcmp(p->role, role) == 0)
			return p;
	}
	fail_msg("no %s", role);
	return NULL;
}

/* Two devices, one on the other if @stacked, with one recheck page. */
static void share(struct world *w, bool stacked)
{
	add_verity(w, 0);
	add_verity(w, 1);
	fixture_lower(&w->sample.devices[0], 7, 0);
	fixture_lower(&w->sample.devices[1], stacked ? 254 : 7, 0);
	pool_of(w, 1, "recheck.page")->id = pool_of(w, 0, "recheck.page")->id;
}

static void a_pool_shared_along_a_stack_is_found(void **state)
{
	struct world *w = *state;

	share(w, true);
	assert_hits(w, STATIC_SHARED, 1, 4096);
	assert_ptr_equal(w->hits.all[0].pool, pool_of(w, 0, "recheck.page"));
	assert_ptr_equal(w->hits.all[0].device, &w->sample.devices[0]);
	assert_int_equal(w->hits.all[0].upper.major, 254);
	assert_int_equal(w->hits.all[0].upper.minor, 1);
}

static void one_shared_side_by_side_is_not(void **state)
{
	struct world *w = *state;

	/* on the same device, but not on each other */
	share(w, false);
	assert_hits(w, STATIC_SHARED, 0, 0);
}

static void pools_of_unknown_number_are_not_one(void **state)
{
	struct world *w = *state;

	share(w, true);
	pool_of(w, 0, "recheck.page")->id = MEMTOP_UNKNOWN;
	pool_of(w, 1, "recheck.page")->id = MEMTOP_UNKNOWN;
	assert_hits(w, STATIC_SHARED, 0, 0);
}

static void the_same_device_twice_is_no_stack(void **state)
{
	struct world *w = *state;

	add_verity(w, 0);
	fixture_lower(&w->sample.devices[0], 254, 0);
	pool_of(w, 0, "recheck.io")->id = pool_of(w, 0, "hash.io")->id;
	assert_hits(w, STATIC_SHARED, 0, 0);
}

static void pools_older_than_the_parameter_are_found(void **state)
{
	struct world *w = *state;

	add_verity(w, 0);
	assert_hits(w, STATIC_PARAMETER, 0, 0);
	w->sample.reserved_bio_based_ios = 4;
	/* all but the page and the buffer */
	assert_hits(w, STATIC_PARAMETER, 8,
		    16 * (2 * 576 + 2 * (128 + 256 + 4096)));
	assert_int_equal(w->hits.all[0].expected, 4);
	pool_of(w, 0, "hash.io")->min = 4;
	assert_hits(w, STATIC_PARAMETER, 7,
		    16 * (2 * 576 + 2 * (128 + 256 + 4096) - 128));
	w->sample.reserved_bio_based_ios = MEMTOP_UNKNOWN;
	assert_hits(w, STATIC_PARAMETER, 0, 0);
}

static void the_parameter_is_taken_as_dm_does(void **state)
{
	struct world *w = *state;

	fixture_device(&w->sample, 0, "x");
	fixture_pool(&w->sample, 0, 7, "other.bio", 16, 256);
	w->sample.reserved_bio_based_ios = 0;
	assert_hits(w, STATIC_PARAMETER, 0, 0);
	w->sample.reserved_bio_based_ios = 4096;
	assert_hits(w, STATIC_PARAMETER, 1, 16 * 256);
	assert_int_equal(w->hits.all[0].expected, 1024);
	w->sample.pools[0].min = 1024;
	assert_hits(w, STATIC_PARAMETER, 0, 0);
}

static void pools_for_requests_follow_another_parameter(void **state)
{
	struct world *w = *state;

	fixture_target(fixture_device(&w->sample, 0, "mp"), SAMPLE_SLOT_LIVE,
		       "multipath");
	fixture_pool(&w->sample, 0, 7, "core.io", 256, 576);
	assert_hits(w, STATIC_PARAMETER, 0, 0);
}

/* As many as there are stripes, whatever the parameter is: reload.h. */
static void stripes_keep_their_own_number(void **state)
{
	struct world *w = *state;

	fixture_target(fixture_device(&w->sample, 0, "fast"), SAMPLE_SLOT_LIVE,
		       "striped");
	fixture_pool(&w->sample, 0, 7, "core.io", 2, 576);
	w->sample.reserved_bio_based_ios = 1;
	assert_hits(w, STATIC_PARAMETER, 0, 0);
	w->sample.reserved_bio_based_ios = 16;
	assert_hits(w, STATIC_PARAMETER, 1, 2 * 576);
	assert_int_equal(w->hits.all[0].expected, 16);
	w->sample.pools[0].min = 32;
	assert_hits(w, STATIC_PARAMETER, 0, 0);
}

static void what_verity_can_t_use_is_found(void **state)
{
	struct world *w = *state;

	add_verity(w, 0);
	assert_hits(w, STATIC_UNUSABLE, 3, 16 * (576 + 2 * 4096));
	assert_string_equal(w->hits.all[0].pool->role, "core.clone");
	assert_string_equal(w->hits.all[1].pool->role, "recheck.bvec");
	assert_string_equal(w->hits.all[2].pool->role, "hash.bvec");
	pool_of(w, 0, "hash.bvec")->min = 0;
	assert_hits(w, STATIC_UNUSABLE, 2, 16 * (576 + 4096));
	pool_of(w, 0, "core.clone")->footprint_bytes = MEMTOP_UNKNOWN;
	assert_hits(w, STATIC_UNUSABLE, 2, MEMTOP_UNKNOWN);
}

static void clones_are_of_use_to_others(void **state)
{
	struct world *w = *state;

	add_verity(w, 0);
	fixture_target(&w->sample.devices[0], SAMPLE_SLOT_LIVE, "linear");
	assert_hits(w, STATIC_UNUSABLE, 2, 16 * 2 * 4096);
	/* it does not matter for an inactive table */
	w->sample.devices[0].targets[1].slot = SAMPLE_SLOT_INACTIVE;
	assert_hits(w, STATIC_UNUSABLE, 3, 16 * (576 + 2 * 4096));
}

static void a_shared_pool_is_one(void **state)
{
	struct world *w = *state;

	share(w, true);
	pool_of(w, 1, "recheck.bvec")->id = pool_of(w, 0, "recheck.bvec")->id;
	assert_hits(w, STATIC_UNUSABLE, 5, 16 * (2 * 576 + 3 * 4096));
	w->sample.reserved_bio_based_ios = 1;
	assert_hits(w, STATIC_PARAMETER, 15,
		    16 * (2 * (2 * 576 + 2 * (128 + 256 + 4096)) - 4096));
}

static void nothing_is_wrong_with_nothing(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < NR_STATIC_RULES; i++)
		assert_hits(w, (enum static_rule)i, 0, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pool_shared_along_a_stack_is_found),
		TEST(one_shared_side_by_side_is_not),
		TEST(pools_of_unknown_number_are_not_one),
		TEST(the_same_device_twice_is_no_stack),
		TEST(pools_older_than_the_parameter_are_found),
		TEST(the_parameter_is_taken_as_dm_does),
		TEST(pools_for_requests_follow_another_parameter),
		TEST(stripes_keep_their_own_number),
		TEST(what_verity_can_t_use_is_found),
		TEST(clones_are_of_use_to_others),
		TEST(a_shared_pool_is_one),
		TEST(nothing_is_wrong_with_nothing),
	};

	return cmocka_run_group_tests_name("static_rules", tests, NULL, NULL);
}
