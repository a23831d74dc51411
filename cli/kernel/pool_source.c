// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/pool_source.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decode/pool_maps.h"
#include "kernel/map_read.h"
#include "kernel/slab_layout.h"
#include "kernel/sysfs_source.h"
#include "kernel/why.h"
#include "memtop_record.h"
#include "base/alloc.h"
#include "base/msg.h"
#include "sample/sample.h"
#include "system/clocks.h"
#include "system/stop.h"

#include "memtop.skel.h"

/*
 * Room in the maps for a device: a verity device with error correction has 22
 * pools, and twice that while a second table is loaded.
 */
#define POOLS_PER_DEVICE 44
#define TABLES_PER_DEVICE 2
/*
 * Map entries for twice as many devices as exist at the start, and some more;
 * for one sample only for those that exist. All of it is cleared at the start
 * and walked by each reading.
 */
#define SPARE_DEVICES 1024
#define SPARE_DEVICES_ONCE 64
/*
 * Map entries for tasks that wait at the same time, and for blocks in repair:
 * each has a worker. All of it is allocated and cleared at the start, so it is
 * less for one sample, whose cost is mostly the start.
 */
#define MAX_WAITS 4096
#define MAX_WAITS_ONCE 1024
#define MAX_OPS 1024
#define MAX_OPS_ONCE 256
/*
 * Map entries for taken elements: only rechecks, corrections and the like take
 * some.
 */
#define MAX_ELEMENTS 8192

/* Map entries for pools that have had a wait. */
#define MAX_HISTOGRAMS 2048

/* Size of the ring for news, 32 bytes each. */
#define NEWS_ROOM (64 * 1024)

/* The purpose of an event. */
enum purpose {
	FOR_POOLS, /* finding pools and tables */
	FOR_NOW, /* finding waits and repairs at the moment of a sample */
	FOR_COUNTS, /* counting events between samples */
};

struct attachment {
	const char *tracepoint;
	struct bpf_program *prog;
	enum purpose purpose;
	struct bpf_link *link; /* owned; NULL: not attached */
};

#define NR_ATTACHMENTS 23

struct pool_source {
	struct memtop_bpf *skel;
	struct attachment at[NR_ATTACHMENTS];
	bool counts; /* stays attached for more than a sample */
	bool wants_news;
	int load_err; /* the result of loading */
	bool uses_known; /* the kernel has the events of uses */
	uint64_t raced_reads; /* tables left out of any sample */
	bool read; /* there was a reading before: */
	uint64_t changes; /* the events that it may contain, and no more */
	struct sample_losses losses; /* until then */
	struct ring_buffer *news; /* owned; NULL: not requested */
	uint64_t oldest; /* waits in the news */
};

static int print_libbpf(enum libbpf_print_level level, const char *fmt,
			va_list ap)
{
	/* errors are reported by this program, in its own words */
	msg_library(level == LIBBPF_DEBUG ? MSG_TRACE : MSG_DEBUG, "libbpf",
		    fmt, ap);
	return 0;
}

static int say_load_failed(int err)
{
	int ret;

	msg_error_errno(err, "cannot load BPF programs");
	ret = why_not_loaded(err, NULL);
	/* these need no BTF */
	if (ret != -EOPNOTSUPP || err == -ENOSYS)
		return ret;
	msg_info(
		"--debug shows the messages of libbpf and of the kernel's verifier");
	return err;
}

static int say_attach_failed(int err, const char *tracepoint)
{
	if (err == -ENOENT && sysfs_is_mounted() && !sysfs_has_dm()) {
		msg_error(
			"device-mapper is not loaded: there is no device to report");
		return -ENODEV;
	}
	if (err == -ENOENT) {
		msg_debug("this kernel's device-mapper has no tracepoint %s",
			  tracepoint);
		return err;
	}
	return msg_error_errno(err, "cannot attach to tracepoint %s",
			       tracepoint);
}

int pool_source_say_missing(void)
{
	msg_error("device-mapper of this kernel has no tracepoints for pools");
	msg_info(
		"load the patched modules: README.md, \"On your own machine\"");
	return -EOPNOTSUPP;
}

