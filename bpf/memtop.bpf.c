// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maintains maps of existing pools and tables, and of waiting tasks, from the
 * events of the kernel series. Attached by name as raw tracepoints: each
 * program gets a pointer to the event's record and copies it whole, so nothing
 * here depends on the kernel's BTF or on tracefs.
 *
 * The kernel emits the events about existing objects one at a time
 * (drivers/md/dm-pool.c, dm_pool_lock, a mutex), and the events about their use
 * one at a time (drivers/md/dm-pool-use.c, dm_pool_use_lock, a spinlock,
 * interrupts off). Events about use can run concurrently with, and in the
 * middle of, those about objects, so each member has one writer. Both have a
 * pool's level, and the level that was traced last need not be the newer one:
 * each is stored with the number of uses up to then.
 *
 * A task waits because there is no memory, so its event cannot allocate any.
 * All memory for these events is allocated before.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "memtop_record.h"
#include "order.h"
#include "wait_buckets.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * Set before loading: offset of "size" in struct kmem_cache, 0 if unknown. Only
 * that member has the size of an object in its slab.
 */
const volatile __u32 kmem_cache_size_offset = 0;

/* Written by the tool: number of the current pass. */
__u32 pass = 0;
/*
 * Written by the tool: when counting began, CLOCK_BOOTTIME, ns; 0: not yet.
 * Waits and repairs that began earlier are listed, but not counted.
 */
__u64 started = 0;
/*
 * Read by the tool: number of processed events. It grows after each event's
 * changes, so a copy of the maps is current as long as this number is the same
 * as before copying.
 */
__u64 changes = 0;
/* Read by the tool: pools, waits and others that did not fit. */
__u64 map_full = 0;
/* Set before loading: the tool reads news. */
const volatile __u32 news_wanted = 0;
/* Read by the tool: uses of pools that had not been named yet. */
__u64 unknown_uses = 0;
/* Read by the tool: records that did not fit the ring. */
__u64 ring_full = 0;
/* Read by the tool: events with a record older than this program's. */
__u64 bad_version = 0;

/* Number of events of the use of pools; written under dm_pool_use_lock. */
static __u64 uses;
/*
 * The value of that number after the last pool was named; written under
 * dm_pool_lock. The kernel reads the level of the next one after that.
 */
static __u64 uses_when_named;

/*
 * All maps: only the programs here write them. An entry is deleted by the last
 * event of its object. The tool sets the sizes before loading; entries that do
 * not fit are counted in map_full. All hash buckets exist from the start, and
 * each reading walks them. Pools and tables are allocated in the context of the
 * task that creates them; the others are preallocated.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct memtop_pool);
} pools SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct memtop_table);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct memtop_wait);
} waits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct memtop_op);
} ops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct memtop_histogram);
} histograms SEC(".maps");

/* An entry whose return was missed stays, even after its pool is destroyed. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct memtop_element_key);
	__type(value, struct memtop_element);
} elements SEC(".maps");

/* Written by on_wait_begin, read by the tool, which sets its size. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} news SEC(".maps");

/* The program @name for an event; its body follows. */
#define PROGRAM(name)                                      \
	static __always_inline void handle_##name(         \
		struct bpf_raw_tracepoint_args *ctx);      \
	SEC("raw_tp")                                      \
	int name(struct bpf_raw_tracepoint_args *ctx)      \
	{                                                  \
		handle_##name(ctx);                        \
		/* after all its changes: changes_now() */ \
		add_in_order(&changes, 1);                 \
		return 0;                                  \
	}                                                  \
	static __always_inline void handle_##name(         \
		struct bpf_raw_tracepoint_args *ctx)

static __always_inline int read_event(struct bpf_raw_tracepoint_args *ctx,
				      void *ev, __u32 size, __u16 *version)
{
	if (bpf_probe_read_kernel(ev, size, (void *)ctx->args[0]))
		return -1;
	if (*version < MEMTOP_EVENT_VERSION) {
		__sync_fetch_and_add(&bad_version, 1);
		return -1;
	}
	return 0;
}

