// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/watch_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "decode/watch_maps.h"
#include "kernel/dm_source.h"
#include "kernel/link_source.h"
#include "kernel/pool_source.h"
#include "kernel/stack_source.h"
#include "kernel/stock_source.h"
#include "kernel/sysfs_source.h"
#include "sample/sample.h"
#include "system/clocks.h"
#include "system/stop.h"

struct watch_source {
	struct pool_source *pools;
	struct stock_source *stock;
	struct link_source *links;
	struct stack_source *stacks;
	struct sample first; /* devices at the start, if there is no stock */
	struct watch_memory memory;
	uint64_t watched_since;
	int parameter; /* descriptor; -1: none */
};

/* The existing objects, and current waits. */
static int begin(struct watch_source *src)
{
	int err;

	src->watched_since = boottime_now();
	src->parameter = sysfs_open_reserved_bio_based_ios();
	if (!src->pools)
		return 0;
	pool_source_begin_pass(src->pools);
	err = src->stock ? dm_source_name_pools() :
			   dm_source_read(true, &src->first);
	if (!err && pool_source_missed_use(src->pools))
		err = dm_source_name_pools();
	if (err != -ETIMEDOUT || !src->stock)
		return err;
	msg_warning(
		"reading the kernel's structures only: the use of pools is unknown");
	pool_source_close(src->pools);
	src->pools = NULL;
	return 0;
}

int watch_source_open(struct loader *loader, struct pool_source *pools,
		      struct stock_source *stock, struct watch_source **ret)
{
	struct watch_source *src = xcalloc(1, sizeof(*src));
	int err;

	src->pools = pools;
	src->stock = stock;
	src->parameter = -1;
	if (stock)
		src->links =
			link_source_open(loader, stock_source_types(stock));
	src->stacks = stack_source_open(stock_source_types(stock));
	if (!stock)
		msg_warning(
			"without the kernel's structures, names of later devices and the stack of devices stay unknown");
	err = begin(src);
	if (err) {
		watch_source_close(src);
		return err;
	}
	*ret = src;
	return 0;
}

static void copy_list(void *to, const void *from, size_t nr, size_t size)
{
	void *copy = NULL;

	if (nr) {
		copy = xcalloc(nr, size);
		memcpy(copy, from, nr * size);
	}
	memcpy(to, &copy, sizeof(copy));
}

/* The devices of @from, without repairs. */
static void copy_devices(const struct sample *from, struct sample *to)
{
	to->devices = xcalloc(from->nr_devices, sizeof(*to->devices));
	for (size_t i = 0; i < from->nr_devices; i++) {
		struct sample_device *d = &to->devices[to->nr_devices++];

		*d = from->devices[i];
		copy_list(&d->targets, d->targets, d->nr_targets,
			  sizeof(*d->targets));
		copy_list(&d->lower, d->lower, d->nr_lower, sizeof(*d->lower));
	}
}

static void move_devices(struct sample *from, struct sample *to)
{
	to->devices = from->devices;
	to->nr_devices = from->nr_devices;
	from->devices = NULL;
	from->nr_devices = 0;
}

int watch_source_look(struct watch_source *src, bool *same)
{
	int err = 0;

	*same = true;
	if (src->stock)
		err = stock_source_look(src->stock, same);
	if (!err && src->pools)
		*same = *same && pool_source_is_same(src->pools);
	return err;
}

/* Reads both sources, or the one that exists. */
static int fill_sources(struct watch_source *src, struct sample *s)
{
	struct sample stock = { 0 };
	int err = 0;

	if (src->stock)
		err = stock_source_fill(src->stock, &stock);
	if (err || !src->pools) {
		*s = stock;
		return err;
	}
	if (src->stock)
		move_devices(&stock, s);
	else
		copy_devices(&src->first, s);
	err = pool_source_read_kept(src->pools, s);
	if (!err) {
		s->losses.raced_reads += stock.losses.raced_reads;
		watch_maps_merge(s, &stock);
	}
	sample_release(&stock);
	return err;
}

/* A descriptor is useless after its module has been unloaded. */
static uint64_t read_parameter(struct watch_source *src)
{
	uint64_t value = sysfs_read_reserved_bio_based_ios(src->parameter);

	if (value != MEMTOP_UNKNOWN)
		return value;
	if (src->parameter >= 0)
		close(src->parameter);
	src->parameter = sysfs_open_reserved_bio_based_ios();
	return sysfs_read_reserved_bio_based_ios(src->parameter);
}

/* Data of the current moment, besides devices and pools. */
static void read_moment(struct watch_source *src, struct sample *s)
{
	s->boottime_ns = boottime_now();
	s->watched_since_ns = src->watched_since;
	s->reserved_bio_based_ios = read_parameter(src);
}

int watch_source_fill(struct watch_source *src, struct sample *s)
{
	int err = fill_sources(src, s);

	if (err)
		return err;
	read_moment(src, s);
	if (src->links)
		link_source_read(src->links, src->stock, s);
	watch_memory_apply(&src->memory, s);
	return 0;
}

void watch_source_renew(struct watch_source *src, struct sample *s)
{
	read_moment(src, s);
	if (!src->links)
		return;
	if (sample_anybody_waits(s) &&
	    !link_source_read(src->links, src->stock, s))
		return;
	for (size_t i = 0; i < s->nr_links; i++)
		s->links[i].in_flight = MEMTOP_UNKNOWN;
}

bool watch_source_knows_new(const struct watch_source *src)
{
	return src->stock;
}

bool watch_source_has_news(const struct watch_source *src)
{
	return src->pools && pool_source_news_fd(src->pools) >= 0;
}

bool watch_source_wait(struct watch_source *src, uint64_t deadline,
		       uint64_t *since)
{
	int fd = src->pools ? pool_source_news_fd(src->pools) : -1;

	stop_sleep_until_readable(fd, deadline);
	return src->pools && pool_source_take_news(src->pools, since);
}

void watch_source_stacks(struct watch_source *src, const uint32_t *pids,
			 size_t nr, uint64_t timeout_ns, struct sample *s)
{
	stack_source_read(src->stacks, pids, nr, timeout_ns, s);
}

void watch_source_list_gaps(const struct watch_source *src,
			    struct doctor_gaps *to)
{
	if (src->stock)
		stock_source_list_gaps(src->stock, to);
	if (src->links)
		link_source_list_gaps(src->links, to);
	stack_source_list_gaps(src->stacks, to);
}

enum doctor_root watch_source_root(const struct watch_source *src)
{
	return src->stock ? stock_source_root(src->stock) : DOCTOR_ROOT_NONE;
}

void watch_source_close(struct watch_source *src)
{
	if (!src)
		return;
	stack_source_close(src->stacks);
	link_source_close(src->links);
	pool_source_close(src->pools);
	stock_source_close(src->stock);
	sample_release(&src->first);
	watch_memory_release(&src->memory);
	if (src->parameter >= 0)
		close(src->parameter);
	free(src);
}
