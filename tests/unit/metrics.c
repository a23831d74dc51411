// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "base/strbuf.h"
#include "model/counters.h"
#include "model/snapshot.h"
#include "model/static_rules.h"
#include "stall/stall.h"
#include "views/metrics.h"

#define THRESHOLD 10000000000ULL

/*
 * A sample, findings that a test makes up, and their metrics. The waiters are
 * the sample's.
 */
struct world {
	struct sample sample;
	struct finding finding;
	struct findings findings;
	struct counters *counters;
	struct strbuf text;
	enum options_detail detail;
	bool open;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w)
		return -1;
	w->detail = DETAIL_POOL;
	w->counters = counters_new();
	w->findings.all = &w->finding;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	sample_release(&w->sample);
	counters_free(w->counters);
	strbuf_release(&w->text);
	free(w);
	return 0;
}

static void write_metrics(struct world *w, const struct snap_filter *filter)
{
	const struct snap_filter none = { 0 };
	struct snap_selection sel;
	struct static_hits hits;
	struct findings real;
	struct snapshot snap;

	stall_find(&w->sample, THRESHOLD, &real);
	w->findings.waits = real.waits;
	w->findings.nr_waits = real.nr_waits;
	static_rules_find(&w->sample, &hits);
	counters_update(w->counters, &w->sample, NULL);
	counters_note(w->counters, &w->findings);
	snapshot_build(&w->sample, &snap);
	snapshot_select(&snap, filter ? filter : &none, &sel);
	strbuf_reset(&w->text);
	metrics_text(&w->text, &(struct metrics_view){
				       .detail = w->detail,
				       .open = w->open,
				       .snap = &snap,
				       .sel = &sel,
				       .findings = &w->findings,
				       .hits = &hits,
				       .counters = w->counters,
				       .threshold_ns = THRESHOLD,
				       .machine_bytes = MEMTOP_UNKNOWN,
				       .health = { .gathered = true },
			       });
	snap_selection_release(&sel);
	snapshot_release(&snap);
	static_hits_release(&hits);
	findings_release(&real);
}

static void write_fixture(struct world *w, const char *name)
{
	sample_release(&w->sample);
	assert_int_equal(fixture_make(name, &w->sample), 0);
	write_metrics(w, NULL);
}

/* Whether @line is one of the text. */
static bool has(const struct world *w, const char *line)
{
	struct strbuf wanted = { 0 };
	bool ret;

	strbuf_addf(&wanted, "\n%s\n", line);
	ret = strstr(strbuf_text(&w->text), strbuf_text(&wanted));
	strbuf_release(&wanted);
	return ret;
}

static size_t count(const struct world *w, const char *part)
{
	const char *at = strbuf_text(&w->text);
	size_t nr = 0;

	while ((at = strstr(at, part))) {
		nr++;
		at++;
	}
	return nr;
}

static void one_device_has_its_pools(void **state)
{
	struct world *w = *state;

	write_fixture(w, "one");
	assert_true(has(
		w,
		"dmverity_pool_elements{device=\"dm-0\",slot=\"live\",role=\"hash.bvec\"} 16"));
	assert_true(has(
		w,
		"dmverity_pool_reserved_bytes{device=\"dm-0\",slot=\"live\",role=\"hash.bvec\"} 65536"));
	assert_true(has(
		w,
		"dmverity_bufio_cache_bytes{device=\"dm-0\",slot=\"live\"} 20480"));
	assert_int_equal(count(w, "\ndmverity_pool_elements{"), 10);
}

static void whether_a_block_stayed_bad(void **state)
{
	struct world *w = *state;

	write_fixture(w, "traced");
	assert_true(has(w, "dmverity_corrupted{device=\"dm-0\"} 0"));
	assert_true(has(w, "dmverity_corrupted{device=\"dm-1\"} 1"));
	write_fixture(w, "one");
	assert_int_equal(count(w, "\ndmverity_corrupted{"), 0);
}

#define DURATIONS "dmverity_role_wait_duration_seconds"
#define OF_BVEC "{role=\"hash.bvec\""

