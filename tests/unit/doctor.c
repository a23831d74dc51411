// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <string.h>

#include "model/doctor.h"

static struct doctor_facts all_found(void)
{
	struct doctor_facts facts = { .kernel = "test" };

	for (size_t i = 0; i < NR_CHECKS; i++)
		facts.facts[i].state = DOCTOR_FOUND;
	return facts;
}

/* The effect of each check when it alone is missing. */
static const struct {
	enum doctor_check check;
	enum doctor_lack tracepoints, stock;
} costs[] = {
	{ CHECK_BPF, LACK_KERNEL, LACK_KERNEL },
	{ CHECK_UNLOCKED, LACK_RIGHT, LACK_RIGHT },
	{ CHECK_SYMBOLS, LACK_NOTHING, LACK_NOTHING },
	{ CHECK_BTF_KERNEL, LACK_NOTHING, LACK_KERNEL },
	{ CHECK_DM, LACK_DM, LACK_DM },
	{ CHECK_BTF_DM, LACK_NOTHING, LACK_KERNEL },
	{ CHECK_VERITY, LACK_NOTHING, LACK_NOTHING },
	{ CHECK_BTF_VERITY, LACK_NOTHING, LACK_KERNEL },
	{ CHECK_POOL_EVENTS, LACK_KERNEL, LACK_NOTHING },
	{ CHECK_USE_EVENTS, LACK_NOTHING, LACK_NOTHING },
	{ CHECK_TRACEFS, LACK_NOTHING, LACK_NOTHING },
	{ CHECK_DM_CONTROL, LACK_RIGHT, LACK_NOTHING },
	{ CHECK_CAP_SYS_ADMIN, LACK_RIGHT, LACK_NOTHING },
	/* CAP_SYS_ADMIN includes these two */
	{ CHECK_CAP_BPF, LACK_NOTHING, LACK_NOTHING },
	{ CHECK_CAP_PERFMON, LACK_NOTHING, LACK_NOTHING },
};

static void nothing_missing(void **state)
{
	struct doctor_facts facts = all_found();
	struct doctor_result v = doctor_decide(&facts);

	(void)state;
	for (size_t way = 0; way < NR_SAMPLE_SOURCES; way++)
		assert_int_equal(v.lack[way], LACK_NOTHING);
	assert_int_equal(doctor_least_lack(&v), LACK_NOTHING);
}

static void one_missing(void **state)
{
	(void)state;
	assert_int_equal(sizeof(costs) / sizeof(costs[0]), NR_CHECKS);
	for (size_t i = 0; i < NR_CHECKS; i++) {
		struct doctor_facts facts = all_found();
		enum doctor_check check = costs[i].check;
		struct doctor_result v;

		assert_int_equal(check, i);
		facts.facts[check].state = DOCTOR_MISSING;
		v = doctor_decide(&facts);
		assert_int_equal(v.lack[SAMPLE_TRACEPOINTS],
				 costs[i].tracepoints);
		assert_int_equal(v.lack[SAMPLE_STOCK], costs[i].stock);
		assert_int_equal(v.missing[SAMPLE_TRACEPOINTS][check],
				 costs[i].tracepoints != LACK_NOTHING);
		assert_int_equal(v.missing[SAMPLE_STOCK][check],
				 costs[i].stock != LACK_NOTHING);
		for (size_t other = 0; other < NR_CHECKS; other++) {
			if (other == check)
				continue;
			assert_false(v.missing[SAMPLE_TRACEPOINTS][other]);
			assert_false(v.missing[SAMPLE_STOCK][other]);
		}
	}
}

static void unknown_is_no_lack(void **state)
{
	struct doctor_facts facts = { .kernel = "test" };
	struct doctor_result v = doctor_decide(&facts);

	(void)state;
	assert_int_equal(v.lack[SAMPLE_TRACEPOINTS], LACK_NOTHING);
	assert_int_equal(v.lack[SAMPLE_STOCK], LACK_NOTHING);
}

static void without_admin(void **state)
{
	struct doctor_facts facts = all_found();
	struct doctor_result v;

	(void)state;
	facts.facts[CHECK_CAP_SYS_ADMIN].state = DOCTOR_MISSING;
	facts.facts[CHECK_CAP_PERFMON].state = DOCTOR_MISSING;
	v = doctor_decide(&facts);
	assert_true(v.missing[SAMPLE_STOCK][CHECK_CAP_PERFMON]);
	assert_false(v.missing[SAMPLE_STOCK][CHECK_CAP_BPF]);
	assert_false(v.missing[SAMPLE_STOCK][CHECK_CAP_SYS_ADMIN]);
	assert_true(v.missing[SAMPLE_TRACEPOINTS][CHECK_CAP_SYS_ADMIN]);
	assert_int_equal(v.lack[SAMPLE_STOCK], LACK_RIGHT);

	facts.facts[CHECK_CAP_PERFMON].state = DOCTOR_FOUND;
	facts.facts[CHECK_CAP_BPF].state = DOCTOR_MISSING;
	v = doctor_decide(&facts);
	assert_true(v.missing[SAMPLE_STOCK][CHECK_CAP_BPF]);
	assert_int_equal(v.lack[SAMPLE_STOCK], LACK_RIGHT);
}

/* The most usable way counts, and in it the most severe check. */
static void least_lack(void **state)
{
	struct doctor_facts facts = all_found();
	struct doctor_result v;

	(void)state;
	facts.facts[CHECK_DM_CONTROL].state = DOCTOR_MISSING;
	facts.facts[CHECK_BTF_DM].state = DOCTOR_MISSING;
	v = doctor_decide(&facts);
	assert_int_equal(doctor_least_lack(&v), LACK_RIGHT);
	facts.facts[CHECK_POOL_EVENTS].state = DOCTOR_MISSING;
	v = doctor_decide(&facts);
	assert_int_equal(doctor_least_lack(&v), LACK_KERNEL);
	facts.facts[CHECK_BTF_DM].state = DOCTOR_FOUND;
	v = doctor_decide(&facts);
	assert_int_equal(doctor_least_lack(&v), LACK_NOTHING);
	facts.facts[CHECK_DM].state = DOCTOR_MISSING;
	v = doctor_decide(&facts);
	assert_int_equal(doctor_least_lack(&v), LACK_DM);
}

static void names_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_CHECKS; i++) {
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(doctor_infos[i].name,
						doctor_infos[j].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_missing),
		cmocka_unit_test(one_missing),
		cmocka_unit_test(unknown_is_no_lack),
		cmocka_unit_test(without_admin),
		cmocka_unit_test(least_lack),
		cmocka_unit_test(names_differ),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
