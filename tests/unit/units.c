// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>

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

static void assert_parsed(int (*parse)(const char *, uint64_t *),
			  const char *text, uint64_t wanted)
{
	uint64_t n = 0;

	assert_int_equal(parse(text, &n), 0);
	assert_int_equal(n, wanted);
}

static void assert_refused(int (*parse)(const char *, uint64_t *),
			   const char *text, int err)
{
	uint64_t n;

	assert_int_equal(parse(text, &n), err);
}

static void sizes_are_parsed(void **state)
{
	(void)state;
	assert_parsed(units_parse_bytes, "0", 0);
	assert_parsed(units_parse_bytes, "18446744073709551615", UINT64_MAX);
	assert_parsed(units_parse_bytes, "512B", 512);
	assert_parsed(units_parse_bytes, "64K", 65536);
	assert_parsed(units_parse_bytes, "64kib", 65536);
	assert_parsed(units_parse_bytes, "1.5MiB", 1572864);
	assert_parsed(units_parse_bytes, "0.1K", 102);
	assert_parsed(units_parse_bytes, "15.5E", 17870283321406128128ULL);
	assert_refused(units_parse_bytes, "16E", -ERANGE);
	assert_refused(units_parse_bytes, "18446744073709551616", -ERANGE);
	assert_refused(units_parse_bytes, "", -EINVAL);
	assert_refused(units_parse_bytes, "K", -EINVAL);
	assert_refused(units_parse_bytes, ".5K", -EINVAL);
	assert_refused(units_parse_bytes, "5.K", -EINVAL);
	assert_refused(units_parse_bytes, "-5", -EINVAL);
	assert_refused(units_parse_bytes, "5 K", -EINVAL);
	assert_refused(units_parse_bytes, "5KB", -EINVAL);
}

static void times_are_parsed(void **state)
{
	(void)state;
	assert_parsed(units_parse_time, "2", 2000000000);
	assert_parsed(units_parse_time, "0.5", 500000000);
	assert_parsed(units_parse_time, "350us", 350000);
	assert_parsed(units_parse_time, "1.2s", 1200000000);
	assert_parsed(units_parse_time, "2m05s", 125000000000);
	assert_parsed(units_parse_time, "4d01h", 349200000000000);
	assert_parsed(units_parse_time, "0s", 0);
	assert_refused(units_parse_time, "", -EINVAL);
	assert_refused(units_parse_time, "s", -EINVAL);
	assert_refused(units_parse_time, "2m5", -EINVAL);
	assert_refused(units_parse_time, "2x", -EINVAL);
	assert_refused(units_parse_time, "2m s", -EINVAL);
	assert_refused(units_parse_time, "999999999d", -ERANGE);
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
		cmocka_unit_test(sizes_are_parsed),
		cmocka_unit_test(times_are_parsed),
	};

	return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
