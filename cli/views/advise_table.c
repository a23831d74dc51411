// SPDX-License-Identifier: GPL-2.0-only
#include "views/advise_table.h"

#include <inttypes.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"
#include "model/advise.h"
#include "model/snapshot.h"
#include "views/output.h"

void advise_table_add_bytes(struct strbuf *sb, uint64_t bytes)
{
	if (bytes == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "-");
	else
		units_add_bytes(sb, bytes);
}

void advise_table_add_name(struct strbuf *sb, const struct advise_table *table)
{
	const struct snap_entry *entry = table->entry;

	if (!entry->dev_known) {
		strbuf_addstr(sb, "of no device");
		return;
	}
	text_escape(sb, entry->device ? entry->device->name : "-",
		    output_ascii_only());
	strbuf_addf(sb, " (%" PRIu32 ":%" PRIu32 "%s)", entry->dev.major,
		    entry->dev.minor,
		    entry->slot == SAMPLE_SLOT_INACTIVE ? ", inactive" : "");
}

void advise_table_add(struct strbuf *sb, const struct advise_table *table)
{
	advise_table_add_name(sb, table);
	strbuf_addf(sb, ": %" PRIu64, table->least);
	if (table->most != table->least)
		strbuf_addf(sb, " to %" PRIu64, table->most);
	strbuf_addstr(sb, ", ");
	advise_table_add_bytes(sb, table->now);
	strbuf_addstr(sb, " now, then ");
	advise_table_add_bytes(sb, table->then);
}

void advise_table_add_why_not(struct strbuf *sb,
			      const struct advise_table *table)
{
	static const char *const texts[NR_RELOAD_WAYS] = {
		[RELOAD_CRYPTSETUP] =
			"cryptsetup cannot take its name; make it again",
		[RELOAD_SUSPENDED] =
			"it is suspended; run advise again after it is resumed",
		[RELOAD_STUCK] =
			"a device below is suspended, or tasks are in a deadlock; run advise again after that",
		[RELOAD_PENDING] =
			"a resume would activate its inactive table instead",
		[RELOAD_NOBODY] =
			"it goes when the device that it serves is made again",
	};

	strbuf_addstr(sb, ": ");
	if (table->way != RELOAD_REMAKE) {
		strbuf_addstr(sb, texts[table->way]);
		return;
	}
	strbuf_addstr(sb, "make it again, as ");
	text_escape(sb, reload_way_culprit(table->entry), output_ascii_only());
	strbuf_addstr(sb, " is not loaded again while in use");
}
