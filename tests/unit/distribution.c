// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "base/array.h"
#include "base/distribution.h"

static void systems_are_known_by_their_os_release(void **state)
{
	static const struct {
		const char *text;
		enum distribution is;
	} cases[] = {
		{ "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n",
		  DISTRIBUTION_DEBIAN },
		{ "NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian",
		  DISTRIBUTION_DEBIAN },
		{ "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
		  DISTRIBUTION_DEBIAN },
		{ "ID='fedora'\nVARIANT_ID=server\n", DISTRIBUTION_FEDORA },
		{ "ID_LIKE=\"rhel centos fedora\"\nID=\"rocky\"\n",
		  DISTRIBUTION_FEDORA },
		{ "ID=flatcar\nID_LIKE=coreos\n", DISTRIBUTION_FLATCAR },
		{ "ID=bottlerocket\r\n", DISTRIBUTION_BOTTLEROCKET },
		/* not the key, not the whole word, nothing */
		{ "VARIANT_ID=debian\nID=gentoo\n", DISTRIBUTION_OTHER },
		{ "ID=notdebian\n", DISTRIBUTION_OTHER },
		{ "ID=debianish", DISTRIBUTION_OTHER },
		{ "ID=\nID_LIKE=\n", DISTRIBUTION_OTHER },
		{ "ID=\"", DISTRIBUTION_OTHER },
		{ "", DISTRIBUTION_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(distribution_of(cases[i].text), cases[i].is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(systems_are_known_by_their_os_release),
	};

	return cmocka_run_group_tests_name("distribution", tests, NULL, NULL);
}