/* Adds the size of one object of @cache to @pool; 0: no object. */
static __always_inline void add_cache(struct memtop_pool *pool, __u64 cache,
				      int *unknown)
{
	__u32 size = 0;

	if (!cache)
		return;
	pool->nr_caches++;
	if (kmem_cache_size_offset)
		bpf_probe_read_kernel(&size, sizeof(size),
				      (void *)(cache + kmem_cache_size_offset));
	if (!size)
		*unknown = 1;
	pool->cache_size += size;
}

static __always_inline void fill_pool(struct memtop_pool *pool,
				      const struct dm_pool_event *ev)
{
	int unknown = 0;

	__builtin_memset(pool, 0, sizeof(*pool));
	pool->id = ev->id;
	pool->table = ev->table;
	pool->major = ev->major;
	pool->minor = ev->minor;
	pool->target = ev->target;
	pool->min_nr = ev->min_nr;
	pool->level = MEMTOP_LEVEL(ev->curr_nr, uses_when_named);
	pool->lowest_nr = ev->curr_nr;
	pool->use.lowest_nr = ev->curr_nr;
	pool->use.level = pool->level;
	pool->object_size = ev->object_size;
	pool->alloc_size = ev->alloc_size;
	pool->nr_cached = ev->nr_cached;
	pool->pass = pass;
	__builtin_memcpy(pool->type, ev->type, sizeof(pool->type));
	__builtin_memcpy(pool->role, ev->role, sizeof(pool->role));

	add_cache(pool, ev->cache, &unknown);
	add_cache(pool, ev->data_cache, &unknown);
	if (unknown)
		pool->cache_size = 0;
}

/*
 * The first pool of a table creates its entry; 0 is no table and needs no
 * entry.
 */
static __always_inline struct memtop_table *
table_of(const struct dm_pool_event *ev)
{
	struct memtop_table *known;
	struct memtop_table fresh = {};
	__u64 key = ev->table;

	known = bpf_map_lookup_elem(&tables, &key);
	if (known || !key)
		return known;

	fresh.table = key;
	fresh.major = ev->major;
	fresh.minor = ev->minor;
	fresh.slot = ev->slot;
	if (bpf_map_update_elem(&tables, &key, &fresh, BPF_NOEXIST))
		__sync_fetch_and_add(&map_full, 1);
	return bpf_map_lookup_elem(&tables, &key);
}

static __always_inline void name_in_pass(struct memtop_table *table,
					 const struct dm_pool_event *ev)
{
	if (table->pass != pass || ev->n == 1) {
		table->pass = pass;
		table->named = 0;
	}
	table->named++;
	table->of = ev->of;
	/* an event with that state comes after the one that caused it */
	if (ev->slot && table->slot != MEMTOP_SLOT_LEAVING)
		table->slot = ev->slot;
}

/* A table is forgotten together with its last pool. */
static __always_inline void leave_table(__u64 number)
{
	struct memtop_table *table = bpf_map_lookup_elem(&tables, &number);

	if (table && table->nr_pools && !--table->nr_pools)
		bpf_map_delete_elem(&tables, &number);
}

