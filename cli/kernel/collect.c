// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/collect.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "base/msg.h"
#include "base/text.h"
#include "decode/watch_maps.h"
#include "kernel/block_source.h"
#include "kernel/dm_source.h"
#include "kernel/loader.h"
#include "kernel/pool_source.h"
#include "kernel/stock_source.h"
#include "kernel/sysfs_source.h"
#include "kernel/watch_source.h"
#include "sample/sample.h"
#include "system/clocks.h"
#include "system/capability.h"

/* One of the two sources, or both in a watch. */
struct collector {
	enum source_choice wanted;
	bool lower;
	struct loader *loader; /* NULL: programs are loaded in this process */
	struct pool_source *pools;
	struct stock_source *stock;
	struct stock_source *beside; /* for facts that events lack */
	bool beside_failed;
	struct watch_source *watch;
	struct block_source *blocks; /* NULL: not requested */
	char kernel[65];
	char host[65];
	char boot_id[37];
	uint64_t mem_total; /* in bytes; read once */
	bool given; /* the last caller has the newest sample of the source */
};

/* ctl_ioctl(), drivers/md/dm-ioctl.c, is for CAP_SYS_ADMIN only. */
static bool may_ask_dm(void)
{
	return capability_in_effect(CAP_SYS_ADMIN) && dm_source_control() == 0;
}

/* The events about existing objects come only when device-mapper is queried. */
static int open_source(const struct collect_params *params, struct collector *c)
{
	int err;

	if (params->source == SOURCE_STOCK)
		return stock_source_open(c->loader, &c->stock);
	if (params->source == SOURCE_BEST && !may_ask_dm())
		return stock_source_open(c->loader, &c->stock);

	err = pool_source_open(params, &c->pools);
	if (err != -ENOENT)
		return err;
	if (params->source == SOURCE_TRACEPOINTS)
		return pool_source_say_missing();
	return stock_source_open(c->loader, &c->stock);
}

/*
 * A watch uses both sources: the walk over the structures in addition to the
 * events, but it can do without the walk.
 */
static int open_watch(struct collector *c)
{
	struct pool_source *pools = c->pools;
	struct stock_source *stock = c->stock;
	int err;

	if (pools && stock_source_open(c->loader, &stock))
		stock = NULL;
	c->pools = NULL;
	c->stock = NULL;
	err = watch_source_open(c->loader, pools, stock, &c->watch);
	if (!err)
		stock_source_opened(stock);
	return err;
}

