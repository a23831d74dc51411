// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "decode/stock_maps.h"
#include "sample/sample.h"

#define ROOM 8
#define KDEV(major, minor) ((major) << 20 | (minor))

/* The notes of a pass, in memory that the test writes. */
struct pass {
	struct stock_device devices[ROOM];
	struct stock_table tables[ROOM];
	struct stock_target targets[ROOM];
	struct stock_lower lower[ROOM];
	struct stock_pool pools[ROOM];
	struct stock_wait waits[ROOM];
	struct stock_notes notes;
};

struct world {
	struct pass earlier;
	struct pass later;
	struct stock_ids ids;
	struct sample sample;
};

/*
 * Device 254:1 before 254:0, as in a tree ordered by name. The first has a live
 * and an inactive table, the second a live one with a waiting task.
 */
static const struct pass two_devices = {
	.devices = { { .md = 0x1000,
		       .cell = 0x1100,
		       .major = 254,
		       .minor = 1,
		       .nr_tables = 2,
		       .name = "a",
		       .uuid = "A-1" },
		     { .md = 0x2000,
		       .cell = 0x2100,
		       .major = 254,
		       .minor = 0,
		       .suspended = 1,
		       .nr_tables = 1,
		       .name = "b" } },
	.tables = { { .table = 0x1200,
		      .slot = STOCK_LIVE,
		      .nr_targets = 1,
		      .nr_lower = 1,
		      .nr_pools = 2 },
		    { .table = 0x1300,
		      .slot = STOCK_INACTIVE,
		      .nr_targets = 2,
		      .nr_lower = 1,
		      .nr_pools = 1 },
		    { .table = 0x2200,
		      .slot = STOCK_LIVE,
		      .nr_targets = 1,
		      .nr_lower = 2,
		      .nr_pools = 1 } },
	.targets = { { "verity" }, { "linear" }, { "error" }, { "verity" } },
	.lower = { { KDEV(7, 1), 0 },
		   { KDEV(7, 2), 0 },
		   { KDEV(7, 3), 0 },
		   { KDEV(8, 0xfffff), 0 } },
	.pools = { { .pool = 0x1400,
		     .object_size = 500,
		     .footprint = 512,
		     .target = ~0U,
		     .role = POOL_CORE_IO,
		     .min_nr = 16,
		     .curr_nr = 16 },
		   { .pool = 0x1500,
		     .object_size = 4096,
		     .footprint = 4200,
		     .nr_cached = 3,
		     .role = POOL_HASH_BUFFER,
		     .min_nr = 1,
		     .curr_nr = 1 },
		   { .pool = 0x1600,
		     .target = ~0U,
		     .role = POOL_CORE_CLONE,
		     .min_nr = 4,
		     .curr_nr = 4 },
		   { .pool = 0x2300,
		     .object_size = 4096,
		     .footprint = 4096,
		     .role = POOL_FEC_PARITY_BVEC,
		     .min_nr = 16,
		     .curr_nr = 2,
		     .nr_waits = 2 } },
	.waits = { { .tid = 77, .comm = "kworker/0:1" },
		   { .tid = 78, .comm = "dd" } },
	.notes = { .nr = { .devices = 2,
			   .tables = 3,
			   .targets = 4,
			   .lower = 4,
			   .pools = 4,
			   .waits = 2 },
		   .finished = true },
};

static void begin(struct pass *pass)
{
	*pass = two_devices;
	pass->notes.devices = pass->devices;
	pass->notes.tables = pass->tables;
	pass->notes.targets = pass->targets;
	pass->notes.lower = pass->lower;
	pass->notes.pools = pass->pools;
	pass->notes.waits = pass->waits;
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w)
		return -1;
	begin(&w->earlier);
	begin(&w->later);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	stock_ids_release(&w->ids);
	sample_release(&w->sample);
	free(w);
	return 0;
}

/* Makes the sample of the two passes; returns how many devices are torn. */
static size_t fill(struct world *w)
{
	size_t missing;

	sample_release(&w->sample);
	w->sample = (struct sample){ 0 };
	missing = stock_maps_add(&w->earlier.notes, &w->later.notes, &w->ids,
				 &w->sample);
	stock_maps_end(&w->later.notes, &w->sample);
	return missing;
}