static __always_inline void name_pool(struct bpf_raw_tracepoint_args *ctx)
{
	/*
	 * Not on the stack, each word of which the verifier follows on every
	 * path. One is enough: all these events come under dm_pool_lock
	 * (dm_pool_report(), drivers/md/dm-pool.c).
	 */
	static struct dm_pool_event ev;
	static struct memtop_pool pool;
	struct memtop_pool *known;
	struct memtop_table *table;
	__u64 key;

	if (read_event(ctx, &ev, sizeof(ev), &ev.version))
		return;

	fill_pool(&pool, &ev);
	table = table_of(&ev);
	key = ev.id;

	/* outside of a pass: it is being created, and no element is out */
	pool.use.whole = started && !ev.of;
	known = bpf_map_lookup_elem(&pools, &key);
	if (known) {
		if (known->lowest_nr < pool.lowest_nr)
			pool.lowest_nr = known->lowest_nr;
		if (known->table != pool.table) {
			leave_table(known->table);
			if (table)
				table->nr_pools++;
		}
		/* the other half is written elsewhere */
		__builtin_memcpy(known, &pool,
				 offsetof(struct memtop_pool, use));
	} else if (bpf_map_update_elem(&pools, &key, &pool, BPF_NOEXIST)) {
		__sync_fetch_and_add(&map_full, 1);
	} else if (table) {
		table->nr_pools++;
	}
	if (table && ev.of)
		name_in_pass(table, &ev);
}

/* A pool was created, exists already, or has a new table. */
PROGRAM(on_pool)
{
	name_pool(ctx);
	/* before the kernel's next reads, see PROGRAM() */
	uses_when_named = uses;
}

PROGRAM(on_pool_destroy)
{
	struct dm_pool_event ev;
	__u64 key;

	if (read_event(ctx, &ev, sizeof(ev), &ev.version))
		return;

	key = ev.id;
	bpf_map_delete_elem(&histograms, &key);
	if (!bpf_map_delete_elem(&pools, &key))
		leave_table(ev.table);
}

static __always_inline void set_slot(__u64 table, enum memtop_slot slot)
{
	struct memtop_table *known = bpf_map_lookup_elem(&tables, &table);

	if (known)
		known->slot = slot;
}

PROGRAM(on_bind)
{
	struct dm_pool_bind_event ev;

	if (read_event(ctx, &ev, sizeof(ev), &ev.version))
		return;
	set_slot(ev.old_table, MEMTOP_SLOT_LEAVING);
	set_slot(ev.table, MEMTOP_SLOT_LIVE);
}

PROGRAM(on_clear)
{
	struct dm_pool_bind_event ev;

	if (read_event(ctx, &ev, sizeof(ev), &ev.version))
		return;
	set_slot(ev.table, MEMTOP_SLOT_LEAVING);
}

static __always_inline int is_counted(__u64 since)
{
	return started && since >= started;
}

static __always_inline struct memtop_pool *
used_pool(const struct dm_pool_use_event *ev)
{
	__u64 key = ev->pool.id;
	struct memtop_pool *pool;
	__u32 before;

	/*
	 * after the kernel has read this level, and before it is visible to
	 * others here
	 */
	add_in_order(&uses, 1);
	pool = bpf_map_lookup_elem(&pools, &key);
	if (!pool) {
		unknown_uses++;
		return NULL;
	}
	/*
	 * Elements from the allocator do not change the level. Several CPUs
	 * change it before their events, so one may hide another's use of the
	 * reserve.
	 */
	before = MEMTOP_LEVEL_NR(pool->use.level);
	if (started && before > ev->pool.curr_nr)
		pool->use.drawn += before - ev->pool.curr_nr;
	pool->use.level = MEMTOP_LEVEL(ev->pool.curr_nr, uses);
	if (pool->use.lowest_nr > ev->pool.curr_nr)
		pool->use.lowest_nr = ev->pool.curr_nr;
	return pool;
}

/* An element was returned, or taken. */
static __always_inline void note_move(struct memtop_pool *pool)
{
	if (pool)
		pool->use.last_activity = bpf_ktime_get_boot_ns();
}

static __always_inline void fill_task(struct memtop_task *task,
				      const struct dm_pool_use_event *ev,
				      __u64 since)
{
	task->op = ev->op;
	task->since = since;
	task->io_sector = ev->io_sector;
	task->io_sectors = ev->io_sectors;
	task->io_major = ev->io_major;
	task->io_minor = ev->io_minor;
	task->tid = ev->tid;
	__builtin_memcpy(task->comm, ev->comm, sizeof(task->comm));
}

