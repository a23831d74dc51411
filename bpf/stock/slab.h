/* SPDX-License-Identifier: GPL-2.0-only */
/* The sizes of elements from slab caches and kmalloc(). */
#ifndef MEMTOP_STOCK_SLAB_H
#define MEMTOP_STOCK_SLAB_H

#include "stock/walk.h"

/*
 * Caches of kmalloc(), found by name in the list of all caches. They exist as
 * long as the kernel runs, so they are looked up once. Their sizes include the
 * additions of debugging options. This needs no address of a page, so it works
 * on every architecture.
 */
#define MAX_KMALLOC 32
#define MAX_CACHES 16384
static struct {
	__u32 object_size;
	__u32 size;
} kmallocs[MAX_KMALLOC];
static __u32 nr_kmallocs;

#define KNOWS_KMALLOCS                                            \
	(HAS(kmem_cache, list) && HAS(kmem_cache, name) &&        \
	 HAS(kmem_cache, size) && HAS(kmem_cache, object_size) && \
	 HAS(list_head, next))

static long note_kmalloc(__u32 i, void *ctx)
{
	union {
		char text[16];
		__u64 word;
	} name = {}, kmalloc = { .text = "kmalloc-" };
	struct kmem_cache *cache;
	__u32 at = nr_kmallocs;

	if (w.entry == w.head || !w.entry || !KNOWS_KMALLOCS)
		return 1;
	cache = (void *)w.entry -
		bpf_core_field_offset(struct kmem_cache, list);
	w.entry = next_of(w.entry);
	bpf_probe_read_kernel_str(name.text, sizeof(name.text),
				  BPF_CORE_READ(cache, name));
	/* kmalloc-64 and similar; not kmalloc-rcl-64, kmalloc-cg-64 */
	if (name.word != kmalloc.word || name.text[8] < '0' ||
	    name.text[8] > '9' || at >= MAX_KMALLOC)
		return 0;
	kmallocs[at].object_size = BPF_CORE_READ(cache, object_size);
	kmallocs[at].size = BPF_CORE_READ(cache, size);
	nr_kmallocs = at + 1;
	return 0;
}

/* @cache: any; the list goes round through its head, which has no name. */
__noinline int find_kmallocs(__u64 address)
{
	struct kmem_cache *cache = (void *)address;

	if (nr_kmallocs || !cache || !KNOWS_KMALLOCS)
		return 0;
	guarded();
	w.head = MEMBER(cache, struct kmem_cache, list);
	w.entry = next_of(w.head);
	bpf_loop(MAX_CACHES, note_kmalloc, NULL, no_flags);
	return 0;
}

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
__noinline __u64 kmalloc_takes(__u64 wanted)
{
	if (!wanted || !nr_kmallocs)
		return 0;
	fit_wanted = wanted;
	fit_best = fit_takes = 0;
	bpf_loop(nr_kmallocs, try_kmalloc, NULL, no_flags);
	if (fit_best)
		return fit_takes;
	fit_pages = page_size;
	bpf_loop(32, double_pages, NULL, no_flags);
	return fit_pages;
}

/*
 * The last cache for a role, because most devices have the same one. It is read
 * again in each pass.
 */
static struct {
	struct kmem_cache *cache;
	__u32 object_size;
	__u32 size;
	__u32 run; /* pass in which it was read */
} met[NR_POOL_ROLES];
static __u32 run;

static __always_inline void note_cache(struct kmem_cache *cache,
				       struct stock_pool *to)
{
	__u32 role = to->role;

	if (role >= NR_POOL_ROLES)
		return;
	find_kmallocs((__u64)cache);
	if (met[role].cache != cache || met[role].run != run) {
		met[role].run = run;
		met[role].cache = cache;
		met[role].object_size = READ(cache, object_size);
		met[role].size = READ(cache, size);
	}
	to->object_size = met[role].object_size;
	to->footprint = met[role].size;
}

#endif
