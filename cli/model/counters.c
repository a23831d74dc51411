// SPDX-License-Identifier: GPL-2.0-only
#include "model/counters.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/compare.h"
#include "sample/quantity.h"
#include "stall/stall.h"

struct key {
	bool all_devices;
	bool dev_known;
	struct sample_devno dev;
	enum sample_slot slot;
	char role[SAMPLE_ROLE_LEN];
};

/* The keys that one source counts for: its own, its device's, its role's. */
#define KEYS_MOST 3

/* An object with its own counts: a pool of a device, or a table. */
struct source {
	bool table;
	bool shown; /* its counts are part of the sums */
	uint64_t id; /* the pool's or the table's */
	struct key key; /* where its counts are added */
	uint64_t raw[NR_COUNTERS]; /* last values; may be unknown */
	bool has_durations;
	/* Owned; the most waits that each bucket had; NULL: none. */
	uint64_t *durations;
};

struct total {
	struct key key;
	uint64_t seen; /* number of the last sample with it */
	bool known[NR_COUNTERS];
	uint64_t sum[NR_COUNTERS];
};

/* The durations of the waits for the pools of a role. */
struct role_durations {
	char role[SAMPLE_ROLE_LEN];
	struct wait_histogram sum;
};

struct counted {
	uint64_t id;
	enum finding_kind kind;
};

struct counters {
	uint64_t samples;
	struct source *sources; /* owned; the last sample's, in order */
	size_t nr_sources;
	struct total *totals; /* owned; in order */
	size_t nr_totals;
	struct role_durations *durations; /* owned; by role */
	size_t nr_durations;
	struct counted *counted; /* owned; the last ones found, in order */
	size_t nr_counted;
	uint64_t found[NR_FINDING_KINDS];
};

static void free_sources(struct source *sources, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(sources[i].durations);
	free(sources);
}

struct counters *counters_new(void)
{
	return xcalloc(1, sizeof(struct counters));
}

void counters_free(struct counters *c)
{
	if (!c)
		return;
	free_sources(c->sources, c->nr_sources);
	free(c->totals);
	free(c->durations);
	free(c->counted);
	free(c);
}

static int compare_keys(const struct key *a, const struct key *b)
{
	int order = compare_u64(a->all_devices, b->all_devices);

	if (!order)
		order = compare_u64(a->dev_known, b->dev_known);
	if (!order && a->dev_known)
		order = sample_compare_devno(a->dev, b->dev);
	if (!order)
		order = compare_u64(a->slot, b->slot);
	return order ? order : strcmp(a->role, b->role);
}

/* The same pool counts separately for each device: it may be shared. */
static int compare_sources(const void *pa, const void *pb)
{
	const struct source *a = pa, *b = pb;
	int order = compare_u64(a->table, b->table);

	if (!order)
		order = compare_u64(a->id, b->id);
	if (!order)
		order = compare_u64(a->key.dev_known, b->key.dev_known);
	return order ? order : sample_compare_devno(a->key.dev, b->key.dev);
}

static int compare_totals(const void *pa, const void *pb)
{
	const struct total *a = pa, *b = pb;

	return compare_keys(&a->key, &b->key);
}

static struct source *add_source(struct source *all, size_t *nr)
{
	struct source *source = &all[(*nr)++];

	*source = (struct source){ 0 };
	for (size_t i = 0; i < NR_COUNTERS; i++)
		source->raw[i] = MEMTOP_UNKNOWN;
	return source;
}

static void take_durations(struct source *source,
			   const struct sample_pool *pool)
{
	struct wait_histogram h = wait_histogram_none();

	source->has_durations = pool->wait_histogram_known;
	if (!pool->nr_wait_histogram || !pool->wait_histogram_known)
		return;
	wait_histogram_add(&h, pool);
	source->durations =
		xcalloc(WAIT_HISTOGRAM_BUCKETS, sizeof(*source->durations));
	memcpy(source->durations, h.waits, sizeof(h.waits));
}