#define ON(tracepoint, prog, purpose)                             \
	{                                                         \
#tracepoint, src->skel->progs.prog, purpose, NULL \
	}

/* clang-format off */
static void list_attachments(struct pool_source *src)
{
	const struct attachment wanted[NR_ATTACHMENTS] = {
		/*
		 * ends before beginnings: none is missed once all are attached
		 */
		ON(dm_pool_destroy, on_pool_destroy, FOR_POOLS),
		ON(dm_verity_pool_destroy, on_pool_destroy, FOR_POOLS),
		ON(dm_pool_clear, on_clear, FOR_POOLS),
		ON(dm_pool_bind, on_bind, FOR_POOLS),
		ON(dm_pool_create, on_pool, FOR_POOLS),
		ON(dm_verity_pool_create, on_pool, FOR_POOLS),
		ON(dm_pool_state, on_pool, FOR_POOLS),
		ON(dm_verity_pool_state, on_pool, FOR_POOLS),

		ON(dm_pool_wait_state, on_wait_state, FOR_NOW),
		ON(dm_verity_pool_wait_state, on_wait_state, FOR_NOW),
		ON(dm_verity_recheck_state, on_recheck_state, FOR_NOW),
		ON(dm_verity_fec_decode_state, on_decode_state, FOR_NOW),

		ON(dm_pool_wait_end, on_wait_end, FOR_COUNTS),
		ON(dm_verity_pool_wait_end, on_wait_end, FOR_COUNTS),
		ON(dm_verity_recheck_end, on_recheck_end, FOR_COUNTS),
		ON(dm_verity_fec_decode_end, on_decode_end, FOR_COUNTS),
		ON(dm_pool_wait_begin, on_wait_begin, FOR_COUNTS),
		ON(dm_verity_pool_wait_begin, on_wait_begin, FOR_COUNTS),
		ON(dm_verity_recheck_begin, on_recheck_begin, FOR_COUNTS),
		ON(dm_verity_fec_decode_begin, on_decode_begin, FOR_COUNTS),
		ON(dm_pool_level, on_level, FOR_COUNTS),
		ON(dm_verity_pool_give, on_give, FOR_COUNTS),
		ON(dm_verity_pool_take, on_take, FOR_COUNTS),
	};

	memcpy(src->at, wanted, sizeof(wanted));
}
/* clang-format on */

static bool is_wanted(const struct pool_source *src,
		      const struct attachment *at)
{
	return src->counts || at->purpose != FOR_COUNTS;
}

/* Programs that are not loaded need no verification. */
static void load_only_wanted(struct pool_source *src)
{
	for (size_t i = 0; i < NR_ATTACHMENTS; i++) {
		struct attachment *at = &src->at[i];

		if (!is_wanted(src, at))
			bpf_program__set_autoload(at->prog, false);
	}
	for (size_t i = 0; i < NR_ATTACHMENTS; i++) {
		struct attachment *at = &src->at[i];

		if (is_wanted(src, at))
			bpf_program__set_autoload(at->prog, true);
	}
}

/* Kernels with the first events of the series only have those FOR_POOLS. */
static int attach(struct pool_source *src)
{
	src->uses_known = true;
	for (size_t i = 0; i < NR_ATTACHMENTS; i++) {
		struct attachment *at = &src->at[i];

		if (!is_wanted(src, at))
			continue;
		at->link = bpf_program__attach_raw_tracepoint(at->prog,
							      at->tracepoint);
		if (at->link)
			continue;
		if (errno != ENOENT || at->purpose == FOR_POOLS)
			return say_attach_failed(-errno, at->tracepoint);
		msg_debug(
			"this kernel has no tracepoint %s: waits and rechecks are unknown",
			at->tracepoint);
		src->uses_known = false;
		break;
	}
	return 0;
}

