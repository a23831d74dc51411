// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"
#include "model/drawing.h"
#include "views/drawing_view.h"
#include "views/output.h"

static void add_text(struct strbuf *sb, const char *text)
{
	text_escape(sb, text, output_ascii_only());
}

static void add_devno(struct strbuf *sb, struct sample_devno dev)
{
	strbuf_addf(sb, "%" PRIu32 ":%" PRIu32, dev.major, dev.minor);
}

/* "verity, linear": each type of the table once in a row */
static void add_types(struct strbuf *sb, const struct snap_entry *entry)
{
	for (size_t i = 0; i < entry->nr_targets; i++) {
		const char *type = entry->targets[i]->type;

		if (i && strcmp(entry->targets[i - 1]->type, type) == 0)
			continue;
		strbuf_addstr(sb, i ? ", " : " ");
		add_text(sb, type);
	}
}

static void add_reserve(struct strbuf *sb, const struct snap_entry *entry)
{
	const struct snap_sum *sum = &entry->sums.reserved;

	strbuf_addstr(sb, "\n");
	if (entry->slot == SAMPLE_SLOT_INACTIVE)
		strbuf_addstr(sb, "inactive table: ");
	if (sum->exact == MEMTOP_UNKNOWN)
		strbuf_addstr(sb, "at least ");
	units_add_bytes(sb, sum->least);
	strbuf_addstr(sb, " in reserve");
}

static void add_line(struct strbuf *sb, const char *before, const char *text)
{
	strbuf_addf(sb, "\n%s", before);
	add_text(sb, text);
}

/* "file /srv/image", "mounted at /data, +2" */
static void add_places(struct strbuf *sb, const struct sample_block *block)
{
	if (*block->backing)
		add_line(sb, "file ", block->backing);
	if (block->nr_mounts)
		add_line(sb, "mounted at ", block->mounts[0].point);
	if (block->nr_mounts > 1)
		strbuf_addf(sb, ", +%zu", block->nr_mounts - 1);
}

static void add_device(struct strbuf *sb, const struct drawing_node *node)
{
	const char *name = node->device ? node->device->name :
			   node->block	? node->block->name :
					  "";

	if (*name) {
		add_text(sb, name);
		strbuf_addstr(sb, "\n");
	}
	add_devno(sb, node->dev);
	if (node->nr_entries)
		add_types(sb, &node->entries[0]);
	for (size_t i = 0; i < node->nr_entries; i++)
		add_reserve(sb, &node->entries[i]);
	if (node->block)
		add_places(sb, node->block);
	if (node->device && node->device->suspended)
		strbuf_addstr(sb, "\nsuspended");
}

void drawing_add_label(struct strbuf *sb, const struct drawing_node *node)
{
	switch (node->kind) {
	case DRAWING_DEVICE:
		add_device(sb, node);
		break;
	case DRAWING_TASK:
		if (!node->pid) {
			strbuf_addstr(sb, "an interrupt");
			break;
		}
		add_text(sb, node->comm);
		strbuf_addf(sb, "[%" PRIu32 "]", node->pid);
		break;
	case DRAWING_POOL:
		add_text(sb, node->pool->role);
		if (!node->pool->dev_known)
			break;
		strbuf_addstr(sb, "\nof ");
		add_devno(sb, node->pool->dev);
		break;
	}
}

static void add_sectors(struct strbuf *sb, const char *verb,
			const struct drawing_edge *edge)
{
	strbuf_addf(sb, "%s %" PRIu64 "+%" PRIu64, verb, edge->sector,
		    edge->sectors);
}

void drawing_add_edge_label(struct strbuf *sb, const struct drawing_edge *edge)
{
	switch (edge->kind) {
	case DRAWING_ON:
		break;
	case DRAWING_WAITS:
		strbuf_addstr(sb, "waits for");
		break;
	case DRAWING_HELD:
		strbuf_addstr(sb, "held");
		if (edge->dev_known) {
			strbuf_addstr(sb, " for ");
			add_devno(sb, edge->dev);
		}
		strbuf_addstr(sb, " by");
		break;
	case DRAWING_NEEDS:
		add_sectors(sb, "needs sectors", edge);
		break;
	case DRAWING_WORKED_ON:
		add_sectors(sb, "worked on: sectors", edge);
		break;
	}
}