/* Whether the passes are the same with one bit of @byte changed. */
static bool same_with(const struct world *w, void *byte)
{
	unsigned char *at = byte;
	bool same;

	*at ^= 1;
	same = stock_notes_same(&w->earlier.notes, &w->later.notes) ||
	       stock_notes_same(&w->later.notes, &w->earlier.notes);
	*at ^= 1;
	return same;
}

static void a_change_of_any_byte_is_seen(void **state)
{
	struct world *w = *state;
	struct pass *p = &w->later;
	const struct stock_numbers *nr = &p->notes.nr;
	const struct {
		void *bytes;
		size_t size;
	} parts[] = {
		{ p->tables, nr->tables * sizeof(*p->tables) },
		{ p->targets, nr->targets * sizeof(*p->targets) },
		{ p->lower, nr->lower * sizeof(*p->lower) },
		{ p->pools, nr->pools * sizeof(*p->pools) },
		{ &p->devices[1], offsetof(struct stock_device, name) + 1 },
		{ p->devices[0].uuid, strlen(p->devices[0].uuid) + 1 },
		{ &p->devices[0].blocks, 1 },
		{ &p->waits[1], offsetof(struct stock_wait, comm) + 3 },
	};

	assert_true(stock_notes_same(&w->earlier.notes, &p->notes));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		for (size_t at = 0; at < parts[i].size; at++)
			assert_false(same_with(w, (char *)parts[i].bytes + at));
	}
	/* bytes after the end of a string are left from earlier strings */
	assert_true(same_with(w, p->devices[0].name + 2));
	assert_true(same_with(w, p->waits[1].comm + 3));
	assert_true(same_with(w, &p->pools[nr->pools]));
}

static void what_was_not_seen_whole_is_not_the_same(void **state)
{
	struct world *w = *state;

	w->later.notes.finished = false;
	assert_false(stock_notes_same(&w->earlier.notes, &w->later.notes));
	assert_false(stock_notes_same(&w->later.notes, &w->earlier.notes));
	w->later.notes.finished = true;
	w->later.notes.nr.waits--;
	assert_false(stock_notes_same(&w->earlier.notes, &w->later.notes));
	w->earlier.notes = w->later.notes =
		(struct stock_notes){ .finished = true };
	assert_true(stock_notes_same(&w->earlier.notes, &w->later.notes));
}

static void two_passes_that_agree_make_a_sample(void **state)
{
	struct world *w = *state;
	const struct sample_device *d;
	const struct sample_pool *p;

	assert_int_equal(fill(w), 0);
	assert_int_equal(w->sample.nr_devices, 2);
	d = &w->sample.devices[0];
	assert_int_equal(d->dev.minor, 0);
	assert_string_equal(d->name, "b");
	assert_string_equal(d->uuid, "");
	assert_true(d->suspended);
	assert_false(d->torn);
	assert_int_equal(d->nr_lower, 2);
	assert_int_equal(d->lower[1].major, 8);
	assert_int_equal(d->lower[1].minor, 0xfffff);
	d = &w->sample.devices[1];
	assert_string_equal(d->uuid, "A-1");
	assert_int_equal(d->nr_targets, 3);
	assert_int_equal(d->targets[2].slot, SAMPLE_SLOT_INACTIVE);
	assert_int_equal(d->targets[2].index, 1);
	assert_string_equal(d->targets[2].type, "error");
	/* of the live table only */
	assert_int_equal(d->nr_lower, 1);
	assert_int_equal(d->lower[0].minor, 1);

	assert_int_equal(w->sample.nr_pools, 4);
	p = &w->sample.pools[0];
	assert_string_equal(p->role, "fec_parity.bvec");
	assert_string_equal(p->target_type, "verity");
	assert_int_equal(p->target_index, 0);
	assert_int_equal(p->nr_waiters, 2);
	assert_int_equal(p->waiters[1].pid, 78);
	assert_string_equal(p->waiters[0].comm, "kworker/0:1");
	assert_true(p->waiters[0].since_ns == MEMTOP_UNKNOWN);
	p = &w->sample.pools[2];
	assert_string_equal(p->role, "hash.buffer");
	assert_int_equal(p->cached_bytes, 3 * 4200);
	assert_int_equal(p->nr_waiters, 0);
	assert_true(p->waiters_known);
	assert_true(p->waits == MEMTOP_UNKNOWN);
	p = &w->sample.pools[3];
	assert_string_equal(p->role, "core.clone");
	assert_int_equal(p->target_index, SAMPLE_NO_TARGET);
	assert_int_equal(p->slot, SAMPLE_SLOT_INACTIVE);
	assert_true(p->object_bytes == MEMTOP_UNKNOWN);
	assert_true(p->footprint_bytes == MEMTOP_UNKNOWN);
	assert_int_equal(p->cached_bytes, 0);
}