static void add_pool(struct source *all, size_t *nr,
		     const struct sample_pool *pool, bool shown)
{
	struct source *source;

	if (pool->id == MEMTOP_UNKNOWN)
		return;
	source = add_source(all, nr);
	source->shown = shown;
	source->id = pool->id;
	source->key.dev_known = pool->dev_known;
	if (pool->dev_known)
		source->key.dev = pool->dev;
	source->key.slot = pool->slot;
	memcpy(source->key.role, pool->role, sizeof(source->key.role));
	source->raw[COUNTER_WAITS] = pool->waits;
	source->raw[COUNTER_SLEEPS] = pool->sleeps;
	source->raw[COUNTER_WAIT_NS] = pool->wait_ns;
	take_durations(source, pool);
}

/*
 * A device's counts are those of its live table, and begin again with the next
 * one, or with another device that gets its number.
 */
static void add_device(struct source *all, size_t *nr,
		       const struct sample_device *device, uint64_t table)
{
	struct source *source = add_source(all, nr);

	source->table = true;
	source->id = table;
	source->key.dev_known = true;
	source->key.dev = device->dev;
	source->key.slot = SAMPLE_SLOT_LIVE;
	source->raw[COUNTER_RECHECKS] = device->rechecks;
	source->raw[COUNTER_FAILED_RECHECKS] = device->failed_rechecks;
	source->raw[COUNTER_DECODES] = device->decodes;
	source->raw[COUNTER_FAILED_DECODES] = device->failed_decodes;
}

/* For each device of @s the number of its live table, or unknown. */
static uint64_t *live_tables(const struct sample *s)
{
	uint64_t *tables = xcalloc(s->nr_devices, sizeof(*tables));
	size_t i;

	for (i = 0; i < s->nr_devices; i++)
		tables[i] = MEMTOP_UNKNOWN;
	for (i = 0; i < s->nr_pools; i++) {
		const struct sample_pool *pool = &s->pools[i];
		const struct sample_device *device;

		if (!pool->dev_known || pool->slot != SAMPLE_SLOT_LIVE)
			continue;
		device = sample_find_device(s, pool->dev);
		if (device)
			tables[device - s->devices] = pool->table_id;
	}
	return tables;
}

/* Leaves a pool that several devices share in the sums at the first of them. */
static void count_once(struct source *all, size_t nr)
{
	const struct source *last = NULL;

	for (size_t i = 0; i < nr; i++) {
		if (all[i].table || !all[i].shown)
			continue;
		all[i].shown = !last || last->id != all[i].id;
		last = &all[i];
	}
}

/* In order, each once. */
static struct source *list_sources(const struct sample *s, const bool *shown,
				   size_t *ret_nr)
{
	struct source *all = xcalloc(s->nr_pools + s->nr_devices, sizeof(*all));
	uint64_t *tables = live_tables(s);
	size_t nr = 0, kept = 0, i;

	for (i = 0; i < s->nr_pools; i++)
		add_pool(all, &nr, &s->pools[i], !shown || shown[i]);
	for (i = 0; i < s->nr_devices; i++)
		add_device(all, &nr, &s->devices[i], tables[i]);
	free(tables);
	if (nr)
		qsort(all, nr, sizeof(*all), compare_sources);
	for (i = 0; i < nr; i++) {
		if (!kept || compare_sources(&all[kept - 1], &all[i]))
			all[kept++] = all[i];
		else
			free(all[i].durations);
	}
	count_once(all, kept);
	*ret_nr = kept;
	return all;
}

/* Lists the keys that @source counts for; returns their number. */
static size_t list_keys(const struct source *source, struct key keys[KEYS_MOST])
{
	keys[0] = source->key;
	if (source->table || !source->shown)
		return 1;
	keys[1] = (struct key){ .dev_known = source->key.dev_known,
				.dev = source->key.dev,
				.slot = SAMPLE_SLOT_LIVE };
	keys[2] = (struct key){ .all_devices = true };
	memcpy(keys[2].role, source->key.role, sizeof(keys[2].role));
	return KEYS_MOST;
}

static struct total *find_total(const struct counters *c, const struct key *key)
{
	const struct total wanted = { .key = *key };

	return c->nr_totals ? bsearch(&wanted, c->totals, c->nr_totals,
				      sizeof(wanted), compare_totals) :
			      NULL;
}

