// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks over device-mapper's devices, their tables and verity's targets and
 * notes every pool, in a kernel that tells nobody about them.
 *
 * No lock is taken and nothing is written. So all that is read may be half
 * changed, or freed: reading can't fault (bpf_probe_read_kernel()), each step
 * checks that what it has come to points back to where it came from, before and
 * after it has read it, and the tool compares two passes.
 *
 * One run at a time: the tool's, by BPF_PROG_RUN. So state is in static
 * variables, which the verifier does not follow.
 */
#include "stock_kernel.h"
#include "stock_record.h"

char LICENSE[] SEC("license") = "GPL";

/* Set before loading. */
const volatile __u64 page_size = 4096;
/* How much room there is for a pass in each map; there are two passes in it. */
const volatile struct stock_numbers room = {};
/* No more steps through the tree of devices than this. */
const volatile __u32 max_steps = 1 << 20;

/* Set for a run: 0 or 1, which half of the maps to fill. */
__u32 pass = 0;
/* Read after it. */
struct stock_pass passes[2] = {};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_device);
} devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_table);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_target);
} targets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_lower);
} lower SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_pool);
} pools SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stock_wait);
} waits SEC(".maps");

/* drivers/md/dm-ioctl.c: all devices that have a name */
extern const void name_rb_tree __ksym __weak;
/* mm/mempool.c: what a pool's elements are */
extern const void mempool_alloc_slab __ksym __weak;
extern const void mempool_kmalloc __ksym __weak;
extern const void mempool_alloc_pages __ksym __weak;

/* Where the walk is. */
static struct {
	struct rb_node *node;
	__u32 from; /* enum from */
	struct stock_pass done;
	struct dm_table *t;
	__u32 slot; /* of t */
	__u32 target;
	/* of the list that is being followed */
	struct list_head *head;
	struct list_head *entry;
	__u32 listed;
} w;

/*
 * Pools that were found, to be read one after the other: no more than eight
 * calls may be inside each other.
 */
#define MAX_ITEMS 32
/* As many tasks that wait for one pool. */
#define MAX_WAITERS 4096
/* As many devices below one. */
#define MAX_LOWER 65536
static struct item {
	__u64 address;
	__u32 client;
	__u32 kind;
} items[MAX_ITEMS];
static __u32 nr_items;

enum from {
	FROM_ABOVE,
	FROM_LEFT,
	FROM_RIGHT,
};

/*
 * A new record in @map, which is of @numbers.@what; NULL if there is no room. All
 * are counted.
 */
#define NEW(map, what)                                            \
	({                                                        \
		__u32 __at = w.done.nr.what++;                    \
		void *__new = NULL;                               \
                                                                  \
		if (__at < room.what) {                           \
			__at += pass ? room.what : 0;             \
			__new = bpf_map_lookup_elem(&map, &__at); \
		}                                                 \
		__new;                                            \
	})

/* The last one that was made; NULL if it found no room. */
#define LAST(map, what)                                            \
	({                                                         \
		__u32 __at = w.done.nr.what - 1;                   \
		void *__last = NULL;                               \
                                                                   \
		if (__at < room.what) {                            \
			__at += pass ? room.what : 0;              \
			__last = bpf_map_lookup_elem(&map, &__at); \
		}                                                  \
		__last;                                            \
	})

static __always_inline void torn(void)
{
	struct stock_device *device = LAST(devices, devices);

	if (device)
		device->torn = 1;
}

#define MEMBER(base, type, member) \
	((void *)(base) + bpf_core_field_offset(type, member))

/* Not with w itself: what is read so is taken for a type of the kernel's. */
static __always_inline struct list_head *next_of(struct list_head *entry)
{
	return BPF_CORE_READ(entry, next);
}

/*
 * Whether verity's modules were there, with BTF, when this was loaded. What reads
 * their structures has to be out of reach if not, or the verifier refuses all.
 */
