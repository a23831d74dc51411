// SPDX-License-Identifier: GPL-2.0-only
#include "model/pool_users.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/compare.h"

/* A repair and its device. */
struct owner {
	uint64_t op;
	struct sample_devno dev;
};

struct owners {
	struct owner *all; /* owned; by repair */
	size_t nr;
};

static int compare_owners(const void *pa, const void *pb)
{
	const struct owner *a = pa, *b = pb;

	return compare_u64(a->op, b->op);
}

static void find_owners(const struct sample *s, struct owners *ret)
{
	*ret = (struct owners){ 0 };
	for (size_t i = 0; i < s->nr_devices; i++) {
		const struct sample_device *d = &s->devices[i];

		for (size_t j = 0; j < d->nr_ops; j++) {
			ret->all = xgrow(ret->all, ret->nr, sizeof(*ret->all));
			ret->all[ret->nr++] =
				(struct owner){ d->ops[j].op, d->dev };
		}
	}
	if (ret->nr)
		qsort(ret->all, ret->nr, sizeof(*ret->all), compare_owners);
}

/* A device that uses a pool, or that it is listed with. */
struct use {
	const struct sample_pool *pool;
	struct sample_devno dev;
	const struct sample_task *task; /* NULL: the pool is listed with it */
	bool waits; /* the task waits; otherwise it has an element */
};

struct uses {
	struct use *all; /* owned */
	size_t nr;
};

/* By pool; one without a number is a separate one in each entry. */
static int compare_pools(const struct sample_pool *a,
			 const struct sample_pool *b)
{
	int order = compare_u64(a->id, b->id);

	return order || a->id != MEMTOP_UNKNOWN ? order :
						  compare_addresses(a, b);
}

static int compare_places(const struct use *a, const struct use *b)
{
	int order = compare_pools(a->pool, b->pool);

	return order ? order : sample_compare_devno(a->dev, b->dev);
}

static int compare_uses(const void *pa, const void *pb)
{
	const struct use *a = pa, *b = pb;
	int order = compare_places(a, b);

	if (!order)
		order = compare_u64(a->task != NULL, b->task != NULL);
	if (!order)
		order = compare_addresses(a->pool, b->pool);
	if (!order)
		order = compare_u64(b->waits, a->waits);
	return order ? order : compare_addresses(a->task, b->task);
}

static void add_use(struct uses *to, const struct use *use)
{
	to->all = xgrow(to->all, to->nr, sizeof(*to->all));
	to->all[to->nr++] = *use;
}

/*
 * Adds the devices for whose repairs @tasks wait for @pool, or hold an element.
 */
static void add_tasks(const struct owners *owners,
		      const struct sample_pool *pool, bool waits,
		      struct uses *to)
{
	const struct sample_task *tasks = waits ? pool->waiters : pool->holders;
	size_t nr = waits ? pool->nr_waiters : pool->nr_holders;

	for (size_t i = 0; i < nr; i++) {
		const struct owner key = { .op = tasks[i].op };
		const struct owner *owner;

		if (key.op == MEMTOP_UNKNOWN)
			continue;
		owner = bsearch(&key, owners->all, owners->nr, sizeof(key),
				compare_owners);
		if (owner)
			add_use(to, &(struct use){ .pool = pool,
						   .dev = owner->dev,
						   .task = &tasks[i],
						   .waits = waits });
	}
}

/* Adds @use's task to the last of @users, which is for its pool. */
static void add_task(struct pool_users *users, size_t *nr_tasks,
		     const struct use *use)
{
	struct pool_user *user = &users->all[users->nr - 1];

	if (use->pool != user->pool)
		return;
	users->tasks[(*nr_tasks)++] = use->task;
	if (use->waits)
		user->nr_waiters++;
	else
		user->nr_holders++;
}

/* Keeps those that are not listed, each once, with their tasks. */
static void keep_users(struct uses *uses, struct pool_users *ret)
{
	const struct use *first = uses->all;
	size_t nr_tasks = 0;

	qsort(uses->all, uses->nr, sizeof(*uses->all), compare_uses);
	ret->tasks = xcalloc(uses->nr, sizeof(struct sample_task *));
	for (size_t i = 0; i < uses->nr; i++) {
		const struct use *use = &uses->all[i];

		if (i && compare_places(first, use))
			first = use;
		/* the listed ones come first */
		if (!first->task)
			continue;
		if (use == first) {
			ret->all = xgrow(ret->all, ret->nr, sizeof(*ret->all));
			ret->all[ret->nr++] = (struct pool_user){
				.pool = use->pool,
				.dev = use->dev,
				.waiters = ret->tasks + nr_tasks,
			};
		}
		add_task(ret, &nr_tasks, use);
	}
	for (size_t i = 0; i < ret->nr; i++)
		ret->all[i].holders =
			ret->all[i].waiters + ret->all[i].nr_waiters;
}

void pool_users_find(const struct sample *s, struct pool_users *ret)
{
	struct uses uses = { 0 };
	struct owners owners;

	*ret = (struct pool_users){ 0 };
	find_owners(s, &owners);
	for (size_t i = 0; owners.nr && i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];

		add_tasks(&owners, pool, true, &uses);
		add_tasks(&owners, pool, false, &uses);
	}
	for (size_t i = 0; uses.nr && i < s->nr_pools; i++) {
		if (s->pools[i].dev_known)
			add_use(&uses, &(struct use){ .pool = &s->pools[i],
						      .dev = s->pools[i].dev });
	}
	if (uses.nr)
		keep_users(&uses, ret);
	free(uses.all);
	free(owners.all);
}

void pool_users_release(struct pool_users *users)
{
	free(users->all);
	free(users->tasks);
	*users = (struct pool_users){ 0 };
}
