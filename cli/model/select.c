// SPDX-License-Identifier: GPL-2.0-only
/* Which entries of a snapshot are selected, and their sums. */
#include <stdlib.h>
#include <string.h>

#include "model/snapshot.h"
#include "base/alloc.h"
#include "base/compare.h"
#include "base/strbuf.h"
#include "stall/graph.h"

static unsigned int rank_of(const struct snap_entry *entry,
			    const struct device_arg *arg)
{
	return entry->dev_known ?
		       device_arg_rank(arg, entry->dev, entry->device) :
		       DEVICE_ARG_NONE;
}

/* How well @arg names the device of @snap that it names best. */
unsigned int snapshot_rank(const struct snapshot *snap,
			   const struct device_arg *arg)
{
	unsigned int best = DEVICE_ARG_NONE;

	for (size_t i = 0; i < snap->nr_entries; i++) {
		unsigned int rank = rank_of(&snap->entries[i], arg);

		if (rank < best)
			best = rank;
	}
	return best;
}

bool snap_entry_matches(const struct snap_entry *entry, const char *glob)
{
	return entry->device && device_name_matches(entry->device->name, glob);
}

bool snap_entry_has_target(const struct snap_entry *entry, const char *type)
{
	size_t i;

	for (i = 0; i < entry->nr_targets; i++) {
		if (strcmp(entry->targets[i]->type, type) == 0)
			return true;
	}
	for (i = 0; i < entry->nr_pools; i++) {
		if (strcmp(entry->pools[i].raw->target_type, type) == 0)
			return true;
	}
	return false;
}

static bool matches_any(const struct snap_entry *entry,
			const struct word_list *list,
			bool (*match)(const struct snap_entry *, const char *))
{
	size_t i;

	for (i = 0; i < list->nr; i++) {
		if (match(entry, list->words[i]))
			return true;
	}
	return list->nr == 0;
}

/* Whether one of the arguments means @entry; @best is how well each names any. */
static bool is_meant(const struct snap_entry *entry,
		     const struct device_args *devices,
		     const unsigned int *best)
{
	for (size_t i = 0; i < devices->nr; i++) {
		if (best[i] != DEVICE_ARG_NONE &&
		    rank_of(entry, &devices->args[i]) == best[i])
			return true;
	}
	return devices->nr == 0;
}

/*
 * Which entries are one of the devices filter->on, or below one of them. The caller
 * frees the list; NULL: all.
 */
static bool *find_carriers(const struct snapshot *snap,
			   const struct snap_filter *filter)
{
	struct graph graph;
	size_t *from;
	bool *ret;

	if (!filter->nr_on)
		return NULL;
	ret = xcalloc(snap->nr_entries, sizeof(*ret));
	from = xcalloc(filter->nr_on, sizeof(*from));
	graph_build(snap->sample, &graph);
	for (size_t i = 0; i < filter->nr_on; i++)
		from[i] = graph_find(&graph, filter->on[i]);
	graph_reach(&graph, from, filter->nr_on, GRAPH_DOWN);
	for (size_t i = 0; i < snap->nr_entries; i++) {
		const struct snap_entry *entry = &snap->entries[i];
		size_t node = entry->dev_known ?
				      graph_find(&graph, entry->dev) :
				      GRAPH_NONE;

		ret[i] = node != GRAPH_NONE && graph.nodes[node].reached;
		for (size_t j = 0; node != GRAPH_NONE && j < filter->nr_on; j++)
			ret[i] |= from[j] == node;
	}
	graph_release(&graph);
	free(from);
	return ret;
}

void snapshot_select(const struct snapshot *snap,
		     const struct snap_filter *filter,
		     struct snap_selection *ret)
{
	const struct device_args *devices = &filter->devices;
	unsigned int *best = xcalloc(devices->nr, sizeof(*best));
	bool *carriers = find_carriers(snap, filter);
	size_t i;

	for (i = 0; i < devices->nr; i++)
		best[i] = snapshot_rank(snap, &devices->args[i]);
	ret->nr = 0;
	ret->entries = xcalloc(snap->nr_entries, sizeof(*ret->entries));
	for (i = 0; i < snap->nr_entries; i++) {
		const struct snap_entry *entry = &snap->entries[i];

		if ((!carriers || carriers[i]) &&
		    is_meant(entry, devices, best) &&
		    matches_any(entry, &filter->names, snap_entry_matches) &&
		    matches_any(entry, &filter->targets, snap_entry_has_target))
			ret->entries[ret->nr++] = entry;
	}
	free(carriers);
	free(best);
}

bool *snap_selection_pools(const struct snapshot *snap,
			   const struct snap_selection *sel)
{
	const struct sample *sample = snap->sample;
	bool *ret = xcalloc(sample->nr_pools, sizeof(*ret));

	for (size_t i = 0; i < sel->nr; i++) {
		const struct snap_entry *entry = sel->entries[i];

		for (size_t j = 0; j < entry->nr_pools; j++) {
			if (!entry->pools[j].guest)
				ret[entry->pools[j].raw - sample->pools] = true;
		}
	}
	return ret;
}

