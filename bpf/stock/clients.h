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

#endif