static void durations_are_a_histogram_of_the_role(void **state)
{
	struct world *w = *state;

	w->detail = DETAIL_ROLE;
	write_fixture(w, "traced");
	assert_true(has(w, "# TYPE " DURATIONS " histogram"));
	assert_true(
		has(w, DURATIONS "_bucket" OF_BVEC ",le=\"0.000001024\"} 0"));
	assert_true(
		has(w, DURATIONS "_bucket" OF_BVEC ",le=\"0.001048576\"} 0"));
	assert_true(has(w, DURATIONS "_bucket" OF_BVEC
				     ",le=\"0.004194304\"} 2000"));
	assert_true(has(w, DURATIONS "_bucket" OF_BVEC
				     ",le=\"4.294967296\"} 2093"));
	assert_true(has(w, DURATIONS "_bucket" OF_BVEC
				     ",le=\"1099.511627776\"} 2094"));
	assert_true(has(w, DURATIONS "_bucket" OF_BVEC ",le=\"+Inf\"} 2094"));
	assert_true(has(w, DURATIONS "_sum" OF_BVEC "} 404.000000056"));
	assert_true(has(w, DURATIONS "_count" OF_BVEC "} 2094"));
	assert_int_equal(count(w, "\n" DURATIONS "_bucket" OF_BVEC), 17);
	assert_int_equal(count(w, "\n" DURATIONS "_count{"), 10);
	/* each line is cumulative, so another scrape adds nothing */
	write_metrics(w, NULL);
	assert_true(has(w, DURATIONS "_count" OF_BVEC "} 2094"));
	w->open = true;
	write_metrics(w, NULL);
	assert_true(has(w, "# UNIT " DURATIONS " seconds"));
	w->open = false;
	w->detail = DETAIL_DEVICE;
	write_metrics(w, NULL);
	assert_int_equal(count(w, DURATIONS), 0);
}

static void durations_that_are_not_counted_are_left_out(void **state)
{
	struct world *w = *state;

	write_fixture(w, "demo");
	assert_int_equal(count(w, "\n" DURATIONS), 0);
}

static void verdicts_are_there_before_the_first(void **state)
{
	struct world *w = *state;

	write_fixture(w, "one");
	assert_true(has(w, "dmverity_deadlock{device=\"dm-0\"} 0"));
	assert_true(has(w, "dmverity_possible_deadlock{device=\"dm-0\"} 0"));
	assert_true(has(w, "dmverity_stall{device=\"dm-0\"} 0"));
	assert_true(has(w, "dmverity_long_wait{device=\"dm-0\"} 0"));
	assert_true(has(w, "dmverity_verdicts_total{verdict=\"deadlock\"} 0"));
	assert_true(has(w, "dmverity_losses_total{where=\"map_full\"} 0"));
	assert_true(has(w, "dmverity_verdicts_limited 0"));
	w->findings.limited = true;
	write_fixture(w, "one");
	assert_true(has(w, "dmverity_verdicts_limited 1"));
	assert_int_equal(count(w, "dmverity_machine_memory_bytes"), 0);
}

static void a_verdict_is_its_devices(void **state)
{
	struct world *w = *state;

	w->finding = (struct finding){ .kind = FINDING_DEADLOCK,
				       .id = 1,
				       .dev_known = true,
				       .dev = { 254, 1 } };
	w->findings.nr = 1;
	write_fixture(w, "traced");
	assert_true(has(w, "dmverity_deadlock{device=\"dm-0\"} 0"));
	assert_true(has(w, "dmverity_deadlock{device=\"dm-1\"} 1"));
	assert_true(has(w, "dmverity_stall{device=\"dm-1\"} 0"));
	assert_true(has(w, "dmverity_verdicts_total{verdict=\"deadlock\"} 1"));
}

static void the_oldest_wait_has_its_age(void **state)
{
	struct world *w = *state;

	write_fixture(w, "traced");
	assert_true(has(w, "dmverity_oldest_wait_seconds{device=\"dm-0\"} 0"));
	assert_true(has(w, "dmverity_oldest_wait_seconds{device=\"dm-1\"} 70"));
	assert_true(has(
		w,
		"dmverity_pool_wait_seconds_total{device=\"dm-1\",slot=\"live\",role=\"hash.bvec\"} 404.000000056"));
}

