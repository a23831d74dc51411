/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Targets whose metadata is kept by dm-persistent-data: thin-pool, cache, clone
 * and era. A thin device has no reserve of its own: it uses those of its
 * thin-pool.
 */
#ifndef MEMTOP_STOCK_METADATA_H
#define MEMTOP_STOCK_METADATA_H

#include "stock/clients.h"

/* Space maps and B-trees are read through one client of dm-bufio. */
static __always_inline void add_block_manager(struct dm_block_manager *bm)
{
	if (HAS(dm_block_manager, bufio))
		add_bufio((__u64)BPF_CORE_READ(bm, bufio),
			  POOL_METADATA_BUFFER);
	else
		UNREAD(dm_block_manager);
}

/* The block manager of the metadata of @type that @member of @base points to. */
#define ADD_METADATA(base, owner, member, type)                      \
	do {                                                         \
		if (HAS(owner, member) && HAS(type, bm)) {           \
			struct type *__md =                          \
				(void *)BPF_CORE_READ(base, member); \
                                                                     \
			add_block_manager(BPF_CORE_READ(__md, bm));  \
		} else {                                             \
			UNREAD(type);                                \
		}                                                    \
	} while (0)

/* The mempool in the structure that @member of @base points to. */
#define ADD_OF(base, owner, member, type, pool, role)                \
	do {                                                         \
		if (HAS(owner, member) && HAS(type, pool)) {         \
			struct type *__of =                          \
				(void *)BPF_CORE_READ(base, member); \
                                                                     \
			ADD(__of, type, pool, role);                 \
		} else {                                             \
			UNREAD(type);                                \
		}                                                    \
	} while (0)

static __always_inline void add_thin_pool(void *private)
{
	struct pool_c *pt = private;
	struct pool *pool;

	if (!HAS(pool_c, pool)) {
		UNREAD(pool_c);
		return;
	}
	if (!HAS(pool, mapping_pool)) {
		UNREAD(pool);
		return;
	}
	pool = BPF_CORE_READ(pt, pool);
	ADD(pool, pool, mapping_pool, POOL_THIN_MAPPING);
	ADD_OF(pool, pool, prison, dm_bio_prison, cell_pool, POOL_THIN_CELL);
	ADD_KCOPYD(pool, pool, copier);
	ADD_METADATA(pool, pool, pmd, dm_pool_metadata);
}

static __always_inline void add_cache(void *private)
{
	struct cache *cache = private;

	/* another module has a structure with that name */
	if (!HAS(cache, migration_pool)) {
		UNREAD(cache);
		return;
	}
	ADD_BIO_SET(cache, cache, bs, SET_ROLES(CACHE), 0);
	ADD(cache, cache, migration_pool, POOL_CACHE_MIGRATION);
	ADD_OF(cache, cache, prison, dm_bio_prison_v2, cell_pool,
	       POOL_CACHE_CELL);
	ADD_KCOPYD(cache, cache, copier);
	ADD_METADATA(cache, cache, cmd, dm_cache_metadata);
}

static __always_inline void add_clone(void *private)
{
	struct clone *clone = private;

	if (!HAS(clone, hydration_pool)) {
		UNREAD(clone);
		return;
	}
	ADD(clone, clone, hydration_pool, POOL_CLONE_HYDRATION);
	ADD_KCOPYD(clone, clone, kcopyd_client);
	ADD_METADATA(clone, clone, cmd, dm_clone_metadata);
}

static __always_inline void add_era(void *private)
{
	struct era *era = private;

	if (!HAS(era, md)) {
		UNREAD(era);
		return;
	}
	ADD_METADATA(era, era, md, era_metadata);
}

#endif
