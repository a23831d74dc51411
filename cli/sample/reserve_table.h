/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The catalogue of reserves: the types of targets that have them, and the roles
 * of pools. The programs and the tool share both tables. No include is needed.
 */
#ifndef MEMTOP_SAMPLE_RESERVE_TABLE_H
#define MEMTOP_SAMPLE_RESERVE_TABLE_H

/*
 * The catalogue of device-mapper's target types: one row a type. A type that is
 * not here has unknown reserves.
 *
 * X(type, reserves, walker, module, least, most, kept)
 *
 * reserves  enum target_reserves: how they are found
 * walker    the function in bpf/stock/ that adds them
 * module    that with the structures that the walk reads; NULL: it reads none
 * least     bios that it gets for one flush (num_flush_bios), at least
 * most      and at most
 * kept      clients whose pools a reload passes on from the old table to the new
 *           one, separated by spaces; NULL: none
 *
 * The types of one module are adjacent.
 *
 * Read in drivers/md of Linux 6.1, 6.12 and 7.2. A thin device uses the reserves of
 * its thin-pool, an origin those of its snapshots. The number of stripes of a
 * striped target is not in a sample. A writecache on persistent memory gets one
 * bio, others get two. A new snapshot takes over the exception store of the old
 * one, and a new thin-pool the pool on the same metadata device. Types that are
 * not loaded again but removed and created (reload_way.c) keep nothing.
 */
#define TARGET_TABLE(X)                                                      \
	X("verity", BOTH, add_verity_target, "dm_verity", 0, 0, NULL)        \
	X("crypt", WALKED, add_crypt, "dm_crypt", 1, 1, NULL)                \
	X("snapshot", WALKED, add_snapshot, "dm_snapshot", 1, 1, "store")    \
	X("snapshot-merge", WALKED, add_snapshot, "dm_snapshot", 2, 2, NULL) \
	X("thin-pool", WALKED, add_thin_pool, "dm_thin_pool", 1, 1,          \
	  "kcopyd metadata")                                                 \
	X("integrity", WALKED, add_integrity, "dm_integrity", 1, 1, NULL)    \
	X("mirror", WALKED, add_mirror, "dm_mirror", 1, 1, NULL)             \
	X("raid", WALKED, add_raid, "dm_raid", 1, 1, NULL)                   \
	X("cache", WALKED, add_cache, "dm_cache", 2, 2, NULL)                \
	X("writecache", WALKED, add_writecache, "dm_writecache", 1, 2, NULL) \
	X("clone", WALKED, add_clone, "dm_clone", 1, 1, NULL)                \
	X("era", WALKED, add_era, "dm_era", 1, 1, NULL)                      \
	X("zoned", WALKED, add_zoned, "dm_zoned", 1, 1, NULL)                \
	X("ebs", WALKED, add_ebs, "dm_ebs", 1, 1, NULL)                      \
	X("delay", NONE, -, NULL, 1, 1, NULL)                                \
	X("dust", NONE, -, NULL, 1, 1, NULL)                                 \
	X("error", NONE, -, NULL, 0, 0, NULL)                                \
	X("flakey", NONE, -, NULL, 1, 1, NULL)                               \
	X("linear", NONE, -, NULL, 1, 1, NULL)                               \
	X("log-writes", NONE, -, NULL, 1, 1, NULL)                           \
	X("multipath", NONE, -, NULL, 0, MEMTOP_UNKNOWN, NULL)               \
	X("snapshot-origin", NONE, -, NULL, 1, 1, NULL)                      \
	X("striped", NONE, -, NULL, 1, MEMTOP_UNKNOWN, NULL)                 \
	X("switch", NONE, -, NULL, 0, 0, NULL)                               \
	X("thin", NONE, -, NULL, 1, 1, NULL)                                 \
	X("unstriped", NONE, -, NULL, 0, 0, NULL)                            \
	X("vdo", UNKNOWN, -, NULL, 1, 1, NULL)                               \
	X("zero", NONE, -, NULL, 0, 0, NULL)

/*
 * The catalogue of roles: one row a role, in the order in which a request uses
 * them. The programs number the pools that they find by it, and the tool takes
 * from it the name and the properties of each role. No other place names roles.
 *
 * X(ID, role, group, elements, size, traits)
 *
 * group     enum role_group: the column of its bytes
 * elements  enum role_elements: how its elements are allocated
 * size      enum role_size: what determines their number
 * traits    enum role_trait, several at once with +
 */