static __always_inline int knows_verity(void)
{
	return bpf_core_type_exists(struct dm_verity) &&
	       bpf_core_type_exists(struct dm_bufio_client);
}

/* ---- one pool ------------------------------------------------------------ */

static long note_waiter(__u32 i, void *ctx)
{
	struct wait_queue_entry *entry;
	struct task_struct *task;
	struct stock_wait *to;

	if (w.entry == w.head || !w.entry)
		return 1;
	entry = (void *)w.entry -
		bpf_core_field_offset(struct wait_queue_entry, entry);
	w.entry = next_of(w.entry);
	task = BPF_CORE_READ(entry, private);
	if (!task)
		return 0;
	w.listed++;
	to = NEW(waits, waits);
	if (!to)
		return 0;
	to->tid = BPF_CORE_READ(task, pid);
	to->switches = BPF_CORE_READ(task, nvcsw) + BPF_CORE_READ(task, nivcsw);
	BPF_CORE_READ_STR_INTO(&to->comm, task, comm);
	return 0;
}

/* @first: of its list */
static __always_inline __u32 note_waiters(struct wait_queue_head *queue,
					  struct list_head *first)
{
	w.head = (void *)queue +
		 bpf_core_field_offset(struct wait_queue_head, head);
	w.entry = first;
	w.listed = 0;
	if (w.entry != w.head)
		bpf_loop(MAX_WAITERS, note_waiter, NULL, 0);
	return w.listed;
}

static __always_inline struct stock_pool *new_pool(const void *pool,
						   __u32 client, __u32 kind)
{
	struct stock_table *table = LAST(tables, tables);
	struct stock_pool *to = NEW(pools, pools);

	if (table)
		table->nr_pools++;
	if (!to)
		return NULL;
	to->pool = (__u64)pool;
	to->target = w.target;
	to->client = client;
	to->kind = kind;
	to->object_size = 0;
	to->footprint = 0;
	to->nr_cached = 0;
	return to;
}

/*
 * Caches of kmalloc(), found by name in the list that links all caches. They exist
 * as long as the kernel runs, so they are looked up once. Their sizes include what
 * debugging options add. This needs no address of a page, so it works on every
 * architecture.
 */
#define MAX_KMALLOC 32
#define MAX_CACHES 16384
static struct {
	__u32 object_size;
	__u32 size;
} kmallocs[MAX_KMALLOC];
static __u32 nr_kmallocs;

static long note_kmalloc(__u32 i, void *ctx)
{
	union {
		char text[16];
		__u64 word;
	} name = {}, kmalloc = { .text = "kmalloc-" };
	struct kmem_cache *cache;
	__u32 at = nr_kmallocs;

	if (w.entry == w.head || !w.entry)
		return 1;
	cache = (void *)w.entry -
		bpf_core_field_offset(struct kmem_cache, list);
	w.entry = next_of(w.entry);
	bpf_probe_read_kernel_str(name.text, sizeof(name.text),
				  BPF_CORE_READ(cache, name));
	/* kmalloc-64 and the like; not kmalloc-rcl-64, kmalloc-cg-64 */
	if (name.word != kmalloc.word || name.text[8] < '0' ||
	    name.text[8] > '9' || at >= MAX_KMALLOC)
		return 0;
	kmallocs[at].object_size = BPF_CORE_READ(cache, object_size);
	kmallocs[at].size = BPF_CORE_READ(cache, size);
	nr_kmallocs = at + 1;
	return 0;
}

/* @cache: any; the list goes round through its head, which has no name. */
static __always_inline void find_kmallocs(struct kmem_cache *cache)
{
	if (nr_kmallocs || !cache || !bpf_core_field_exists(cache->list) ||
	    !bpf_core_field_exists(cache->name))
		return;
	w.head = MEMBER(cache, struct kmem_cache, list);
	w.entry = next_of(w.head);
	bpf_loop(MAX_CACHES, note_kmalloc, NULL, 0);
}

