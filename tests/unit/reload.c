// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <string.h>

#include "fixtures.h"
#include "model/reload.h"

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
		assert_true(reload_sizes(sized[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(reload_sizes(others[i]));
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
 * What a pool of @role and @min elements gets with the parameter at @value, in a
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
		/* a target that this version does not know */
		{ "novel", "core.io", 8, 1, 1, 8 },
		{ "novel", "core.io", 8, 16, 16, 16 },
		/* the parameter for requests may apply, or does */
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

/* Each table's own targets count, and only the pools of that table. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_that_the_parameter_sizes),
		cmocka_unit_test(the_parameter_has_a_default_and_a_limit),
		cmocka_unit_test(elements_after_a_reload),
		cmocka_unit_test(tables_do_not_mix),
	};

	return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