#define ROLE_TABLE(X)                                                          \
	X(CORE_IO, "core.io", CORE, SLAB, PARAMETER, NONE)                     \
	X(CORE_CLONE, "core.clone", CORE, SLAB, PARAMETER, CLONE)              \
	X(CORE_IO_BIP, "core.io.bip", CORE, SLAB, PARAMETER, NONE)             \
	X(CORE_IO_BVEC, "core.io.bvec", CORE, SLAB, PARAMETER, NONE)           \
	X(CORE_IO_BIP_BVEC, "core.io.bip.bvec", CORE, SLAB, PARAMETER, NONE)   \
	X(CORE_CLONE_BIP, "core.clone.bip", CORE, SLAB, PARAMETER, CLONE)      \
	X(CORE_CLONE_BVEC, "core.clone.bvec", CORE, SLAB, PARAMETER, CLONE)    \
	X(CORE_CLONE_BIP_BVEC, "core.clone.bip.bvec", CORE, SLAB, PARAMETER,   \
	  CLONE)                                                               \
	X(RECHECK_PAGE, "recheck.page", RECHECK, PAGES, FIXED,                 \
	  TOLD + OF_TASK + RECHECK_FIRST)                                      \
	ROLES_OF_DM_IO(X, RECHECK, "recheck", RECHECK, PARAMETER,              \
		       TOLD + RECHECK_SECOND, TOLD + RECHECK_THIRD, TOLD)      \
	ROLES_OF_BUFIO(X, HASH, "hash", HASH, TOLD)                            \
	X(FEC_FIO, "fec.fio", FEC, KMALLOC, FIXED, TOLD + OF_TASK)             \
	X(FEC_RS, "fec.rs", FEC, OWNER, FIXED, TOLD + OF_TASK)                 \
	X(FEC_PREALLOC, "fec.prealloc", FEC, SLAB, FIXED, TOLD + OF_TASK)      \
	X(FEC_EXTRA, "fec.extra", FEC, SLAB, FIXED, TOLD + OF_TASK)            \
	X(FEC_OUTPUT, "fec.output", FEC, KMALLOC, FIXED, TOLD + OF_TASK)       \
	ROLES_OF_BUFIO(X, FEC_PARITY, "fec_parity", FEC, TOLD)                 \
	ROLES_OF_BUFIO(X, FEC_DATA, "fec_data", FEC, TOLD)                     \
	ROLES_OF_BIO_SET(X, CRYPT, "crypt", OTHER, FIXED, NONE, NONE)          \
	X(CRYPT_PAGE, "crypt.page", OTHER, PAGE, FIXED, NONE)                  \
	X(CRYPT_REQUEST, "crypt.request", OTHER, KMALLOC, FIXED, NONE)         \
	X(CRYPT_TAG, "crypt.tag", OTHER, KMALLOC, FIXED, NONE)                 \
	X(INTEGRITY_JOURNAL, "integrity.journal", OTHER, SLAB, FIXED, NONE)    \
	ROLES_OF_DM_IO(X, INTEGRITY, "integrity", OTHER, PARAMETER, NONE,      \
		       NONE, NONE)                                             \
	X(INTEGRITY_RECHECK, "integrity.recheck", OTHER, PAGES, FIXED, NONE)   \
	ROLES_OF_BIO_SET(X, INTEGRITY_RECHECK, "inline.recheck", OTHER, FIXED, \
			 NONE, NONE)                                           \
	ROLES_OF_BIO_SET(X, INTEGRITY_RECALC, "inline.recalc", OTHER, FIXED,   \
			 NONE, NONE)                                           \
	X(INTEGRITY_HASH, "integrity.hash", OTHER, KMALLOC, FIXED, NONE)       \
	X(SNAPSHOT_PENDING, "snapshot.pending", OTHER, SLAB, FIXED, NONE)      \
	ROLES_OF_DM_IO(X, STORE, "store", OTHER, PARAMETER, NONE, NONE, NONE)  \
	X(THIN_CELL, "thin.cell", OTHER, SLAB, FIXED, NONE)                    \
	X(THIN_MAPPING, "thin.mapping", OTHER, SLAB, FIXED, NONE)              \
	ROLES_OF_BIO_SET(X, CACHE, "cache", OTHER, FIXED, NONE, NONE)          \
	X(CACHE_CELL, "cache.cell", OTHER, SLAB, FIXED, NONE)                  \
	X(CACHE_MIGRATION, "cache.migration", OTHER, SLAB, FIXED, NONE)        \
	X(CLONE_HYDRATION, "clone.hydration", OTHER, SLAB, FIXED, NONE)        \
	ROLES_OF_DM_IO(X, WRITECACHE, "writecache", OTHER, PARAMETER, NONE,    \
		       NONE, NONE)                                             \
	ROLES_OF_BIO_SET(X, WRITEBACK, "writeback", OTHER, FIXED, NONE, NONE)  \
	X(WRITECACHE_COPY, "writecache.copy", OTHER, KMALLOC, FIXED, NONE)     \
	ROLES_OF_BIO_SET(X, ZONED, "zoned", OTHER, FIXED, NONE, NONE)          \
	ROLES_OF_DM_IO(X, MIRROR, "mirror", OTHER, PARAMETER, NONE, NONE,      \
		       NONE)                                                   \
	X(MIRROR_REGION, "mirror.region", OTHER, KMALLOC, FIXED, NONE)         \
	ROLES_OF_DM_IO(X, LOG, "log", OTHER, PARAMETER, NONE, NONE, NONE)      \
	X(LOG_FLUSH, "log.flush", OTHER, SLAB, FIXED, NONE)                    \
	ROLES_OF_MD_SET(X, MD, "md")                                           \
	ROLES_OF_MD_SET(X, MD_SYNC, "md_sync")                                 \
	ROLES_OF_BIO_SET(X, MD_CLONE, "md_clone", OTHER, FIXED, NONE, NONE)    \
	ROLES_OF_BIO_SET(X, MD_SPLIT, "md_split", OTHER, FIXED, NONE, NONE)    \
	X(MD_SERIAL, "md.serial", OTHER, KMALLOC, FIXED, NONE)                 \
	X(RAID1_REQUEST, "raid1.request", OTHER, KMALLOC, FIXED, NONE)         \
	X(RAID1_RESYNC, "raid1.resync", OTHER, OWNER, FIXED, NONE)             \
	X(RAID10_REQUEST, "raid10.request", OTHER, KMALLOC, FIXED, NONE)       \
	X(RAID10_RESYNC, "raid10.resync", OTHER, OWNER, FIXED, NONE)           \
	X(KCOPYD_JOB, "kcopyd.job", OTHER, SLAB, FIXED, NONE)                  \
	X(KCOPYD_PAGE, "kcopyd.page", OTHER, COPIED, SUBJOB, NONE)             \
	ROLES_OF_DM_IO(X, KCOPYD, "kcopyd", OTHER, PARAMETER, NONE, NONE,      \
		       NONE)                                                   \
	ROLES_OF_BUFIO(X, METADATA, "metadata", OTHER, NONE)                   \
	ROLES_OF_BUFIO(X, EBS, "ebs", OTHER, NONE)                             \
	ROLES_OF_BUFIO(X, OTHER, "other", OTHER, NONE)

