// SPDX-License-Identifier: GPL-2.0-only
#include "recording/record_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "base/json_reader.h"
#include "sample/sample.h"

/* ---- unique numbers -------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b)
{
	return compare_u64(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* Sorts @numbers. Returns whether one occurs twice, and puts it into @ret. */
static bool find_twice(uint64_t *numbers, size_t nr, uint64_t *ret)
{
	sort_unsorted(numbers, nr, sizeof(*numbers), compare_numbers);
	for (size_t i = 1; i < nr; i++) {
		*ret = numbers[i];
		if (numbers[i - 1] == numbers[i] &&
		    numbers[i] != MEMTOP_UNKNOWN)
			return true;
	}
	return false;
}

static int fail_twice(struct json_reader *j, const char *list,
		      struct sample_devno dev)
{
	return json_fail(j, "%s: device %" PRIu32 ":%" PRIu32 " twice", list,
			 dev.major, dev.minor);
}

/* ---- devices ----------------------------------------------------------------- */

static int check_devices(struct json_reader *j, struct sample *s)
{
	sort_unsorted(s->devices, s->nr_devices, sizeof(*s->devices),
		      sample_compare_devices);
	for (size_t i = 1; i < s->nr_devices; i++) {
		if (sample_compare_devno(s->devices[i - 1].dev,
					 s->devices[i].dev) == 0)
			return fail_twice(j, "devices", s->devices[i].dev);
	}
	return 0;
}

/* Orders targets by index, those of the live table first. */
static int compare_targets(const void *pa, const void *pb)
{
	const struct sample_target *a = pa, *b = pb;
	/* unknown sorts before live */
	int order = compare_u64((a->slot + 2U) % 3, (b->slot + 2U) % 3);

	return order ? order : compare_u64(a->index, b->index);
}

static int check_targets(struct json_reader *j, const struct sample_device *d)
{
	sort_unsorted(d->targets, d->nr_targets, sizeof(*d->targets),
		      compare_targets);
	for (size_t i = 1; i < d->nr_targets; i++) {
		if (compare_targets(&d->targets[i - 1], &d->targets[i]) == 0)
			return json_fail(j,
					 "targets of device %" PRIu32
					 ":%" PRIu32 ": index %" PRIu32
					 " twice in a slot",
					 d->dev.major, d->dev.minor,
					 d->targets[i].index);
	}
	return 0;
}

/* ---- repairs ----------------------------------------------------------------- */

/* Orders repairs by number, which is the order in which they began. */
static int compare_ops(const void *pa, const void *pb)
{
	const struct sample_op *a = pa, *b = pb;
	int order = compare_u64(a->op, b->op);

	return order ? order : compare_u64(a->since_ns, b->since_ns);
}

static int check_op(struct json_reader *j, const struct sample_op *op)
{
	if (op->io_sector == MEMTOP_UNKNOWN || op->io_sectors == MEMTOP_UNKNOWN)
		return json_fail(j,
				 "ops: repair %" PRIu64
				 " has an io_dev, and null for io_sector%s",
				 op->op,
				 op->io_sector == MEMTOP_UNKNOWN ? "" : "s");
	return 0;
}

static int check_ops(struct json_reader *j, const struct sample *s)
{
	uint64_t *numbers, twice;
	size_t nr = 0;
	int err = 0;

	for (size_t i = 0; i < s->nr_devices; i++)
		nr += s->devices[i].nr_ops;
	numbers = xcalloc(nr, sizeof(*numbers));
	nr = 0;
	for (size_t i = 0; !err && i < s->nr_devices; i++) {
		const struct sample_device *d = &s->devices[i];

		sort_unsorted(d->ops, d->nr_ops, sizeof(*d->ops), compare_ops);
		for (size_t k = 0; !err && k < d->nr_ops; k++) {
			numbers[nr++] = d->ops[k].op;
			err = check_op(j, &d->ops[k]);
		}
	}
	if (!err && find_twice(numbers, nr, &twice))
		err = json_fail(j, "ops: repair %" PRIu64 " twice", twice);
	free(numbers);
	return err;
}

/* ---- pools ------------------------------------------------------------------- */

/* A pool's number, and its index in the list. */
static int compare_pools(const void *pa, const void *pb)
{
	const struct sample_pool *a = *(const struct sample_pool *const *)pa;
	const struct sample_pool *b = *(const struct sample_pool *const *)pb;
	int order = compare_u64(a->id, b->id);

	if (!order)
		order = compare_u64(a->dev_known, b->dev_known);
	if (!order && a->dev_known)
		order = sample_compare_devno(a->dev, b->dev);
	if (!order)
		order = compare_u64(a->slot, b->slot);
	return order ? order : compare_u64(a->target_index, b->target_index);
}