void snap_selection_release(struct snap_selection *sel)
{
	free(sel->entries);
	*sel = (struct snap_selection){ 0 };
}

/* Whether an entry of @sel before place @i is of the same device. */
static bool device_seen(const struct snap_entry **by_device, size_t i)
{
	return i && by_device[i - 1]->dev.major == by_device[i]->dev.major &&
	       by_device[i - 1]->dev.minor == by_device[i]->dev.minor;
}

/* Entries as the snapshot has them: a device's tables side by side. */
static int compare_entries(const void *pa, const void *pb)
{
	const struct snap_entry *a = *(const struct snap_entry *const *)pa;
	const struct snap_entry *b = *(const struct snap_entry *const *)pb;

	return compare_addresses(a, b);
}

/* An entry after the first of its device counts only if the first was known. */
static void count_devices(const struct snap_entry **entries, size_t nr,
			  struct snap_count *ret)
{
	bool unknown = false;
	size_t i;

	*ret = (struct snap_count){ 0 };
	if (nr)
		qsort(entries, nr, sizeof(*entries), compare_entries);
	for (i = 0; i < nr; i++) {
		if (!entries[i]->dev_known)
			continue;
		if (!device_seen(entries, i)) {
			ret->devices++;
			unknown = false;
		}
		if (!entries[i]->pools_known && !unknown)
			ret->unknown++;
		unknown |= !entries[i]->pools_known;
	}
}

void snap_sum_entries(const struct snap_entry **entries, size_t nr,
		      size_t *seen, size_t mark, struct snap_sums *sums,
		      struct snap_count *count)
{
	*sums = (struct snap_sums){ 0 };
	for (size_t i = 0; i < nr; i++) {
		const struct snap_entry *entry = entries[i];

		for (size_t j = 0; j < entry->nr_pools; j++) {
			struct snap_pool pool = entry->pools[j];

			if (seen[pool.identity] == mark)
				continue;
			seen[pool.identity] = mark;
			/* tasks that also wait for other devices */
			pool.guest = NULL;
			snap_sums_add(sums, &pool);
		}
	}
	/* unknown stays unknown, whatever is added */
	for (size_t i = 0; i < nr; i++)
		snap_sums_miss(sums, entries[i]);
	count_devices(entries, nr, count);
}

void snap_selection_sum(const struct snapshot *snap,
			const struct snap_selection *sel, const char *glob,
			struct snap_sums *sums, struct snap_count *count)
{
	size_t *seen = xcalloc(snap->nr_pools, sizeof(*seen));
	const struct snap_entry **wanted = xcalloc(sel->nr, sizeof(*wanted));
	size_t nr = 0, i;

	for (i = 0; i < sel->nr; i++) {
		if (!glob || snap_entry_matches(sel->entries[i], glob))
			wanted[nr++] = sel->entries[i];
	}
	snap_sum_entries(wanted, nr, seen, 1, sums, count);
	free(wanted);
	free(seen);
}

static int compare_words(const void *pa, const void *pb)
{
	const char *const *a = pa, *const *b = pb;

	return strcmp(*a, *b);
}

/* Adds the unknown types of @entry to @types, which has room. */
static size_t list_unknown_types(const struct snap_entry *entry,
				 const char **types)
{
	size_t nr = 0, i;

	for (i = 0; i < entry->nr_targets; i++) {
		if (!snap_knows_target(entry, entry->targets[i]))
			types[nr++] = entry->targets[i]->type;
	}
	return nr;
}

const char **snap_list_unknown_types(const struct snap_entry *const *entries,
				     size_t nr, size_t *ret_nr)
{
	size_t room = 0, all = 0, kept = 0, i;
	const char **types;

	for (i = 0; i < nr; i++)
		room += entries[i]->nr_targets;
	types = xcalloc(room, sizeof(*types));
	for (i = 0; i < nr; i++)
		all += list_unknown_types(entries[i], types + all);
	if (all)
		qsort(types, all, sizeof(*types), compare_words);
	for (i = 0; i < all; i++) {
		if (!kept || strcmp(types[kept - 1], types[i]))
			types[kept++] = types[i];
	}
	*ret_nr = kept;
	return types;
}

size_t snap_add_unknown_types(const struct snap_entry *const *entries,
			      size_t nr, struct strbuf *sb)
{
	size_t nr_types, i;
	const char **types = snap_list_unknown_types(entries, nr, &nr_types);

	for (i = 0; i < nr_types; i++)
		strbuf_addf(sb, "%s%s", i ? ", " : "", types[i]);
	free(types);
	return nr_types;
}
