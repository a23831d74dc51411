// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/times.h"
#include "fixtures.h"
#include "model/watch_state.h"

#define MAX 8

/* Samples of a machine, whose findings are written by hand. */
struct world {
	struct sample sample;
	struct sample_task waiters[MAX];
	struct finding all[MAX];
	struct findings found;
	struct watch_state state;
	struct watch_events events;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w || fixture_make("demo", &w->sample))
		return -1;
	w->found.all = w->all;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	watch_events_release(&w->events);
	watch_state_release(&w->state);
	sample_release(&w->sample);
	free(w);
	return 0;
}

/* Waiter @pid, waiting since 90 s for a pool of "plain-1". */
static struct finding *find(struct world *w, uint32_t pid,
			    enum finding_kind kind)
{
	size_t i = w->found.nr++;

	w->waiters[i] =
		(struct sample_task){ .pid = pid, .since_ns = 90 * SECOND };
	w->all[i] = (struct finding){
		.kind = kind,
		.id = 1000 + pid,
		.pool = &w->sample.pools[0],
		.waiter = &w->waiters[i],
		.dev_known = true,
		.dev = w->sample.pools[0].dev,
		.device = &w->sample.devices[0],
		.age_ns = w->sample.boottime_ns - 90 * SECOND,
	};
	return &w->all[i];
}

/* Adds these findings, at @ms after the start, and then removes them. */
static void look(struct world *w, uint64_t ms)
{
	w->sample.boottime_ns = 100 * SECOND + ms * 1000000;
	for (size_t i = 0; i < w->found.nr; i++)
		w->all[i].age_ns =
			w->sample.boottime_ns - w->waiters[i].since_ns;
	watch_events_release(&w->events);
	watch_state_update(&w->state, &w->sample, &w->found, &w->events);
	w->found.nr = 0;
}

static void is_event(const struct world *w, size_t i, enum watch_change change,
		     uint32_t pid, enum finding_kind kind)
{
	assert_in_range(i, 0, w->events.nr - 1);
	assert_int_equal(w->events.all[i].change, change);
	assert_int_equal(w->events.all[i].told.id, 1000 + pid);
	assert_int_equal(w->events.all[i].told.kind, kind);
}

static void nothing_happens(void **state)
{
	struct world *w = *state;

	look(w, 0);
	assert_int_equal(w->events.nr, 0);
	assert_int_equal(w->state.seq, 0);
}

static void begins_lasts_ends(void **state)
{
	struct world *w = *state;

	find(w, 7, FINDING_STALL);
	look(w, 0);
	assert_int_equal(w->events.nr, 1);
	is_event(w, 0, WATCH_BEGIN, 7, FINDING_STALL);
	assert_int_equal(w->events.all[0].seq, 1);
	assert_int_equal(w->events.all[0].age_ns, 10 * SECOND);
	assert_non_null(w->events.all[0].finding);
	assert_true(watch_event_is_stall(&w->events.all[0]));

	find(w, 7, FINDING_STALL);
	look(w, 5000);
	assert_int_equal(w->events.nr, 0);

	look(w, 6000);
	assert_int_equal(w->events.nr, 1);
	is_event(w, 0, WATCH_CLEAR, 7, FINDING_STALL);
	assert_int_equal(w->events.all[0].seq, 2);
	assert_int_equal(w->events.all[0].age_ns, 16 * SECOND);
	assert_null(w->events.all[0].finding);
	assert_string_equal(w->events.all[0].told.name, "plain-1");
	assert_string_equal(w->events.all[0].told.role,
			    w->sample.pools[0].role);

	look(w, 7000);
	assert_int_equal(w->events.nr, 0);
}

/* An unknown duration is not invented. */
static void unknown_age(void **state)
{
	struct world *w = *state;

	find(w, 7, FINDING_WAIT);
	w->waiters[0].since_ns = MEMTOP_UNKNOWN;
	look(w, 0);
	look(w, 1000);
	is_event(w, 0, WATCH_CLEAR, 7, FINDING_WAIT);
	assert_true(w->events.all[0].age_ns == MEMTOP_UNKNOWN);
}

static void more_severe_at_once(void **state)
{
	struct world *w = *state;

	find(w, 7, FINDING_WAIT);
	look(w, 0);
	assert_false(watch_event_is_stall(&w->events.all[0]));
	find(w, 7, FINDING_DEADLOCK);
	look(w, 100);
	assert_int_equal(w->events.nr, 1);
	is_event(w, 0, WATCH_CHANGE, 7, FINDING_DEADLOCK);
}