/* Of a pool without an owner, and of one that several devices share. */
static void a_wait_for_a_shared_pool_is_its_repairs_device(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;
	struct sample_op *op;

	fixture_device(&w->sample, 0, "lower");
	fixture_pool(&w->sample, 0, 1, "hash.io", 16, 128)->waiters_known =
		true;
	pool = fixture_pool(&w->sample, 9, 9, "recheck.page", 1, 4096);
	pool->dev_known = false;
	pool->slot = SAMPLE_SLOT_UNKNOWN;
	pool->waiters_known = true;
	pool->waiters = calloc(1, sizeof(*pool->waiters));
	op = calloc(1, sizeof(*op));
	assert_non_null(pool->waiters);
	assert_non_null(op);
	op->op = 7;
	w->sample.devices[0].ops = op;
	w->sample.devices[0].nr_ops = 1;
	pool->nr_waiters = 1;
	pool->waiters[0].op = 7;
	w->sample.boottime_ns = 5000000000;
	pool->waiters[0].since_ns = 1500000000;
	write_metrics(w, NULL);
	assert_true(
		has(w, "dmverity_oldest_wait_seconds{device=\"dm-0\"} 3.5"));
	assert_true(has(w, "dmverity_oldest_wait_seconds{device=\"\"} 0"));
}

static void pools_older_than_the_parameter_are_counted(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	/* of several targets, too, if the elements add up */
	fixture_device(&w->sample, 0, "two");
	fixture_pool(&w->sample, 0, 1, "hash.io", 16, 128);
	fixture_pool(&w->sample, 0, 1, "hash.io", 16, 128)->target_index = 1;
	fixture_pool(&w->sample, 0, 1, "recheck.page", 1, 4096);
	pool = fixture_pool(&w->sample, 0, 2, "hash.io", 4, 128);
	pool->slot = SAMPLE_SLOT_INACTIVE;
	w->sample.reserved_bio_based_ios = 16;
	write_metrics(w, NULL);
	assert_true(has(
		w, "dmverity_stale_pools{device=\"dm-0\",slot=\"live\"} 0"));
	assert_true(has(
		w,
		"dmverity_stale_pools{device=\"dm-0\",slot=\"inactive\"} 1"));
	w->sample.reserved_bio_based_ios = 4;
	write_metrics(w, NULL);
	assert_true(has(
		w, "dmverity_stale_pools{device=\"dm-0\",slot=\"live\"} 2"));
	assert_true(has(
		w,
		"dmverity_stale_pools{device=\"dm-0\",slot=\"inactive\"} 0"));
}

static void what_is_unknown_is_not_there(void **state)
{
	struct world *w = *state;

	write_fixture(w, "unknowns");
	assert_int_equal(
		count(w, "\ndmverity_pool_elements_free{device=\"dm-0\""), 10);
	assert_int_equal(
		count(w, "\ndmverity_pool_elements_free{device=\"dm-1\""), 9);
	assert_int_equal(
		count(w, "\ndmverity_pool_reserved_bytes{device=\"dm-1\""), 9);
	assert_int_equal(
		count(w, "\ndmverity_bufio_cache_bytes{device=\"dm-1\""), 0);
	assert_int_equal(count(w, "\ndmverity_pool_waits_total{"), 0);
	assert_int_equal(count(w, "\ndmverity_rechecks_total{"), 0);
	/* it is not known whether a task waits */
	assert_int_equal(count(w, "\ndmverity_oldest_wait_seconds{"), 0);
	assert_int_equal(count(w, "dmverity_reserved_bio_based_ios"), 0);
	assert_int_equal(count(w, "dmverity_stale_pools"), 0);
	assert_null(strstr(strbuf_text(&w->text), "18446744073709551615"));
}

static void a_shared_pool_is_there_once(void **state)
{
	struct world *w = *state;

	write_fixture(w, "shared");
	/* and one of its own each */
	assert_true(has(
		w,
		"dmverity_pool_elements{device=\"dm-0\",slot=\"live\",role=\"recheck.page\"} 2"));
	assert_true(has(
		w,
		"dmverity_pool_elements{device=\"dm-1\",slot=\"live\",role=\"recheck.page\"} 1"));
}

static void what_nobody_named_has_no_device(void **state)
{
	struct world *w = *state;

	write_fixture(w, "states");
	assert_true(has(
		w,
		"dmverity_pool_elements{device=\"\",slot=\"unknown\",role=\"other.bio\"} 16"));
	assert_true(has(
		w,
		"dmverity_pool_elements{device=\"dm-0\",slot=\"inactive\",role=\"hash.io\"} 16"));
	assert_true(has(w, "dmverity_suspended{device=\"dm-0\"} 1"));
	assert_int_equal(count(w, "\ndmverity_suspended{device=\"dm-0\"}"), 1);
}