static void levels_and_waits_may_change(void **state)
{
	struct world *w = *state;

	w->later.pools[0].curr_nr = 3;
	w->later.pools[1].nr_cached = 9;
	w->later.pools[3].nr_waits = 1;
	w->later.notes.nr.waits = 1;
	assert_int_equal(fill(w), 0);
	assert_int_equal(w->sample.pools[1].current, 3);
	assert_int_equal(w->sample.pools[0].nr_waiters, 1);
}

/* A change of the pass that gives device 254:1 other contents. */
typedef void (*change)(struct pass *pass);

static void change_name(struct pass *p)
{
	p->devices[0].name[0] = 'c';
}
static void change_uuid(struct pass *p)
{
	p->devices[0].uuid[0] = 'B';
}
static void change_suspended(struct pass *p)
{
	p->devices[0].suspended = 1;
}
static void change_cell(struct pass *p)
{
	p->devices[0].cell++;
}
static void mark_torn(struct pass *p)
{
	p->devices[0].torn = 1;
}
static void change_table(struct pass *p)
{
	p->tables[1].table++;
}
static void change_slot(struct pass *p)
{
	p->tables[1].slot = STOCK_LIVE;
}
static void change_target(struct pass *p)
{
	strcpy(p->targets[2].type, "delay");
}
static void change_lower(struct pass *p)
{
	p->lower[1].dev++;
}
static void change_pool(struct pass *p)
{
	p->pools[2].pool++;
}
static void change_role(struct pass *p)
{
	p->pools[1].role = POOL_FEC_RS;
}
static void change_min(struct pass *p)
{
	p->pools[1].min_nr++;
}
static void change_object(struct pass *p)
{
	p->pools[1].object_size++;
}
static void change_footprint(struct pass *p)
{
	p->pools[1].footprint++;
}
static void change_target_index(struct pass *p)
{
	p->pools[1].target++;
}

static void what_changed_is_torn(void **state)
{
	static const change changes[] = {
		change_name,   change_uuid,	 change_suspended,
		change_cell,   mark_torn,	 change_table,
		change_slot,   change_target,	 change_lower,
		change_pool,   change_role,	 change_min,
		change_object, change_footprint, change_target_index,
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		begin(&w->earlier);
		begin(&w->later);
		changes[i](i % 2 ? &w->earlier : &w->later);
		assert_int_equal(fill(w), 1);
		assert_int_equal(w->sample.nr_devices, 2);
		assert_true(w->sample.devices[1].torn);
		assert_int_equal(w->sample.devices[1].nr_targets, 0);
		assert_false(w->sample.devices[0].torn);
		/* that of the other device */
		assert_int_equal(w->sample.nr_pools, 1);
		assert_string_equal(w->sample.pools[0].role, "fec_parity.bvec");
		assert_int_equal(w->sample.pools[0].nr_waiters, 2);
	}
}

static void a_size_may_be_known_once_only(void **state)
{
	struct world *w = *state;

	w->earlier.pools[1].footprint = 0;
	assert_int_equal(fill(w), 0);
	assert_int_equal(w->sample.pools[2].footprint_bytes, 4200);
}

static void who_is_in_one_pass_only_is_torn(void **state)
{
	struct world *w = *state;

	w->later.notes.nr = (struct stock_numbers){
		.devices = 1, .tables = 2, .targets = 3, .lower = 2, .pools = 3
	};
	assert_int_equal(fill(w), 1);
	assert_int_equal(w->sample.nr_devices, 1);
	assert_false(w->sample.devices[0].torn);

	begin(&w->later);
	w->earlier.notes.nr = w->later.notes.nr;
	w->earlier.notes.nr.devices = 1;
	assert_int_equal(fill(w), 1);
	assert_true(w->sample.devices[0].torn);
}

