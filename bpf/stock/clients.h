/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pools of what targets are made of: bio sets, clients of dm-io and of
 * dm-bufio. A target's walker adds them to a list, and then notes all of it.
 */
#ifndef MEMTOP_STOCK_CLIENTS_H
#define MEMTOP_STOCK_CLIENTS_H

#include "stock/pools.h"

/*
 * Whether verity's modules were there, with BTF, when this was loaded. What reads
 * their structures has to be out of reach if not, or the verifier refuses all.
 */
static __always_inline int knows_verity(void)
{
	return bpf_core_type_exists(struct dm_verity) &&
	       bpf_core_type_exists(struct dm_bufio_client);
}

static long count_listed(__u32 i, void *ctx)
{
	if (w.entry == w.head || !w.entry)
		return 1;
	w.listed++;
	w.entry = next_of(w.entry);
	return 0;
}

#define KNOWS_CACHED                                 \
	(HAS(dm_bufio_client, cache.lru[0].count) || \
	 HAS(dm_bufio_client___lists, n_buffers))

static __always_inline __u64 cached_buffers(struct dm_bufio_client *c)
{
	struct dm_bufio_client___lists *old = (void *)c;

	if (HAS(dm_bufio_client, cache.lru[0].count))
		return BPF_CORE_READ(c, cache.lru[0].count) +
		       BPF_CORE_READ(c, cache.lru[1].count);
	if (HAS(dm_bufio_client___lists, n_buffers))
		return BPF_CORE_READ(old, n_buffers[0]) +
		       BPF_CORE_READ(old, n_buffers[1]);
	return 0;
}

#define KNOWS_BUFFER_SIZE                     \
	(HAS(dm_bufio_client, block_size) &&  \
	 HAS(dm_bufio_client, slab_buffer) && \
	 HAS(dm_bufio_client, slab_cache) && HAS(kmem_cache, size))

/* What a buffer and its block take; 0: unknown. */
static __always_inline __u64 buffer_takes(struct dm_bufio_client *c)
{
	struct kmem_cache *buffers, *data;
	__u64 size, buffer;

	if (!KNOWS_BUFFER_SIZE)
		return 0;
	size = BPF_CORE_READ(c, block_size);
	buffers = BPF_CORE_READ(c, slab_buffer);
	data = BPF_CORE_READ(c, slab_cache);
	buffer = BPF_CORE_READ(buffers, size);
	find_kmallocs(buffers);
	/*
	 * Without a cache of its own whole pages, or, since 6.16, less than one from
	 * kmalloc(): alloc_buffer_data(), dm-bufio.c
	 */
	if (data)
		return buffer + BPF_CORE_READ(data, size);
	if (size >= page_size)
		return buffer + (size + page_size - 1) / page_size * page_size;
	size = kmalloc_takes(size);
	return size ? buffer + size : 0;
}

/* The waiters of its buffers, and @to's note of them. */
static __always_inline void note_buffer_waiters(struct dm_bufio_client *c,
						struct stock_pool *to)
{
	struct wait_queue_head *queue;

	if (!HAS(dm_bufio_client, free_buffer_wait.head.next) ||
	    !KNOWS_WAITERS) {
		to->unknown |= STOCK_NO_WAITS;
		return;
	}
	guarded();
	queue = MEMBER(c, struct dm_bufio_client, free_buffer_wait);
	to->nr_waits = note_waiters(
		queue, BPF_CORE_READ(c, free_buffer_wait.head.next));
}

#define KNOWS_BUFFERS \
	(HAS(dm_bufio_client, reserved_buffers) && HAS(list_head, next))