int collector_open(const struct collect_params *params, struct collector **ret)
{
	struct collector *c = xcalloc(1, sizeof(*c));
	struct utsname name;
	int err = 0;

	/* first, because it inherits all memory that this process has */
	if (params->keeps_loading)
		err = loader_start(params->locked, &c->loader);
	if (!err)
		err = open_source(params, c);
	if (!err && c->stock && params->span != COLLECT_ONCE && !params->single)
		stock_source_count_waits(c->stock, params->room.pools,
					 params->room.waits);
	if (!err && params->span == COLLECT_WATCH)
		err = open_watch(c);
	else if (!err)
		stock_source_opened(c->stock);
	c->wanted = params->source;
	c->lower = params->lower;
	if (params->blocks)
		c->blocks =
			block_source_open("", params->also, params->nr_also);
	if (uname(&name) == 0) {
		text_copy(c->kernel, sizeof(c->kernel), name.release);
		text_copy(c->host, sizeof(c->host), name.nodename);
	}
	sysfs_boot_id(c->boot_id);
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

/*
 * *@same: unchanged since the last call of fill(), as far as can be determined.
 */
static int look(struct collector *c, bool *same)
{
	*same = false;
	if (c->watch)
		return watch_source_look(c->watch, same);
	if (c->stock)
		return stock_source_look(c->stock, same);
	return 0;
}

static int fill_from_stock(struct collector *c, struct sample *s)
{
	int err = stock_source_fill(c->stock, s);

	if (!err)
		read_host(s);
	return err;
}

/* From now on, without device-mapper: the walk does not query it. */
static int fill_unanswered(struct collector *c, struct sample *s)
{
	bool same;
	int err = stock_source_open(c->loader, &c->stock);

	if (err)
		return err;
	msg_warning(
		"reading the kernel's structures instead: the use of pools is unknown");
	pool_source_close(c->pools);
	c->pools = NULL;
	sample_release(s);
	stock_source_opened(c->stock);
	err = stock_source_look(c->stock, &same);
	return err ? err : fill_from_stock(c, s);
}

/*
 * The reserves of targets without events. Without the walk they stay unknown,
 * which is reported once.
 */
static void add_walked(struct collector *c, struct sample *s)
{
	struct sample stock = { 0 };
	bool same;
	int err = 0;

	if (c->wanted != SOURCE_BEST || c->beside_failed ||
	    !watch_maps_need_walk(s))
		return;
	if (!c->beside)
		err = stock_source_open(c->loader, &c->beside);
	if (!err)
		err = stock_source_look(c->beside, &same);
	if (!err)
		err = stock_source_fill(c->beside, &stock);
	if (!err)
		watch_maps_add_walked(s, &stock);
	else
		c->beside_failed = true;
	sample_release(&stock);
}

static int fill(struct collector *c, struct sample *s)
{
	int err;

	if (c->watch)
		return watch_source_fill(c->watch, s);
	if (c->stock)
		return fill_from_stock(c, s);
	pool_source_begin_pass(c->pools);
	err = dm_source_read(c->lower, s);
	if (!err && pool_source_missed_use(c->pools))
		err = dm_source_name_pools();
	if (err == -ETIMEDOUT && c->wanted == SOURCE_BEST)
		return fill_unanswered(c, s);
	if (!err)
		err = pool_source_read(c->pools, s);
	if (!err) {
		add_walked(c, s);
		read_host(s);
	}
	return err;
}

static int fill_anew(struct collector *c, struct sample *s)
{
	struct sample fresh = { 0 };
	int err = fill(c, &fresh);

	if (err) {
		sample_release(&fresh);
		return err;
	}
	text_copy(fresh.kernel, sizeof(fresh.kernel), c->kernel);
	text_copy(fresh.host, sizeof(fresh.host), c->host);
	text_copy(fresh.boot_id, sizeof(fresh.boot_id), c->boot_id);
	fresh.run_ns = MEMTOP_UNKNOWN;
	fresh.mem_total_bytes = c->mem_total;
	if (c->blocks)
		block_source_fill(c->blocks, &fresh);
	sample_release(s);
	*s = fresh;
	return 0;
}

int collector_renew(struct collector *c, struct sample *s, bool *same)
{
	bool given = c->given;
	int err = look(c, same);

	*same = *same && given &&
		(!c->blocks || block_source_is_same(c->blocks));
	c->given = false;
	if (err)
		return err;
	if (!*same) {
		err = fill_anew(c, s);
	} else {
		sample_release_stacks(s);
		if (c->watch)
			watch_source_renew(c->watch, s);
		else
			read_host(s);
	}
	c->given = !err;
	if (!err)
		s->realtime_ns = realtime_now();
	return err;
}

int collector_read(struct collector *c, struct sample *ret)
{
	struct sample s = { 0 };
	bool same;
	int err;

	c->given = false;
	err = collector_renew(c, &s, &same);
	c->given = false;
	if (!err)
		*ret = s;
	return err;
}

bool collector_wait(struct collector *c, uint64_t deadline, uint64_t *since)
{
	return watch_source_wait(c->watch, deadline, since);
}

bool collector_knows_new(const struct collector *c)
{
	return watch_source_knows_new(c->watch);
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

void collector_list_gaps(const struct collector *c, struct doctor_gaps *to)
{
	if (c->watch)
		watch_source_list_gaps(c->watch, to);
	else if (c->stock)
		stock_source_list_gaps(c->stock, to);
}

enum doctor_root collector_root(const struct collector *c)
{
	if (c->watch)
		return watch_source_root(c->watch);
	return c->stock ? stock_source_root(c->stock) : DOCTOR_ROOT_NONE;
}

void collector_close(struct collector *c)
{
	if (!c)
		return;
	watch_source_close(c->watch);
	block_source_close(c->blocks);
	pool_source_close(c->pools);
	stock_source_close(c->stock);
	stock_source_close(c->beside);
	loader_stop(c->loader);
	free(c);
}
