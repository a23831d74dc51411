// SPDX-License-Identifier: GPL-2.0-only
#include "collect/collect.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "collect/dm_source.h"
#include "collect/pool_source.h"
#include "collect/stock_source.h"
#include "collect/sysfs_source.h"
#include "collect/watch_source.h"
#include "model/sample.h"
#include "util/alloc.h"
#include "util/boottime.h"
#include "util/capability.h"
#include "util/text.h"

/* One of the two sources, or both in a watch. */
struct collector {
	bool lower;
	struct pool_source *pools;
	struct stock_source *stock;
	struct watch_source *watch;
	char kernel[65];
	uint64_t mem_total; /* in bytes; read once */
};

/* ctl_ioctl(), drivers/md/dm-ioctl.c, is for CAP_SYS_ADMIN only. */
static bool may_ask_dm(void)
{
	return capability_in_effect(CAP_SYS_ADMIN) &&
	       dm_source_control() != -EACCES;
}

/* The events need somebody who makes device-mapper name what exists. */
static int open_source(const struct collect_wish *wish, struct collector *c)
{
	int err;

	if (wish->source == COLLECT_STOCK)
		return stock_source_open(wish, &c->stock);
	if (wish->source == COLLECT_BEST && !may_ask_dm())
		return stock_source_open(wish, &c->stock);

	err = pool_source_open(wish, &c->pools);
	if (err != -ENOENT)
		return err;
	if (wish->source == COLLECT_TRACEPOINTS)
		return pool_source_say_missing();
	return stock_source_open(wish, &c->stock);
}

/*
 * A watch takes both sources: the look at the structures as well where there are
 * events, but may do without it.
 */
static int open_watch(const struct collect_wish *wish, struct collector *c)
{
	struct pool_source *pools = c->pools;
	struct stock_source *stock = c->stock;
	int err;

	if (pools && stock_source_open(wish, &stock))
		stock = NULL;
	c->pools = NULL;
	c->stock = NULL;
	err = watch_source_open(pools, stock, &c->watch);
	return err;
}

int collector_open(const struct collect_wish *wish, struct collector **ret)
{
	struct collector *c = xcalloc(1, sizeof(*c));
	struct utsname name;
	int err = open_source(wish, c);

	if (!err && wish->span == COLLECT_WATCH)
		err = open_watch(wish, c);
	c->lower = wish->lower;
	if (uname(&name) == 0)
		text_copy(c->kernel, sizeof(c->kernel), name.release);
	c->mem_total = sysfs_mem_total();
	if (err) {
		collector_close(c);
		return err;
	}
	*ret = c;
	return 0;
}

static void read_host(struct sample *s)
{
	s->boottime_ns = boottime_now();
	s->watched_since_ns = MEMTOP_UNKNOWN;
	s->reserved_bio_based_ios = sysfs_reserved_bio_based_ios();
}

static int read_source(struct collector *c, struct sample *s)
{
	int err;

	if (c->watch)
		return watch_source_read(c->watch, s);
	if (c->stock) {
		err = stock_source_read(c->stock, s);
	} else {
		pool_source_begin_pass(c->pools);
		err = dm_source_read(c->lower, s);
		if (!err)
			err = pool_source_read(c->pools, s);
	}
	if (!err)
		read_host(s);
	return err;
}

int collector_read(struct collector *c, struct sample *ret)
{
	struct sample s = { 0 };
	int err = read_source(c, &s);

	if (err) {
		sample_release(&s);
		return err;
	}
	text_copy(s.kernel, sizeof(s.kernel), c->kernel);
	s.mem_total_bytes = c->mem_total;
	*ret = s;
	return 0;
}

bool collector_wait(struct collector *c, uint64_t deadline, uint64_t *since)
{
	return watch_source_wait(c->watch, deadline, since);
}

bool collector_has_news(const struct collector *c)
{
	return watch_source_has_news(c->watch);
}

void collector_read_stacks(struct collector *c, const uint32_t *pids, size_t nr,
			   uint64_t timeout_ns, struct sample *s)
{
	watch_source_stacks(c->watch, pids, nr, timeout_ns, s);
}

void collector_close(struct collector *c)
{
	if (!c)
		return;
	watch_source_close(c->watch);
	pool_source_close(c->pools);
	stock_source_close(c->stock);
	free(c);
}