static void what_was_whole_once_is_in_the_sample(void **state)
{
	struct world *w = *state;

	/*
	 * the first device changes between the first two passes, the second
	 * after that
	 */
	change_name(&w->earlier);
	assert_int_equal(stock_maps_add(&w->earlier.notes, &w->later.notes,
					&w->ids, &w->sample),
			 1);
	assert_int_equal(w->sample.nr_devices, 1);
	w->earlier = w->later;
	w->earlier.notes.devices = w->earlier.devices;
	w->later.devices[1].torn = 1;
	w->later.devices[1].name[0] = 'z';
	assert_int_equal(stock_maps_add(&w->earlier.notes, &w->later.notes,
					&w->ids, &w->sample),
			 0);
	assert_int_equal(stock_maps_end(&w->later.notes, &w->sample), 0);
	assert_int_equal(w->sample.nr_devices, 2);
	assert_int_equal(w->sample.nr_pools, 4);
	assert_string_equal(w->sample.devices[0].name, "b");
	assert_string_equal(w->sample.devices[1].name, "a");
	assert_false(w->sample.devices[0].torn);
}

static void a_pass_without_end_is_torn(void **state)
{
	struct world *w = *state;

	w->earlier.notes.finished = false;
	assert_int_equal(fill(w), 1);
}

static void who_is_met_twice_is_there_once(void **state)
{
	struct world *w = *state;

	/* a device without tables, which a rotation of the tree has moved */
	w->later.devices[2] = w->later.devices[1];
	w->later.devices[2].nr_tables = 0;
	w->later.notes.nr.devices = 3;
	fill(w);
	assert_int_equal(w->sample.nr_devices, 2);
}

static void what_does_not_add_up_is_left_out(void **state)
{
	struct world *w = *state;

	w->later.tables[2].nr_pools = 1000;
	assert_int_equal(fill(w), 1);
	assert_int_equal(w->sample.nr_devices, 1);
	w->later.tables[0].nr_lower = 1000;
	fill(w);
	assert_int_equal(w->sample.nr_devices, 0);
}

static uint64_t id_of(const struct world *w, const char *role)
{
	for (size_t i = 0; i < w->sample.nr_pools; i++) {
		if (strcmp(w->sample.pools[i].role, role) == 0)
			return w->sample.pools[i].id;
	}
	fail();
	return 0;
}

static void what_stays_keeps_its_number_and_lowest_level(void **state)
{
	struct world *w = *state;
	uint64_t buffer, clone;

	fill(w);
	buffer = id_of(w, "hash.buffer");
	clone = id_of(w, "core.clone");
	assert_int_not_equal(buffer, clone);
	w->later.pools[0].curr_nr = 1;
	fill(w);
	w->later.pools[0].curr_nr = 9;
	w->later.pools[2].pool = w->earlier.pools[2].pool = 0x1;
	fill(w);
	assert_int_equal(id_of(w, "hash.buffer"), buffer);
	assert_int_equal(w->sample.pools[1].current, 9);
	assert_int_equal(w->sample.pools[1].lowest, 1);
	/* a new pool, at an address that sorts before the others */
	assert_true(id_of(w, "core.clone") > clone);
	/* ... and a pool that was missing in one sample is no longer known */
	buffer = w->ids.last;
	w->later.pools[2].pool = w->earlier.pools[2].pool = 0x1600;
	fill(w);
	assert_true(id_of(w, "core.clone") > buffer);
}

static void nothing_is_nothing(void **state)
{
	struct world *w = *state;

	w->earlier.notes.nr = w->later.notes.nr = (struct stock_numbers){ 0 };
	assert_int_equal(fill(w), 0);
	assert_int_equal(w->sample.nr_devices, 0);
	assert_int_equal(w->sample.nr_pools, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_change_of_any_byte_is_seen),
		TEST(what_was_not_seen_whole_is_not_the_same),
		TEST(two_passes_that_agree_make_a_sample),
		TEST(levels_and_waits_may_change),
		TEST(what_changed_is_torn),
		TEST(a_size_may_be_known_once_only),
		TEST(who_is_in_one_pass_only_is_torn),
		TEST(what_was_whole_once_is_in_the_sample),
		TEST(a_pass_without_end_is_torn),
		TEST(who_is_met_twice_is_there_once),
		TEST(what_does_not_add_up_is_left_out),
		TEST(what_stays_keeps_its_number_and_lowest_level),
		TEST(nothing_is_nothing),
	};

	return cmocka_run_group_tests_name("stock_maps", tests, NULL, NULL);
}
