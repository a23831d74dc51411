// SPDX-License-Identifier: GPL-2.0-only
#include "collect/kept_maps.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

#define NR_PARTS 6

struct part {
	const void *bytes;
	size_t size;
};

/* Returns the size of all. */
static size_t list_parts(const struct stock_notes *n,
			 struct part ret[static NR_PARTS])
{
	const struct stock_numbers *nr = &n->nr;
	const struct part parts[NR_PARTS] = {
		{ n->devices, nr->devices * sizeof(*n->devices) },
		{ n->tables, nr->tables * sizeof(*n->tables) },
		{ n->targets, nr->targets * sizeof(*n->targets) },
		{ n->lower, nr->lower * sizeof(*n->lower) },
		{ n->pools, nr->pools * sizeof(*n->pools) },
		{ n->waits, nr->waits * sizeof(*n->waits) },
	};
	size_t size = 0;

	memcpy(ret, parts, sizeof(parts));
	for (size_t i = 0; i < NR_PARTS; i++)
		size += parts[i].size;
	return size;
}

static void keep_pass(struct kept_pass *kept, const struct stock_notes *n)
{
	struct part parts[NR_PARTS];
	unsigned char *to;

	kept->nr = n->nr;
	kept->size = list_parts(n, parts);
	if (kept->size > kept->room) {
		kept->room = kept->size;
		kept->bytes = xreallocarray(kept->bytes, kept->room, 1);
	}
	to = kept->bytes;
	for (size_t i = 0; i < NR_PARTS; i++) {
		if (parts[i].size)
			memcpy(to, parts[i].bytes, parts[i].size);
		to += parts[i].size;
	}
}

void kept_maps_keep(struct kept_maps *kept, const struct stock_notes passes[2],
		    const struct sample *s)
{
	kept_maps_forget(kept);
	for (size_t i = 0; i < 2; i++)
		keep_pass(&kept->passes[i], &passes[i]);
	sample_copy(s, &kept->sample);
	kept->valid = passes[0].finished && passes[1].finished;
}

void kept_maps_forget(struct kept_maps *kept)
{
	sample_release(&kept->sample);
	kept->valid = false;
}

static bool pass_matches(const struct kept_pass *kept,
			 const struct stock_notes *n)
{
	struct part parts[NR_PARTS];
	const unsigned char *from = kept->bytes;

	if (!n->finished || memcmp(&kept->nr, &n->nr, sizeof(n->nr)))
		return false;
	list_parts(n, parts);
	for (size_t i = 0; i < NR_PARTS; i++) {
		if (parts[i].size &&
		    memcmp(from, parts[i].bytes, parts[i].size))
			return false;
		from += parts[i].size;
	}
	return true;
}

bool kept_maps_match(const struct kept_maps *kept,
		     const struct stock_notes passes[2])
{
	return kept->valid && pass_matches(&kept->passes[0], &passes[0]) &&
	       pass_matches(&kept->passes[1], &passes[1]);
}

void kept_maps_release(struct kept_maps *kept)
{
	kept_maps_forget(kept);
	for (size_t i = 0; i < 2; i++)
		free(kept->passes[i].bytes);
	*kept = (struct kept_maps){ 0 };
}