/* What fec_rs_alloc() asks for; of the device that is looked at. */
static __u64 rs_size;

/* Not in one struct: clang would split it, and its BTF be wrong then. */
static __u64 fit_wanted;
static __u32 fit_best, fit_takes;

static long try_kmalloc(__u32 i, void *ctx)
{
	__u32 size = kmallocs[i % MAX_KMALLOC].object_size;

	if (size >= fit_wanted && (!fit_best || size < fit_best)) {
		fit_best = size;
		fit_takes = kmallocs[i % MAX_KMALLOC].size;
	}
	return 0;
}

static __u64 fit_pages;

static long double_pages(__u32 i, void *ctx)
{
	if (fit_pages >= fit_wanted)
		return 1;
	fit_pages *= 2;
	return 0;
}

/*
 * What kmalloc(@wanted) takes: an object of the smallest cache that fits, or for
 * more than any has a power of two of pages (kmalloc_order()). 0: unknown.
 */
static __always_inline __u64 kmalloc_takes(__u64 wanted)
{
	if (!wanted || !nr_kmallocs)
		return 0;
	fit_wanted = wanted;
	fit_best = fit_takes = 0;
	bpf_loop(nr_kmallocs, try_kmalloc, NULL, 0);
	if (fit_best)
		return fit_takes;
	fit_pages = page_size;
	bpf_loop(32, double_pages, NULL, 0);
	return fit_pages;
}

/* What the mempool at @pool is, whichever of its two names the type has. */
struct mempool_view {
	int min_nr;
	int curr_nr;
	void **elements;
	void *pool_data;
	void *alloc;
	struct wait_queue_head *wait;
	struct list_head *first; /* on its wait queue */
};

/* What is read of a mempool at once, from min_nr on, where lockdep is off. */
#define MAX_SPAN 96
static __u8 span[MAX_SPAN];

#define SPAN_OFFSET(type, member)                     \
	(bpf_core_field_offset(struct type, member) - \
	 bpf_core_field_offset(struct type, min_nr))
#define FIRST_OFFSET(type)                                     \
	(SPAN_OFFSET(type, wait) +                             \
	 bpf_core_field_offset(struct wait_queue_head, head) + \
	 bpf_core_field_offset(struct list_head, next))
#define IS_NEAR(type, member) (SPAN_OFFSET(type, member) <= MAX_SPAN - 8)
#define FROM_SPAN(type, view, member)                                       \
	__builtin_memcpy(&(view)->member, &span[SPAN_OFFSET(type, member)], \
			 sizeof((view)->member))

/* Where all of it is near, as members are on most kernels, by one call. */
#define READ_POOL(type, from, view)                                            \
	do {                                                                   \
		struct type *__pool = (void *)(from);                          \
		(view)->wait = (void *)__pool +                                \
			       bpf_core_field_offset(struct type, wait);       \
		if (IS_NEAR(type, curr_nr) && IS_NEAR(type, elements) &&       \
		    IS_NEAR(type, pool_data) && IS_NEAR(type, alloc) &&        \
		    FIRST_OFFSET(type) <= MAX_SPAN - 8) {                      \
			bpf_probe_read_kernel(span, FIRST_OFFSET(type) + 8,    \
					      MEMBER(__pool, struct type,      \
						     min_nr));                 \
			FROM_SPAN(type, view, min_nr);                         \
			FROM_SPAN(type, view, curr_nr);                        \
			FROM_SPAN(type, view, elements);                       \
			FROM_SPAN(type, view, pool_data);                      \
			FROM_SPAN(type, view, alloc);                          \
			__builtin_memcpy(&(view)->first,                       \
					 &span[FIRST_OFFSET(type)],            \
					 sizeof((view)->first));               \
		} else {                                                       \
			(view)->min_nr = BPF_CORE_READ(__pool, min_nr);        \
			(view)->curr_nr = BPF_CORE_READ(__pool, curr_nr);      \
			(view)->elements = BPF_CORE_READ(__pool, elements);    \
			(view)->pool_data = BPF_CORE_READ(__pool, pool_data);  \
			(view)->alloc = BPF_CORE_READ(__pool, alloc);          \
			(view)->first = BPF_CORE_READ(__pool, wait.head.next); \
		}                                                              \
	} while (0)