/* For pools that each bio uses: the level went down, or up again. */
PROGRAM(on_level)
{
	struct dm_pool_use_event ev;

	if (read_event(ctx, &ev, sizeof(ev), &ev.pool.version))
		return;
	note_move(used_pool(&ev));
}

/* It may be taken again before the event of its return: so count. */
PROGRAM(on_take)
{
	static __u64 last_number;
	struct dm_pool_use_event ev;
	struct memtop_element_key key = {};
	struct memtop_element element = {};
	struct memtop_element *known;
	struct memtop_pool *pool;

	if (read_event(ctx, &ev, sizeof(ev), &ev.pool.version))
		return;

	key.pool = ev.pool.id;
	key.address = ev.element;
	known = bpf_map_lookup_elem(&elements, &key);
	element.nr = known ? known->nr + 1 : 1;
	element.number = ++last_number;
	element.pool = ev.pool.id;
	fill_task(&element.task, &ev, bpf_ktime_get_boot_ns());
	if (bpf_map_update_elem(&elements, &key, &element, BPF_ANY))
		__sync_fetch_and_add(&map_full, 1);
	pool = used_pool(&ev);
	note_move(pool);
	if (pool && is_counted(element.task.since))
		pool->use.takes++;
}

PROGRAM(on_give)
{
	struct dm_pool_use_event ev;
	struct memtop_element_key key = {};
	struct memtop_element *known;
	struct memtop_pool *pool;

	if (read_event(ctx, &ev, sizeof(ev), &ev.pool.version))
		return;

	key.pool = ev.pool.id;
	key.address = ev.element;
	known = bpf_map_lookup_elem(&elements, &key);
	if (known && !--known->nr)
		bpf_map_delete_elem(&elements, &key);
	pool = used_pool(&ev);
	note_move(pool);
	if (pool && started)
		pool->use.gives++;
}

/*
 * Records a waiter. A wait that is already recorded continues, or its end was
 * missed.
 */
static __always_inline void note_wait(const struct dm_pool_use_event *ev)
{
	struct memtop_wait wait = {};
	struct memtop_wait *known;
	__u64 key = ev->tid;

	known = bpf_map_lookup_elem(&waits, &key);
	if (known && known->task.since == ev->since) {
		known->pass = pass;
		return;
	}
	wait.tid = key;
	wait.pool = ev->pool.id;
	wait.pass = pass;
	fill_task(&wait.task, ev, ev->since);
	if (bpf_map_update_elem(&waits, &key, &wait, BPF_ANY))
		__sync_fetch_and_add(&map_full, 1);
}

/* A wait continues. */
PROGRAM(on_wait_state)
{
	struct dm_pool_use_event ev;

	if (read_event(ctx, &ev, sizeof(ev), &ev.pool.version))
		return;
	note_wait(&ev);
}

static __always_inline void tell_news(const struct dm_pool_use_event *ev)
{
	struct memtop_news what = {
		.since = ev->since,
		.pool = ev->pool.id,
		.tid = ev->tid,
	};

	if (news_wanted && bpf_ringbuf_output(&news, &what, sizeof(what), 0))
		__sync_fetch_and_add(&ring_full, 1);
}

PROGRAM(on_wait_begin)
{
	struct dm_pool_use_event ev;
	struct memtop_pool *pool;

	if (read_event(ctx, &ev, sizeof(ev), &ev.pool.version))
		return;
	note_wait(&ev);
	pool = used_pool(&ev);
	if (pool && is_counted(ev.since))
		pool->use.waits++;
	tell_news(&ev);
}

/* A wait for @pool took @ns. */
static __always_inline void count_duration(__u64 pool, __u64 ns)
{
	/* one is enough, and not on the stack: under dm_pool_use_lock */
	static struct memtop_histogram fresh;
	struct memtop_histogram *known;

	known = bpf_map_lookup_elem(&histograms, &pool);
	if (!known) {
		fresh.pool = pool;
		bpf_map_update_elem(&histograms, &pool, &fresh, BPF_NOEXIST);
		known = bpf_map_lookup_elem(&histograms, &pool);
	}
	if (known)
		known->waits[wait_bucket_of(ns) & (WAIT_BUCKETS - 1)]++;
	else
		__sync_fetch_and_add(&map_full, 1);
}

