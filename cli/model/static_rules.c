// SPDX-License-Identifier: GPL-2.0-only
#include "model/static_rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "model/pool_users.h"
#include "model/reload.h"
#include "sample/roles.h"
#include "stall/graph.h"

const char *const static_rule_names[NR_STATIC_RULES] = {
	[STATIC_SHARED] = "shared",
	[STATIC_PARAMETER] = "parameter",
	[STATIC_UNUSABLE] = "unusable",
};

/* A search in progress. */
struct looker {
	const struct sample *sample;
	struct graph graph;
	const struct sample_pool **pools; /* owned; by id */
	struct pool_users guests; /* owned; in the same order */
	size_t next_guest;
	size_t *serves; /* owned; of each node, the last pool that serves it */
	size_t budget; /* remaining steps of searches upwards */
	struct reload reload;
	struct static_hits *to;
};

static uint64_t bytes_of(const struct sample_pool *pool)
{
	uint64_t ret;

	if (pool->min == MEMTOP_UNKNOWN ||
	    pool->footprint_bytes == MEMTOP_UNKNOWN ||
	    __builtin_mul_overflow(pool->min, pool->footprint_bytes, &ret))
		return MEMTOP_UNKNOWN;
	return ret;
}

/* @dev: the device that it is listed with; NULL: not known. */
static struct static_hit *add_hit(struct looker *l, enum static_rule rule,
				  const struct sample_pool *pool,
				  const struct sample_devno *dev)
{
	struct static_hits *to = l->to;

	to->all = xgrow(to->all, to->nr, sizeof(*to->all));
	to->all[to->nr] = (struct static_hit){
		.rule = rule,
		.pool = pool,
		.dev_known = dev != NULL,
		.dev = dev ? *dev : (struct sample_devno){ 0 },
		.device = dev ? sample_find_device(l->sample, *dev) : NULL,
		.expected = MEMTOP_UNKNOWN,
		.bytes = bytes_of(pool),
	};
	return &to->all[to->nr++];
}

static const struct sample_devno *dev_of(const struct sample_pool *pool)
{
	return pool->dev_known ? &pool->dev : NULL;
}

/* ---- shared along a stack --------------------------------------------------- */

/* A device that a pool serves. */
struct served {
	const struct sample_pool *pool; /* the entry that shows it */
	size_t node;
};

struct served_list {
	struct served *all; /* owned */
	size_t nr;
};

static void add_served(struct looker *l, const struct sample_pool *pool,
		       struct sample_devno dev, size_t number,
		       struct served_list *to)
{
	size_t node = graph_find(&l->graph, dev);

	if (node == GRAPH_NONE || l->serves[node] == number)
		return;
	l->serves[node] = number;
	to->all = xgrow(to->all, to->nr, sizeof(*to->all));
	to->all[to->nr++] = (struct served){ pool, node };
}

static bool is_same_pool(const struct sample_pool *a,
			 const struct sample_pool *b)
{
	return a == b || (a->id == b->id && a->id != MEMTOP_UNKNOWN);
}

static bool is_next_guest(const struct looker *l,
			  const struct sample_pool *pool)
{
	return l->next_guest < l->guests.nr &&
	       is_same_pool(l->guests.all[l->next_guest].pool, pool);
}

/* Lists the devices that @pools, which are the pool @number, serve. */
static void list_served(struct looker *l,
			const struct sample_pool *const *pools, size_t nr,
			size_t number, struct served_list *ret)
{
	*ret = (struct served_list){ 0 };
	for (size_t i = 0; i < nr; i++) {
		if (pools[i]->dev_known)
			add_served(l, pools[i], pools[i]->dev, number, ret);
	}
	for (; is_next_guest(l, pools[0]); l->next_guest++) {
		const struct pool_user *guest = &l->guests.all[l->next_guest];

		add_served(l, guest->pool, guest->dev, number, ret);
	}
}