/*
 * The cache that was met last for a kind of pools, as most devices have the same.
 * It is read again in each pass.
 */
#define MAX_KINDS 32
static struct {
	struct kmem_cache *cache;
	__u32 object_size;
	__u32 size;
} met[MAX_KINDS];

static __always_inline void note_cache(struct kmem_cache *cache,
				       struct stock_pool *to)
{
	__u32 kind = to->kind % MAX_KINDS;

	find_kmallocs(cache);
	if (met[kind].cache != cache) {
		met[kind].cache = cache;
		met[kind].object_size = BPF_CORE_READ(cache, object_size);
		met[kind].size = BPF_CORE_READ(cache, size);
	}
	to->object_size = met[kind].object_size;
	to->footprint = met[kind].size;
}

/* How the elements of a mempool are allocated. */
enum allocator {
	BY_SLAB, /* pool_data: the cache */
	BY_PAGES, /* pool_data: the order */
	BY_KMALLOC, /* pool_data: the size */
	BY_OWNER, /* by a function of the target's */
};

/*
 * The function that allocates says it, where its address is known; otherwise the
 * kind of pool, of which every kernel from 6.1 to 7.3 allocates in the same way
 * (read in drivers/md). With kernel/fix, buffers of rechecks and bios come from
 * kmalloc(): a size is larger than any order, and smaller than any address.
 */
static __always_inline enum allocator allocator_of(__u32 kind, void *alloc,
						   __u64 data)
{
	if (&mempool_alloc_slab && &mempool_kmalloc && &mempool_alloc_pages) {
		if (alloc == &mempool_alloc_slab)
			return BY_SLAB;
		if (alloc == &mempool_alloc_pages)
			return BY_PAGES;
		return alloc == &mempool_kmalloc ? BY_KMALLOC : BY_OWNER;
	}
	switch (kind) {
	case STOCK_PAGE:
		return data < 32 ? BY_PAGES : BY_KMALLOC;
	case STOCK_BIO:
		return data < 1 << 20 ? BY_KMALLOC : BY_SLAB;
	case STOCK_OUTPUT:
	case STOCK_FIO:
		return BY_KMALLOC;
	case STOCK_RS:
		return BY_OWNER;
	default:
		return BY_SLAB;
	}
}

/* include/linux/slab.h: what kmalloc(0) returns */
#define ZERO_SIZE_PTR 16

static __always_inline void note_mempool(const void *pool, __u32 client,
					 __u32 kind)
{
	struct mempool_view view = {};
	struct stock_pool *to;

	if (bpf_core_type_exists(struct mempool_s))
		READ_POOL(mempool_s, pool, &view);
	else
		READ_POOL(mempool, pool, &view);
	/* a bio set has not all of its pools, but each that is used has bios */
	if (!view.elements) {
		if (kind == STOCK_CLONE || kind == STOCK_BIO)
			torn();
		return;
	}
	/*
	 * Since 6.17 a pool with a minimum of 0 has room for one element, and keeps
	 * one: "mm: mempool: fix crash in mempool_free() for zero-minimum pools".
	 */
	if (!view.min_nr && (unsigned long)view.elements > ZERO_SIZE_PTR)
		view.min_nr = 1;
	if (view.min_nr < 0 || view.curr_nr < 0 || view.curr_nr > view.min_nr) {
		torn();
		return;
	}
	to = new_pool(pool, client, kind);
	if (!to)
		return;
	to->min_nr = view.min_nr;
	to->curr_nr = view.curr_nr;
	switch (allocator_of(kind, view.alloc, (__u64)view.pool_data)) {
	case BY_SLAB:
		note_cache(view.pool_data, to);
		break;
	case BY_PAGES:
		to->object_size = page_size << ((__u64)view.pool_data & 31);
		to->footprint = to->object_size;
		break;
	case BY_KMALLOC:
		to->object_size = (__u64)view.pool_data;
		to->footprint = kmalloc_takes(to->object_size);
		break;
	default:
		if (kind == STOCK_RS)
			to->footprint = kmalloc_takes(rs_size);
	}
	to->nr_waits = note_waiters(view.wait, view.first);
}

