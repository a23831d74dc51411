// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "base/strbuf.h"
#include "base/units.h"

static void assert_bytes(uint64_t bytes, const char *wanted)
{
	struct strbuf sb = { 0 };

	units_add_bytes(&sb, bytes);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void small_sizes_are_exact(void **state)
{
	(void)state;
	assert_bytes(0, "0B");
	assert_bytes(1, "1B");
	assert_bytes(1023, "1023B");
	assert_bytes(1024, "1KiB");
	assert_bytes(131072, "128KiB");
}

static void units_are_powers_of_1024(void **state)
{
	(void)state;
	/* the number that is 7.73 MB and 7.375 MiB */
	assert_bytes(7733248, "7.4MiB");
	assert_bytes(3866624, "3.7MiB");
	assert_bytes(1ULL << 30, "1GiB");
	assert_bytes(1ULL << 40, "1TiB");
	assert_bytes(1ULL << 50, "1PiB");
	assert_bytes(1ULL << 60, "1EiB");
	assert_bytes(UINT64_MAX, "16EiB");
}

static void a_decimal_means_not_whole(void **state)
{
	(void)state;
	assert_bytes(1025, "1.0KiB");
	assert_bytes(1536, "1.5KiB");
	assert_bytes(10 * 1024 - 1, "10KiB");
	assert_bytes(10 * 1024 + 1, "10KiB");
	assert_bytes(9 * 1024 + 900, "9.9KiB");
}

static void rounding_carries_into_the_next_unit(void **state)
{
	(void)state;
	assert_bytes(1024 * 1024 - 1, "1.0MiB");
	assert_bytes(1024 * 1024 - 512, "1.0MiB");
	assert_bytes(1024 * 1024 - 513, "1023KiB");
	assert_bytes((1ULL << 60) - 1, "1.0EiB");
}

static void assert_time(uint64_t ns, const char *wanted)
{
	struct strbuf sb = { 0 };

	units_add_time(&sb, ns);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void times_below_a_minute_have_one_unit(void **state)
{
	(void)state;
	assert_time(0, "0s");
	assert_time(1, "1ns");
	assert_time(999, "999ns");
	assert_time(1000, "1us");
	assert_time(1500, "1.5us");
	assert_time(9949, "9.9us");
	assert_time(9950, "10us");
	assert_time(999499, "999us");
	assert_time(999500, "1.0ms");
	assert_time(1000000, "1ms");
	assert_time(150000000, "150ms");
	assert_time(1000000000, "1s");
	assert_time(9940000000, "9.9s");
	assert_time(59999999999, "60s");
}

static void long_times_have_two_units(void **state)
{
	const uint64_t second = 1000000000;

	(void)state;
	assert_time(60 * second, "1m00s");
	assert_time(125 * second, "2m05s");
	assert_time(3600 * second - 1, "59m59s");
	assert_time(3600 * second, "1h00m");
	assert_time(10920 * second, "3h02m");
	assert_time(86400 * second, "1d00h");
	assert_time(UINT64_MAX, "213503d23h");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_sizes_are_exact),
		cmocka_unit_test(units_are_powers_of_1024),
		cmocka_unit_test(a_decimal_means_not_whole),
		cmocka_unit_test(rounding_carries_into_the_next_unit),
		cmocka_unit_test(times_below_a_minute_have_one_unit),
		cmocka_unit_test(long_times_have_two_units),
	};

	return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