/* Searches from @nodes in @direction, as far as the budget permits. */
static size_t reach(struct looker *l, const size_t *nodes, size_t nr,
		    enum graph_direction direction)
{
	size_t met = 0;

	if (l->budget) {
		size_t steps;

		met = graph_reach_within(&l->graph, nodes, nr, direction,
					 l->budget, &steps);
		l->budget -= steps;
	}
	l->to->limited |= !l->budget;
	return met;
}

/* The nearest device on @node that pool @number serves; GRAPH_NONE. */
static size_t find_upper(struct looker *l, size_t node, size_t number)
{
	size_t met = reach(l, &node, 1, GRAPH_UP);

	for (size_t i = 0; i < met; i++) {
		size_t upper = l->graph.order[i];

		if (upper != node && l->serves[upper] == number)
			return upper;
	}
	return GRAPH_NONE;
}

/*
 * Removes those from @served that have none of the others above, of which there
 * may be many: two searches find the rest, which is mostly empty.
 */
static void keep_lower(struct looker *l, struct served_list *served)
{
	size_t *nodes = xcalloc(served->nr, sizeof(*nodes)), nr = 0, kept = 0;

	for (size_t i = 0; i < served->nr; i++)
		nodes[i] = served->all[i].node;
	reach(l, nodes, served->nr, GRAPH_UP);
	for (size_t i = 0; i < served->nr; i++) {
		if (l->graph.nodes[served->all[i].node].reached)
			nodes[nr++] = served->all[i].node;
	}
	if (nr)
		reach(l, nodes, nr, GRAPH_DOWN);
	for (size_t i = 0; nr && i < served->nr; i++) {
		if (l->graph.nodes[served->all[i].node].reached)
			served->all[kept++] = served->all[i];
	}
	served->nr = kept;
	free(nodes);
}

/* @pools are the pool @number. */
static void look_at_sharing(struct looker *l,
			    const struct sample_pool *const *pools, size_t nr,
			    size_t number)
{
	struct served_list served;

	/* as nearly all pools: of one device */
	if (nr == 1 && !is_next_guest(l, pools[0]))
		return;
	list_served(l, pools, nr, number, &served);
	if (served.nr > 1)
		keep_lower(l, &served);
	else
		served.nr = 0;
	for (size_t i = 0; i < served.nr; i++) {
		const struct served *lower = &served.all[i];
		size_t upper = find_upper(l, lower->node, number);

		if (upper == GRAPH_NONE)
			continue;
		/* one hit is enough: the remedy is the same for all */
		add_hit(l, STATIC_SHARED, lower->pool,
			&l->graph.nodes[lower->node].dev)
			->upper = l->graph.nodes[upper].dev;
		break;
	}
	free(served.all);
}

/* ---- outdated since the parameter was changed ------------------------------- */

static void look_at_parameter(struct looker *l, const struct sample_pool *pool)
{
	uint64_t expected;

	if (reload_changes(&l->reload, pool, l->sample->reserved_bio_based_ios,
			   &expected))
		add_hit(l, STATIC_PARAMETER, pool, dev_of(pool))->expected =
			expected;
}

/* ---- unusable --------------------------------------------------------------- */

/* Whether the table of @pool has verity targets and no others. */
static bool is_all_verity(const struct looker *l,
			  const struct sample_pool *pool)
{
	const struct sample_device *d =
		pool->dev_known ? sample_find_device(l->sample, pool->dev) :
				  NULL;
	bool any = false;

	for (size_t i = 0; d && i < d->nr_targets; i++) {
		if (d->targets[i].slot != pool->slot)
			continue;
		if (strcmp(d->targets[i].type, "verity") != 0)
			return false;
		any = true;
	}
	return any;
}

static void look_at_use(struct looker *l, const struct sample_pool *pool)
{
	bool unusable = false;

	if (!pool->min || pool->min == MEMTOP_UNKNOWN)
		return;
	if (strcmp(pool->target_type, "verity") == 0)
		unusable = role_is_biovec(pool->role);
	else if (role_has(pool->role, ROLE_TRAIT_CLONE))
		/* the element that a bio set always needs is no waste */
		unusable = is_all_verity(l, pool) &&
			   !(l->reload.by_need && pool->min == 1);
	if (unusable)
		add_hit(l, STATIC_UNUSABLE, pool, dev_of(pool));
}

