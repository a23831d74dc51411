// SPDX-License-Identifier: GPL-2.0-only
#include "decode/link_maps.h"

#include "sample/sample.h"
#include "unit.h"

#define DEV(major, minor) ((major) << 20 | (minor))

static const struct links_link linear = {
	.upper = DEV(253, 300),
	.lower = DEV(7, 1),
	.kind = LINKS_DATA,
	.mapped = 1,
	.start = 8,
	.sectors = 16,
	.lower_start = 2048,
	.in_flight = 3,
	.in_flight_known = 1,
};

static void all_of_it(void **state)
{
	struct sample s = { 0 };
	const struct sample_link *l;

	(void)state;
	link_maps_add(&linear, 1, &s);
	assert_true(s.links_known);
	assert_int_equal(s.nr_links, 1);
	l = s.links;
	assert_int_equal(l->upper.major, 253);
	assert_int_equal(l->upper.minor, 300);
	assert_int_equal(l->lower.major, 7);
	assert_int_equal(l->lower.minor, 1);
	assert_int_equal(l->kind, SAMPLE_LINK_DATA);
	assert_true(l->mapped);
	assert_int_equal(l->start, 8);
	assert_int_equal(l->sectors, 16);
	assert_int_equal(l->lower_start, 2048);
	assert_int_equal(l->in_flight, 3);
	sample_release(&s);
}

static void in_flight_unknown(void **state)
{
	struct links_link note = linear;
	struct sample s = { 0 };

	(void)state;
	note.in_flight_known = 0;
	link_maps_add(&note, 1, &s);
	assert_true(s.links[0].in_flight == MEMTOP_UNKNOWN);
	sample_release(&s);
}

static void none(void **state)
{
	struct sample s = { 0 };

	(void)state;
	link_maps_add(NULL, 0, &s);
	assert_true(s.links_known);
	assert_int_equal(s.nr_links, 0);
	sample_release(&s);
}

/*
 * Each link once, in order; a link with fewer details than another one is left
 * out.
 */
static void each_once(void **state)
{
	const struct links_link notes[] = {
		{ .upper = DEV(253, 2),
		  .lower = DEV(7, 1),
		  .kind = LINKS_OTHER },
		{ .upper = DEV(7, 1), .lower = DEV(8, 1), .kind = LINKS_FILE },
		{ .upper = DEV(253, 2), .lower = DEV(7, 1), .kind = LINKS_HASH },
		{ .upper = DEV(253, 1),
		  .lower = DEV(7, 2),
		  .kind = LINKS_OTHER },
		{ .upper = DEV(7, 1), .lower = DEV(8, 1), .kind = LINKS_FILE },
		{ .upper = DEV(253, 2), .lower = DEV(7, 1), .kind = LINKS_DATA },
		{ .upper = DEV(253, 2), .lower = DEV(7, 1), .kind = 77 },
	};
	static const enum sample_link_kind kinds[] = { SAMPLE_LINK_FILE,
						       SAMPLE_LINK_OTHER,
						       SAMPLE_LINK_DATA,
						       SAMPLE_LINK_HASH };
	struct sample s = { 0 };

	(void)state;
	link_maps_add(notes, sizeof(notes) / sizeof(notes[0]), &s);
	assert_int_equal(s.nr_links, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(s.links[i].kind, kinds[i]);
	sample_release(&s);
}

/* A device with several parts can be on the same device several times. */
static void parts(void **state)
{
	struct links_link notes[] = { linear, linear };
	struct sample s = { 0 };

	(void)state;
	notes[0].start = 24;
	link_maps_add(notes, 2, &s);
	assert_int_equal(s.nr_links, 2);
	assert_int_equal(s.links[0].start, 8);
	assert_int_equal(s.links[1].start, 24);
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it),
		cmocka_unit_test(in_flight_unknown),
		cmocka_unit_test(none),
		cmocka_unit_test(each_once),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests_name("link_maps", tests, NULL, NULL);
}
