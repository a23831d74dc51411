// SPDX-License-Identifier: GPL-2.0-only
#include "collect/pool_source.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/collect.h"
#include "collect/map_copy.h"
#include "collect/slab_layout.h"
#include "collect/sysfs_source.h"
#include "collect/use_source.h"
#include "memtop_record.h"
#include "model/sample.h"
#include "util/alloc.h"
#include "util/boottime.h"
#include "util/msg.h"

#include "memtop.skel.h"

/*
 * Room in the maps for a device: a verity device with error correction has 22
 * pools, and twice that while a second table is loaded.
 */
#define POOLS_PER_DEVICE 44
#define TABLES_PER_DEVICE 2
/* Room for as many devices as there are when we start, twice, and then some. */
#define SPARE_DEVICES 1024
/* Room for tasks that wait, and for blocks in repair, at the same time. */
#define MAX_WAITS 8192
#define MAX_OPS 8192

/* What an event is needed for. */
enum purpose {
	FOR_POOLS, /* to know what exists */
	FOR_NOW, /* to know what goes on at the moment of a sample */
	FOR_COUNTS, /* to know what happens between samples */
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
	bool uses_known; /* the kernel has the events of uses */
	uint64_t raced_reads; /* tables left out of some sample */
};

static int print_libbpf(enum libbpf_print_level level, const char *fmt,
			va_list ap)
{
	/* what goes wrong is said by us, in the user's words */
	msg_library(level == LIBBPF_DEBUG ? MSG_TRACE : MSG_DEBUG, "libbpf",
		    fmt, ap);
	return 0;
}

static int say_load_failed(int err)
{
	if (err == -EPERM || err == -EACCES) {
		msg_error_errno(err, "can't load BPF programs");
		msg_info(
			"this takes CAP_BPF, CAP_PERFMON and, to ask device-mapper, CAP_SYS_ADMIN: run it as root; a kernel locked down for confidentiality refuses even root");
		return -EPERM;
	}
	msg_error_errno(err, "can't load BPF programs");
	msg_info("--debug shows what libbpf and the kernel's verifier say");
	return err;
}

static int say_attach_failed(int err, const char *tracepoint)
{
	if (err == -ENOENT && !sysfs_has_dm()) {
		msg_error(
			"device-mapper is not loaded: there is no device to report");
		return -ENODEV;
	}
	if (err == -ENOENT) {
		msg_error("this kernel's device-mapper has no tracepoint %s",
			  tracepoint);
		msg_info(
			"load the patched modules: README.md, \"On your own machine\"");
		return -EOPNOTSUPP;
	}
	return msg_error_errno(err, "can't attach to tracepoint %s",
			       tracepoint);
}

#define ON(tracepoint, prog, purpose)                             \
	{                                                         \
#tracepoint, src->skel->progs.prog, purpose, NULL \
	}

/* clang-format off */
static void list_attachments(struct pool_source *src)
{
	const struct attachment wanted[NR_ATTACHMENTS] = {
		/* ends before beginnings: none is missed once all are on */
		ON(dm_pool_destroy, on_pool_destroy, FOR_POOLS),
		ON(dm_verity_pool_destroy, on_pool_destroy, FOR_POOLS),
		ON(dm_pool_clear, on_clear, FOR_POOLS),
		ON(dm_pool_bind, on_bind, FOR_POOLS),
		ON(dm_pool_create, on_pool, FOR_POOLS),
		ON(dm_verity_pool_create, on_pool, FOR_POOLS),
		ON(dm_pool_state, on_pool, FOR_POOLS),
		ON(dm_verity_pool_state, on_pool, FOR_POOLS),

		ON(dm_pool_wait_state, on_wait, FOR_NOW),
		ON(dm_verity_pool_wait_state, on_wait, FOR_NOW),
		ON(dm_verity_recheck_state, on_recheck, FOR_NOW),
		ON(dm_verity_fec_decode_state, on_decode, FOR_NOW),

		ON(dm_pool_wait_end, on_wait_end, FOR_COUNTS),
		ON(dm_verity_pool_wait_end, on_wait_end, FOR_COUNTS),
		ON(dm_verity_recheck_end, on_recheck_end, FOR_COUNTS),
		ON(dm_verity_fec_decode_end, on_decode_end, FOR_COUNTS),
		ON(dm_pool_wait_begin, on_wait, FOR_COUNTS),
		ON(dm_verity_pool_wait_begin, on_wait, FOR_COUNTS),
		ON(dm_verity_recheck_begin, on_recheck, FOR_COUNTS),
		ON(dm_verity_fec_decode_begin, on_decode, FOR_COUNTS),
		ON(dm_pool_level, on_use, FOR_COUNTS),
		ON(dm_verity_pool_give, on_use, FOR_COUNTS),
		ON(dm_verity_pool_take, on_use, FOR_COUNTS),
	};

	memcpy(src->at, wanted, sizeof(wanted));
}
/* clang-format on */