/* A bio set: bios and their vectors. Only dm core has integrity payloads in it. */
#define ROLES_OF_BIO_SET(X, ID, role, group, size, bio, bvec) \
	X(ID##_BIO, role ".bio", group, BIOS, size, bio)      \
	X(ID##_BVEC, role ".bvec", group, SLAB, size, bvec)

/* A bio set of md's, in which the kernel had integrity payloads until 6.14. */
#define ROLES_OF_MD_SET(X, ID, role)                            \
	ROLES_OF_BIO_SET(X, ID, role, OTHER, FIXED, NONE, NONE) \
	X(ID##_BIP, role ".bip", OTHER, SLAB, FIXED, NONE)      \
	X(ID##_BIP_BVEC, role ".bip.bvec", OTHER, SLAB, FIXED, NONE)

/* A client of dm-io: requests and a bio set. */
#define ROLES_OF_DM_IO(X, ID, role, group, size, io, bio, bvec) \
	X(ID##_IO, role ".io", group, SLAB, size, io)           \
	ROLES_OF_BIO_SET(X, ID, role, group, size, bio, bvec)

/* A client of dm-bufio: buffers and its client of dm-io. */
#define ROLES_OF_BUFIO(X, ID, role, group, traits)                             \
	X(ID##_BUFFER, role ".buffer", group, BUFFERS, FIXED, traits + CACHED) \
	ROLES_OF_DM_IO(X, ID, role, group, PARAMETER, traits, traits, traits)

#define ROLE_ID(ID, role, group, elements, size, traits) POOL_##ID,
enum pool_role { ROLE_TABLE(ROLE_ID) NR_POOL_ROLES };
#undef ROLE_ID

/*
 * How elements are allocated, in every kernel from 6.1 on (read in drivers/md).
 */
enum role_elements {
	ELEMENTS_SLAB, /* the pool's data is the cache */
	/* The same; with kernel/fix from kmalloc(), and the data is the size. */
	ELEMENTS_BIOS,
	/* The data is the order; with kernel/fix a size for kmalloc(). */
	ELEMENTS_PAGES,
	ELEMENTS_KMALLOC, /* the data is the size */
	ELEMENTS_PAGE, /* one page each */
	ELEMENTS_OWNER, /* by a function of the target; its walker has the size */
	/* No mempool. */
	ELEMENTS_BUFFERS, /* the reserve of a client of dm-bufio */
	ELEMENTS_COPIED, /* the pages of a client of kcopyd */
};

#endif
