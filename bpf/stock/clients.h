/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pools of common parts of targets: bio sets, clients of dm-io and of
 * dm-bufio. A target's walker adds them to a list, and then records all of it.
 */
#ifndef MEMTOP_STOCK_CLIENTS_H
#define MEMTOP_STOCK_CLIENTS_H

#include "stock/pools.h"

/*
 * Whether verity's modules existed, with BTF, when this was loaded. If not,
 * code that reads their structures must be unreachable, or the verifier refuses
 * the program.
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

/* The size of a buffer with its block; 0: unknown. */
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
	find_kmallocs((__u64)buffers);
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

/* Records the waiters for its buffers in @to. */
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
		(__u64)queue,
		(__u64)BPF_CORE_READ(c, free_buffer_wait.head.next));
}

#define KNOWS_BUFFERS \
	(HAS(dm_bufio_client, reserved_buffers) && HAS(list_head, next))

/* dm_bufio's reserve is a list of buffers; how many are lacking is counted. */
__noinline int note_buffers(__u64 address, __u32 role)
{
	struct dm_bufio_client *c = (void *)address;
	struct stock_pool *to;

	if (LACKS_TYPE(dm_bufio_client))
		return 0;
	w.listed = 0;
	if (KNOWS_BUFFERS) {
		guarded();
		w.head = MEMBER(c, struct dm_bufio_client, reserved_buffers);
		w.entry = next_of(w.head);
		bpf_loop(1024, count_listed, NULL, no_flags);
	}
	to = new_pool(c, role);
	if (!to)
		return 0;
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
	return 0;
}

__noinline int note_pages(__u64 address, __u32 role);

static long note_item(__u32 i, void *ctx)
{
	struct item *item = &items[i % MAX_ITEMS];
	__u32 elements = item->role < NR_POOL_ROLES ?
				 elements_of_role[item->role] :
				 ELEMENTS_SLAB;

	if (elements == ELEMENTS_BUFFERS) {
		note_buffers(item->address, item->role);
	} else if (elements == ELEMENTS_COPIED) {
		note_pages(item->address, item->role);
	} else {
		note_mempool(i);
	}
	return 0;
}

__noinline int add_sized(__u64 address, __u32 role, __u32 must, __u64 size)
{
	struct item *item = &items[nr_items % MAX_ITEMS];

	if (nr_items >= MAX_ITEMS) {
		unknown(STOCK_NO_RESERVES);
		return 0;
	}
	item->address = address;
	item->role = role;
	item->must = must;
	item->size = size;
	nr_items++;
	return 0;
}

static __always_inline void add_item(const void *address, __u32 role,
				     __u32 must)
{
	add_sized((__u64)address, role, must, 0);
}

#define ADD_ITEM(base, type, member, role, must, size)                      \
	do {                                                                \
		if (HAS(type, member)) {                                    \
			guarded();                                          \
			add_sized((__u64)MEMBER(base, struct type, member), \
				  role, must, size);                        \
		} else {                                                    \
			unknown(STOCK_NO_RESERVES);                         \
		}                                                           \
	} while (0)

/* The pool that is @member of @base, if the kernel has it. */
#define ADD(base, type, member, role) ADD_ITEM(base, type, member, role, 0, 0)

/* The same, with elements of @size from kmalloc(). */
#define ADD_SIZED(base, type, member, role, size) \
	ADD_ITEM(base, type, member, role, 1, size)

/* The four pools of a bio set; not all of them must exist. */
struct set_roles {
	__u32 bio;
	__u32 bvec;
	__u32 bip; /* integrity payloads */
	__u32 bip_bvec; /* the vectors of those */
};

