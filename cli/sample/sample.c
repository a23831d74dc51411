// SPDX-License-Identifier: GPL-2.0-only
#include "sample/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/text.h"

/* Minors and majors, MINORBITS of <linux/kdev_t.h>. */
#define MAX_MINOR ((1U << 20) - 1)
#define MAX_MAJOR ((1U << 12) - 1)

void sample_release_stacks(struct sample *s)
{
	for (size_t i = 0; i < s->nr_stacks; i++)
		free(s->stacks[i].text);
	free(s->stacks);
	s->stacks = NULL;
	s->nr_stacks = 0;
}

void sample_release_blocks(struct sample *s)
{
	for (size_t i = 0; i < s->nr_blocks; i++) {
		struct sample_block *block = &s->blocks[i];

		for (size_t j = 0; j < block->nr_mounts; j++)
			free(block->mounts[j].point);
		free(block->mounts);
		free(block->backing);
		free(block->backing_mount);
		free(block->lower);
	}
	free(s->blocks);
	s->blocks = NULL;
	s->nr_blocks = 0;
	s->blocks_known = false;
}

void sample_release(struct sample *s)
{
	size_t i;

	for (i = 0; i < s->nr_devices; i++) {
		free(s->devices[i].targets);
		free(s->devices[i].lower);
		free(s->devices[i].ops);
	}
	for (i = 0; i < s->nr_pools; i++) {
		free(s->pools[i].waiters);
		free(s->pools[i].holders);
		free(s->pools[i].wait_histogram);
	}
	sample_release_stacks(s);
	sample_release_blocks(s);
	free(s->devices);
	free(s->pools);
	free(s->links);
	*s = (struct sample){ 0 };
}

bool sample_same_run(const struct sample *a, const struct sample *b)
{
	return a->run_ns == b->run_ns && strcmp(a->boot_id, b->boot_id) == 0 &&
	       strcmp(a->host, b->host) == 0;
}

bool sample_anybody_waits(const struct sample *s)
{
	for (size_t i = 0; i < s->nr_pools; i++) {
		if (s->pools[i].nr_waiters)
			return true;
	}
	return false;
}

bool sample_parse_devno(const char *text, struct sample_devno *ret)
{
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	uint64_t major, minor;
	char head[8];

	if (!colon || len >= sizeof(head) ||
	    text_to_u64(colon + 1, 0, MAX_MINOR, &minor))
		return false;
	text_copy(head, len + 1, text);
	if (text_to_u64(head, 0, MAX_MAJOR, &major))
		return false;
	*ret = (struct sample_devno){ (uint32_t)major, (uint32_t)minor };
	return true;
}

int sample_compare_devno(struct sample_devno a, struct sample_devno b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	return compare_u64(a.minor, b.minor);
}

int sample_compare_devnos(const void *a, const void *b)
{
	const struct sample_devno *da = a, *db = b;

	return sample_compare_devno(*da, *db);
}

int sample_compare_devices(const void *a, const void *b)
{
	const struct sample_device *da = a, *db = b;

	return sample_compare_devno(da->dev, db->dev);
}

int sample_compare_blocks(const void *a, const void *b)
{
	const struct sample_block *ba = a, *bb = b;

	return sample_compare_devno(ba->dev, bb->dev);
}

int sample_compare_stacks(const void *a, const void *b)
{
	const struct sample_stack *sa = a, *sb = b;

	return compare_u64(sa->pid, sb->pid);
}

const struct sample_stack *sample_find_stack(const struct sample *s,
					     uint32_t pid)
{
	const struct sample_stack key = { .pid = pid };

	return s->nr_stacks ? bsearch(&key, s->stacks, s->nr_stacks,
				      sizeof(key), sample_compare_stacks) :
			      NULL;
}

struct sample_device sample_device_new(struct sample_devno dev)
{
	return (struct sample_device){ .dev = dev,
				       .rechecks = MEMTOP_UNKNOWN,
				       .failed_rechecks = MEMTOP_UNKNOWN,
				       .decodes = MEMTOP_UNKNOWN,
				       .failed_decodes = MEMTOP_UNKNOWN,
				       .corrupted = MEMTOP_UNKNOWN,
				       .rechecking = MEMTOP_UNKNOWN,
				       .decoding = MEMTOP_UNKNOWN };
}

struct sample_device *sample_find_device(const struct sample *s,
					 struct sample_devno dev)
{
	const struct sample_device key = { .dev = dev };

	return s->nr_devices ? bsearch(&key, s->devices, s->nr_devices,
				       sizeof(key), sample_compare_devices) :
			       NULL;
}

const struct sample_block *sample_find_block(const struct sample *s,
					     struct sample_devno dev)
{
	const struct sample_block key = { .dev = dev };

	return s->nr_blocks ? bsearch(&key, s->blocks, s->nr_blocks,
				      sizeof(key), sample_compare_blocks) :
			      NULL;
}

void sample_leave_out(struct sample *s, bool wall_clock, bool host)
{
	if (wall_clock)
		s->realtime_ns = MEMTOP_UNKNOWN;
	if (host) {
		memset(s->host, 0, sizeof(s->host));
		memset(s->boot_id, 0, sizeof(s->boot_id));
	}
}

void sample_list_losses(const struct sample_losses *losses,
			struct sample_loss list[SAMPLE_NR_LOSSES])
{
	const struct sample_loss all[SAMPLE_NR_LOSSES] = {
		{ "ring_full", losses->ring_full },
		{ "map_full", losses->map_full },
		{ "missed_runs", losses->missed_runs },
		{ "raced_reads", losses->raced_reads },
	};

	memcpy(list, all, sizeof(all));
}