static long count_listed(__u32 i, void *ctx)
{
	if (w.entry == w.head || !w.entry)
		return 1;
	w.listed++;
	w.entry = next_of(w.entry);
	return 0;
}

static __always_inline __u64 cached_buffers(struct dm_bufio_client *c)
{
	struct dm_bufio_client___lists *old = (void *)c;

	if (bpf_core_field_exists(c->cache))
		return BPF_CORE_READ(c, cache.lru[0].count) +
		       BPF_CORE_READ(c, cache.lru[1].count);
	if (bpf_core_field_exists(old->n_buffers))
		return BPF_CORE_READ(old, n_buffers[0]) +
		       BPF_CORE_READ(old, n_buffers[1]);
	return 0;
}

/* dm_bufio's reserve is a list of buffers; how many are lacking is counted. */
static __always_inline void note_buffers(struct dm_bufio_client *c,
					 __u32 client)
{
	struct kmem_cache *buffers, *data;
	struct stock_pool *to;
	__u64 size;

	w.head = MEMBER(c, struct dm_bufio_client, reserved_buffers);
	w.entry = next_of(w.head);
	w.listed = 0;
	bpf_loop(1024, count_listed, NULL, 0);

	to = new_pool(c, client, STOCK_BUFFER);
	if (!to)
		return;
	size = BPF_CORE_READ(c, block_size);
	buffers = BPF_CORE_READ(c, slab_buffer);
	data = BPF_CORE_READ(c, slab_cache);
	to->curr_nr = w.listed;
	to->min_nr = w.listed + BPF_CORE_READ(c, need_reserved_buffers);
	to->object_size = size;
	to->footprint = BPF_CORE_READ(buffers, size);
	find_kmallocs(buffers);
	/*
	 * Without a cache of its own whole pages, or, since 6.16, less than one from
	 * kmalloc(): alloc_buffer_data(), dm-bufio.c
	 */
	if (data)
		to->footprint += BPF_CORE_READ(data, size);
	else if (size < page_size && kmalloc_takes(size))
		to->footprint += kmalloc_takes(size);
	else if (size < page_size)
		to->footprint = 0;
	else
		to->footprint += (size + page_size - 1) / page_size * page_size;
	to->nr_cached = cached_buffers(c);
	to->nr_waits = note_waiters(
		MEMBER(c, struct dm_bufio_client, free_buffer_wait),
		BPF_CORE_READ(c, free_buffer_wait.head.next));
}

static long note_item(__u32 i, void *ctx)
{
	struct item *item = &items[i % MAX_ITEMS];

	if (item->kind != STOCK_BUFFER)
		note_mempool((void *)item->address, item->client, item->kind);
	else if (knows_verity())
		note_buffers((void *)item->address, item->client);
	return 0;
}

/* ---- groups of pools ------------------------------------------------------- */

static __always_inline void add(const void *address, __u32 client, __u32 kind)
{
	struct item *item = &items[nr_items % MAX_ITEMS];

	item->address = (__u64)address;
	item->client = client;
	item->kind = kind;
	nr_items++;
}

