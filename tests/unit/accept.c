// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "system/accept.h"

static void gzip_is_sent_to_those_who_accept_it(void **state)
{
	(void)state;
	assert_true(accept_gzip("gzip"));
	assert_true(accept_gzip("gzip, deflate, br"));
	assert_true(accept_gzip("deflate,GZIP"));
	assert_true(accept_gzip("x-gzip"));
	assert_true(accept_gzip("*"));
	assert_true(accept_gzip("gzip;q=0.001"));
	assert_true(accept_gzip("gzip ; Q=1.000"));
	assert_true(accept_gzip("br;q=1.0, gzip;q=0.8, *;q=0.1"));
	assert_true(accept_gzip("identity;q=0.5, gzip;q=0.5"));
	assert_true(accept_gzip(",, ,gzip,"));
	assert_true(accept_gzip("identity;q=0, *"));
}

static void it_is_sent_to_no_other(void **state)
{
	(void)state;
	assert_false(accept_gzip(NULL));
	assert_false(accept_gzip(""));
	assert_false(accept_gzip("identity"));
	assert_false(accept_gzip("deflate, br"));
	assert_false(accept_gzip("gzip;q=0"));
	assert_false(accept_gzip("gzip;q=0.000"));
	assert_false(accept_gzip("gzip;q=0, *"));
	assert_false(accept_gzip("*;q=0"));
	assert_false(accept_gzip("identity, gzip;q=0.5"));
	assert_false(accept_gzip("xgzip"));
	assert_false(accept_gzip("gzipx"));
	assert_false(accept_gzip("\"gzip\""));
}

/* A quality of another form is none. */
static void a_wrong_quality_is_not_accepted(void **state)
{
	static const char *const values[] = {
		"gzip;q=",   "gzip;q=x",      "gzip;q=2",  "gzip;q=1.5",
		"gzip;q=-1", "gzip;q=0.0001", "gzip;q=.5", "gzip;q=1.0000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_false(accept_gzip(values[i]));
}

static void openmetrics_is_for_those_who_name_it(void **state)
{
	(void)state;
	/* Prometheus 2.42, and 3 */
	assert_true(accept_openmetrics(
		"application/openmetrics-text;version=1.0.0,"
		"application/openmetrics-text;version=0.0.1;q=0.75,"
		"text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
	assert_true(accept_openmetrics(
		"application/openmetrics-text;version=1.0.0;"
		"escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;"
		"escaping=allow-utf-8;q=0.5,*/*;q=0.2"));
	assert_true(accept_openmetrics("application/openmetrics-text"));
	assert_true(accept_openmetrics(
		"application/openmetrics-text; version=\"1.0.0\""));
	assert_true(accept_openmetrics(
		"Application/OpenMetrics-Text;Version=1.0.0;q=0.5, */*;q=0.5"));
	assert_true(accept_openmetrics(
		"text/*, application/openmetrics-text, text/plain;q=0.2"));
}

static void others_get_text(void **state)
{
	(void)state;
	assert_false(accept_openmetrics(NULL));
	assert_false(accept_openmetrics(""));
	assert_false(accept_openmetrics("*/*"));
	assert_false(accept_openmetrics(
		"text/html,application/xml;q=0.9,*/*;q=0.8"));
	assert_false(accept_openmetrics("application/*"));
	assert_false(accept_openmetrics(
		"application/openmetrics-text;version=0.0.1"));
	assert_false(accept_openmetrics(
		"application/openmetrics-text;version=2.0.0, text/plain;q=0.1"));
	assert_false(accept_openmetrics("application/openmetrics-text;q=0"));
	assert_false(accept_openmetrics(
		"text/plain, application/openmetrics-text;q=0.5"));
	assert_false(
		accept_openmetrics("*/*, application/openmetrics-text;q=0.5"));
	/* in a quoted string nothing separates */
	assert_false(
		accept_openmetrics("a/b;c=\",application/openmetrics-text,\""));
	assert_false(accept_openmetrics(
		"a/b;c=\"\\\",application/openmetrics-text"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gzip_is_sent_to_those_who_accept_it),
		cmocka_unit_test(it_is_sent_to_no_other),
		cmocka_unit_test(a_wrong_quality_is_not_accepted),
		cmocka_unit_test(openmetrics_is_for_those_who_name_it),
		cmocka_unit_test(others_get_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