/* Makes a total for each key of @sources that has none. */
static void add_totals(struct counters *c, const struct source *sources,
		       size_t nr)
{
	size_t old = c->nr_totals, all = old, i, j;
	struct key keys[KEYS_MOST];

	c->totals = xreallocarray(c->totals, old + nr * KEYS_MOST,
				  sizeof(*c->totals));
	for (i = 0; i < nr; i++) {
		size_t nr_keys = list_keys(&sources[i], keys);

		for (j = 0; j < nr_keys; j++) {
			if (!find_total(c, &keys[j]))
				c->totals[all++] =
					(struct total){ .key = keys[j] };
		}
	}
	if (all == old)
		return;
	qsort(c->totals, all, sizeof(*c->totals), compare_totals);
	for (i = 1, c->nr_totals = 1; i < all; i++) {
		/* several pools of a role have one */
		if (compare_totals(&c->totals[c->nr_totals - 1], &c->totals[i]))
			c->totals[c->nr_totals++] = c->totals[i];
	}
}

/*
 * Adds the increase of @source since @before, which may be NULL, to the totals
 * of all its keys.
 */
static void add_growth(struct counters *c, struct source *source,
		       const struct source *before)
{
	struct key keys[KEYS_MOST];
	size_t nr = list_keys(source, keys), i, j;
	struct total *totals[KEYS_MOST];

	for (j = 0; j < nr; j++) {
		totals[j] = find_total(c, &keys[j]);
		totals[j]->seen = c->samples;
	}
	for (i = 0; i < NR_COUNTERS; i++) {
		uint64_t old = before ? before->raw[i] : MEMTOP_UNKNOWN;
		uint64_t now = source->raw[i];

		if (now == MEMTOP_UNKNOWN) {
			source->raw[i] = old;
			continue;
		}
		for (j = 0; j < nr; j++) {
			totals[j]->known[i] = true;
			/* a smaller count began again */
			totals[j]->sum[i] += old != MEMTOP_UNKNOWN &&
							     old <= now ?
						     now - old :
						     now;
		}
	}
}

static int compare_durations(const void *pa, const void *pb)
{
	const struct role_durations *a = pa, *b = pb;

	return strcmp(a->role, b->role);
}

/* That of @role, or NULL. */
static struct role_durations *find_durations(const struct counters *c,
					     const char *role)
{
	struct role_durations wanted = { .role = "" };

	strncpy(wanted.role, role, sizeof(wanted.role) - 1);
	return c->nr_durations ? bsearch(&wanted, c->durations, c->nr_durations,
					 sizeof(wanted), compare_durations) :
				 NULL;
}

/* Roles are few. */
static struct role_durations *need_durations(struct counters *c,
					     const char *role)
{
	struct role_durations *known = find_durations(c, role);

	if (known || c->nr_durations >= COUNTERS_MOST_ROLES)
		return known;
	c->durations =
		xgrow(c->durations, c->nr_durations, sizeof(*c->durations));
	known = &c->durations[c->nr_durations++];
	*known = (struct role_durations){ .sum = wait_histogram_none() };
	strncpy(known->role, role, sizeof(known->role) - 1);
	qsort(c->durations, c->nr_durations, sizeof(*c->durations),
	      compare_durations);
	return find_durations(c, role);
}

/* Whether the counts of @source since @before are those of another run. */
static bool began_again(const struct source *source,
			const struct source *before)
{
	const uint64_t now = source->raw[COUNTER_WAITS],
		       old = before->raw[COUNTER_WAITS];

	return now != MEMTOP_UNKNOWN && old != MEMTOP_UNKNOWN && now < old;
}

/*
 * A wait that goes on after a retry leaves its bucket for another one. Growth of the
 * most that a bucket had is counted, so no bucket of the sum shrinks.
 */
