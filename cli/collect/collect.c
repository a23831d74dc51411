// SPDX-License-Identifier: GPL-2.0-only
#include "collect/collect.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "collect/dm_source.h"
#include "collect/pool_source.h"
#include "collect/sysfs_source.h"
#include "model/sample.h"
#include "util/alloc.h"
#include "util/boottime.h"
#include "util/text.h"

struct collector {
	bool lower;
	struct pool_source *pools;
};

int collector_open(const struct collect_wish *wish, struct collector **ret)
{
	struct collector *c = xcalloc(1, sizeof(*c));
	int err = pool_source_open(wish, &c->pools);

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

	pool_source_begin_pass(c->pools);
	err = dm_source_read(c->lower, &s);
	if (!err)
		err = pool_source_read(c->pools, &s);
	if (err) {
		sample_release(&s);
		return err;
	}
	read_host(&s);
	*ret = s;
	return 0;
}

void collector_close(struct collector *c)
{
	if (!c)
		return;
	pool_source_close(c->pools);
	free(c);
}