/* A finding that comes and goes is not reported each time. */
static void less_severe_after_a_second(void **state)
{
	struct world *w = *state;

	find(w, 7, FINDING_STALL);
	look(w, 0);
	find(w, 7, FINDING_WAIT);
	look(w, 900);
	assert_int_equal(w->events.nr, 0);
	find(w, 7, FINDING_STALL);
	look(w, 950);
	assert_int_equal(w->events.nr, 0);
	find(w, 7, FINDING_WAIT);
	look(w, 1000);
	is_event(w, 0, WATCH_CHANGE, 7, FINDING_WAIT);
	/* a reader who got a verdict gets its end */
	assert_true(watch_event_is_stall(&w->events.all[0]));
	look(w, 1100);
	is_event(w, 0, WATCH_CLEAR, 7, FINDING_WAIT);
	assert_true(watch_event_is_stall(&w->events.all[0]));
}

static void another_cause(void **state)
{
	struct world *w = *state;

	find(w, 7, FINDING_STALL)->cause = CAUSE_IN_FLIGHT;
	look(w, 0);
	find(w, 7, FINDING_STALL)->cause = CAUSE_SUSPENDED;
	look(w, 500);
	assert_int_equal(w->events.nr, 0);
	find(w, 7, FINDING_STALL)->cause = CAUSE_SUSPENDED;
	look(w, 1500);
	is_event(w, 0, WATCH_CHANGE, 7, FINDING_STALL);
	assert_int_equal(w->events.all[0].told.cause, CAUSE_SUSPENDED);
}

static void only_severe_enough_findings(void **state)
{
	struct world *w = *state;

	w->state.least = FINDING_POSSIBLE_DEADLOCK;
	find(w, 7, FINDING_STALL);
	find(w, 8, FINDING_POSSIBLE_DEADLOCK);
	look(w, 0);
	assert_int_equal(w->events.nr, 1);
	is_event(w, 0, WATCH_BEGIN, 8, FINDING_POSSIBLE_DEADLOCK);
	find(w, 8, FINDING_STALL);
	look(w, 100);
	is_event(w, 0, WATCH_CLEAR, 8, FINDING_POSSIBLE_DEADLOCK);
}

static void several_at_once(void **state)
{
	struct world *w = *state;

	find(w, 1, FINDING_STALL);
	find(w, 2, FINDING_STALL);
	find(w, 3, FINDING_WAIT);
	look(w, 0);
	assert_int_equal(w->events.nr, 3);
	find(w, 4, FINDING_DEADLOCK);
	find(w, 2, FINDING_STALL);
	look(w, 100);
	assert_int_equal(w->events.nr, 3);
	is_event(w, 0, WATCH_CLEAR, 1, FINDING_STALL);
	is_event(w, 1, WATCH_CLEAR, 3, FINDING_WAIT);
	is_event(w, 2, WATCH_BEGIN, 4, FINDING_DEADLOCK);
	assert_int_equal(w->events.all[2].seq, 6);
	assert_int_equal(w->state.nr, 2);
}

/* A torn read of a device ends no finding. */
static void torn_device(void **state)
{
	struct world *w = *state;

	find(w, 7, FINDING_STALL);
	look(w, 0);
	w->sample.devices[0].torn = true;
	look(w, 100);
	assert_int_equal(w->events.nr, 0);
	w->sample.devices[0].torn = false;
	look(w, 200);
	is_event(w, 0, WATCH_CLEAR, 7, FINDING_STALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_happens, setup,
						teardown),
		cmocka_unit_test_setup_teardown(begins_lasts_ends, setup,
						teardown),
		cmocka_unit_test_setup_teardown(unknown_age, setup, teardown),
		cmocka_unit_test_setup_teardown(more_severe_at_once, setup,
						teardown),
		cmocka_unit_test_setup_teardown(less_severe_after_a_second,
						setup, teardown),
		cmocka_unit_test_setup_teardown(another_cause, setup, teardown),
		cmocka_unit_test_setup_teardown(only_severe_enough_findings,
						setup, teardown),
		cmocka_unit_test_setup_teardown(several_at_once, setup,
						teardown),
		cmocka_unit_test_setup_teardown(torn_device, setup, teardown),
	};

	return cmocka_run_group_tests_name("watch_state", tests, NULL, NULL);
}
