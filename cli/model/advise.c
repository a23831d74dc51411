// SPDX-License-Identifier: GPL-2.0-only
#include "model/advise.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "model/reload.h"
#include "model/snapshot.h"
#include "sample/quantity.h"

/* A recording can have loops, and chains of any length. */
#define MAX_DEPTH 64

const char *const advise_rule_names[NR_ADVISE_RULES] = {
	[ADVISE_PROGRESS] = "progress",	  [ADVISE_FLUSH] = "flush",
	[ADVISE_USED] = "used",		  [ADVISE_WAITED] = "waited",
	[ADVISE_ELSEWHERE] = "elsewhere", [ADVISE_SUSPENDED] = "suspended",
	[ADVISE_SHARED] = "shared",	  [ADVISE_DEADLOCK] = "deadlock",
};

static uint64_t most_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The most elements that @pool can have with the value. */
static uint64_t elements_then(struct advice *advice,
			      const struct reload *reload,
			      const struct sample_pool *pool)
{
	struct reload_range then = reload_elements(reload, pool, advice->value);

	advice->at_least |= then.least != then.most;
	/* only the target or another parameter determines its size */
	if (then.most == MEMTOP_UNKNOWN)
		return most_of(advice->value, pool->min);
	return then.most;
}

static void add_pool(struct advice *advice, struct advise_table *table,
		     const struct reload *reload, const struct snap_pool *pool)
{
	uint64_t min = pool->raw->min, expected;
	uint64_t then = elements_then(advice, reload, pool->raw);

	table->now = quantity_add(table->now, pool->reserved);
	table->then = quantity_add(
		table->then, quantity_mul(then, pool->raw->footprint_bytes));
	if (!reload_sizes_pool(pool->raw, reload->by_need))
		return;
	table->least = min < table->least ? min : table->least;
	table->most = most_of(table->most, min);
	table->reload |=
		reload_changes(reload, pool->raw, advice->value, &expected);
}

static bool has_fec(const struct snap_entry *entry)
{
	for (size_t i = 0; i < entry->nr_pools; i++) {
		if (entry->pools[i].group == ROLE_FEC)
			return true;
	}
	return false;
}

static void add_table(struct advice *advice, const struct reload *reload,
		      const struct snap_entry *entry)
{
	struct advise_table table = { .entry = entry, .least = UINT64_MAX };
	bool stuck = false;

	for (size_t i = 0; i < entry->nr_pools; i++) {
		add_pool(advice, &table, reload, &entry->pools[i]);
		stuck |= advise_is_stuck(&advice->evidence,
					 entry->pools[i].raw->id);
	}
	table.way = reload_way_of(entry, stuck);
	if (table.least == UINT64_MAX)
		return;
	advice->tables[advice->nr_tables++] = table;
	advice->nr_reload += table.reload;
	advice->nr_fec += has_fec(entry);
}

/*
 * The size of a role that is not in the catalogue may be determined by
 * anything.
 */
static void add_fixed(struct advice *advice, const struct reload *reload,
		      const struct snap_pool *pool)
{
	const struct role *row = role_find(pool->raw->role);
	struct advise_fixed *fixed;

	if (!row || reload_sizes_pool(pool->raw, reload->by_need))
		return;
	fixed = &advice->fixed[role_rank(row->name)];
	fixed->pools++;
	fixed->bytes = quantity_add(fixed->bytes, pool->reserved);
}

/* Sums over all pools, a shared one counted once. */
static void add_totals(struct advice *advice, const struct reload *reload,
		       const struct snapshot *snap)
{
	bool *seen = xcalloc(snap->nr_pools + 1, sizeof(*seen));

	for (size_t i = 0; i < snap->nr_pools; i++) {
		const struct snap_pool *pool = &snap->pools[i];
		uint64_t then = elements_then(advice, reload, pool->raw);

		if (seen[pool->identity])
			continue;
		seen[pool->identity] = true;
		add_fixed(advice, reload, pool);
		advice->nr_shared += pool->nr_shared != 0;
		advice->now = quantity_add(advice->now, pool->reserved);
		advice->then = quantity_add(
			advice->then,
			quantity_mul(then, pool->raw->footprint_bytes));
	}
	free(seen);
}

/* Length of the longest chain of devices in @s. */
static uint64_t depth_of(const struct sample *s)
{
	uint64_t *depths = xcalloc(s->nr_devices + 1, sizeof(*depths));
	uint64_t depth = s->nr_devices != 0;
	bool grown = true;

	while (grown && depth < MAX_DEPTH) {
		grown = false;
		for (size_t i = 0; i < s->nr_devices; i++) {
			const struct sample_device *upper = &s->devices[i];

			for (size_t j = 0; j < upper->nr_lower; j++) {
				const struct sample_device *lower =
					sample_find_device(s, upper->lower[j]);
				uint64_t below =
					lower ? depths[lower - s->devices] + 1 :
						0;

				if (below <= depths[i])
					continue;
				depths[i] = below;
				depth = most_of(depth, below + 1);
				grown = true;
			}
		}
	}
	free(depths);
	return depth;
}

bool advise_is_note(enum advise_rule rule)
{
	return rule >= ADVISE_ELSEWHERE;
}

void advise_decide(const struct advise_evidence *e, const struct snapshot *snap,
		   uint64_t asked, struct advice *ret)
{
	struct reload reload;

	*ret = (struct advice){ .sample = snap->sample, .evidence = *e };
	for (size_t rule = 0; !advise_is_note(rule); rule++)
		ret->least = most_of(ret->least, e->reasons[rule].value);
	if (e->reasons[ADVISE_SHARED].value ||
	    e->reasons[ADVISE_DEADLOCK].value) {
		ret->least = MEMTOP_UNKNOWN;
		/* it is about reserves that serve one device */
		ret->evidence.reasons[ADVISE_PROGRESS].value = 0;
	}
	ret->value = asked ? asked : ret->least;
	ret->tables = xcalloc(snap->nr_entries + 1, sizeof(*ret->tables));
	reload_init(snap->sample, &reload);
	for (size_t i = 0; i < snap->nr_entries; i++)
		add_table(ret, &reload, &snap->entries[i]);
	add_totals(ret, &reload, snap);
	reload_release(&reload);
	ret->at_least &= ret->value != MEMTOP_UNKNOWN;
	ret->depth = depth_of(snap->sample);
}

/* Whether the case @rule of @e is evidence against @value. */
static bool is_against(const struct advise_evidence *e, enum advise_rule rule,
		       uint64_t value)
{
	if (rule == ADVISE_SHARED || rule == ADVISE_DEADLOCK)
		return e->reasons[rule].value;
	return !advise_is_note(rule) && e->reasons[rule].value > value;
}

void advise_add_choice(struct advice *advice, const struct advise_evidence *e,
		       const struct snapshot *snap, uint64_t value)
{
	struct advise_choice *choice;
	struct advice with;

	advise_decide(e, snap, value, &with);
	advice->choices = xgrow(advice->choices, advice->nr_choices,
				sizeof(*advice->choices));
	choice = &advice->choices[advice->nr_choices++];
	*choice = (struct advise_choice){
		.value = value,
		.then = with.then,
		.at_least = with.at_least,
		.nr_reload = with.nr_reload,
	};
	for (size_t rule = 0; rule < NR_ADVISE_RULES; rule++)
		choice->against[rule] = is_against(&with.evidence, rule, value);
	advice_release(&with);
}

void advice_release(struct advice *advice)
{
	free(advice->tables);
	free(advice->choices);
	advice->tables = NULL;
	advice->choices = NULL;
}