/* @first: kind of its bios, which those of its other pools follow */
static __always_inline void add_bio_set(const void *set, __u32 client,
					__u32 first)
{
	struct bio_set *bs = (void *)set;

	add(MEMBER(set, struct bio_set, bio_pool), client, first);
	add(MEMBER(set, struct bio_set, bvec_pool), client, first + 1);
	if (!bpf_core_field_exists(bs->bio_integrity_pool))
		return;
	add(MEMBER(set, struct bio_set, bio_integrity_pool), client, first + 2);
	add(MEMBER(set, struct bio_set, bvec_integrity_pool), client,
	    first + 3);
}

/*
 * While a table replaces another one (dm_swap_table(), dm.c), the device is
 * suspended and its lock is held. Its old pools are freed then, one after the
 * other, and there are new ones under the old table.
 */
static __always_inline int is_in_swap(struct mapped_device *md)
{
	struct mutex *lock = &md->suspend_lock;

	if (!bpf_core_field_exists(lock->owner))
		return 0;
	return (BPF_CORE_READ(md, flags) & MD_SUSPENDED) &&
	       BPF_CORE_READ(md, suspend_lock.owner.counter);
}

static __always_inline void add_core(struct dm_md_mempools *core)
{
	if (!core)
		return;
	add_bio_set(MEMBER(core, struct dm_md_mempools, io_bs), STOCK_CORE,
		    STOCK_IO);
	add_bio_set(MEMBER(core, struct dm_md_mempools, bs), STOCK_CORE,
		    STOCK_CLONE);
}

static __always_inline void add_io_client(struct dm_io_client *io, __u32 client)
{
	if (!io)
		return;
	add(MEMBER(io, struct dm_io_client, pool), client, STOCK_IO);
	if (bpf_core_field_exists(io->max_vecs) && BPF_CORE_READ(io, max_vecs))
		add(MEMBER(io, struct dm_io_client, bio_pool), client,
		    STOCK_BIO);
	else
		add_bio_set(MEMBER(io, struct dm_io_client, bios), client,
			    STOCK_BIO);
}

static __always_inline void add_bufio(struct dm_bufio_client *c, __u32 client)
{
	if (!c)
		return;
	add(c, client, STOCK_BUFFER);
	add_io_client(BPF_CORE_READ(c, dm_io), client);
}

static __always_inline void add_fec(struct dm_verity_fec *f)
{
	/* there is one for each target; it has a device if it is used */
	if (!f || !BPF_CORE_READ(f, dev))
		return;
	/* init_rs_internal(), lib/reed_solomon: 8 buffers of u16 for the decoder */
	rs_size = 0;
	if (bpf_core_type_exists(struct rs_control) &&
	    bpf_core_field_exists(f->roots))
		rs_size = bpf_core_type_size(struct rs_control) +
			  2 * 8 * (BPF_CORE_READ(f, roots) + 1);
	add(MEMBER(f, struct dm_verity_fec, rs_pool), STOCK_FEC, STOCK_RS);
	add(MEMBER(f, struct dm_verity_fec, prealloc_pool), STOCK_FEC,
	    STOCK_PREALLOC);
	if (bpf_core_field_exists(f->extra_pool))
		add(MEMBER(f, struct dm_verity_fec, extra_pool), STOCK_FEC,
		    STOCK_EXTRA);
	add(MEMBER(f, struct dm_verity_fec, output_pool), STOCK_FEC,
	    STOCK_OUTPUT);
	if (bpf_core_field_exists(f->fio_pool))
		add(MEMBER(f, struct dm_verity_fec, fio_pool), STOCK_FEC,
		    STOCK_FIO);
	add_bufio(BPF_CORE_READ(f, bufio), STOCK_FEC_PARITY);
	add_bufio(BPF_CORE_READ(f, data_bufio), STOCK_FEC_DATA);
}