/* ---- all rules -------------------------------------------------------------- */

static int compare_pools(const void *pa, const void *pb)
{
	const struct sample_pool *a = *(const struct sample_pool *const *)pa;
	const struct sample_pool *b = *(const struct sample_pool *const *)pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return compare_addresses(a, b);
}

static int compare_hits(const void *pa, const void *pb)
{
	const struct static_hit *a = pa, *b = pb;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	/* in the order of the sample */
	return compare_addresses(a->pool, b->pool);
}

static void graph_init(struct looker *l)
{
	const struct sample *s = l->sample;

	graph_build(s, &l->graph);
	l->serves = xcalloc(l->graph.nr, sizeof(*l->serves));
	for (size_t i = 0; i < l->graph.nr; i++)
		l->serves[i] = SIZE_MAX;
	l->budget = graph_budget(&l->graph, s->nr_pools);
	pool_users_find(s, &l->guests);
}

/* The pools of the sample by id. The caller frees. */
static const struct sample_pool **sort_pools(const struct sample *s)
{
	const struct sample_pool **pools = xcalloc(s->nr_pools, sizeof(*pools));

	for (size_t i = 0; i < s->nr_pools; i++)
		pools[i] = &s->pools[i];
	sort_unsorted(pools, s->nr_pools, sizeof(*pools), compare_pools);
	return pools;
}

/* @rule: NR_STATIC_RULES for all. */
static void find(const struct sample *s, enum static_rule rule,
		 struct static_hits *ret)
{
	struct looker l = { .sample = s, .to = ret };
	bool all = rule == NR_STATIC_RULES;
	bool shared = all || rule == STATIC_SHARED;
	size_t first, i;

	*ret = (struct static_hits){ 0 };
	if (shared)
		graph_init(&l);
	reload_init(s, &l.reload);
	l.pools = sort_pools(s);
	for (first = 0; first < s->nr_pools; first = i) {
		for (i = first + 1; i < s->nr_pools; i++) {
			if (l.pools[i]->id != l.pools[first]->id ||
			    l.pools[first]->id == MEMTOP_UNKNOWN)
				break;
		}
		if (shared)
			look_at_sharing(&l, &l.pools[first], i - first, first);
		if (all || rule == STATIC_PARAMETER)
			look_at_parameter(&l, l.pools[first]);
		if (all || rule == STATIC_UNUSABLE)
			look_at_use(&l, l.pools[first]);
	}
	if (ret->nr)
		qsort(ret->all, ret->nr, sizeof(*ret->all), compare_hits);
	free(l.pools);
	free(l.serves);
	pool_users_release(&l.guests);
	reload_release(&l.reload);
	graph_release(&l.graph);
}

void static_rules_find(const struct sample *s, struct static_hits *ret)
{
	find(s, NR_STATIC_RULES, ret);
}

void static_rules_find_one(const struct sample *s, enum static_rule rule,
			   struct static_hits *ret)
{
	find(s, rule, ret);
}

void static_hits_release(struct static_hits *hits)
{
	free(hits->all);
	*hits = (struct static_hits){ 0 };
}

size_t static_hits_count(const struct static_hits *hits, enum static_rule rule,
			 uint64_t *bytes)
{
	size_t nr = 0;

	*bytes = 0;
	for (size_t i = 0; i < hits->nr; i++) {
		uint64_t more = hits->all[i].bytes;

		if (hits->all[i].rule != rule)
			continue;
		nr++;
		if (more == MEMTOP_UNKNOWN || *bytes == MEMTOP_UNKNOWN ||
		    __builtin_add_overflow(*bytes, more, bytes))
			*bytes = MEMTOP_UNKNOWN;
	}
	return nr;
}