/* dm_bufio's reserve is a list of buffers; how many are lacking is counted. */
static __always_inline void note_buffers(struct dm_bufio_client *c,
					 __u32 client)
{
	struct stock_pool *to;

	w.listed = 0;
	if (KNOWS_BUFFERS) {
		guarded();
		w.head = MEMBER(c, struct dm_bufio_client, reserved_buffers);
		w.entry = next_of(w.head);
		bpf_loop(1024, count_listed, NULL, 0);
	}
	to = new_pool(c, client, STOCK_BUFFER);
	if (!to)
		return;
	to->curr_nr = w.listed;
	to->min_nr = w.listed + READ(c, need_reserved_buffers);
	if (!KNOWS_BUFFERS)
		to->unknown |= STOCK_NO_LEVEL | STOCK_NO_MIN;
	if (!HAS(dm_bufio_client, need_reserved_buffers))
		to->unknown |= STOCK_NO_MIN;
	to->object_size = READ(c, block_size);
	to->footprint = buffer_takes(c);
	to->nr_cached = cached_buffers(c);
	if (!KNOWS_CACHED)
		to->unknown |= STOCK_NO_CACHED;
	note_buffer_waiters(c, to);
}

/*
 * Pools that were found, to be read one after the other: no more than eight
 * calls may be inside each other.
 */
#define MAX_ITEMS 32
static struct item {
	__u64 address;
	__u32 client;
	__u32 kind;
} items[MAX_ITEMS];
static __u32 nr_items;

static long note_item(__u32 i, void *ctx)
{
	struct item *item = &items[i % MAX_ITEMS];

	if (item->kind != STOCK_BUFFER)
		note_mempool((void *)item->address, item->client, item->kind);
	else if (knows_verity())
		note_buffers((void *)item->address, item->client);
	return 0;
}

static __always_inline void add(const void *address, __u32 client, __u32 kind)
{
	struct item *item = &items[nr_items % MAX_ITEMS];

	item->address = (__u64)address;
	item->client = client;
	item->kind = kind;
	nr_items++;
}

/* The pool that is @member of @base, where the kernel has it. */
#define ADD(base, type, member, client, kind)                                 \
	do {                                                                  \
		if (HAS(type, member)) {                                      \
			guarded();                                            \
			add(MEMBER(base, struct type, member), client, kind); \
		} else {                                                      \
			unknown(STOCK_NO_RESERVES);                           \
		}                                                             \
	} while (0)

/*
 * @first: kind of its bios, which those of its other pools follow. Not every
 * kernel has pools for integrity payloads in it: then it has neither of the two.
 */
static __always_inline void add_bio_set(const void *set, __u32 client,
					__u32 first)
{
	ADD(set, bio_set, bio_pool, client, first);
	ADD(set, bio_set, bvec_pool, client, first + 1);
	if (!HAS(bio_set, bio_integrity_pool) &&
	    !HAS(bio_set, bvec_integrity_pool))
		return;
	ADD(set, bio_set, bio_integrity_pool, client, first + 2);
	ADD(set, bio_set, bvec_integrity_pool, client, first + 3);
}

/* The bio set that is @member of @base. */
#define ADD_BIO_SET(base, type, member, client, first)                         \
	do {                                                                   \
		if (HAS(type, member)) {                                       \
			guarded();                                             \
			add_bio_set(MEMBER(base, struct type, member), client, \
				    first);                                    \
		} else {                                                       \
			unknown(STOCK_NO_RESERVES);                            \
		}                                                              \
	} while (0)

static __always_inline void add_io_client(struct dm_io_client *io, __u32 client)
{
	if (!io)
		return;
	ADD(io, dm_io_client, pool, client, STOCK_IO);
	/* kernel/fix: a client that knows its vectors has bios, and no set */
	if (!HAS(dm_io_client, max_vecs) && HAS(dm_io_client, bio_pool))
		unknown(STOCK_NO_RESERVES);
	else if (READ(io, max_vecs))
		ADD(io, dm_io_client, bio_pool, client, STOCK_BIO);
	else
		ADD_BIO_SET(io, dm_io_client, bios, client, STOCK_BIO);
}

static __always_inline void add_bufio(struct dm_bufio_client *c, __u32 client)
{
	if (!c)
		return;
	add(c, client, STOCK_BUFFER);
	if (HAS(dm_bufio_client, dm_io))
		add_io_client(BPF_CORE_READ(c, dm_io), client);
	else
		unknown(STOCK_NO_RESERVES);
}

#endif
