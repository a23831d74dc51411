// SPDX-License-Identifier: GPL-2.0-only
#include "model/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "sample/targets.h"

/* The value of a missing object. */
#define ABSENT "absent"

/* A pool of a device, with the properties that both sources have. */
struct entry {
	const struct sample_pool *pool;
};

/* The subject of the next difference. */
struct place {
	struct differences *to;
	const struct sample_device *device;
	enum sample_slot slot;
	const char *role;
};

static void differ(const struct place *at, const char *what, const char *a,
		   const char *b)
{
	struct differences *to = at->to;
	struct difference *d;

	to->all = xgrow(to->all, to->nr, sizeof(*to->all));
	d = &to->all[to->nr++];
	*d = (struct difference){ .dev = at->device->dev,
				  .slot = at->slot,
				  .what = what,
				  .a = xstrdup(a),
				  .b = xstrdup(b) };
	text_copy(d->name, sizeof(d->name), at->device->name);
	text_copy(d->role, sizeof(d->role), at->role);
}

static void differ_number(const struct place *at, const char *what, uint64_t a,
			  uint64_t b)
{
	struct strbuf ta = { 0 }, tb = { 0 };

	if (a == b || a == MEMTOP_UNKNOWN || b == MEMTOP_UNKNOWN)
		return;
	strbuf_addf(&ta, "%" PRIu64, a);
	strbuf_addf(&tb, "%" PRIu64, b);
	differ(at, what, strbuf_text(&ta), strbuf_text(&tb));
	strbuf_release(&ta);
	strbuf_release(&tb);
}

static void differ_text(const struct place *at, const char *what, const char *a,
			const char *b)
{
	if (strcmp(a, b))
		differ(at, what, a, b);
}

/* ---- pools ---------------------------------------------------------------- */

static int compare_entries(const void *pa, const void *pb)
{
	const struct sample_pool *a = ((const struct entry *)pa)->pool;
	const struct sample_pool *b = ((const struct entry *)pb)->pool;
	int order = sample_compare_devno(a->dev, b->dev);

	if (order)
		return order;
	if (a->slot != b->slot)
		return a->slot < b->slot ? -1 : 1;
	if (a->target_index != b->target_index)
		return a->target_index < b->target_index ? -1 : 1;
	return strcmp(a->role, b->role);
}

/* Whether the events have the device of this pool as well. */
static bool both_know(const struct sample_pool *pool)
{
	return pool->dev_known &&
	       (!*pool->target_type ||
		target_reserves(pool->target_type) == TARGET_BOTH);
}

/* The pools whose device both sources have, in order. The caller frees. */
static struct entry *list_pools(const struct sample *s, size_t *nr)
{
	struct entry *list = xcalloc(s->nr_pools, sizeof(*list));

	*nr = 0;
	for (size_t i = 0; i < s->nr_pools; i++) {
		if (both_know(&s->pools[i]))
			list[(*nr)++].pool = &s->pools[i];
	}
	qsort(list, *nr, sizeof(*list), compare_entries);
	return list;
}

static void compare_pool(struct place *at, const struct sample_pool *a,
			 const struct sample_pool *b)
{
	const struct {
		const char *what;
		uint64_t a, b;
	} values[] = {
		{ "min", a->min, b->min },
		{ "current", a->current, b->current },
		{ "object_bytes", a->object_bytes, b->object_bytes },
		{ "footprint_bytes", a->footprint_bytes, b->footprint_bytes },
		{ "cached_bytes", a->cached_bytes, b->cached_bytes },
		{ "waiting", a->waiters_known ? a->nr_waiters : MEMTOP_UNKNOWN,
		  b->waiters_known ? b->nr_waiters : MEMTOP_UNKNOWN },
	};

	at->to->pools++;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		differ_number(at, values[i].what, values[i].a, values[i].b);
}

/* Whether both samples have read the device of @pool completely. */
static bool both_whole(const struct sample *a, const struct sample *b,
		       const struct sample_pool *pool, struct place *at)
{
	const struct sample_device *da = sample_find_device(a, pool->dev);
	const struct sample_device *db = sample_find_device(b, pool->dev);

	at->device = da;
	at->slot = pool->slot;
	at->role = pool->role;
	return da && db && !da->torn && !db->torn;
}