static int size_maps(struct memtop_bpf *skel,
		     const struct collect_params *params)
{
	const struct collect_room *room = &params->room;
	bool once = params->span == COLLECT_ONCE;
	size_t now = sysfs_count_devices();
	size_t devices = once ? now + SPARE_DEVICES_ONCE :
				2 * now + SPARE_DEVICES;
	const struct {
		struct bpf_map *map;
		size_t wanted;
		size_t usual;
	} maps[] = {
		{ skel->maps.pools, room->pools, devices * POOLS_PER_DEVICE },
		{ skel->maps.tables, room->tables,
		  devices * TABLES_PER_DEVICE },
		{ skel->maps.waits, room->waits,
		  once ? MAX_WAITS_ONCE : MAX_WAITS },
		{ skel->maps.ops, room->ops, once ? MAX_OPS_ONCE : MAX_OPS },
		{ skel->maps.elements, room->elements,
		  once ? 1 : MAX_ELEMENTS },
		{ skel->maps.histograms, room->histograms,
		  once ? 1 : MAX_HISTOGRAMS },
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(maps) / sizeof(maps[0]); i++)
		err = bpf_map__set_max_entries(maps[i].map,
					       maps[i].wanted ? maps[i].wanted :
								maps[i].usual);
	return err;
}

static int take_one(void *arg, void *data, size_t size)
{
	struct pool_source *src = arg;
	const struct memtop_news *news = data;

	if (size >= sizeof(*news) && src->oldest > news->since)
		src->oldest = news->since;
	return 0;
}

/* Before loading: without a reader of news there is no ring. */
static int prepare_news(struct pool_source *src)
{
	struct bpf_map *ring = src->skel->maps.news;

	if (!src->wants_news)
		return src->counts ? 0 : bpf_map__set_autocreate(ring, false);
	src->skel->rodata->news_wanted = 1;
	return bpf_map__set_max_entries(ring, NEWS_ROOM);
}

static int open_news(struct pool_source *src)
{
	if (!src->wants_news)
		return 0;
	src->news = ring_buffer__new(bpf_map__fd(src->skel->maps.news),
				     take_one, src, NULL);
	return src->news ? 0 : msg_error_errno(errno, "cannot read the ring");
}

/* Once: libbpf itself retries after interruptions. */
static int load(void *arg)
{
	struct pool_source *src = arg;

	src->load_err = memtop_bpf__load(src->skel);
	return 0;
}

int pool_source_open(const struct collect_params *params,
		     struct pool_source **ret)
{
	struct pool_source *src = xcalloc(1, sizeof(*src));
	int err;

	libbpf_set_print(print_libbpf);

	src->skel = memtop_bpf__open();
	if (!src->skel) {
		err = say_load_failed(-errno);
		goto fail;
	}
	src->counts = params->span != COLLECT_ONCE;
	src->wants_news = params->span == COLLECT_WATCH;
	list_attachments(src);
	load_only_wanted(src);
	src->skel->rodata->kmem_cache_size_offset = slab_layout_size_offset();
	err = size_maps(src->skel, params);
	if (!err)
		err = prepare_news(src);
	if (!err)
		err = stop_undisturbed(load, src) ?: src->load_err;
	if (err) {
		err = say_load_failed(err);
		goto fail;
	}
	err = open_news(src);
	if (!err)
		err = attach(src);
	if (err)
		goto fail;
	*ret = src;
	return 0;

fail:
	pool_source_close(src);
	return err;
}

void pool_source_begin_pass(struct pool_source *src)
{
	src->skel->bss->pass++;
}

bool pool_source_missed_use(const struct pool_source *src)
{
	return !src->skel->bss->started && src->skel->bss->unknown_uses;
}

static uint64_t missed_runs(const struct pool_source *src)
{
	struct bpf_program *prog;
	uint64_t sum = 0;

	bpf_object__for_each_program(prog, src->skel->obj) {
		struct bpf_prog_info info = { 0 };
		uint32_t len = sizeof(info);

		if (!bpf_program__autoload(prog))
			continue;
		if (bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &len))
			return MEMTOP_UNKNOWN;
		sum += info.recursion_misses;
	}
	return sum;
}

