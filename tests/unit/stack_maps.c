// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "decode/stack_maps.h"
#include "sample/sample.h"
#include "unit.h"

static void two_stacks(void **state)
{
	struct sample s = { 0 };

	(void)state;
	stack_maps_add("7\n a+0x1/0x2\n b+0x3/0x4 [dm_mod]\n12\n c+0x1/0x1\n",
		       &s);
	assert_int_equal(s.nr_stacks, 2);
	assert_int_equal(s.stacks[0].pid, 7);
	assert_string_equal(s.stacks[0].text,
			    "a+0x1/0x2\nb+0x3/0x4 [dm_mod]\n");
	assert_int_equal(s.stacks[1].pid, 12);
	assert_string_equal(s.stacks[1].text, "c+0x1/0x1\n");
	sample_release(&s);
}

static void cut_short(void **state)
{
	static const char *const texts[] = { "7\n a+0x1/0x2\n b+0x",
					     "7\n a+0x1/0x2\n 1",
					     "7\n a+0x1/0x2\n " };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sample s = { 0 };

		stack_maps_add(texts[i], &s);
		assert_int_equal(s.nr_stacks, 1);
		assert_string_equal(s.stacks[0].text, "a+0x1/0x2\n");
		sample_release(&s);
	}
}

static void no_stack(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"7",
		"7\n",
		"7\n8",
		"7\n8\n",
		"x\n a+0x1/0x2\n",
		"0\n a+0x1/0x2\n",
		" a+0x1/0x2\n",
		"7 \n a+0x1/0x2\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sample s = { 0 };

		stack_maps_add(texts[i], &s);
		assert_int_equal(s.nr_stacks, 0);
		sample_release(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_stacks),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(no_stack),
	};

	return cmocka_run_group_tests_name("stack_maps", tests, NULL, NULL);
}
