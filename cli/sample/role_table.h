/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The catalogue of roles: one row a role, in the order in which a request uses
 * them. The programs number the pools that they find by it, and the tool takes
 * from it the name and the properties of each role. No other place names roles.
 * No include is needed.
 */
#ifndef MEMTOP_SAMPLE_ROLE_TABLE_H
#define MEMTOP_SAMPLE_ROLE_TABLE_H

/*
 * X(ID, role, group, elements, size, traits)
 *
 * group     enum role_group: in which column its bytes are
 * elements  enum role_elements: how its elements are allocated
 * size      enum role_size: what decides how many there are
 * traits    enum role_trait, several at once with +
 */
#define ROLE_TABLE(X)                                                        \
	X(CORE_IO, "core.io", CORE, SLAB, PARAMETER, NONE)                   \
	X(CORE_CLONE, "core.clone", CORE, SLAB, PARAMETER, CLONE)            \
	X(CORE_IO_BIP, "core.io.bip", CORE, SLAB, PARAMETER, NONE)           \
	X(CORE_IO_BVEC, "core.io.bvec", CORE, SLAB, PARAMETER, NONE)         \
	X(CORE_IO_BIP_BVEC, "core.io.bip.bvec", CORE, SLAB, PARAMETER, NONE) \
	X(CORE_CLONE_BIP, "core.clone.bip", CORE, SLAB, PARAMETER, CLONE)    \
	X(CORE_CLONE_BVEC, "core.clone.bvec", CORE, SLAB, PARAMETER, CLONE)  \
	X(CORE_CLONE_BIP_BVEC, "core.clone.bip.bvec", CORE, SLAB, PARAMETER, \
	  CLONE)                                                             \
	X(RECHECK_PAGE, "recheck.page", RECHECK, PAGES, FIXED,               \
	  TOLD + OF_TASK + RECHECK_FIRST)                                    \
	ROLES_OF_DM_IO(X, RECHECK, "recheck", RECHECK, PARAMETER,            \
		       TOLD + RECHECK_SECOND, TOLD + RECHECK_THIRD, TOLD)    \
	ROLES_OF_BUFIO(X, HASH, "hash", HASH, TOLD)                          \
	X(FEC_FIO, "fec.fio", FEC, KMALLOC, FIXED, TOLD + OF_TASK)           \
	X(FEC_RS, "fec.rs", FEC, OWNER, FIXED, TOLD + OF_TASK)               \
	X(FEC_PREALLOC, "fec.prealloc", FEC, SLAB, FIXED, TOLD + OF_TASK)    \
	X(FEC_EXTRA, "fec.extra", FEC, SLAB, FIXED, TOLD + OF_TASK)          \
	X(FEC_OUTPUT, "fec.output", FEC, KMALLOC, FIXED, TOLD + OF_TASK)     \
	ROLES_OF_BUFIO(X, FEC_PARITY, "fec_parity", FEC, TOLD)               \
	ROLES_OF_BUFIO(X, FEC_DATA, "fec_data", FEC, TOLD)                   \
	ROLES_OF_DM_IO(X, OTHER, "other", OTHER, PARAMETER, NONE, NONE, NONE)

/* A bio set: bios and their vectors. Only dm core has integrity payloads in it. */
#define ROLES_OF_BIO_SET(X, ID, role, group, size, bio, bvec) \
	X(ID##_BIO, role ".bio", group, BIOS, size, bio)      \
	X(ID##_BVEC, role ".bvec", group, SLAB, size, bvec)

/* A client of dm-io: requests and a bio set. */
#define ROLES_OF_DM_IO(X, ID, role, group, size, io, bio, bvec) \
	X(ID##_IO, role ".io", group, SLAB, size, io)           \
	ROLES_OF_BIO_SET(X, ID, role, group, size, bio, bvec)

/* A client of dm-bufio: buffers and its client of dm-io. */
#define ROLES_OF_BUFIO(X, ID, role, group, traits)                           \
	X(ID##_BUFFER, role ".buffer", group, OWNER, FIXED, traits + CACHED) \
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
	ELEMENTS_OWNER, /* by a function of the target's: its walker knows */
};

#endif
