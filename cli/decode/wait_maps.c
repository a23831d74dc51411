// SPDX-License-Identifier: GPL-2.0-only
#include "decode/wait_maps.h"

#include <linux/types.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "decode/map_copy.h"
#include "decode/stock_maps.h"
#include "sample/sample.h"
#include "sample/wait_histogram.h"

#include "waits_record.h"

static int compare_pools(const void *pa, const void *pb)
{
	const struct wait_pool *a = pa, *b = pb;

	return compare_u64(a->id, b->id);
}

static struct wait_pool *find_pool(const struct wait_pools *pools, uint64_t id)
{
	const struct wait_pool key = { .id = id };

	return pools->nr ? bsearch(&key, pools->all, pools->nr, sizeof(key),
				   compare_pools) :
			   NULL;
}

/* Both are sorted, so one pass finds the pools that are in @old only. */
static void list_gone(const struct wait_pools *old,
		      const struct wait_pools *now, struct wait_pools *gone)
{
	size_t at = 0;

	*gone = (struct wait_pools){ .all = xcalloc(old->nr,
						    sizeof(*gone->all)) };
	for (size_t i = 0; i < old->nr; i++) {
		while (at < now->nr && now->all[at].id < old->all[i].id)
			at++;
		if (at == now->nr || now->all[at].id != old->all[i].id)
			gone->all[gone->nr++] = old->all[i];
	}
}

void wait_pools_update(struct wait_pools *pools, const struct stock_ids *ids,
		       struct wait_pools *gone)
{
	struct wait_pools now = { .all = xcalloc(ids->nr, sizeof(*now.all)) };

	for (size_t i = 0; i < ids->nr; i++) {
		if (ids->known[i].queue)
			now.all[now.nr++] = (struct wait_pool){
				.id = ids->known[i].id,
				.queue = ids->known[i].queue
			};
	}
	if (now.nr)
		qsort(now.all, now.nr, sizeof(*now.all), compare_pools);
	for (size_t i = 0; i < now.nr; i++) {
		const struct wait_pool *old = find_pool(pools, now.all[i].id);

		if (old && old->queue == now.all[i].queue)
			now.all[i] = *old;
	}
	list_gone(pools, &now, gone);
	wait_pools_release(pools);
	*pools = now;
}

void wait_pools_count(struct wait_pools *pools, const struct map_copy *queues)
{
	for (size_t i = 0; i < pools->nr; i++) {
		struct wait_pool *pool = &pools->all[i];
		const struct waits_queue *queue =
			map_copy_find(queues, pool->queue);

		if (!queue)
			continue;
		pool->waits = queue->waits;
		pool->wait_ns = queue->wait_ns;
		pool->longest_ns = queue->longest_ns;
		memcpy(pool->histogram, queue->histogram,
		       sizeof(pool->histogram));
	}
}

/* The current sleep of @task must be one for @queue. */
static void fill_since(uint64_t queue, const struct map_copy *tasks,
		       struct sample_task *task)
{
	const struct waits_task *known = map_copy_find(tasks, task->pid);

	if (known && known->queue == queue && !known->ended && known->since)
		task->since_ns = known->since;
}

void wait_maps_fill(const struct wait_pools *pools,
		    const struct map_copy *tasks, struct sample *s)
{
	for (size_t i = 0; i < s->nr_pools; i++) {
		struct sample_pool *to = &s->pools[i];
		const struct wait_pool *from = find_pool(pools, to->id);

		if (!from || !from->watched)
			continue;
		for (size_t j = 0; j < to->nr_waiters; j++)
			fill_since(from->queue, tasks, &to->waiters[j]);
		if (!from->counted)
			continue;
		/* each of them has slept, or is about to */
		to->waits = to->sleeps = from->waits;
		to->wait_ns = from->wait_ns;
		to->longest_wait_ns = from->longest_ns;
		to->counted_since_ns = from->since_ns;
		wait_histogram_set(to, from->histogram);
	}
}

void wait_pools_release(struct wait_pools *pools)
{
	free(pools->all);
	*pools = (struct wait_pools){ 0 };
}
