// SPDX-License-Identifier: GPL-2.0-only
/* Findings as a line and as JSON. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/strbuf.h"
#include "base/times.h"
#include "fixtures.h"
#include "stall/stall.h"
#include "views/finding_json.h"
#include "views/finding_text.h"

struct world {
	struct sample sample;
	struct findings found;
	struct strbuf json;
	char value[128]; /* of the JSON that was made last */
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct world));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *w = *state;

	strbuf_release(&w->json);
	findings_release(&w->found);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static void look(struct world *w)
{
	findings_release(&w->found);
	stall_find(&w->sample, SECOND, &w->found);
}

static void look_at(struct world *w, const char *fixture)
{
	assert_int_equal(fixture_make(fixture, &w->sample), 0);
	look(w);
	assert_int_equal(w->found.nr, 1);
}

static void assert_text(struct world *w, const char *wanted)
{
	struct strbuf sb = { 0 };

	finding_text_add(&sb, &w->sample, &w->found.all[0], true);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

/* The value at @path, "a/0/b", as text. */
static const char *at(struct world *w, const char *path)
{
	struct json_writer to = { .to = &w->json };
	struct json_reader j;
	const char *start;

	if (!w->json.len) {
		json_put_object(&to, NULL);
		finding_json_put(&to, &w->sample, &w->found.all[0]);
		json_put_end(&to);
	}
	json_reader_init(&j, w->json.text, w->json.len);
	if (json_find(&j, path) != 1)
		return "(no such key)";
	if (*j.pos == '"') {
		assert_int_equal(json_text(&j, w->value, sizeof(w->value)), 0);
		return w->value;
	}
	start = j.pos;
	assert_int_equal(json_skip(&j), 0);
	assert_in_range(j.pos - start, 1, sizeof(w->value) - 1);
	memcpy(w->value, start, j.pos - start);
	w->value[j.pos - start] = '\0';
	return w->value;
}

static void a_deadlock_is_told_with_its_cycle(void **state)
{
	struct world *w = *state;

	look_at(w, "deadlock");
	assert_text(
		w,
		"deadlock: bottom (254:1): kworker/0:1H[57] waits 13s for recheck.page; held by kworker/0:1H[42] for top (254:2), which needs bottom (254:1) sectors 8+8, which kworker/0:1H[57] works on");
}

static void a_stall_is_told_with_its_cause(void **state)
{
	struct world *w = *state;

	look_at(w, "stall");
	assert_text(
		w,
		"stall: bottom (254:1): kworker/0:1H[44] waits 19s for recheck.page; held by kworker/0:1H[43] for bottom (254:1); suspended: low (254:0)");
	w->sample.devices[0].suspended = false;
	look(w);
	assert_text(
		w,
		"stall: bottom (254:1): kworker/0:1H[44] waits 19s for recheck.page; held by kworker/0:1H[43] for bottom (254:1); I/O in flight: low (254:0), 3");
}

static void what_is_not_known_is_not_told(void **state)
{
	struct world *w = *state;
	struct sample_pool *pool;

	fixture_device(&w->sample, 1, "new\nline");
	pool = fixture_pool(&w->sample, 0, 7, "other.io", 1, 1);
	pool->dev_known = false;
	pool->current = 0;
	pool->waiters_known = true;
	pool->nr_waiters = 1;
	pool->waiters = calloc(1, sizeof(*pool->waiters));
	pool->waiters[0] = (struct sample_task){ .pid = 5,
						 .comm = "a\tb",
						 .since_ns = MEMTOP_UNKNOWN,
						 .op = MEMTOP_UNKNOWN };
	w->sample.watched_since_ns = MEMTOP_UNKNOWN;
	look(w);
	assert_text(
		w,
		"wait: device unknown: a\\x09b[5] waits for other.io; cause unknown");
	assert_string_equal(at(w, "dev"), "null");
	assert_string_equal(at(w, "name"), "null");
	assert_string_equal(at(w, "age_ns"), "null");
	assert_string_equal(at(w, "waiter/stack"), "null");
	assert_string_equal(at(w, "waiter/io"), "null");
	assert_string_equal(at(w, "cause/kind"), "unknown");
	assert_string_equal(at(w, "cause/dev"), "null");
	assert_string_equal(at(w, "cycle"), "null");
	assert_string_equal(at(w, "evidence/watched_since_ns"), "null");

	pool->dev_known = true;
	pool->dev = (struct sample_devno){ 254, 1 };
	pool->waiters[0].since_ns = 0;
	pool->waiters[0].since_at_least = true;
	w->sample.boottime_ns = 5 * SECOND;
	look(w);
	assert_text(
		w,
		"wait: new\\x0aline (254:1): a\\x09b[5] waits at least 5s for other.io; cause unknown");
}

static void json_has_it_all(void **state)
{
	struct world *w = *state;

	look_at(w, "deadlock");
	assert_string_equal(at(w, "dev"), "254:1");
	assert_string_equal(at(w, "name"), "bottom");
	assert_string_equal(at(w, "role"), "recheck.page");
	assert_string_equal(at(w, "waiter/pid"), "57");
	assert_string_equal(at(w, "waiter/comm"), "kworker/0:1H");
	assert_string_equal(at(w, "waiter/stack/1"),
			    "mempool_alloc_noprof+0x120/0x1c0");
	assert_string_equal(at(w, "age_ns"), "12500000000");
	assert_string_equal(at(w, "since_at_least"), "false");
	assert_string_equal(at(w, "cause/kind"), "deadlock");
	assert_string_equal(at(w, "holders/0/pid"), "42");
	assert_string_equal(at(w, "holders/0/name"), "top");
	assert_string_equal(at(w, "holders/0/stack/2"),
			    "verity_recheck+0x5a/0x1b0 [dm_verity]");
	assert_string_equal(at(w, "holders/0/for/kind"), "recheck");
	assert_string_equal(at(w, "holders/0/for/io/dev"), "254:1");
	assert_string_equal(at(w, "holders/0/inferred"), "false");
	assert_string_equal(at(w, "holders/0/blocked"), "true");
	assert_string_equal(at(w, "cycle/0/step"), "waits");
	assert_string_equal(at(w, "cycle/0/pid"), "57");
	assert_string_equal(at(w, "cycle/1/step"), "held");
	assert_string_equal(at(w, "cycle/1/name"), "top");
	assert_string_equal(at(w, "cycle/2/step"), "needs");
	assert_string_equal(at(w, "cycle/2/dev"), "254:1");
	assert_string_equal(at(w, "cycle/2/sector"), "8");
	assert_string_equal(at(w, "cycle/3/step"), "worked_on");
	assert_string_equal(at(w, "cycle/3/for/op"), "17");
	assert_string_equal(at(w, "evidence/source"), "tracepoints");
	assert_string_equal(at(w, "evidence/holders_complete"), "true");
	assert_string_equal(at(w, "evidence/holders"), "1");
}

static void json_names_the_cause(void **state)
{
	struct world *w = *state;

	look_at(w, "stall");
	assert_string_equal(at(w, "cause/kind"), "suspended");
	assert_string_equal(at(w, "cause/dev"), "254:0");
	assert_string_equal(at(w, "cause/name"), "low");
	assert_string_equal(at(w, "cause/in_flight"), "3");
	assert_string_equal(at(w, "cycle"), "null");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_deadlock_is_told_with_its_cycle),
		TEST(a_stall_is_told_with_its_cause),
		TEST(what_is_not_known_is_not_told),
		TEST(json_has_it_all),
		TEST(json_names_the_cause),
	};

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
