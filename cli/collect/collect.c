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
#include "model/sample.h"
#include "util/alloc.h"
#include "util/boottime.h"
#include "util/capability.h"
#include "util/stop.h"
#include "util/text.h"

/* One of the two sources. */
struct collector {
	bool lower;
	struct pool_source *pools;
	struct stock_source *stock;
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

int collector_open(const struct collect_wish *wish, struct collector **ret)
{
	struct collector *c = xcalloc(1, sizeof(*c));
	int err = open_source(wish, c);

	c->lower = wish->lower;
	if (err) {
		collector_close(c);
		return err;
	}
	*ret = c;
	return 0;
}

static void read_host(struct sample *s)
{
	struct utsname name;

	if (uname(&name) == 0)
		text_copy(s->kernel, sizeof(s->kernel), name.release);
	s->boottime_ns = boottime_now();
	s->reserved_bio_based_ios = sysfs_reserved_bio_based_ios();
}

int collector_read(struct collector *c, struct sample *ret)
{
	struct sample s = { 0 };
	int err;

	if (c->stock) {
		err = stock_source_read(c->stock, &s);
	} else {
		pool_source_begin_pass(c->pools);
		err = dm_source_read(c->lower, &s);
		if (!err)
			err = pool_source_read(c->pools, &s);
	}
	if (err) {
		sample_release(&s);
		return err;
	}
	read_host(&s);
	*ret = s;
	return 0;
}

bool collector_wait(struct collector *c, uint64_t deadline, uint64_t *since)
{
	(void)c;
	(void)since;
	stop_sleep_until(deadline);
	return false;
}

bool collector_has_news(const struct collector *c)
{
	(void)c;
	return false;
}

void collector_read_stacks(struct collector *c, const uint32_t *pids, size_t nr,
			   uint64_t timeout_ns, struct sample *s)
{
	(void)c;
	(void)pids;
	(void)nr;
	(void)timeout_ns;
	(void)s;
}

void collector_close(struct collector *c)
{
	if (!c)
		return;
	pool_source_close(c->pools);
	stock_source_close(c->stock);
	free(c);
}
