// SPDX-License-Identifier: GPL-2.0-only
#include "fields/field_values.h"

#include <inttypes.h>

#include "base/strbuf.h"
#include "base/units.h"
#include "model/snapshot.h"
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