static void pools_of_a_role_are_one_series(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	fixture_device(&w->sample, 0, "two");
	fixture_pool(&w->sample, 0, 1, "hash.io", 16, 128)->lowest = 7;
	pool = fixture_pool(&w->sample, 0, 1, "hash.io", 16, 128);
	pool->target_index = 1;
	pool->current = 3;
	pool->lowest = 2;
	write_metrics(w, NULL);
	assert_true(has(
		w,
		"dmverity_pool_elements{device=\"dm-0\",slot=\"live\",role=\"hash.io\"} 32"));
	assert_true(has(
		w,
		"dmverity_pool_elements_free{device=\"dm-0\",slot=\"live\",role=\"hash.io\"} 19"));
	assert_true(has(
		w,
		"dmverity_pool_elements_free_lowest{device=\"dm-0\",slot=\"live\",role=\"hash.io\"} 2"));
	assert_int_equal(count(w, "\ndmverity_pool_elements{"), 1);
}

static void any_name_is_escaped(void **state)
{
	struct world *w = *state;

	write_fixture(w, "hostile");
	assert_non_null(
		strstr(strbuf_text(&w->text), "name=\"new\\nline\ttab\""));
	assert_non_null(strstr(strbuf_text(&w->text),
			       "name=\"\\\"quoted\\\\\\\", {}</script>\""));
	assert_non_null(
		strstr(strbuf_text(&w->text), "name=\"foo\\\\x20bar\""));
	assert_non_null(
		strstr(strbuf_text(&w->text), "name=\"not\xef\xbf\xbd"));
}

static void a_filter_leaves_the_rest_out(void **state)
{
	struct world *w = *state;
	const char *word = "busy";
	const struct snap_filter filter = { .names = { &word, 1 } };

	assert_int_equal(fixture_make("traced", &w->sample), 0);
	write_metrics(w, &filter);
	assert_int_equal(count(w, "dm-0"), 0);
	assert_true(has(w, "dmverity_rechecks_total{device=\"dm-1\"} 12"));
}

static void too_many_devices_are_left_out(void **state)
{
	struct world *w = *state;
	size_t nr = METRICS_MOST_DEVICES + 3, i;

	w->sample.devices = calloc(nr, sizeof(*w->sample.devices));
	assert_non_null(w->sample.devices);
	w->sample.nr_devices = nr;
	for (i = 0; i < nr; i++)
		w->sample.devices[i] = sample_device_new(
			(struct sample_devno){ 254, (uint32_t)i });
	write_metrics(w, NULL);
	assert_int_equal(count(w, "\ndmverity_device_info{"),
			 METRICS_MOST_DEVICES);
	assert_true(has(w, "dmverity_devices_left_out 3"));
}

/* Each family once, and all of its series below its type. */
static void families_are_together(void **state)
{
	struct world *w = *state;
	const char *at;
	char name[64] = "", type[80];

	write_fixture(w, "states");
	for (at = strbuf_text(&w->text); *at; at = strchr(at, '\n') + 1) {
		size_t len = strcspn(at, "{ \n");

		if (sscanf(at, "# TYPE %63s", name) == 1) {
			snprintf(type, sizeof(type), "# TYPE %s ", name);
			assert_int_equal(count(w, type), 1);
		} else if (*at != '#') {
			assert_int_equal(len, strlen(name));
			assert_memory_equal(at, name, len);
		}
	}
}

