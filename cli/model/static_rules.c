// SPDX-License-Identifier: GPL-2.0-only
#include "model/static_rules.h"

#include <stdlib.h>
#include <string.h>

#include "model/graph.h"
#include "model/reload.h"
#include "model/roles.h"
#include "util/alloc.h"
#include "util/compare.h"

const char *const static_rule_names[NR_STATIC_RULES] = {
	[STATIC_SHARED] = "shared",
	[STATIC_PARAMETER] = "parameter",
	[STATIC_UNUSABLE] = "unusable",
};

/* What is looked for. */
struct looker {
	const struct sample *sample;
	struct graph graph;
	const struct sample_pool **pools; /* owned; by id */
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

static struct static_hit *add_hit(struct looker *l, enum static_rule rule,
				  const struct sample_pool *pool)
{
	struct static_hits *to = l->to;

	to->all = xgrow(to->all, to->nr, sizeof(*to->all));
	to->all[to->nr] = (struct static_hit){
		.rule = rule,
		.pool = pool,
		.device = pool->dev_known ?
				  sample_find_device(l->sample, pool->dev) :
				  NULL,
		.expected = MEMTOP_UNKNOWN,
		.bytes = bytes_of(pool),
	};
	return &to->all[to->nr++];
}

/* ---- shared along a stack --------------------------------------------------- */

/* The nearest of @pools' devices that is on @pool's; GRAPH_NONE. */
static size_t find_upper(struct looker *l,
			 const struct sample_pool *const *pools, size_t nr,
			 const struct sample_pool *pool)
{
	size_t node = pool->dev_known ? graph_find(&l->graph, pool->dev) :
					GRAPH_NONE;
	size_t met = graph_reach(&l->graph, &node, 1, GRAPH_UP);

	for (size_t i = 0; i < met; i++) {
		const struct graph_node *n = &l->graph.nodes[l->graph.order[i]];

		for (size_t j = 0; j < nr; j++) {
			if (pools[j]->dev_known && l->graph.order[i] != node &&
			    sample_compare_devno(pools[j]->dev, n->dev) == 0)
				return l->graph.order[i];
		}
	}
	return GRAPH_NONE;
}

/* @pools are one pool. */
static void look_at_sharing(struct looker *l,
			    const struct sample_pool *const *pools, size_t nr)
{
	for (size_t i = 0; nr > 1 && i < nr; i++) {
		size_t upper = find_upper(l, pools, nr, pools[i]);

		if (upper == GRAPH_NONE)
			continue;
		/* one is enough: who knows of it knows what to do */
		add_hit(l, STATIC_SHARED, pools[i])->upper =
			l->graph.nodes[upper].dev;
		return;
	}
}

/* ---- older than the parameter ----------------------------------------------- */

static void look_at_parameter(struct looker *l, const struct sample_pool *pool)
{
	uint64_t expected;

	if (reload_changes(&l->reload, pool, l->sample->reserved_bio_based_ios,
			   &expected))
		add_hit(l, STATIC_PARAMETER, pool)->expected = expected;
}

/* ---- of no use -------------------------------------------------------------- */

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
	else if (strncmp(pool->role, "core.clone", 10) == 0)
		unusable = is_all_verity(l, pool);
	if (unusable)
		add_hit(l, STATIC_UNUSABLE, pool);
}

/* ---- all of them ------------------------------------------------------------ */

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
	/* as they are in the sample */
	return compare_addresses(a->pool, b->pool);
}

void static_rules_find(const struct sample *s, struct static_hits *ret)
{
	struct looker l = { .sample = s, .to = ret };
	size_t first, i;

	*ret = (struct static_hits){ 0 };
	graph_build(s, &l.graph);
	reload_init(s, &l.reload);
	l.pools = xcalloc(s->nr_pools, sizeof(*l.pools));
	for (i = 0; i < s->nr_pools; i++)
		l.pools[i] = &s->pools[i];
	qsort(l.pools, s->nr_pools, sizeof(*l.pools), compare_pools);
	for (first = 0; first < s->nr_pools; first = i) {
		for (i = first + 1; i < s->nr_pools; i++) {
			if (l.pools[i]->id != l.pools[first]->id ||
			    l.pools[first]->id == MEMTOP_UNKNOWN)
				break;
		}
		look_at_sharing(&l, &l.pools[first], i - first);
		look_at_parameter(&l, l.pools[first]);
		look_at_use(&l, l.pools[first]);
	}
	if (ret->nr)
		qsort(ret->all, ret->nr, sizeof(*ret->all), compare_hits);
	free(l.pools);
	reload_release(&l.reload);
	graph_release(&l.graph);
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
