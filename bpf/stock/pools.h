/* SPDX-License-Identifier: GPL-2.0-only */
/* One mempool. */
#ifndef MEMTOP_STOCK_POOLS_H
#define MEMTOP_STOCK_POOLS_H

#include "stock/slab.h"
#include "stock/waits.h"

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
	to->unknown = 0;
	to->min_nr = to->curr_nr = 0;
	to->nr_waits = 0;
	to->pad = 0;
	return to;
}

/* What fec_rs_alloc() asks for; of the device that is looked at. */
static __u64 rs_size;

/* What the mempool at @pool is, whichever of its two names the type has. */
struct mempool_view {
	int min_nr;
	int curr_nr;
	void **elements;
	void *pool_data;
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

#define READ_SPAN(type, pool, view)                                         \
	do {                                                                \
		bpf_probe_read_kernel(span, FIRST_OFFSET(type) + 8,         \
				      MEMBER(pool, struct type, min_nr));   \
		FROM_SPAN(type, view, min_nr);                              \
		FROM_SPAN(type, view, curr_nr);                             \
		FROM_SPAN(type, view, elements);                            \
		FROM_SPAN(type, view, pool_data);                           \
		__builtin_memcpy(&(view)->first, &span[FIRST_OFFSET(type)], \
				 sizeof((view)->first));                    \
	} while (0)

#define READ_EACH(pool, view)                               \
	do {                                                \
		(view)->min_nr = READ(pool, min_nr);        \
		(view)->curr_nr = READ(pool, curr_nr);      \
		(view)->elements = READ(pool, elements);    \
		(view)->pool_data = READ(pool, pool_data);  \
		(view)->first = READ(pool, wait.head.next); \
	} while (0)

#define HAS_WHOLE_POOL(type)                                               \
	(HAS(type, min_nr) && HAS(type, curr_nr) && HAS(type, elements) && \
	 HAS(type, pool_data) && HAS(type, wait.head.next) &&              \
	 HAS(wait_queue_head, head) && HAS(list_head, next))

/* Where all of it is near, as members are on most kernels, by one call. */
#define READ_POOL(type, from, view)                                       \
	do {                                                              \
		struct type *__pool = (void *)(from);                     \
                                                                          \
		if (HAS(type, wait))                                      \
			(view)->wait = MEMBER(__pool, struct type, wait); \
		if (HAS_WHOLE_POOL(type)) {                               \
			guarded();                                        \
			if (IS_NEAR(type, curr_nr) &&                     \
			    IS_NEAR(type, elements) &&                    \
			    IS_NEAR(type, pool_data) &&                   \
			    FIRST_OFFSET(type) <= MAX_SPAN - 8)           \
				READ_SPAN(type, __pool, view);            \
			else                                              \
				READ_EACH(__pool, view);                  \
		} else {                                                  \
			READ_EACH(__pool, view);                          \
		}                                                         \
	} while (0)

/* How the elements of a mempool are allocated. */
enum allocator {
	BY_SLAB, /* pool_data: the cache */
	BY_PAGES, /* pool_data: the order */
	BY_KMALLOC, /* pool_data: the size */
	BY_OWNER, /* by a function of the target's */
};

/*
 * Every kernel from 6.1 to 7.3 allocates the elements of a kind of pool in the same
 * way (read in drivers/md). The pool has the address of the function that does it,
 * but not everybody may see whose address that is. With kernel/fix, buffers of
 * rechecks and bios come from kmalloc(): a size, which is @data then, is larger than
 * any order, and smaller than any address.
 */
static __always_inline enum allocator allocator_of(__u32 kind, __u64 data)
{
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

/* Whether there is a pool, and what of it can be so; a torn one is none. */
static __always_inline int is_pool(struct mempool_view *view, __u32 kind)
{
	if (!HAS_POOL(elements)) {
		unknown(STOCK_NO_RESERVES);
		return view->min_nr > 0;
	}
	/* a bio set has not all of its pools, but each that is used has bios */
	if (!view->elements) {
		if (kind == STOCK_CLONE || kind == STOCK_BIO)
			torn();
		return 0;
	}
	/*
	 * Since 6.17 a pool with a minimum of 0 has room for one element, and keeps
	 * one: "mm: mempool: fix crash in mempool_free() for zero-minimum pools".
	 */
	if (HAS_POOL(min_nr) && !view->min_nr &&
	    (unsigned long)view->elements > ZERO_SIZE_PTR)
		view->min_nr = 1;
	return 1;
}

static __always_inline void note_sizes(const struct mempool_view *view,
				       struct stock_pool *to)
{
	enum allocator by = allocator_of(to->kind, (__u64)view->pool_data);

	if (by == BY_OWNER && to->kind == STOCK_RS)
		to->footprint = kmalloc_takes(rs_size);
	if (!HAS_POOL(pool_data))
		return;
	if (by == BY_SLAB) {
		note_cache(view->pool_data, to);
	} else if (by == BY_PAGES) {
		to->object_size = page_size << ((__u64)view->pool_data & 31);
		to->footprint = to->object_size;
	} else if (by == BY_KMALLOC) {
		to->object_size = (__u64)view->pool_data;
		to->footprint = kmalloc_takes(to->object_size);
	}
}

static __always_inline void note_mempool(const void *pool, __u32 client,
					 __u32 kind)
{
	struct mempool_view view = {};
	struct stock_pool *to;

	if (bpf_core_type_exists(struct mempool_s))
		READ_POOL(mempool_s, pool, &view);
	else
		READ_POOL(mempool, pool, &view);
	if (!is_pool(&view, kind))
		return;
	if (view.min_nr < 0 || view.curr_nr < 0 ||
	    (HAS_POOL(min_nr) && view.curr_nr > view.min_nr)) {
		torn();
		return;
	}
	to = new_pool(pool, client, kind);
	if (!to)
		return;
	to->min_nr = view.min_nr;
	to->curr_nr = view.curr_nr;
	if (!HAS_POOL(min_nr))
		to->unknown |= STOCK_NO_MIN;
	if (!HAS_POOL(curr_nr))
		to->unknown |= STOCK_NO_LEVEL;
	if (!HAS_POOL(wait) || !KNOWS_WAITERS)
		to->unknown |= STOCK_NO_WAITS;
	note_sizes(&view, to);
	to->nr_waits = note_waiters(view.wait, view.first);
}

#endif