static int check_places(struct json_reader *j, const struct sample *s)
{
	const struct sample_pool **pools =
		xcalloc(s->nr_pools, sizeof(struct sample_pool *));
	int err = 0;

	for (size_t i = 0; i < s->nr_pools; i++)
		pools[i] = &s->pools[i];
	qsort(pools, s->nr_pools, sizeof(struct sample_pool *), compare_pools);
	for (size_t i = 1; !err && i < s->nr_pools; i++) {
		const struct sample_pool *p = pools[i];

		if (p->id == MEMTOP_UNKNOWN ||
		    compare_pools(&pools[i - 1], &pools[i]))
			continue;
		if (p->dev_known)
			err = json_fail(j,
					"pools: id %" PRIu64
					" twice in a table of device %" PRIu32
					":%" PRIu32,
					p->id, p->dev.major, p->dev.minor);
		else
			err = json_fail(j,
					"pools: id %" PRIu64
					" twice without a device",
					p->id);
	}
	free(pools);
	return err;
}

/* Checks a waiter or a holder of an element of pool @id. */
static int check_task(struct json_reader *j, const char *list, uint64_t id,
		      const struct sample_task *task)
{
	if (task->io_known && (task->io_sector == MEMTOP_UNKNOWN ||
			       task->io_sectors == MEMTOP_UNKNOWN))
		return json_fail(j,
				 "%s of pool %" PRIu64 ": task %" PRIu32
				 " has an io_dev, and null for io_sector%s",
				 list, id, task->pid,
				 task->io_sector == MEMTOP_UNKNOWN ? "" : "s");
	return 0;
}

/* A thread can wait for one element only. */
static int check_waiters(struct json_reader *j, const struct sample_pool *p)
{
	uint64_t *pids = xcalloc(p->nr_waiters, sizeof(*pids)), twice;
	int err = 0;

	for (size_t i = 0; !err && i < p->nr_waiters; i++) {
		pids[i] = p->waiters[i].pid;
		err = check_task(j, "waiters", p->id, &p->waiters[i]);
	}
	if (!err && find_twice(pids, p->nr_waiters, &twice))
		err = json_fail(j,
				"waiters of pool %" PRIu64 ": pid %" PRIu64
				" twice",
				p->id, twice);
	free(pids);
	return err;
}

static int check_pools(struct json_reader *j, const struct sample *s)
{
	int err = check_places(j, s);

	for (size_t i = 0; !err && i < s->nr_pools; i++) {
		const struct sample_pool *p = &s->pools[i];

		err = check_waiters(j, p);
		for (size_t k = 0; !err && k < p->nr_holders; k++)
			err = check_task(j, "holders", p->id, &p->holders[k]);
	}
	return err;
}

/* ---- links, block devices, stacks, times ---------------------------------------- */

static int check_blocks(struct json_reader *j, struct sample *s)
{
	sort_unsorted(s->blocks, s->nr_blocks, sizeof(*s->blocks),
		      sample_compare_blocks);
	for (size_t i = 1; i < s->nr_blocks; i++) {
		if (sample_compare_devno(s->blocks[i - 1].dev,
					 s->blocks[i].dev) == 0)
			return fail_twice(j, "blocks", s->blocks[i].dev);
	}
	return 0;
}

static int check_links(struct json_reader *j, const struct sample *s)
{
	for (size_t i = 0; i < s->nr_links; i++) {
		const struct sample_link *l = &s->links[i];
		const char *lacks =
			l->start == MEMTOP_UNKNOWN	 ? "start" :
			l->sectors == MEMTOP_UNKNOWN	 ? "sectors" :
			l->lower_start == MEMTOP_UNKNOWN ? "lower_start" :
							   NULL;

		if (l->mapped && lacks)
			return json_fail(j,
					 "links: %" PRIu32 ":%" PRIu32
					 " on %" PRIu32 ":%" PRIu32
					 " is mapped, and null for %s",
					 l->upper.major, l->upper.minor,
					 l->lower.major, l->lower.minor, lacks);
	}
	return 0;
}

static int check_stacks(struct json_reader *j, const struct sample *s)
{
	sort_unsorted(s->stacks, s->nr_stacks, sizeof(*s->stacks),
		      sample_compare_stacks);
	for (size_t i = 1; i < s->nr_stacks; i++) {
		if (s->stacks[i - 1].pid == s->stacks[i].pid)
			return json_fail(j, "stacks: pid %" PRIu32 " twice",
					 s->stacks[i].pid);
	}
	return 0;
}

static int check_time(struct json_reader *j, const struct sample *s,
		      const struct sample *before)
{
	if (s->boottime_ns == MEMTOP_UNKNOWN ||
	    before->boottime_ns == MEMTOP_UNKNOWN ||
	    s->boottime_ns >= before->boottime_ns ||
	    !sample_same_run(s, before))
		return 0;
	return json_fail(j,
			 "boottime_ns: %" PRIu64
			 " is before that of the sample before, %" PRIu64,
			 s->boottime_ns, before->boottime_ns);
}

int record_check(struct json_reader *j, struct sample *s,
		 const struct sample *before)
{
	int err = check_time(j, s, before);

	if (!err)
		err = check_devices(j, s);
	for (size_t i = 0; !err && i < s->nr_devices; i++)
		err = check_targets(j, &s->devices[i]);
	if (!err)
		err = check_ops(j, s);
	if (!err)
		err = check_pools(j, s);
	if (!err)
		err = check_links(j, s);
	if (!err)
		err = check_blocks(j, s);
	return err ? err : check_stacks(j, s);
}
