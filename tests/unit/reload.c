// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <string.h>

#include "fixtures.h"
#include "model/reload.h"
#include "sample/roles.h"

#define UNKNOWN MEMTOP_UNKNOWN

static void roles_that_the_parameter_sizes(void **state)
{
	static const char *const sized[] = {
		"core.io",   "core.clone",  "recheck.io",
		"hash.bio",  "fec_data.io", "fec_parity.bvec",
		"other.bio", "core.io.bip", "core.clone.bvec"
	};
	static const char *const others[] = {
		"recheck.page", "hash.buffer", "fec.rs",
		"fec.prealloc", "fec.extra",   "fec.output",
		"novel.thing",	"bare",	       "",
		"bio"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sized) / sizeof(sized[0]); i++)
		assert_true(role_is_sized_by_parameter(sized[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(role_is_sized_by_parameter(others[i]));
}

static void the_parameter_has_a_default_and_a_limit(void **state)
{
	(void)state;
	assert_int_equal(reload_parameter(0), 16);
	assert_int_equal(reload_parameter(1), 1);
	assert_int_equal(reload_parameter(1024), 1024);
	assert_int_equal(reload_parameter(1025), 1024);
	assert_int_equal(reload_parameter(UNKNOWN), UNKNOWN);
}

/*
 * The elements of a pool of @role and @min with the parameter at @value, in a
 * table of @types, "linear striped".
 */
static struct reload_range range(const char *types, const char *role,
				 uint64_t min, uint64_t value)
{
	struct sample s = { 0 };
	struct sample_device *d = fixture_device(&s, 0, "d");
	char words[128], *next = words, *type;
	struct reload_range ret;
	struct reload r;

	strcpy(words, types);
	while ((type = strsep(&next, " "))) {
		if (*type)
			fixture_target(d, SAMPLE_SLOT_LIVE, type);
	}
	fixture_pool(&s, 0, 1, role, min, 100);
	reload_init(&s, &r);
	ret = reload_elements(&r, &s.pools[0], value);
	reload_release(&r);
	sample_release(&s);
	return ret;
}

static void elements_after_a_reload(void **state)
{
	static const struct {
		const char *types;
		const char *role;
		uint64_t min, value, least, most;
	} cases[] = {
		{ "verity", "core.io", 16, 1, 1, 1 },
		{ "verity", "recheck.page", 1, 4, 1, 1 },
		{ "verity", "hash.bvec", 16, 4, 4, 4 },
		{ "verity", "core.io", 16, 0, 16, 16 },
		{ "verity", "core.io", 16, 5000, 1024, 1024 },
		{ "verity", "core.io", 16, UNKNOWN, 0, UNKNOWN },
		{ "cache", "core.io", 16, 1, 2, 2 },
		{ "linear cache", "core.clone", 16, 1, 2, 2 },
		{ "snapshot-merge", "core.io.bip", 2, 1, 2, 2 },
		{ "cache", "other.bio", 16, 1, 1, 1 },
		/* at most as many stripes as there are elements */
		{ "striped", "core.io", 2, 1, 1, 2 },
		{ "striped", "core.io", 32, 16, 16, 32 },
		{ "striped", "core.io", 2, 16, 16, 16 },
		{ "linear striped", "core.io", 16, 4, 4, 16 },
		{ "writecache", "core.io", 16, 1, 1, 2 },
		{ "writecache", "core.io", 1, 1, 1, 1 },
		/* a target that this version does not have */
		{ "novel", "core.io", 8, 1, 1, 8 },
		{ "novel", "core.io", 8, 16, 16, 16 },
		/* the parameter for requests may apply, or does apply */
		{ "multipath", "core.clone", 256, 16, 0, UNKNOWN },
		{ "multipath", "core.clone", 8, 16, 0, UNKNOWN },
		{ "error", "core.io", 16, 1, 0, UNKNOWN },
		{ "error linear", "core.io", 16, 1, 1, 1 },
		/* no target was seen */
		{ "", "core.io", 16, 1, 0, UNKNOWN },
		{ "", "hash.io", 16, 1, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reload_range got = range(cases[i].types, cases[i].role,
						cases[i].min, cases[i].value);

		print_message("%s %s %d %d\n", cases[i].types, cases[i].role,
			      (int)cases[i].min, (int)cases[i].value);
		assert_true(got.least == cases[i].least);
		assert_true(got.most == cases[i].most);
	}
}

static void pools_that_a_reload_keeps(void **state)
{
	static const struct {
		const char *type, *role;
		uint64_t then;
	} cases[] = {
		{ "thin-pool", "kcopyd.bvec", 16 },
		{ "thin-pool", "metadata.io", 16 },
		{ "thin-pool", "other.io", 4 },
		{ "snapshot", "store.bio", 16 },
		{ "snapshot", "kcopyd.bio", 4 },
		{ "cache", "metadata.bvec", 4 },
		{ "cache", "kcopyd.io", 4 },
		{ "era", "metadata.bvec", 4 },
		{ "novel", "metadata.bvec", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample s = { 0 };
		struct reload_range got;
		struct reload r;

		fixture_device(&s, 0, "d");
		strcpy(fixture_pool(&s, 0, 1, cases[i].role, 16, 100)
			       ->target_type,
		       cases[i].type);
		reload_init(&s, &r);
		got = reload_elements(&r, &s.pools[0], 4);
		print_message("%s %s\n", cases[i].type, cases[i].role);
		assert_true(got.least == cases[i].then &&
			    got.most == cases[i].then);
		reload_release(&r);
		sample_release(&s);
	}
}

/*
 * Two stripes: a table that was loaded at 1 has two elements, and a reload
 * gives two again.
 */
static void a_stripe_for_each_device_below(void **state)
{
	struct sample s = { 0 };
	struct sample_device *d = fixture_device(&s, 0, "d");
	struct reload_range got;
	uint64_t expected;
	struct reload r;

	(void)state;
	fixture_target(d, SAMPLE_SLOT_LIVE, "striped");
	fixture_lower(d, 8, 0);
	fixture_lower(d, 8, 16);
	fixture_pool(&s, 0, 1, "core.io", 2, 100);
	fixture_pool(&s, 0, 1, "core.clone", 16, 100);
	reload_init(&s, &r);
	got = reload_elements(&r, &s.pools[0], 1);
	assert_int_equal(got.least, 2);
	assert_int_equal(got.most, 2);
	assert_false(reload_changes(&r, &s.pools[0], 1, &expected));
	assert_true(reload_changes(&r, &s.pools[0], 4, &expected));
	assert_int_equal(expected, 4);
	/* there may be more stripes than devices */
	got = reload_elements(&r, &s.pools[1], 1);
	assert_int_equal(got.least, 2);
	assert_int_equal(got.most, 16);
	reload_release(&r);
	/* one of them may be for the other target */
	fixture_target(d, SAMPLE_SLOT_LIVE, "linear");
	reload_init(&s, &r);
	got = reload_elements(&r, &s.pools[0], 1);
	assert_int_equal(got.least, 1);
	reload_release(&r);
	sample_release(&s);
}

/* Each table counts its own targets and its own pools only. */
static void tables_do_not_mix(void **state)
{
	struct sample s = { 0 };
	struct sample_device *d = fixture_device(&s, 0, "d");
	uint64_t expected;
	struct reload r;

	(void)state;
	fixture_target(d, SAMPLE_SLOT_LIVE, "linear");
	fixture_target(d, SAMPLE_SLOT_INACTIVE, "cache");
	fixture_target(fixture_device(&s, 1, "e"), SAMPLE_SLOT_LIVE, "striped");
	fixture_pool(&s, 0, 1, "core.io", 2, 100);
	fixture_pool(&s, 0, 2, "core.io", 2, 100)->slot = SAMPLE_SLOT_INACTIVE;
	fixture_pool(&s, 1, 3, "core.io", 2, 100);
	fixture_pool(&s, 2, 4, "core.io", 2, 100);
	fixture_pool(&s, 2, 4, "other.io", 2, 100)->dev_known = false;
	reload_init(&s, &r);
	assert_true(reload_changes(&r, &s.pools[0], 1, &expected));
	assert_int_equal(expected, 1);
	assert_false(reload_changes(&r, &s.pools[1], 1, &expected));
	assert_false(reload_changes(&r, &s.pools[2], 1, &expected));
	assert_false(reload_changes(&r, &s.pools[3], 1, &expected));
	assert_true(reload_changes(&r, &s.pools[4], 1, &expected));
	assert_true(reload_changes(&r, &s.pools[1], 3, &expected));
	assert_int_equal(expected, 3);
	s.pools[0].min = UNKNOWN;
	assert_false(reload_changes(&r, &s.pools[0], 1, &expected));
	reload_release(&r);
	sample_release(&s);
}

/* A sample of a plain verity device with kernel/fix, and another device of @type. */
static void fixed_kernel(struct sample *s, const char *type)
{
	static const struct {
		const char *role;
		uint64_t min;
	} pools[] = { { "core.io", 16 },     { "core.clone", 1 },
		      { "recheck.page", 1 }, { "recheck.io", 1 },
		      { "recheck.bio", 1 },  { "hash.buffer", 1 },
		      { "hash.io", 1 },	     { "hash.bio", 1 } };

	*s = (struct sample){ 0 };
	fixture_target(fixture_device(s, 0, "d"), SAMPLE_SLOT_LIVE, "verity");
	for (size_t i = 0; i < sizeof(pools) / sizeof(pools[0]); i++) {
		struct sample_pool *pool =
			fixture_pool(s, 0, 1, pools[i].role, pools[i].min, 100);

		if (i >= 2)
			strcpy(pool->target_type, "verity");
	}
	fixture_target(fixture_device(s, 1, "e"), SAMPLE_SLOT_LIVE, type);
	fixture_pool(s, 1, 2, "core.clone", 1, 100);
}

static void with_the_fix_only_bios_of_the_device_change(void **state)
{
	struct reload_range clone;
	uint64_t expected;
	struct sample s;
	struct reload r;

	(void)state;
	fixed_kernel(&s, "zero");
	assert_true(reload_is_by_need(&s));
	assert_true(reload_sizes_pool(&s.pools[0], true));
	assert_false(reload_sizes_pool(&s.pools[3], true));
	reload_init(&s, &r);
	assert_false(reload_changes(&r, &s.pools[0], 16, &expected));
	assert_true(reload_changes(&r, &s.pools[0], 4, &expected));
	assert_int_equal(expected, 4);
	for (size_t i = 1; i < s.nr_pools; i++) {
		assert_false(reload_changes(&r, &s.pools[i], 16, &expected));
		assert_false(reload_changes(&r, &s.pools[i], 4, &expected));
	}
	/*
	 * a sample does not have whether bios of a zero target go to two
	 * devices
	 */
	clone = reload_elements(&r, &s.pools[s.nr_pools - 1], 16);
	assert_int_equal(clone.least, 1);
	assert_int_equal(clone.most, 16);
	reload_release(&r);
	sample_release(&s);

	fixed_kernel(&s, "linear");
	reload_init(&s, &r);
	clone = reload_elements(&r, &s.pools[s.nr_pools - 1], 16);
	assert_int_equal(clone.least, 16);
	reload_release(&r);
	sample_release(&s);
}

static void a_reserve_of_vectors_tells_a_kernel_without_the_fix(void **state)
{
	uint64_t expected;
	struct sample s;
	struct reload r;

	(void)state;
	fixed_kernel(&s, "zero");
	strcpy(fixture_pool(&s, 0, 1, "recheck.bvec", 1, 4096)->target_type,
	       "verity");
	assert_false(reload_is_by_need(&s));
	reload_init(&s, &r);
	assert_true(reload_changes(&r, &s.pools[3], 16, &expected));
	assert_int_equal(expected, 16);
	reload_release(&r);
	sample_release(&s);

	/* without verity nothing shows it */
	s = (struct sample){ 0 };
	fixture_pool(&s, 0, 1, "other.bio", 16, 100);
	assert_false(reload_is_by_need(&s));
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_that_the_parameter_sizes),
		cmocka_unit_test(the_parameter_has_a_default_and_a_limit),
		cmocka_unit_test(elements_after_a_reload),
		cmocka_unit_test(pools_that_a_reload_keeps),
		cmocka_unit_test(a_stripe_for_each_device_below),
		cmocka_unit_test(tables_do_not_mix),
		cmocka_unit_test(with_the_fix_only_bios_of_the_device_change),
		cmocka_unit_test(
			a_reserve_of_vectors_tells_a_kernel_without_the_fix),
	};

	return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