static __always_inline void add_verity(struct dm_verity *v)
{
	if (bpf_core_field_exists(v->recheck_pool)) {
		add(MEMBER(v, struct dm_verity, recheck_pool), STOCK_RECHECK,
		    STOCK_PAGE);
		add_io_client(BPF_CORE_READ(v, io), STOCK_RECHECK);
	}
	add_bufio(BPF_CORE_READ(v, bufio), STOCK_HASH);
	if (bpf_core_type_exists(struct dm_verity_fec))
		add_fec(BPF_CORE_READ(v, fec));
}

/* What `dmsetup status` says as V or C. */
static __always_inline void note_blocks(struct dm_verity *v)
{
	struct stock_device *device = LAST(devices, devices);

	if (!device || w.slot != STOCK_LIVE ||
	    !bpf_core_field_exists(v->hash_failed))
		return;
	if (BPF_CORE_READ_BITFIELD_PROBED(v, hash_failed))
		device->blocks = STOCK_BLOCKS_BAD;
	else if (device->blocks == STOCK_BLOCKS_UNKNOWN)
		device->blocks = STOCK_BLOCKS_GOOD;
}

/* ---- tables ------------------------------------------------------------------ */

static long note_target(__u32 i, void *ctx)
{
	union {
		char text[STOCK_TYPE_LEN];
		__u64 word;
	} type = {}, verity = { .text = "verity" };
	struct dm_table *t = w.t;
	struct dm_target *ti = BPF_CORE_READ(t, targets);
	struct stock_target *to;
	struct dm_verity *v;

	ti = (void *)ti + i * bpf_core_type_size(struct dm_target);
	if (BPF_CORE_READ(ti, table) != t) {
		torn();
		return 1;
	}
	bpf_probe_read_kernel_str(type.text, sizeof(type.text),
				  BPF_CORE_READ(ti, type, name));
	to = NEW(targets, targets);
	if (to)
		__builtin_memcpy(to->type, type.text, sizeof(to->type));
	if (type.word != verity.word)
		return 0;
	if (!knows_verity()) {
		w.done.strange++;
		return 0;
	}
	v = BPF_CORE_READ(ti, private);
	if (!v || BPF_CORE_READ(v, ti) != ti) {
		torn();
		return 0;
	}
	note_blocks(v);
	w.target = i;
	nr_items = 0;
	add_verity(v);
	bpf_loop(nr_items, note_item, NULL, 0);
	if (BPF_CORE_READ(v, ti) != ti)
		torn();
	return 0;
}

static long note_lower(__u32 i, void *ctx)
{
	struct dm_dev_internal *dd;
	struct stock_lower *to;

	if (w.entry == w.head || !w.entry)
		return 1;
	dd = (void *)w.entry -
	     bpf_core_field_offset(struct dm_dev_internal, list);
	w.entry = next_of(w.entry);
	w.listed++;
	to = NEW(lower, lower);
	if (to)
		to->dev = BPF_CORE_READ(dd, dm_dev, bdev, bd_dev);
	return 0;
}

static __always_inline __u32 note_all_lower(struct dm_table *t)
{
	w.head = MEMBER(t, struct dm_table, devices);
	w.entry = next_of(w.head);
	w.listed = 0;
	bpf_loop(MAX_LOWER, note_lower, NULL, 0);
	return w.listed;
}

/* Notes what is in a slot of the device that was noted last. */
static __noinline int note_table(struct mapped_device *md, struct dm_table *t,
				 __u32 slot)
{
	struct stock_device *device = LAST(devices, devices);
	struct stock_table *to;
	__u32 nr_targets;

	if (!t)
		return 0;
	if (device)
		device->nr_tables++;
	to = NEW(tables, tables);
	nr_targets = BPF_CORE_READ(t, num_targets);
	if (to) {
		to->table = (__u64)t;
		to->slot = slot;
		to->nr_targets = nr_targets;
		to->nr_pools = 0;
		to->nr_lower = note_all_lower(t);
	}
	if (BPF_CORE_READ(t, md) != md) {
		torn();
		return 0;
	}
	/* the live table's have moved to the device: __bind(), dm.c */
	nr_items = 0;
	w.target = ~0U;
	add_core(slot == STOCK_LIVE ? BPF_CORE_READ(md, mempools) :
				      BPF_CORE_READ(t, mempools));
	bpf_loop(nr_items, note_item, NULL, 0);
	w.t = t;
	w.slot = slot;
	bpf_loop(nr_targets, note_target, NULL, 0);
	if (BPF_CORE_READ(t, md) != md)
		torn();
	return 0;
}