/* @must: it always has bios */
static __always_inline void add_bio_set(const void *set, struct set_roles roles,
					__u32 must)
{
	ADD_ITEM(set, bio_set, bio_pool, roles.bio, must, 0);
	ADD(set, bio_set, bvec_pool, roles.bvec);
	/* a kernel without them in it has neither of the two */
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
__noinline int add_io_client(__u64 address, __u32 role)
{
	struct dm_io_client *io = (void *)address;
	const struct set_roles roles = { role + 1, role + 2, NR_POOL_ROLES,
					 NR_POOL_ROLES };

	if (!io)
		return 0;
	if (LACKS_TYPE(dm_io_client)) {
		UNREAD(dm_io_client);
		return 0;
	}
	ADD(io, dm_io_client, pool, role);
	/* kernel/fix: a client with known vectors has bios, and no set */
	if (!HAS(dm_io_client, max_vecs) && HAS(dm_io_client, bio_pool))
		unknown(STOCK_NO_RESERVES);
	else if (READ(io, max_vecs))
		ADD_ITEM(io, dm_io_client, bio_pool, roles.bio, 1, 0);
	else
		ADD_BIO_SET(io, dm_io_client, bios, roles, 1);
	return 0;
}

/* The roles of a client of dm-bufio are that of its buffers, then dm-io's. */
__noinline int add_bufio(__u64 address, __u32 role)
{
	struct dm_bufio_client *c = (void *)address;
	if (!c)
		return 0;
	if (LACKS_TYPE(dm_bufio_client)) {
		UNREAD(dm_bufio_client);
		return 0;
	}
	add_item(c, role, 0);
	if (HAS(dm_bufio_client, dm_io))
		add_io_client((__u64)BPF_CORE_READ(c, dm_io), role + 1);
	else
		unknown(STOCK_NO_RESERVES);
	return 0;
}

/* The pages that a client of kcopyd keeps; a job that finds none is put off. */
__noinline int note_pages(__u64 address, __u32 role)
{
	struct dm_kcopyd_client *kc = (void *)address;
	struct stock_pool *to;

	if (LACKS_TYPE(dm_kcopyd_client))
		return 0;
	if (!HAS(dm_kcopyd_client, nr_reserved_pages)) {
		unknown(STOCK_NO_RESERVES);
		return 0;
	}
	to = new_pool(kc, role);
	if (!to)
		return 0;
	to->min_nr = BPF_CORE_READ(kc, nr_reserved_pages);
	to->curr_nr = READ(kc, nr_free_pages);
	if (!HAS(dm_kcopyd_client, nr_free_pages))
		to->unknown |= STOCK_NO_LEVEL;
	to->object_size = page_size;
	/* alloc_pl(), dm-kcopyd.c: a page, and its list entry */
	if (!LACKS_TYPE(page_list))
		to->footprint =
			kmalloc_takes(bpf_core_type_size(struct page_list));
	if (to->footprint)
		to->footprint += page_size;
	return 0;
}

__noinline int add_kcopyd(__u64 address)
{
	struct dm_kcopyd_client *kc = (void *)address;
	if (!kc)
		return 0;
	if (LACKS_TYPE(dm_kcopyd_client)) {
		UNREAD(dm_kcopyd_client);
		return 0;
	}
	ADD_ITEM(kc, dm_kcopyd_client, job_pool, POOL_KCOPYD_JOB, 1, 0);
	add_item(kc, POOL_KCOPYD_PAGE, 0);
	if (HAS(dm_kcopyd_client, io_client))
		add_io_client((__u64)BPF_CORE_READ(kc, io_client),
			      POOL_KCOPYD_IO);
	else
		unknown(STOCK_NO_RESERVES);
	return 0;
}

/* The object to which @member of @base points, if the kernel has it. */
#define ADD_POINTED(base, type, member, add, ...)               \
	do {                                                    \
		if (HAS(type, member))                          \
			add((__u64)BPF_CORE_READ(base, member), \
			    ##__VA_ARGS__);                     \
		else                                            \
			unknown(STOCK_NO_RESERVES);             \
	} while (0)
#define ADD_IO_CLIENT(base, type, member, role) \
	ADD_POINTED(base, type, member, add_io_client, role)
#define ADD_BUFIO(base, type, member, role) \
	ADD_POINTED(base, type, member, add_bufio, role)
#define ADD_KCOPYD(base, type, member) \
	ADD_POINTED(base, type, member, add_kcopyd)

#endif
