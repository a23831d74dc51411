/* SPDX-License-Identifier: GPL-2.0-only */
/* One mempool. */
#ifndef MEMTOP_STOCK_POOLS_H
#define MEMTOP_STOCK_POOLS_H

#include "stock/slab.h"
#include "stock/waits.h"

static __always_inline struct stock_pool *new_pool(const void *pool, __u32 role)
{
	struct stock_table *table = LAST(tables, tables);
	struct stock_pool *to = NEW(pools, pools);

	if (table)
		table->nr_pools++;
	if (!to)
		return NULL;
	to->pool = (__u64)pool;
	to->target = w.target;
	to->role = role;
	to->object_size = 0;
	to->footprint = 0;
	to->nr_cached = 0;
	to->unknown = 0;
	to->min_nr = to->curr_nr = 0;
	to->nr_waits = 0;
	to->queue = 0;
	return to;
}

/* The size that fec_rs_alloc() requests; of the current device. */
static __u64 rs_size;

/*
 * The properties of the mempool at @pool, whichever of its two names the type
 * has.
 */
struct mempool_view {
	int min_nr;
	int curr_nr;
	void **elements;
	void *pool_data;
	struct wait_queue_head *wait;
	struct list_head *first; /* on its wait queue */
};

/*
 * The part of a mempool that is read at once, from min_nr on, if lockdep is
 * off.
 */
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

/* If all members are close together, as on most kernels, with one call. */
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

#define ELEMENTS(ID, role, group, elements, size, traits) ELEMENTS_##elements,
/*
 * not static: the compiler may put a small constant table into a section
 * without a map
 */
const volatile __u8 elements_of_role[NR_POOL_ROLES] = { ROLE_TABLE(ELEMENTS) };
#undef ELEMENTS

/*
 * How the elements of a mempool with @data are allocated. The pool has the
 * address of the allocating function, but not every caller may see which function
 * has that address. With kernel/fix, buffers of rechecks and bios come from
 * kmalloc(): @data is then a size, which is larger than any order, and smaller
 * than any address.
 */
static __always_inline enum role_elements elements_of(__u32 role, __u64 data)
{
	enum role_elements elements =
		role < NR_POOL_ROLES ? elements_of_role[role] : ELEMENTS_OWNER;

	if (elements == ELEMENTS_PAGES && data >= 32)
		return ELEMENTS_KMALLOC;
	if (elements == ELEMENTS_BIOS)
		return data < 1 << 20 ? ELEMENTS_KMALLOC : ELEMENTS_SLAB;
	return elements;
}

/* include/linux/slab.h: the result of kmalloc(0) */
#define ZERO_SIZE_PTR 16

/* A pool that was found, to be read. */
struct item {
	__u64 address;
	__u32 role; /* enum pool_role; NR_POOL_ROLES: none should exist */
	__u32 must; /* it always exists */
	__u64 size; /* of an element from kmalloc(), from its walker */
};

/* Whether there is a pool with possible values; a torn one does not count. */
static __always_inline int is_pool(struct mempool_view *view,
				   const struct item *item)
{
	if (!HAS_POOL(elements)) {
		unknown(STOCK_NO_RESERVES);
		return view->min_nr > 0;
	}
	if (!view->elements) {
		if (item->must)
			torn();
		return 0;
	}
	if (item->role >= NR_POOL_ROLES) {
		unknown(STOCK_NO_RESERVES);
		return 0;
	}
	/*
	 * Since 6.17 a pool with a minimum of 0 has room for one element, and
	 * reserves one: "mm: mempool: fix crash in mempool_free() for
	 * zero-minimum pools".
	 */
	if (HAS_POOL(min_nr) && !view->min_nr &&
	    (unsigned long)view->elements > ZERO_SIZE_PTR)
		view->min_nr = 1;
	return 1;
}

static __always_inline void note_sizes(const struct item *item,
				       const struct mempool_view *view,
				       struct stock_pool *to)
{
	enum role_elements by = elements_of(to->role, (__u64)view->pool_data);

	if (to->role == POOL_FEC_RS)
		to->footprint = kmalloc_takes(rs_size);
	if (by == ELEMENTS_PAGE) {
		to->object_size = to->footprint = page_size;
		return;
	}
	if (item->size) {
		to->object_size = item->size;
		to->footprint = kmalloc_takes(item->size);
		return;
	}
	if (!HAS_POOL(pool_data))
		return;
	if (by == ELEMENTS_SLAB) {
		note_cache(view->pool_data, to);
	} else if (by == ELEMENTS_PAGES) {
		to->object_size = page_size << ((__u64)view->pool_data & 31);
		to->footprint = to->object_size;
	} else if (by == ELEMENTS_KMALLOC) {
		to->object_size = (__u64)view->pool_data;
		to->footprint = kmalloc_takes(to->object_size);
	}
}

/*
 * Pools that were found, to be read one after the other: no more than eight
 * calls may be inside each other.
 */
#define MAX_ITEMS 64
static struct item items[MAX_ITEMS];
static __u32 nr_items;

__noinline int note_mempool(__u32 at)
{
	const struct item *item = &items[at % MAX_ITEMS];
	const void *pool = (void *)item->address;
	struct mempool_view view = {};
	struct stock_pool *to;

	if (bpf_core_type_exists(struct mempool_s))
		READ_POOL(mempool_s, pool, &view);
	else
		READ_POOL(mempool, pool, &view);
	if (!is_pool(&view, item))
		return 0;
	if (view.min_nr < 0 || view.curr_nr < 0 ||
	    (HAS_POOL(min_nr) && view.curr_nr > view.min_nr)) {
		torn();
		return 0;
	}
	to = new_pool(pool, item->role);
	if (!to)
		return 0;
	to->min_nr = view.min_nr;
	to->curr_nr = view.curr_nr;
	if (!HAS_POOL(min_nr))
		to->unknown |= STOCK_NO_MIN;
	if (!HAS_POOL(curr_nr))
		to->unknown |= STOCK_NO_LEVEL;
	if (!HAS_POOL(wait) || !KNOWS_WAITERS)
		to->unknown |= STOCK_NO_WAITS;
	to->queue = (__u64)view.wait;
	note_sizes(item, &view, to);
	to->nr_waits = note_waiters((__u64)view.wait, (__u64)view.first);
	return 0;
}

#endif
