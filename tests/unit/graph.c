// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "base/alloc.h"
#include "base/strbuf.h"
#include "stall/graph.h"

struct world {
	struct sample sample;
	struct graph graph;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct world));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *w = *state;

	graph_release(&w->graph);
	sample_release(&w->sample);
	free(w);
	return 0;
}

static struct sample_devno dm(uint32_t minor)
{
	return (struct sample_devno){ 254, minor };
}

/* A link through which the path of I/O is not known. */
static struct sample_link *add_link(struct world *w, uint32_t upper,
				    uint32_t lower)
{
	struct sample *s = &w->sample;

	s->links_known = true;
	s->links = xreallocarray(s->links, s->nr_links + 1, sizeof(*s->links));
	s->links[s->nr_links] = (struct sample_link){
		.upper = dm(upper),
		.lower = dm(lower),
		.kind = SAMPLE_LINK_OTHER,
		.start = MEMTOP_UNKNOWN,
		.sectors = MEMTOP_UNKNOWN,
		.lower_start = MEMTOP_UNKNOWN,
		.in_flight = MEMTOP_UNKNOWN,
	};
	return &s->links[s->nr_links++];
}

static void add_map(struct world *w, uint32_t upper, uint64_t start,
		    uint64_t sectors, uint32_t lower, uint64_t lower_start)
{
	struct sample_link *link = add_link(w, upper, lower);

	link->kind = SAMPLE_LINK_DATA;
	link->mapped = true;
	link->start = start;
	link->sectors = sectors;
	link->lower_start = lower_start;
}

/* Devices that are reached from 254:@from, nearest first: "1 0". */
static void assert_reached(struct world *w, uint32_t from,
			   enum graph_direction direction, const char *wanted)
{
	size_t node = graph_find(&w->graph, dm(from)), nr, marked = 0;
	struct strbuf sb = { 0 };

