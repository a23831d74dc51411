// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "sample/quantity.h"
#include "sample/roles.h"

static void groups_go_by_the_first_word(void **state)
{
	(void)state;
	assert_int_equal(role_group("core.io"), ROLE_CORE);
	assert_int_equal(role_group("core.clone.bvec"), ROLE_CORE);
	assert_int_equal(role_group("recheck.page"), ROLE_RECHECK);
	assert_int_equal(role_group("hash.bvec"), ROLE_HASH);
	assert_int_equal(role_group("hash.of_a_later_kernel"), ROLE_HASH);
	assert_int_equal(role_group("fec.rs"), ROLE_FEC);
	assert_int_equal(role_group("fec_parity.bvec"), ROLE_FEC);
	assert_int_equal(role_group("fec_data.io"), ROLE_FEC);
}

static void unknown_roles_are_other(void **state)
{
	(void)state;
	assert_int_equal(role_group("other.io"), ROLE_OTHER);
	assert_int_equal(role_group("hashes.io"), ROLE_OTHER);
	assert_int_equal(role_group("has.io"), ROLE_OTHER);
	assert_int_equal(role_group("fec_more.io"), ROLE_OTHER);
	assert_int_equal(role_group(".io"), ROLE_OTHER);
	assert_int_equal(role_group(""), ROLE_OTHER);
}

static void biovec_goes_by_the_last_word(void **state)
{
	(void)state;
	assert_true(role_is_biovec("hash.bvec"));
	assert_true(role_is_biovec("core.io.bvec"));
	assert_true(role_is_biovec("novel.bvec"));
	assert_false(role_is_biovec("hash.bio"));
	assert_false(role_is_biovec("hash.bvec.x"));
	assert_false(role_is_biovec("bvec"));
	assert_false(role_is_biovec(""));
}

static void known_roles_come_first(void **state)
{
	(void)state;
	assert_true(role_rank("core.io") < role_rank("hash.io"));
	assert_true(role_rank("other.bvec") < role_rank("novel.thing"));
	assert_int_equal(role_rank("novel.thing"), role_rank(""));
}

static void unknown_and_overflow_spread(void **state)
{
	(void)state;
	assert_true(quantity_add(2, 3) == 5);
	assert_true(quantity_add(MEMTOP_UNKNOWN, 0) == MEMTOP_UNKNOWN);
	assert_true(quantity_add(0, MEMTOP_UNKNOWN) == MEMTOP_UNKNOWN);
	assert_true(quantity_add(UINT64_MAX - 1, 2) == MEMTOP_UNKNOWN);
	assert_true(quantity_add(UINT64_MAX - 2, 1) == UINT64_MAX - 1);

	assert_true(quantity_mul(16, 4096) == 65536);
	assert_true(quantity_mul(16, MEMTOP_UNKNOWN) == MEMTOP_UNKNOWN);
	assert_true(quantity_mul(MEMTOP_UNKNOWN, 16) == MEMTOP_UNKNOWN);
	assert_true(quantity_mul(1ULL << 32, 1ULL << 32) == MEMTOP_UNKNOWN);
	/* roles of unknown types use no memory */
	assert_true(quantity_mul(0, MEMTOP_UNKNOWN) == 0);
	assert_true(quantity_mul(MEMTOP_UNKNOWN, 0) == MEMTOP_UNKNOWN);
}

static void each_row_is_found_by_its_name(void **state)
{
	(void)state;
	for (enum pool_role id = 0; id < NR_POOL_ROLES; id++) {
		const struct role *row = role_row(id);

		assert_ptr_equal(role_find(row->name), row);
		assert_int_equal(role_rank(row->name), id);
		assert_int_equal(role_group(row->name), row->group);
	}
	assert_null(role_find("hash"));
	assert_null(role_find("hash.buffer.x"));
	assert_null(role_find(""));
}

static void attributes_of_roles(void **state)
{
	(void)state;
	assert_true(role_has("hash.bvec", ROLE_TRAIT_TOLD));
	assert_true(role_has("fec_data.buffer", ROLE_TRAIT_TOLD));
	assert_false(role_has("core.io", ROLE_TRAIT_TOLD));
	assert_false(role_has("other.io", ROLE_TRAIT_TOLD));
	assert_true(role_has("recheck.page", ROLE_TRAIT_OF_TASK));
	assert_true(role_has("fec.output", ROLE_TRAIT_OF_TASK));
	assert_false(role_has("recheck.io", ROLE_TRAIT_OF_TASK));
	assert_true(role_has("hash.buffer", ROLE_TRAIT_CACHED));
	assert_false(role_has("hash.io", ROLE_TRAIT_CACHED));
	assert_true(role_has("core.clone.bvec", ROLE_TRAIT_CLONE));
	assert_false(role_has("core.io", ROLE_TRAIT_CLONE));
	assert_false(role_has("novel.page", ROLE_TRAIT_OF_TASK));
	assert_int_equal(role_recheck_order("recheck.page"), 1);
	assert_int_equal(role_recheck_order("recheck.io"), 2);
	assert_int_equal(role_recheck_order("recheck.bio"), 3);
	assert_int_equal(role_recheck_order("recheck.bvec"), 0);
	assert_int_equal(role_recheck_order("hash.bio"), 0);
	assert_int_equal(role_recheck_order("recheck"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_go_by_the_first_word),
		cmocka_unit_test(unknown_roles_are_other),
		cmocka_unit_test(biovec_goes_by_the_last_word),
		cmocka_unit_test(known_roles_come_first),
		cmocka_unit_test(each_row_is_found_by_its_name),
		cmocka_unit_test(attributes_of_roles),
		cmocka_unit_test(unknown_and_overflow_spread),
	};

	return cmocka_run_group_tests_name("roles", tests, NULL, NULL);
}