static void add_durations(struct counters *c, struct source *source,
			  const struct source *before)
{
	const uint64_t *old = before && !began_again(source, before) ?
				      before->durations :
				      NULL;
	struct role_durations *to;

	if (!source->shown || (!source->has_durations && !old))
		return;
	to = need_durations(c, source->key.role);
	if (!source->durations && old)
		source->durations = xcalloc(WAIT_HISTOGRAM_BUCKETS,
					    sizeof(*source->durations));
	for (size_t i = 0; source->durations && i < WAIT_HISTOGRAM_BUCKETS;
	     i++) {
		uint64_t *now = &source->durations[i];
		const uint64_t most = old ? old[i] : 0;

		if (to && *now > most)
			to->sum.waits[i] = quantity_add_least(to->sum.waits[i],
							      *now - most);
		if (*now < most)
			*now = most;
	}
}

struct wait_histogram counters_durations(const struct counters *c,
					 const char *role)
{
	const struct role_durations *known = find_durations(c, role);

	return known ? known->sum : (struct wait_histogram){ .known = false };
}

static int compare_seen(const void *pa, const void *pb)
{
	const struct total *a = *(struct total *const *)pa;
	const struct total *b = *(struct total *const *)pb;
	int order = compare_u64(a->seen, b->seen);

	return order ? order : compare_addresses(a, b);
}

/* Removes those that have been missing for longest, if there are too many. */
static void forget(struct counters *c)
{
	struct total **gone;
	size_t nr = 0, kept = 0, most, i;

	if (c->nr_totals <= COUNTERS_MOST)
		return;
	gone = xcalloc(c->nr_totals, sizeof(*gone));
	for (i = 0; i < c->nr_totals; i++) {
		if (c->totals[i].seen != c->samples)
			gone[nr++] = &c->totals[i];
	}
	qsort(gone, nr, sizeof(*gone), compare_seen);
	most = c->nr_totals - COUNTERS_MOST;
	for (i = 0; i < nr && i < most; i++)
		gone[i]->seen = 0;
	free(gone);
	for (i = 0; i < c->nr_totals; i++) {
		if (c->totals[i].seen)
			c->totals[kept++] = c->totals[i];
	}
	c->nr_totals = kept;
}

void counters_update(struct counters *c, const struct sample *s,
		     const bool *shown)
{
	struct source *sources;
	size_t nr, i;

	c->samples++;
	sources = list_sources(s, shown, &nr);
	add_totals(c, sources, nr);
	for (i = 0; i < nr; i++) {
		const struct source *before = NULL;

		if (c->nr_sources)
			before = bsearch(&sources[i], c->sources, c->nr_sources,
					 sizeof(*before), compare_sources);
		add_growth(c, &sources[i], before);
		if (!sources[i].table)
			add_durations(c, &sources[i], before);
	}
	free_sources(c->sources, c->nr_sources);
	c->sources = sources;
	c->nr_sources = nr;
	forget(c);
}

uint64_t counters_get(const struct counters *c, const struct counters_key *key,
		      enum counter counter)
{
	struct key wanted = { .all_devices = key->all_devices,
			      .dev_known = key->dev_known,
			      .slot = key->slot };
	const struct total *total;

	if (key->dev_known)
		wanted.dev = key->dev;
	strncpy(wanted.role, key->role, sizeof(wanted.role) - 1);
	total = find_total(c, &wanted);
	return total && total->known[counter] ? total->sum[counter] :
						MEMTOP_UNKNOWN;
}

static int compare_counted(const void *pa, const void *pb)
{
	const struct counted *a = pa, *b = pb;
	int order = compare_u64(a->id, b->id);

	return order ? order : compare_u64(a->kind, b->kind);
}

void counters_note(struct counters *c, const struct findings *findings)
{
	struct counted *now = xcalloc(findings->nr, sizeof(*now));
	size_t i;

	for (i = 0; i < findings->nr; i++) {
		now[i] = (struct counted){ .id = findings->all[i].id,
					   .kind = findings->all[i].kind };
		if (!c->nr_counted ||
		    !bsearch(&now[i], c->counted, c->nr_counted, sizeof(*now),
			     compare_counted))
			c->found[now[i].kind]++;
	}
	if (findings->nr)
		qsort(now, findings->nr, sizeof(*now), compare_counted);
	free(c->counted);
	c->counted = now;
	c->nr_counted = findings->nr;
}

uint64_t counters_found(const struct counters *c, unsigned int kind)
{
	return c->found[kind];
}

size_t counters_size(const struct counters *c)
{
	return c->nr_totals;
}
