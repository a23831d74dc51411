// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "collect/kept_maps.h"
#include "model/sample.h"

/* Two passes that have noted the same, and the sample that was made of them. */
struct world {
	struct stock_device devices[2];
	struct stock_table tables[2];
	struct stock_target targets[2];
	struct stock_lower lower[2];
	struct stock_pool pools[2];
	struct stock_wait waits[2];
	struct stock_notes passes[2];
	struct sample_device device;
	struct sample_target target;
	struct sample_devno low;
	struct sample_pool pool;
	struct sample_task task;
	struct sample sample;
	struct kept_maps kept;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		strcpy(w->devices[i].name, "v");
		strcpy(w->targets[i].type, "verity");
		w->pools[i].curr_nr = w->pools[i].min_nr = 16;
		w->passes[i] = (struct stock_notes){
			.devices = &w->devices[i],
			.tables = &w->tables[i],
			.targets = &w->targets[i],
			.lower = &w->lower[i],
			.pools = &w->pools[i],
			.waits = &w->waits[i],
			.nr = { 1, 1, 1, 1, 1, 1 },
			.finished = true,
		};
	}
	w->low.minor = 3;
	strcpy(w->device.name, "v");
	w->device.targets = &w->target;
	w->device.lower = &w->low;
	w->device.nr_targets = w->device.nr_lower = 1;
	w->task.pid = 77;
	w->pool.min = 16;
	w->pool.waiters = &w->task;
	w->pool.nr_waiters = 1;
	w->sample.devices = &w->device;
	w->sample.pools = &w->pool;
	w->sample.nr_devices = w->sample.nr_pools = 1;
	kept_maps_keep(&w->kept, w->passes, &w->sample);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	kept_maps_release(&w->kept);
	free(w);
	return 0;
}

static void the_same_matches(void **state)
{
	struct world *w = *state;

	assert_true(kept_maps_match(&w->kept, w->passes));
}

/* One byte of any part, in either pass. */
static void any_change_is_seen(void **state)
{
	struct world *w = *state;
	unsigned char *const parts[] = {
		(unsigned char *)w->devices, (unsigned char *)w->tables,
		(unsigned char *)w->targets, (unsigned char *)w->lower,
		(unsigned char *)w->pools,   (unsigned char *)w->waits,
	};
	const size_t sizes[] = {
		sizeof(w->devices), sizeof(w->tables), sizeof(w->targets),
		sizeof(w->lower),   sizeof(w->pools),  sizeof(w->waits),
	};

	for (size_t i = 0; i < 6; i++) {
		for (size_t at = 0; at < sizes[i]; at++) {
			parts[i][at] ^= 1;
			assert_false(kept_maps_match(&w->kept, w->passes));
			parts[i][at] ^= 1;
		}
	}
	assert_true(kept_maps_match(&w->kept, w->passes));
}

static void numbers_have_to_be_the_same(void **state)
{
	struct world *w = *state;

	w->passes[1].nr.waits = 0;
	assert_false(kept_maps_match(&w->kept, w->passes));
	w->passes[1].nr.waits = 1;
	w->passes[0].finished = false;
	assert_false(kept_maps_match(&w->kept, w->passes));
}

static void nothing_kept_matches_nothing(void **state)
{
	struct world *w = *state;
	struct stock_notes none[2] = { { .finished = true },
				       { .finished = true } };

	kept_maps_forget(&w->kept);
	assert_false(kept_maps_match(&w->kept, w->passes));
	kept_maps_release(&w->kept);
	assert_false(kept_maps_match(&w->kept, none));
	kept_maps_keep(&w->kept, none, &(struct sample){ 0 });
	assert_true(kept_maps_match(&w->kept, none));
	assert_false(kept_maps_match(&w->kept, w->passes));
}

/* More and less than before, in the same memory. */
static void what_is_kept_is_replaced(void **state)
{
	struct world *w = *state;

	w->passes[0].nr.pools = w->passes[1].nr.pools = 0;
	kept_maps_keep(&w->kept, w->passes, &w->sample);
	assert_true(kept_maps_match(&w->kept, w->passes));
	w->passes[0].nr.pools = w->passes[1].nr.pools = 1;
	assert_false(kept_maps_match(&w->kept, w->passes));
	kept_maps_keep(&w->kept, w->passes, &w->sample);
	assert_true(kept_maps_match(&w->kept, w->passes));
}

static void the_copy_is_its_own(void **state)
{
	struct world *w = *state;
	struct sample copy;

	sample_copy(&w->kept.sample, &copy);
	w->device.name[0] = 'x';
	w->low.minor = 4;
	w->task.pid = 78;
	kept_maps_forget(&w->kept);
	assert_int_equal(copy.nr_devices, 1);
	assert_string_equal(copy.devices[0].name, "v");
	assert_int_equal(copy.devices[0].nr_targets, 1);
	assert_int_equal(copy.devices[0].lower[0].minor, 3);
	assert_null(copy.devices[0].ops);
	assert_int_equal(copy.pools[0].min, 16);
	assert_int_equal(copy.pools[0].waiters[0].pid, 77);
	assert_null(copy.pools[0].holders);
	sample_release(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_matches, setup,
						teardown),
		cmocka_unit_test_setup_teardown(any_change_is_seen, setup,
						teardown),
		cmocka_unit_test_setup_teardown(numbers_have_to_be_the_same,
						setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_kept_matches_nothing,
						setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_kept_is_replaced, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_copy_is_its_own, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("kept_maps", tests, NULL, NULL);
}