static void sums_are_by_device_and_role(void **state)
{
	struct world *w = *state;

	w->detail = DETAIL_ROLE;
	write_fixture(w, "traced");
	assert_true(has(w, "dmverity_lowest_free_ratio{device=\"dm-0\"} 1"));
	assert_true(has(w, "dmverity_lowest_free_ratio{device=\"dm-1\"} 0"));
	assert_true(has(w, "dmverity_reserved_bytes{device=\"dm-1\"} 170240"));
	assert_true(has(w, "dmverity_waits_total{device=\"dm-0\"} 0"));
	assert_true(has(w, "dmverity_waits_total{device=\"dm-1\"} 2100"));
	assert_true(has(
		w,
		"dmverity_wait_seconds_total{device=\"dm-1\"} 404.000000056"));
	assert_true(
		has(w, "dmverity_role_waits_total{role=\"hash.bvec\"} 2100"));
	assert_true(
		has(w, "dmverity_role_elements_free{role=\"hash.bvec\"} 16"));
	assert_true(has(
		w, "dmverity_role_reserved_bytes{role=\"hash.bvec\"} 131072"));
	assert_int_equal(count(w, "dmverity_pool_"), 0);
	assert_true(count(w, "{device=\"dm-1\"") <= 25);
	w->detail = DETAIL_DEVICE;
	write_fixture(w, "traced");
	assert_true(has(w, "dmverity_waits_total{device=\"dm-1\"} 2100"));
	assert_int_equal(count(w, "dmverity_role_"), 0);
	assert_int_equal(count(w, "dmverity_pool_"), 0);
}

static void a_device_not_fully_known_has_no_sums(void **state)
{
	struct world *w = *state;

	w->detail = DETAIL_ROLE;
	write_fixture(w, "targets");
	assert_int_equal(count(w, "dmverity_reserves_known{device=\"dm-1\"} 0"),
			 1);
	assert_int_equal(count(w, "dmverity_reserved_bytes{device=\"dm-1\"}"),
			 0);
}

/* What a reload with the default of 16 would save. */
static void reserves_beyond_the_default_are_added_up(void **state)
{
	struct world *w = *state;

	write_fixture(w, "one");
	assert_true(has(w, "dmverity_reserved_beyond_default_bytes 0"));
	/* one that the parameter sizes, and one that it does not */
	for (size_t i = 0; i < w->sample.nr_pools; i++) {
		struct sample_pool *pool = &w->sample.pools[i];

		if (strcmp(pool->role, "hash.bvec") == 0 ||
		    strcmp(pool->role, "recheck.page") == 0)
			pool->min = 64;
	}
	write_metrics(w, NULL);
	assert_true(has(w, "dmverity_reserved_beyond_default_bytes 196608"));
}

/* The format of scrapers that accept it. */
static void openmetrics_has_types_and_units(void **state)
{
	struct world *w = *state;

	w->open = true;
	write_fixture(w, "traced");
	assert_true(has(w, "# TYPE dmverity_waits counter"));
	assert_true(has(w, "dmverity_waits_total{device=\"dm-1\"} 2100"));
	assert_true(has(w, "# TYPE dmverity_device info"));
	assert_true(has(w, "# UNIT dmverity_wait_seconds seconds"));
	assert_true(has(w, "# UNIT dmverity_reserved_bytes bytes"));
	assert_true(has(w, "# UNIT dmverity_lowest_free_ratio ratio"));
	assert_true(has(w, "# EOF"));
}

static void without_a_sample_there_is_its_lack(void **state)
{
	struct world *w = *state;

	metrics_text(&w->text, &(struct metrics_view){ .counters = w->counters,
						       .machine_bytes = 4096 });
	assert_true(has(w, "dmverity_scrape_success 0"));
	assert_int_equal(count(w, "device"), 0);
	assert_non_null(strstr(strbuf_text(&w->text),
			       "dmverity_machine_memory_bytes 4096\n"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_device_has_its_pools),
		TEST(whether_a_block_stayed_bad),
		TEST(durations_are_a_histogram_of_the_role),
		TEST(durations_that_are_not_counted_are_left_out),
		TEST(verdicts_are_there_before_the_first),
		TEST(a_verdict_is_its_devices),
		TEST(the_oldest_wait_has_its_age),
		TEST(a_wait_for_a_shared_pool_is_its_repairs_device),
		TEST(pools_older_than_the_parameter_are_counted),
		TEST(what_is_unknown_is_not_there),
		TEST(a_shared_pool_is_there_once),
		TEST(what_nobody_named_has_no_device),
		TEST(pools_of_a_role_are_one_series),
		TEST(any_name_is_escaped),
		TEST(a_filter_leaves_the_rest_out),
		TEST(too_many_devices_are_left_out),
		TEST(families_are_together),
		TEST(sums_are_by_device_and_role),
		TEST(a_device_not_fully_known_has_no_sums),
		TEST(reserves_beyond_the_default_are_added_up),
		TEST(openmetrics_has_types_and_units),
		TEST(without_a_sample_there_is_its_lack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