	nr = graph_reach(&w->graph, &node, 1, direction);
	for (size_t i = 0; i < nr; i++) {
		const struct graph_node *n = &w->graph.nodes[w->graph.order[i]];

		assert_true(n->reached);
		strbuf_addf(&sb, "%s%u", i ? " " : "", n->dev.minor);
	}
	for (size_t i = 0; i < w->graph.nr; i++)
		marked += w->graph.nodes[i].reached;
	assert_int_equal(marked, nr);
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

/* The ranges below a range of 254:@from, as "minor:sector+sectors". */
static void assert_mapped(struct world *w, uint32_t from, uint64_t sector,
			  uint64_t sectors, const char *wanted)
{
	const struct graph_range range = { dm(from), sector, sectors };
	struct strbuf sb = { 0 };
	struct graph_ranges r;

	graph_map(&w->graph, &range, &r);
	assert_false(r.cut);
	assert_int_equal(r.from[0], GRAPH_NONE);
	for (size_t i = 1; i < r.nr; i++) {
		assert_true(r.from[i] < i);
		strbuf_addf(&sb, "%s%u:%lu+%lu", i > 1 ? " " : "",
			    r.all[i].dev.minor, r.all[i].sector,
			    r.all[i].sectors);
	}
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

static void nothing_is_no_graph(void **state)
{
	struct world *w = *state;

	graph_build(&w->sample, &w->graph);
	assert_int_equal(w->graph.nr, 0);
	assert_int_equal(graph_find(&w->graph, dm(0)), GRAPH_NONE);
	assert_int_equal(graph_reach(&w->graph, &(size_t){ GRAPH_NONE }, 1,
				     GRAPH_DOWN),
			 0);
	assert_mapped(w, 0, 1, 1, "");
}

static void it_is_gone_down_and_up(void **state)
{
	struct world *w = *state;

	add_link(w, 3, 2);
	add_link(w, 3, 1);
	add_link(w, 2, 0);
	add_link(w, 1, 0);
	add_link(w, 5, 4);
	graph_build(&w->sample, &w->graph);
	assert_int_equal(w->graph.nr, 6);
	assert_reached(w, 3, GRAPH_DOWN, "1 2 0");
	assert_reached(w, 0, GRAPH_UP, "1 2 3");
	assert_reached(w, 0, GRAPH_DOWN, "");
	assert_reached(w, 4, GRAPH_UP, "5");
}

static void several_are_gone_from_at_once(void **state)
{
	struct world *w = *state;
	size_t from[2];

	add_link(w, 3, 2);
	add_link(w, 2, 1);
	add_link(w, 5, 4);
	graph_build(&w->sample, &w->graph);
	from[0] = graph_find(&w->graph, dm(3));
	from[1] = graph_find(&w->graph, dm(2));
	assert_int_equal(graph_reach(&w->graph, from, 2, GRAPH_DOWN), 2);
	/* this device is below the other one, which is below none */
	assert_true(w->graph.nodes[from[1]].reached);
	assert_false(w->graph.nodes[from[0]].reached);
}

static void loops_are_gone_round_once(void **state)
{
	struct world *w = *state;

	add_link(w, 0, 0);
	add_link(w, 1, 2);
	add_link(w, 2, 1);
	graph_build(&w->sample, &w->graph);
	assert_reached(w, 0, GRAPH_DOWN, "0");
	assert_reached(w, 1, GRAPH_DOWN, "2 1");
	assert_reached(w, 1, GRAPH_UP, "2 1");
}

static void tables_stand_in_for_links(void **state)
{
	struct world *w = *state;

	fixture_lower(fixture_device(&w->sample, 0, "low"), 7, 0);
	fixture_lower(fixture_device(&w->sample, 1, "top"), 254, 0);
	graph_build(&w->sample, &w->graph);
	assert_int_equal(w->graph.nr, 3);
	assert_reached(w, 0, GRAPH_UP, "1");
	assert_mapped(w, 1, 0, 8, "");
	assert_ptr_equal(w->graph.nodes[graph_find(&w->graph, dm(1))].device,
			 &w->sample.devices[1]);
}

static void links_that_are_known_to_be_none_are_none(void **state)
{
	struct world *w = *state;

	fixture_lower(fixture_device(&w->sample, 1, "top"), 254, 0);
	w->sample.links_known = true;
	graph_build(&w->sample, &w->graph);
	assert_reached(w, 1, GRAPH_DOWN, "");
}

static void ranges_are_shifted_and_cut(void **state)
{
	struct world *w = *state;

	/* two parts in a row, and one without I/O */
	add_map(w, 2, 0, 100, 1, 1000);
	add_map(w, 2, 100, 50, 0, 8);
	add_map(w, 1, 1090, 100, 0, 0);
	graph_build(&w->sample, &w->graph);
	assert_mapped(w, 2, 10, 8, "1:1010+8");
	assert_mapped(w, 2, 96, 8, "0:8+4 1:1096+4 0:6+4");
	assert_mapped(w, 2, 150, 8, "");
	assert_mapped(w, 2, 10, 0, "");
	assert_mapped(w, 0, 10, 8, "");
}

static void what_is_not_mapped_is_not_followed(void **state)
{
	struct world *w = *state;

	add_link(w, 2, 1);
	add_map(w, 1, 0, 100, 0, 0);
	graph_build(&w->sample, &w->graph);
	assert_mapped(w, 2, 0, 8, "");
}

static void a_diamond_keeps_both_ways(void **state)
{
	struct world *w = *state;

	add_map(w, 3, 0, 100, 2, 0);
	add_map(w, 3, 0, 100, 1, 0);
	add_map(w, 2, 0, 100, 0, 0);
	add_map(w, 1, 0, 100, 0, 0);
	graph_build(&w->sample, &w->graph);
	assert_mapped(w, 3, 0, 8, "1:0+8 2:0+8 0:0+8 0:0+8");
}

static void numbers_do_not_wrap(void **state)
{
	struct world *w = *state;

	add_map(w, 2, 0, UINT64_MAX, 1, UINT64_MAX - 4);
	add_map(w, 1, UINT64_MAX - 8, UINT64_MAX - 1, 0, 0);
	graph_build(&w->sample, &w->graph);
	/* beyond the largest number there is nothing */
	assert_mapped(w, 2, 100, 8, "");
	assert_mapped(w, 1, UINT64_MAX - 1, 8, "0:7+1");
}

static void mapping_in_a_loop_ends(void **state)
{
	const struct graph_range range = { dm(1), 0, 8 };
	struct world *w = *state;
	struct graph_ranges r;

	add_map(w, 1, 0, 1UL << 40, 2, 8);
	add_map(w, 2, 0, 1UL << 40, 1, 8);
	add_map(w, 3, 0, 1UL << 40, 3, 0);
	graph_build(&w->sample, &w->graph);
	graph_map(&w->graph, &range, &r);
	assert_true(r.cut);
	assert_int_equal(r.nr, GRAPH_MAX_RANGES);
	/* without a shift the result is the same */
	assert_mapped(w, 3, 0, 8, "3:0+8");
}

static void overlap_is_of_one_device(void **state)
{
	const struct graph_range a = { dm(0), 8, 8 };
	const struct {
		struct graph_range range;
		bool wanted;
	} others[] = {
		{ { dm(0), 15, 1 }, true },	    { { dm(0), 16, 1 }, false },
		{ { dm(0), 7, 1 }, false },	    { { dm(0), 7, 2 }, true },
		{ { dm(0), 0, UINT64_MAX }, true }, { { dm(1), 8, 8 }, false },
		{ { dm(0), 10, 0 }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_int_equal(graph_overlap(&a, &others[i].range),
				 others[i].wanted);
		assert_int_equal(graph_overlap(&others[i].range, &a),
				 others[i].wanted);
	}
}

static void io_in_flight_is_the_lower_ones(void **state)
{
	struct world *w = *state;

	add_link(w, 2, 1);
	add_link(w, 1, 0)->in_flight = 3;
	add_link(w, 3, 0)->in_flight = 4;
	graph_build(&w->sample, &w->graph);
	assert_int_equal(w->graph.nodes[0].in_flight, 4);
	assert_true(w->graph.nodes[1].in_flight == MEMTOP_UNKNOWN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_no_graph),
		TEST(it_is_gone_down_and_up),
		TEST(several_are_gone_from_at_once),
		TEST(loops_are_gone_round_once),
		TEST(tables_stand_in_for_links),
		TEST(links_that_are_known_to_be_none_are_none),
		TEST(ranges_are_shifted_and_cut),
		TEST(what_is_not_mapped_is_not_followed),
		TEST(a_diamond_keeps_both_ways),
		TEST(numbers_do_not_wrap),
		TEST(mapping_in_a_loop_ends),
		TEST(overlap_is_of_one_device),
		TEST(io_in_flight_is_the_lower_ones),
	};

	return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
