// SPDX-License-Identifier: GPL-2.0-only
#include "fields/field_values.h"

#include <inttypes.h>

#include "base/strbuf.h"
#include "base/units.h"
#include "sample/wait_histogram.h"
#include "model/snapshot.h"
#include "sample/wait_histogram.h"
#include "sample/words.h"

void value_add_devno(struct strbuf *sb, struct sample_devno dev)
{
	strbuf_addf(sb, "%" PRIu32 ":%" PRIu32, dev.major, dev.minor);
}

bool value_add_known(struct strbuf *sb, const char *s)
{
	strbuf_addstr(sb, s);
	return *s != '\0';
}

bool value_name(const struct field_row *row, struct strbuf *sb)
{
	return row->entry->device &&
	       value_add_known(sb, row->entry->device->name);
}

bool value_dev(const struct field_row *row, struct strbuf *sb)
{
	if (row->entry->dev_known)
		value_add_devno(sb, row->entry->dev);
	return row->entry->dev_known;
}

uint64_t value_devno(const struct field_row *row)
{
	if (!row->entry->dev_known)
		return MEMTOP_UNKNOWN;
	return (uint64_t)row->entry->dev.major << 32 | row->entry->dev.minor;
}

bool value_add_slot(struct strbuf *sb, enum sample_slot slot)
{
	if (slot == SAMPLE_SLOT_UNKNOWN)
		return false;
	strbuf_addstr(sb, sample_slot_words[slot]);
	return true;
}

bool value_slot_used(const struct field_row *row)
{
	return row->entry->dev_known && row->entry->slot != SAMPLE_SLOT_LIVE;
}

bool value_is_some(uint64_t n)
{
	return n != 0 && n != MEMTOP_UNKNOWN;
}

struct snap_sum value_reserved(const struct snap_sums *sums)
{
	return sums->reserved;
}

struct snap_sum value_cached(const struct snap_sums *sums)
{
	return sums->cached;
}

struct snap_sum value_waits(const struct snap_sums *sums)
{
	return sums->waits;
}

struct snap_sum value_waiters(const struct snap_sums *sums)
{
	return sums->waiters;
}

static struct wait_histogram durations_of(const struct field_row *row)
{
	struct wait_histogram sum = wait_histogram_none();

	if (row->pool) {
		wait_histogram_add(&sum, row->pool->raw);
		return sum;
	}
	sum.known = row->entry->nr_pools > 0;
	for (size_t i = 0; i < row->entry->nr_pools; i++) {
		/* one that is listed elsewhere counts there */
		if (!row->entry->pools[i].guest)
			wait_histogram_add(&sum, row->entry->pools[i].raw);
	}
	return sum;
}

/* Adds the upper bound of @bucket; of the last one, its lower bound. */
static void add_bound(struct strbuf *sb, size_t bucket)
{
	const uint64_t most = wait_histogram_most(bucket);

	if (most == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, ">");
	units_add_time(sb, most == MEMTOP_UNKNOWN ?
				   wait_histogram_most(bucket - 1) :
				   most);
}

/* One character a bucket, of eight heights; '_' is none. */
static void add_bar(struct strbuf *sb, const struct wait_histogram *h,
		    size_t first, size_t last)
{
	static const char heights[] = ".:-=+*%#";
	const size_t steps = sizeof(heights) - 1;
	uint64_t most = 0;

	for (size_t i = first; i <= last; i++)
		most = h->waits[i] > most ? h->waits[i] : most;
	for (size_t i = first; i <= last; i++) {
		const size_t step =
			(size_t)((long double)h->waits[i] * (steps - 1) / most);

		strbuf_add(sb, h->waits[i] ? &heights[step] : "_", 1);
	}
}

bool value_durations(const struct field_row *row, struct strbuf *sb)
{
	const struct wait_histogram h = durations_of(row);
	size_t first = 0, last = WAIT_HISTOGRAM_BUCKETS;

	if (!h.known)
		return false;
	while (first < last && !h.waits[first])
		first++;
	if (first == last) {
		strbuf_addstr(sb, "none");
		return true;
	}
	while (!h.waits[--last])
		;
	if (first)
		add_bound(sb, first - 1);
	else
		strbuf_addstr(sb, "0");
	strbuf_addstr(sb, " ");
	add_bar(sb, &h, first, last);
	strbuf_addstr(sb, " ");
	add_bound(sb, last);
	return true;
}

void value_add_task(struct strbuf *sb, const struct field_row *row,
		    const char *comm, uint32_t pid, uint64_t since_ns)
{
	uint64_t age = snap_age(row->entry, since_ns);

	if (pid)
		strbuf_addf(sb, "%s[%" PRIu32 "] ", comm, pid);
	else
		strbuf_addstr(sb, "interrupt ");
	if (age == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "-");
	else
		units_add_time(sb, age);
}
