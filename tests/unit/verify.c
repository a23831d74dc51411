// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "model/verify.h"

struct world {
	struct sample a, b;
	struct differences d;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w)
		return -1;
	return fixture_make("states", &w->a) || fixture_make("states", &w->b);
}

static int teardown(void **state)
{
	struct world *w = *state;

	differences_release(&w->d);
	sample_release(&w->a);
	sample_release(&w->b);
	free(w);
	return 0;
}

static void compare(struct world *w)
{
	differences_release(&w->d);
	verify_compare(&w->a, &w->b, &w->d);
}

/* The only difference between them. */
static void expect(struct world *w, const char *what, const char *a,
		   const char *b)
{
	compare(w);
	assert_int_equal(w->d.nr, 1);
	assert_string_equal(w->d.all[0].what, what);
	assert_string_equal(w->d.all[0].a, a);
	assert_string_equal(w->d.all[0].b, b);
}

/* The same, in the other direction too. */
static void expect_both(struct world *w, const char *what, const char *a,
			const char *b)
{
	struct sample other = w->a;

	expect(w, what, a, b);
	w->a = w->b;
	w->b = other;
	expect(w, what, b, a);
	w->b = w->a;
	w->a = other;
}

static void the_same_does_not_differ(void **state)
{
	struct world *w = *state;

	compare(w);
	assert_int_equal(w->d.nr, 0);
	assert_int_equal(w->d.devices, w->a.nr_devices);
	assert_true(w->d.pools > 20);
}

static void each_figure_of_a_pool_counts(void **state)
{
	struct world *w = *state;
	struct sample_pool *p = &w->b.pools[0];
	const struct {
		const char *what;
		uint64_t *value;
	} values[] = {
		{ "min", &p->min },
		{ "current", &p->current },
		{ "object_bytes", &p->object_bytes },
		{ "footprint_bytes", &p->footprint_bytes },
		{ "cached_bytes", &p->cached_bytes },
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint64_t was = *values[i].value;
		char text[24], other[24];

		snprintf(text, sizeof(text), "%llu", (unsigned long long)was);
		snprintf(other, sizeof(other), "%llu",
			 (unsigned long long)was + 1);
		*values[i].value = was + 1;
		expect_both(w, values[i].what, text, other);
		assert_string_equal(w->d.all[0].role, p->role);
		/* a value that one of them does not know is no difference */
		*values[i].value = MEMTOP_UNKNOWN;
		compare(w);
		assert_int_equal(w->d.nr, 0);
		*values[i].value = was;
	}
}

static void a_pool_that_one_has_not_differs(void **state)
{
	struct world *w = *state;
	char role[SAMPLE_ROLE_LEN];

	strcpy(role, w->b.pools[1].role);
	strcpy(w->b.pools[1].role, "new.pool");
	compare(w);
	assert_int_equal(w->d.nr, 2);
	assert_string_equal(w->d.all[0].what, "pool");
	/* nor a pool in another slot, or of another target */
	strcpy(w->b.pools[1].role, role);
	w->b.pools[1].target_index += 7;
	compare(w);
	assert_int_equal(w->d.nr, 2);
}

static void devices_are_compared(void **state)
{
	struct world *w = *state;
	struct sample_device *d = &w->b.devices[1];
	char name[SAMPLE_NAME_LEN];

	strcpy(name, d->name);
	strcpy(d->name, "x");
	expect_both(w, "name", name, "x");
	strcpy(d->name, name);
	strcpy(d->uuid, "y");
	expect_both(w, "uuid", w->a.devices[1].uuid, "y");
	strcpy(d->uuid, w->a.devices[1].uuid);
	d->suspended = !d->suspended;
	compare(w);
	assert_int_equal(w->d.nr, 1);
	d->suspended = !d->suspended;
	fixture_target(d, SAMPLE_SLOT_INACTIVE, "error");
	compare(w);
	assert_int_equal(w->d.nr, 1);
	assert_string_equal(w->d.all[0].what, "targets");
	assert_non_null(strstr(w->d.all[0].b, "error(inactive)"));
	d->nr_targets--;
	fixture_lower(d, 8, 16);
	compare(w);
	assert_int_equal(w->d.nr, 1);
	assert_string_equal(w->d.all[0].what, "lower");
}

static void a_device_that_one_has_not_differs(void **state)
{
	struct world *w = *state;

	fixture_device(&w->b, 999, "more");
	expect_both(w, "device", "absent", "there");
}

static void what_is_torn_is_not_compared(void **state)
{
	struct world *w = *state;
	struct sample_device *d = &w->b.devices[0];
	size_t devices;

	for (size_t i = 0; i < w->b.nr_pools; i++)
		w->b.pools[i].min++;
	compare(w);
	assert_true(w->d.nr > 0);
	devices = w->d.devices;
	for (size_t i = 0; i < w->b.nr_devices; i++)
		w->b.devices[i].torn = true;
	strcpy(d->name, "x");
	compare(w);
	assert_int_equal(w->d.nr, 0);
	assert_int_equal(w->d.devices, 0);
	assert_true(devices > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_does_not_differ),
		TEST(each_figure_of_a_pool_counts),
		TEST(a_pool_that_one_has_not_differs),
		TEST(devices_are_compared),
		TEST(a_device_that_one_has_not_differs),
		TEST(what_is_torn_is_not_compared),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