PROGRAM(on_wait_end)
{
	struct dm_pool_use_event ev;
	struct memtop_pool *pool;
	__u64 key;

	if (read_event(ctx, &ev, sizeof(ev), &ev.pool.version))
		return;

	key = ev.tid;
	bpf_map_delete_elem(&waits, &key);
	pool = used_pool(&ev);
	note_move(pool);
	if (!pool || !is_counted(ev.since))
		return;
	pool->use.sleeps += ev.slept;
	pool->use.wait_ns += ev.ns;
	if (pool->use.longest_wait_ns < ev.ns)
		pool->use.longest_wait_ns = ev.ns;
	count_duration(ev.pool.id, ev.ns);
}

/* The table in which @ev counts, if it counts. */
static __always_inline struct memtop_table *
counting_table(const struct dm_verity_op_event *ev)
{
	__u64 key = ev->table;

	return is_counted(ev->since) ? bpf_map_lookup_elem(&tables, &key) :
				       NULL;
}

/* Records a block in repair; @begins: it counts. */
static __always_inline void note_op(struct bpf_raw_tracepoint_args *ctx,
				    enum memtop_op_kind kind, int begins)
{
	struct dm_verity_op_event ev;
	struct memtop_op op = {};
	struct memtop_op *known;
	struct memtop_table *table;
	__u64 key;

	if (read_event(ctx, &ev, sizeof(ev), &ev.version))
		return;

	key = ev.op;
	known = bpf_map_lookup_elem(&ops, &key);
	if (known) {
		known->pass = pass;
		return;
	}
	op.op = key;
	op.block = ev.block;
	op.since = ev.since;
	op.io_sector = ev.io_sector;
	op.io_sectors = ev.io_sectors;
	op.io_major = ev.io_major;
	op.io_minor = ev.io_minor;
	op.major = ev.major;
	op.minor = ev.minor;
	op.kind = kind;
	op.metadata = ev.metadata;
	op.tid = ev.tid;
	op.pass = pass;
	__builtin_memcpy(op.comm, ev.comm, sizeof(op.comm));
	if (bpf_map_update_elem(&ops, &key, &op, BPF_NOEXIST))
		__sync_fetch_and_add(&map_full, 1);
	table = begins ? counting_table(&ev) : NULL;
	if (table && kind == MEMTOP_RECHECK)
		table->rechecks++;
	else if (table)
		table->decodes++;
}

static __always_inline void end_op(struct bpf_raw_tracepoint_args *ctx,
				   enum memtop_op_kind kind)
{
	struct dm_verity_op_event ev;
	struct memtop_table *table;
	__u64 key;

	if (read_event(ctx, &ev, sizeof(ev), &ev.version))
		return;

	key = ev.op;
	bpf_map_delete_elem(&ops, &key);
	table = ev.result ? counting_table(&ev) : NULL;
	if (table && kind == MEMTOP_RECHECK)
		table->failed_rechecks++;
	else if (table)
		table->failed_decodes++;
}

PROGRAM(on_recheck_state)
{
	note_op(ctx, MEMTOP_RECHECK, 0);
}

PROGRAM(on_recheck_begin)
{
	note_op(ctx, MEMTOP_RECHECK, 1);
}

PROGRAM(on_recheck_end)
{
	end_op(ctx, MEMTOP_RECHECK);
}

PROGRAM(on_decode_state)
{
	note_op(ctx, MEMTOP_DECODE, 0);
}

PROGRAM(on_decode_begin)
{
	note_op(ctx, MEMTOP_DECODE, 1);
}

PROGRAM(on_decode_end)
{
	end_op(ctx, MEMTOP_DECODE);
}
