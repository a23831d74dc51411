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
static __always_inline void note_buffers(struct dm_bufio_client *c, __u32 role)
{
	struct stock_pool *to;

	w.listed = 0;
	if (KNOWS_BUFFERS) {
		guarded();
		w.head = MEMBER(c, struct dm_bufio_client, reserved_buffers);
		w.entry = next_of(w.head);
		bpf_loop(1024, count_listed, NULL, 0);
	}
	to = new_pool(c, role);
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
static struct item items[MAX_ITEMS];
static __u32 nr_items;

static __always_inline int is_of_bufio(__u32 role)
{
	return role == POOL_HASH_BUFFER || role == POOL_FEC_PARITY_BUFFER ||
	       role == POOL_FEC_DATA_BUFFER;
}

static long note_item(__u32 i, void *ctx)
{
	struct item *item = &items[i % MAX_ITEMS];

	if (!is_of_bufio(item->role))
		note_mempool(item);
	else if (knows_verity())
		note_buffers((void *)item->address, item->role);
	return 0;
}

static __always_inline void add_item(const void *address, __u32 role,
				     __u32 must)
{
	struct item *item = &items[nr_items % MAX_ITEMS];

	item->address = (__u64)address;
	item->role = role;
	item->must = must;
	nr_items++;
}

#define ADD_ITEM(base, type, member, role, must)                          \
	do {                                                              \
		if (HAS(type, member)) {                                  \
			guarded();                                        \
			add_item(MEMBER(base, struct type, member), role, \
				 must);                                   \
		} else {                                                  \
			unknown(STOCK_NO_RESERVES);                       \
		}                                                         \
	} while (0)

/* The pool that is @member of @base, where the kernel has it. */
#define ADD(base, type, member, role) ADD_ITEM(base, type, member, role, 0)

/* The four pools of a bio set; not all of them have to be there. */
struct set_roles {
	__u32 bio;
	__u32 bvec;
	__u32 bip; /* integrity payloads */
	__u32 bip_bvec; /* the vectors of those */
};

/* @must: it has bios always */
static __always_inline void add_bio_set(const void *set, struct set_roles roles,
					__u32 must)
{
	ADD_ITEM(set, bio_set, bio_pool, roles.bio, must);
	ADD(set, bio_set, bvec_pool, roles.bvec);
	/* not every kernel has them in it: then it has neither of the two */
	if (!HAS(bio_set, bio_integrity_pool) &&
	    !HAS(bio_set, bvec_integrity_pool))
		return;
	ADD(set, bio_set, bio_integrity_pool, roles.bip);
	ADD(set, bio_set, bvec_integrity_pool, roles.bip_bvec);
}

/* The bio set that is @member of @base. */
#define ADD_BIO_SET(base, type, member, roles, must)                          \
	do {                                                                  \
		if (HAS(type, member)) {                                      \
			guarded();                                            \
			add_bio_set(MEMBER(base, struct type, member), roles, \
				    must);                                    \
		} else {                                                      \
			unknown(STOCK_NO_RESERVES);                           \
		}                                                             \
	} while (0)

/* Of a set without integrity payloads, whose roles are POOL_@ID_BIO and so on. */
#define SET_ROLES(ID)                                                          \
	((struct set_roles){ POOL_##ID##_BIO, POOL_##ID##_BVEC, NR_POOL_ROLES, \
			     NR_POOL_ROLES })

/* Roles of a client of dm-io follow each other: requests, bios, vectors. */
static __always_inline void add_io_client(struct dm_io_client *io, __u32 role)
{
	const struct set_roles roles = { role + 1, role + 2, NR_POOL_ROLES,
					 NR_POOL_ROLES };

	if (!io)
		return;
	ADD(io, dm_io_client, pool, role);
	/* kernel/fix: a client that knows its vectors has bios, and no set */
	if (!HAS(dm_io_client, max_vecs) && HAS(dm_io_client, bio_pool))
		unknown(STOCK_NO_RESERVES);
	else if (READ(io, max_vecs))
		ADD_ITEM(io, dm_io_client, bio_pool, roles.bio, 1);
	else
		ADD_BIO_SET(io, dm_io_client, bios, roles, 1);
}

/* The roles of a client of dm-bufio are that of its buffers, then dm-io's. */
static __always_inline void add_bufio(struct dm_bufio_client *c, __u32 role)
{
	if (!c)
		return;
	add_item(c, role, 0);
	if (HAS(dm_bufio_client, dm_io))
		add_io_client(BPF_CORE_READ(c, dm_io), role + 1);
	else
		unknown(STOCK_NO_RESERVES);
}

#endif