static void compare_pools(const struct sample *a, const struct sample *b,
			  struct differences *ret)
{
	size_t nr_a, nr_b, i = 0, j = 0;
	struct entry *in_a = list_pools(a, &nr_a);
	struct entry *in_b = list_pools(b, &nr_b);
	struct place at = { .to = ret };

	while (i < nr_a || j < nr_b) {
		int order = i == nr_a ? 1 :
			    j == nr_b ? -1 :
					compare_entries(&in_a[i], &in_b[j]);
		const struct sample_pool *pa = in_a[order <= 0 ? i++ : 0].pool;
		const struct sample_pool *pb = in_b[order >= 0 ? j++ : 0].pool;

		if (!both_whole(a, b, order <= 0 ? pa : pb, &at))
			continue;
		if (order < 0)
			differ(&at, "pool", "there", ABSENT);
		else if (order > 0)
			differ(&at, "pool", ABSENT, "there");
		else
			compare_pool(&at, pa, pb);
	}
	free(in_a);
	free(in_b);
}

/* ---- devices ---------------------------------------------------------------- */

static void add_targets(const struct sample_device *d, struct strbuf *sb)
{
	for (size_t i = 0; i < d->nr_targets; i++)
		strbuf_addf(sb, "%s%s%s", i ? " " : "", d->targets[i].type,
			    d->targets[i].slot == SAMPLE_SLOT_INACTIVE ?
				    "(inactive)" :
				    "");
}

static int compare_devnos(const void *a, const void *b)
{
	return sample_compare_devnos(a, b);
}

static void add_lower(const struct sample_device *d, struct strbuf *sb)
{
	struct sample_devno *sorted = xcalloc(d->nr_lower, sizeof(*sorted));

	if (d->nr_lower)
		memcpy(sorted, d->lower, d->nr_lower * sizeof(*sorted));
	qsort(sorted, d->nr_lower, sizeof(*sorted), compare_devnos);
	for (size_t i = 0; i < d->nr_lower; i++)
		strbuf_addf(sb, "%s%" PRIu32 ":%" PRIu32, i ? " " : "",
			    sorted[i].major, sorted[i].minor);
	free(sorted);
}

static void compare_lists(const struct place *at, const char *what,
			  const struct sample_device *b,
			  void (*add)(const struct sample_device *,
				      struct strbuf *))
{
	struct strbuf ta = { 0 }, tb = { 0 };

	add(at->device, &ta);
	add(b, &tb);
	differ_text(at, what, strbuf_text(&ta), strbuf_text(&tb));
	strbuf_release(&ta);
	strbuf_release(&tb);
}

static void compare_device(struct differences *ret,
			   const struct sample_device *a,
			   const struct sample_device *b)
{
	const struct place at = { .to = ret, .device = a, .role = "" };

	if (a->torn || b->torn)
		return;
	ret->devices++;
	differ_text(&at, "name", a->name, b->name);
	differ_text(&at, "uuid", a->uuid, b->uuid);
	differ_number(&at, "suspended", a->suspended, b->suspended);
	compare_lists(&at, "targets", b, add_targets);
	compare_lists(&at, "lower", b, add_lower);
}

static void compare_devices(const struct sample *a, const struct sample *b,
			    struct differences *ret)
{
	size_t i = 0, j = 0;

	while (i < a->nr_devices || j < b->nr_devices) {
		int order = i == a->nr_devices ?
				    1 :
			    j == b->nr_devices ?
				    -1 :
				    sample_compare_devices(&a->devices[i],
							   &b->devices[j]);
		struct place at = { .to = ret, .role = "" };

		if (order < 0) {
			at.device = &a->devices[i++];
			differ(&at, "device", "there", ABSENT);
		} else if (order > 0) {
			at.device = &b->devices[j++];
			differ(&at, "device", ABSENT, "there");
		} else {
			compare_device(ret, &a->devices[i++], &b->devices[j++]);
		}
	}
}

void verify_compare(const struct sample *a, const struct sample *b,
		    struct differences *ret)
{
	*ret = (struct differences){ 0 };
	compare_devices(a, b, ret);
	compare_pools(a, b, ret);
}

void differences_release(struct differences *d)
{
	for (size_t i = 0; i < d->nr; i++) {
		free(d->all[i].a);
		free(d->all[i].b);
	}
	free(d->all);
	*d = (struct differences){ 0 };
}