static bool is_wanted(const struct pool_source *src,
		      const struct attachment *at)
{
	return src->counts || at->purpose != FOR_COUNTS;
}

/* What is not loaded need not be verified. */
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

static int size_maps(struct memtop_bpf *skel)
{
	size_t devices = 2 * sysfs_count_devices() + SPARE_DEVICES;
	int err = bpf_map__set_max_entries(skel->maps.pools,
					   devices * POOLS_PER_DEVICE);

	if (!err)
		err = bpf_map__set_max_entries(skel->maps.tables,
					       devices * TABLES_PER_DEVICE);
	if (!err)
		err = bpf_map__set_max_entries(skel->maps.uses,
					       devices * POOLS_PER_DEVICE);
	if (!err)
		err = bpf_map__set_max_entries(skel->maps.waits, MAX_WAITS);
	if (!err)
		err = bpf_map__set_max_entries(skel->maps.ops, MAX_OPS);
	return err;
}

int pool_source_open(enum collect_span span, struct pool_source **ret)
{
	struct pool_source *src = xcalloc(1, sizeof(*src));
	int err;

	libbpf_set_print(print_libbpf);

	src->skel = memtop_bpf__open();
	if (!src->skel) {
		err = say_load_failed(-errno);
		goto fail;
	}
	src->counts = span == COLLECT_ON;
	src->skel->bss->started = UINT64_MAX;
	list_attachments(src);
	load_only_wanted(src);
	src->skel->rodata->kmem_cache_size_offset = slab_layout_size_offset();
	err = size_maps(src->skel);
	if (!err)
		err = memtop_bpf__load(src->skel);
	if (err) {
		err = say_load_failed(err);
		goto fail;
	}
	err = attach(src);
	if (err)
		goto fail;
	src->skel->bss->started = boottime_now();
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

/*
 * Pools first: a table that goes says so before its pools do, so one that is
 * still there in the later copy had all of its pools in the earlier one, or
 * was getting more.
 */
static int copy_maps(struct pool_source *src, struct map_copy *pools,
		     struct map_copy *tables)
{
	int err = map_copy_read(bpf_map__fd(src->skel->maps.pools),
				sizeof(struct memtop_pool), pools);

	if (!err)
		err = map_copy_read(bpf_map__fd(src->skel->maps.tables),
				    sizeof(struct memtop_table), tables);
	return err ? msg_error_errno(err, "can't read the maps of pools") : 0;
}

/*
 * Marks as leaving, in the copy, what can't be shown whole: tables that got
 * pools after ours were copied. Returns how many that are.
 */
static uint64_t drop_torn_tables(struct map_copy *tables,
				 const struct map_copy *pools)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < pools->nr; i++) {
		const struct memtop_pool *p = map_copy_at(pools, i);
		struct memtop_table *t = map_copy_find(tables, p->table);

		if (t)
			t->nr_pools--;
	}
	for (size_t i = 0; i < tables->nr; i++) {
		struct memtop_table *t = map_copy_at(tables, i);

		if (!t->nr_pools || t->slot == MEMTOP_SLOT_LEAVING)
			continue;
		t->slot = MEMTOP_SLOT_LEAVING;
		nr++;
	}
	return nr;
}

static bool has_device(const struct sample *s, uint32_t major, uint32_t minor)
{
	struct sample_device key = { .dev = { major, minor } };

	return s->nr_devices && bsearch(&key, s->devices, s->nr_devices,
					sizeof(key), sample_compare_devices);
}

static uint64_t footprint_of(const struct memtop_pool *p)
{
	if (p->nr_caches && !p->cache_size)
		return MEMTOP_UNKNOWN;
	if (!p->nr_caches && !p->alloc_size)
		return MEMTOP_UNKNOWN;
	return (uint64_t)p->alloc_size + p->cache_size;
}

