// SPDX-License-Identifier: GPL-2.0-only
#include "views/reload_line.h"

#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "model/snapshot.h"

/*
 * Whether dmsetup finds the device by this name, whatever its name mangling is:
 * a name that needs no mangling, and that is not an option.
 */
static bool is_plain(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789#+-.:=@_";

	return *name && *name != '-' && !name[strspn(name, plain)];
}

/* The device for dmsetup: by name, or by number if the name is not safe. */
static void add_device(struct strbuf *sb, const struct snap_entry *entry)
{
	if (is_plain(entry->device->name))
		text_quote(sb, entry->device->name);
	else
		/*
		 * dmsetup interprets the name of a device that it finds by
		 * number
		 */
		strbuf_addf(sb, "--manglename none -j %" PRIu32 " -m %" PRIu32,
			    entry->dev.major, entry->dev.minor);
}

static void add_dmsetup(struct strbuf *sb, const struct snap_entry *entry)
{
	bool inactive = entry->slot == SAMPLE_SLOT_INACTIVE;
	struct strbuf device = { 0 };
	const char *name, *slot = inactive ? "--inactive " : "";

	add_device(&device, entry);
	name = strbuf_text(&device);
	strbuf_addf(sb, "dmsetup table %s--showkeys %s | dmsetup load ", slot,
		    name);
	/*
	 * only the flag of the table that is live then counts, and it is not
	 * known now
	 */
	if (reload_way_is_read_only(entry))
		strbuf_addstr(sb, "--readonly ");
	else
		strbuf_addf(sb,
			    "$(dmsetup info %s-c --noheadings -o attr %s | "
			    "sed -n 's/.*r.*/--readonly/p') ",
			    slot, name);
	strbuf_addstr(sb, name);
	if (!inactive)
		strbuf_addf(sb, " && dmsetup resume %s", name);
	strbuf_release(&device);
}

bool reload_line_add(struct strbuf *sb, enum reload_way way,
		     const struct snap_entry *entry)
{
	switch (way) {
	case RELOAD_DMSETUP:
	case RELOAD_INACTIVE:
		add_dmsetup(sb, entry);
		return true;
	case RELOAD_CRYPTSETUP:
		if (!is_plain(entry->device->name))
			return false;
		strbuf_addstr(sb, "cryptsetup refresh ");
		text_quote(sb, entry->device->name);
		return true;
	default:
		return false;
	}
}