/* Returns 0 or -errno; @maps is the caller's to release either way. */
static int copy_maps(const struct pool_source *src, struct pool_maps *maps)
{
	const struct memtop_bpf *skel = src->skel;
	const struct {
		const struct bpf_map *map;
		size_t size;
		struct map_copy *copy;
	} wanted[] = {
		{ skel->maps.histograms, sizeof(struct memtop_histogram),
		  &maps->histograms },
		{ skel->maps.pools, sizeof(struct memtop_pool), &maps->pools },
		{ skel->maps.tables, sizeof(struct memtop_table),
		  &maps->tables },
		{ skel->maps.waits, sizeof(struct memtop_wait), &maps->waits },
		{ skel->maps.ops, sizeof(struct memtop_op), &maps->ops },
		{ skel->maps.elements, sizeof(struct memtop_element),
		  &maps->elements },
	};

	*maps = (struct pool_maps){ .pass = skel->bss->pass,
				    .now_known = src->uses_known,
				    .started = skel->bss->started,
				    .counts_known = src->uses_known &&
						    src->counts };
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		int err = map_read(bpf_map__fd(wanted[i].map),
				   bpf_map__key_size(wanted[i].map),
				   wanted[i].size, wanted[i].copy);

		if (err)
			return msg_error_errno(err, "cannot read the map of %s",
					       bpf_map__name(wanted[i].map));
	}
	return 0;
}

static int say_bad_version(void)
{
	msg_error(
		"the kernel's pool events have a layout that this version does not read");
	msg_info("use modules built from the same version as this tool");
	return -EOPNOTSUPP;
}

/* The programs write it meanwhile. */
static uint64_t changes_now(const struct pool_source *src)
{
	return __atomic_load_n(&src->skel->bss->changes, __ATOMIC_ACQUIRE);
}

/* Except for data that changed while it was read. */
static struct sample_losses losses_now(const struct pool_source *src)
{
	return (struct sample_losses){
		.ring_full = src->skel->bss->ring_full,
		.map_full = src->skel->bss->map_full,
		.missed_runs = missed_runs(src),
	};
}

static int read_maps(struct pool_source *src, bool kept, struct sample *s)
{
	struct pool_maps maps;
	int err;

	src->read = false;

	/*
	 * all pools and tables are known now, so all events have an entry to
	 * count in
	 */
	if (!src->skel->bss->started)
		src->skel->bss->started = boottime_now();
	src->changes = changes_now(src);
	err = copy_maps(src, &maps);
	if (!err && src->skel->bss->bad_version)
		err = say_bad_version();
	if (err)
		goto out;

	s->source = SAMPLE_TRACEPOINTS;
	src->losses = s->losses = losses_now(src);
	src->read = true;
	maps.kept = kept;
	maps.lossy = s->losses.map_full || s->losses.missed_runs;
	src->raced_reads += pool_maps_fill(&maps, s);
	s->losses.raced_reads = src->raced_reads + pool_maps_incomplete(&maps);
out:
	pool_maps_release(&maps);
	return err;
}

int pool_source_read(struct pool_source *src, struct sample *s)
{
	return read_maps(src, false, s);
}

int pool_source_read_kept(struct pool_source *src, struct sample *s)
{
	return read_maps(src, true, s);
}

bool pool_source_is_same(const struct pool_source *src)
{
	struct sample_losses now = losses_now(src);

	return src->read && src->changes == changes_now(src) &&
	       memcmp(&src->losses, &now, sizeof(now)) == 0;
}

int pool_source_news_fd(const struct pool_source *src)
{
	return src->news ? ring_buffer__epoll_fd(src->news) : -1;
}

bool pool_source_take_news(struct pool_source *src, uint64_t *since)
{
	src->oldest = UINT64_MAX;
	if (src->news)
		ring_buffer__consume(src->news);
	*since = src->oldest;
	return src->oldest != UINT64_MAX;
}

void pool_source_close(struct pool_source *src)
{
	if (!src)
		return;
	for (size_t i = 0; i < NR_ATTACHMENTS; i++)
		bpf_link__destroy(src->at[i].link);
	ring_buffer__free(src->news);
	memtop_bpf__destroy(src->skel);
	free(src);
}
