// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "fixtures.h"
#include "model/device_stack.h"
#include "model/snapshot.h"

struct world {
	struct sample sample;
	struct snapshot snap;
	struct device_stack stack;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct world));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *w = *state;

	device_stack_release(&w->stack);
	snapshot_release(&w->snap);
	sample_release(&w->sample);
	free(w);
	return 0;
}

/* The tree of all entries, the last one first if @reverse. */
static void build(struct world *w, bool reverse)
{
	const struct snap_entry **entries;
	size_t nr, i;

	snapshot_build(&w->sample, &w->snap);
	nr = w->snap.nr_entries;
	entries = calloc(nr + 1, sizeof(*entries));
	for (i = 0; i < nr; i++)
		entries[i] = &w->snap.entries[reverse ? nr - 1 - i : i];
	device_stack_build(entries, nr, &w->stack);
	free(entries);
}

static unsigned int depth_of(const struct device_stack *stack, size_t line)
{
	unsigned int depth = 0;

	while (stack->lines[line].parent != STACK_NONE) {
		/* Parents come first, so this loop ends. */
		assert_true(stack->lines[line].parent < line);
		line = stack->lines[line].parent;
		depth++;
	}
	return depth;
}

/* "0 .1 ..8:0 .2*": minors, leaves, a dot for each level, * for "elsewhere". */
static void assert_tree(const struct world *w, const char *wanted)
{
	const struct device_stack *stack = &w->stack;
	struct strbuf sb = { 0 };
	size_t i;

	for (i = 0; i < stack->nr; i++) {
		const struct device_stack_line *line = &stack->lines[i];
		unsigned int depth = depth_of(stack, i);

		strbuf_addf(&sb, "%s", i ? " " : "");
		while (depth--)
			strbuf_addstr(&sb, ".");
		if (line->entry == STACK_NONE)
			strbuf_addf(&sb, "%u:%u", line->leaf.major,
				    line->leaf.minor);
		else
			strbuf_addf(&sb, "%u%s",
				    w->snap.entries[line->entry].dev.minor,
				    line->elsewhere ? "*" : "");
	}
	assert_string_equal(strbuf_text(&sb), wanted);
	strbuf_release(&sb);
}

/* "a>b c>d": devices 254:0 to 254:9 by digit, each on what follows it. */
static void make(struct world *w, const char *edges)
{
	struct sample_device *device;
	char name[2] = "";
	const char *c;
	uint32_t i;

	for (i = 0; i < 10; i++) {
		name[0] = (char)('0' + i);
		if (!strchr(edges, name[0]))
			continue;
		device = fixture_device(&w->sample, i, name);
		fixture_target(device, SAMPLE_SLOT_LIVE, "linear");
		for (c = strchr(edges, '>'); c; c = strchr(c + 1, '>')) {
			if (c[-1] == name[0])
				fixture_lower(device, 254,
					      (uint32_t)(c[1] - '0'));
		}
	}
}

static void nothing_has_no_lines(void **state)
{
	struct world *w = *state;

	build(w, false);
	assert_int_equal(w->stack.nr, 0);
}

static void devices_are_below_their_users(void **state)
{
	struct world *w = *state;

	make(w, "2>1 1>0 3");
	build(w, false);
	assert_tree(w, "2 .1 ..0 3");
}

static void a_diamond_shows_its_foot_once_below_each(void **state)
{
	struct world *w = *state;

	make(w, "3>2 3>1 2>0 1>0 0>4");
	build(w, false);
	assert_tree(w, "3 .1 ..0 ...4 .2 ..0*");
}

static void siblings_keep_the_order_given(void **state)
{
	struct world *w = *state;

	make(w, "3>1 3>2 3>0");
	fixture_lower(&w->sample.devices[3], 8, 2);
	fixture_lower(&w->sample.devices[3], 8, 1);
	build(w, false);
	assert_tree(w, "3 .0 .1 .2 .8:1 .8:2");
}

static void an_edge_counts_once(void **state)
{
	struct world *w = *state;

	make(w, "1>0 1>0 1>0");
	fixture_lower(&w->sample.devices[1], 8, 1);
	fixture_lower(&w->sample.devices[1], 8, 1);
	build(w, false);
	assert_tree(w, "1 .0 .8:1");
}

static void loops_end(void **state)
{
	struct world *w = *state;

	make(w, "0>0 1>2 2>1 3>4 4>5 5>3 6>4");
	build(w, false);
	assert_tree(w, "6 .4 ..5 ...3 ....4* 0 .0* 1 .2 ..1*");
}

static void
both_tables_are_there_and_the_live_one_has_what_is_below(void **state)
{
	struct world *w = *state;

	make(w, "1>0 0>2");
	fixture_target(&w->sample.devices[0], SAMPLE_SLOT_INACTIVE, "linear");
	build(w, false);
	assert_tree(w, "1 .0 .0 ..2");
	assert_true(w->stack.lines[3].parent == 1);
}

static void what_is_nobodys_is_at_the_top(void **state)
{
	struct world *w = *state;

	make(w, "1>0");
	fixture_pool(&w->sample, 0, 7, "other.io", 1, 1)->dev_known = false;
	/* of a removed device */
	fixture_pool(&w->sample, 5, 7, "core.io", 1, 1);
	build(w, false);
	assert_tree(w, "1 .0 5 0");
}

/* Every entry is present, and no chain is deeper than the limit. */
static void check_chain(struct world *w, uint32_t nr, bool reverse)
{
	struct sample_device *device;
	bool *seen = calloc(nr, sizeof(*seen));
	uint32_t i;

	for (i = 0; i < nr; i++) {
		device = fixture_device(&w->sample, i, "x");
		fixture_lower(device, 254, i + 1);
	}
	build(w, reverse);
	assert_true(w->stack.nr <= 2 * nr + 1);
	for (i = 0; i < w->stack.nr; i++) {
		assert_true(depth_of(&w->stack, i) <= STACK_DEPTH);
		if (w->stack.lines[i].entry != STACK_NONE)
			seen[w->stack.lines[i].entry] = true;
	}
	for (i = 0; i < nr; i++)
		assert_true(seen[i]);
	free(seen);
}

static void long_chains_begin_again_at_the_top(void **state)
{
	check_chain(*state, 1000, false);
}

static void long_chains_in_the_other_order_too(void **state)
{
	check_chain(*state, 1000, true);
}

/*
 * Layers in which each device is on all of the next layer: exponentially many
 * paths.
 */
static void paths_are_not_multiplied(void **state)
{
	const uint32_t width = 20, layers = 30;
	struct world *w = *state;
	uint32_t i, j;

	for (i = 0; i < width * layers; i++) {
		struct sample_device *device =
			fixture_device(&w->sample, i, "x");

		for (j = 0; j < width && i / width + 1 < layers; j++)
			fixture_lower(device, 254, (i / width + 1) * width + j);
	}
	build(w, false);
	assert_true(w->stack.nr == width + width * width * (layers - 1));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_has_no_lines),
		TEST(devices_are_below_their_users),
		TEST(a_diamond_shows_its_foot_once_below_each),
		TEST(siblings_keep_the_order_given),
		TEST(an_edge_counts_once),
		TEST(loops_end),
		TEST(both_tables_are_there_and_the_live_one_has_what_is_below),
		TEST(what_is_nobodys_is_at_the_top),
		TEST(long_chains_begin_again_at_the_top),
		TEST(long_chains_in_the_other_order_too),
		TEST(paths_are_not_multiplied),
	};

	return cmocka_run_group_tests_name("stack", tests, NULL, NULL);
}