static void fill_pool(struct sample_pool *out, const struct memtop_pool *p,
		      const struct memtop_table *table)
{
	uint64_t footprint = footprint_of(p);

	*out = (struct sample_pool){
		.id = p->id,
		.table_id = table ? p->table : MEMTOP_UNKNOWN,
		.dev_known = p->major != 0,
		.dev = { p->major, p->minor },
		.target_index = p->target < 0 ? SAMPLE_NO_TARGET :
						(uint32_t)p->target,
		.min = p->min_nr,
		.current = p->curr_nr,
		.lowest = p->lowest_nr,
		.object_bytes = p->object_size ? p->object_size :
						 MEMTOP_UNKNOWN,
		.footprint_bytes = footprint,
		.waits = MEMTOP_UNKNOWN,
		.sleeps = MEMTOP_UNKNOWN,
		.wait_ns = MEMTOP_UNKNOWN,
		.longest_wait_ns = MEMTOP_UNKNOWN,
	};
	if (table)
		out->slot = table->slot == MEMTOP_SLOT_LIVE ?
				    SAMPLE_SLOT_LIVE :
				    SAMPLE_SLOT_INACTIVE;
	if (p->nr_cached)
		out->cached_bytes = footprint == MEMTOP_UNKNOWN ?
					    MEMTOP_UNKNOWN :
					    p->nr_cached * footprint;
	memcpy(out->target_type, p->type, sizeof(out->target_type) - 1);
	memcpy(out->role, p->role, sizeof(out->role) - 1);
}

/* Whether @p stands for memory that a device, or nobody, has in reserve now. */
static bool pool_counts(const struct memtop_pool *p,
			const struct memtop_table *table, uint32_t pass,
			const struct sample *s)
{
	if (p->pass != pass)
		return false;
	if (!p->table)
		return true;
	/* no entry: the map was full, and the slot is not known */
	if (!table || table->slot == MEMTOP_SLOT_LEAVING)
		return false;
	return has_device(s, p->major, p->minor);
}

/*
 * Tables of which the kernel announced more pools than we have. With a full map
 * that is counted there.
 */
static uint64_t count_incomplete(const struct map_copy *tables, uint32_t pass)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < tables->nr; i++) {
		const struct memtop_table *t = map_copy_at(tables, i);

		if (t->pass == pass && t->slot != MEMTOP_SLOT_LEAVING &&
		    t->named < t->of)
			nr++;
	}
	return nr;
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

static void fill_losses(const struct pool_source *src,
			const struct map_copy *tables, struct sample *s)
{
	s->losses.ring_full = 0; /* no ring: the maps hold all there is */
	s->losses.map_full = src->skel->bss->map_full;
	s->losses.missed_runs = missed_runs(src);
	s->losses.raced_reads = src->raced_reads +
				count_incomplete(tables, src->skel->bss->pass);
}

static int read_uses(const struct pool_source *src,
		     const struct map_copy *tables, struct sample *s)
{
	const struct use_source uses = {
		.uses = bpf_map__fd(src->skel->maps.uses),
		.waits = bpf_map__fd(src->skel->maps.waits),
		.ops = bpf_map__fd(src->skel->maps.ops),
		.counts = src->counts,
	};
	int err;

	if (!src->uses_known)
		return 0;
	err = use_source_read(&uses, tables, src->skel->bss->pass, s);
	return err ? msg_error_errno(err, "can't read the maps of waits") : 0;
}

int pool_source_read(struct pool_source *src, struct sample *s)
{
	struct map_copy pools = { 0 }, tables = { 0 };
	uint32_t pass = src->skel->bss->pass;
	int err = copy_maps(src, &pools, &tables);

	if (err)
		goto out;
	if (src->skel->bss->bad_version) {
		msg_error(
			"the kernel's pool events have a layout that this version does not read");
		msg_info(
			"use modules built from the same version as this tool");
		err = -EOPNOTSUPP;
		goto out;
	}

	src->raced_reads += drop_torn_tables(&tables, &pools);
	s->source = SAMPLE_TRACEPOINTS;
	s->pools = xcalloc(pools.nr + 1, sizeof(*s->pools));
	for (size_t i = 0; i < pools.nr; i++) {
		const struct memtop_pool *p = map_copy_at(&pools, i);
		const struct memtop_table *table =
			map_copy_find(&tables, p->table);

		if (pool_counts(p, table, pass, s))
			fill_pool(&s->pools[s->nr_pools++], p, table);
	}
	err = read_uses(src, &tables, s);
	fill_losses(src, &tables, s);
out:
	map_copy_release(&tables);
	map_copy_release(&pools);
	return err;
}

void pool_source_close(struct pool_source *src)
{
	if (!src)
		return;
	for (size_t i = 0; i < NR_ATTACHMENTS; i++)
		bpf_link__destroy(src->at[i].link);
	memtop_bpf__destroy(src->skel);
	free(src);
}