static __always_inline void new_device(struct hash_cell *cell,
				       struct mapped_device *md)
{
	struct gendisk *disk = BPF_CORE_READ(md, disk);
	struct stock_device *to = NEW(devices, devices);

	if (!to)
		return;
	to->md = (__u64)md;
	to->cell = (__u64)cell;
	to->major = BPF_CORE_READ(disk, major);
	to->minor = BPF_CORE_READ(disk, first_minor);
	to->suspended = !!(BPF_CORE_READ(md, flags) & MD_SUSPENDED);
	to->torn = 0;
	to->blocks = STOCK_BLOCKS_UNKNOWN;
	to->nr_tables = 0;
	to->name[0] = to->uuid[0] = 0;
	bpf_probe_read_kernel_str(to->name, sizeof(to->name),
				  BPF_CORE_READ(cell, name));
	if (BPF_CORE_READ(cell, uuid))
		bpf_probe_read_kernel_str(to->uuid, sizeof(to->uuid),
					  BPF_CORE_READ(cell, uuid));
}

static __always_inline void note_device(struct rb_node *node)
{
	struct hash_cell *cell =
		(void *)node -
		bpf_core_field_offset(struct hash_cell, name_node);
	struct mapped_device *md = BPF_CORE_READ(cell, md);
	struct dm_table *live, *inactive;

	if (!md || BPF_CORE_READ(md, interface_ptr) != cell)
		return;
	new_device(cell, md);
	if (is_in_swap(md))
		torn();
	live = BPF_CORE_READ(md, map);
	inactive = BPF_CORE_READ(cell, new_map);
	note_table(md, live, STOCK_LIVE);
	note_table(md, inactive, STOCK_INACTIVE);
	if (BPF_CORE_READ(md, map) != live ||
	    BPF_CORE_READ(cell, new_map) != inactive ||
	    BPF_CORE_READ(md, interface_ptr) != cell || is_in_swap(md))
		torn();
}

/* ---- the tree ------------------------------------------------------------------ */

/* One step along an edge of the tree: to the left, the node, to the right, up. */
static long walk(__u32 i, void *ctx)
{
	struct rb_node *node = w.node, *to;

	if (!node)
		return 1;
	if (w.from == FROM_ABOVE) {
		to = BPF_CORE_READ(node, rb_left);
		if (to) {
			w.node = to;
			return 0;
		}
		w.from = FROM_LEFT;
	}
	if (w.from == FROM_LEFT) {
		note_device(node);
		to = BPF_CORE_READ(node, rb_right);
		if (to) {
			w.node = to;
			w.from = FROM_ABOVE;
			return 0;
		}
	}
	/* include/linux/rbtree.h: the lowest bits are the colour */
	to = (void *)(BPF_CORE_READ(node, __rb_parent_color) & ~3UL);
	w.from = to && BPF_CORE_READ(to, rb_left) == node ? FROM_LEFT :
							    FROM_RIGHT;
	w.node = to;
	return 0;
}

SEC("syscall")
int stock_walk(void *ctx)
{
	struct rb_root *root = (void *)&name_rb_tree;

	__builtin_memset(&w, 0, sizeof(w));
	__builtin_memset(met, 0, sizeof(met));
	if (root) {
		w.node = BPF_CORE_READ(root, rb_node);
		bpf_loop(max_steps, walk, NULL, 0);
		w.done.finished = !w.node;
		w.done.found = 1;
	}
	passes[pass & 1] = w.done;
	return 0;
}
