/* SPDX-License-Identifier: GPL-2.0-only */
/* Targets of dm-integrity. */
#ifndef MEMTOP_STOCK_INTEGRITY_H
#define MEMTOP_STOCK_INTEGRITY_H

#include "stock/clients.h"

static __always_inline void add_integrity(void *private)
{
	struct dm_integrity_c *ic = private;

	if (LACKS_TYPE(dm_integrity_c)) {
		UNREAD(dm_integrity_c);
		return;
	}
	ADD(ic, dm_integrity_c, journal_io_mempool, POOL_INTEGRITY_JOURNAL);
	ADD_IO_CLIENT(ic, dm_integrity_c, io, POOL_INTEGRITY_IO);
	/* a kernel without this mode has none of these members */
	if (HAS(dm_integrity_c, recheck_pool) ||
	    HAS(dm_integrity_c, recheck_bios))
		ADD(ic, dm_integrity_c, recheck_pool, POOL_INTEGRITY_RECHECK);
	if (HAS(dm_integrity_c, recheck_bios) ||
	    HAS(dm_integrity_c, recalc_bios)) {
		ADD_BIO_SET(ic, dm_integrity_c, recheck_bios,
			    SET_ROLES(INTEGRITY_RECHECK), 0);
		ADD_BIO_SET(ic, dm_integrity_c, recalc_bios,
			    SET_ROLES(INTEGRITY_RECALC), 0);
	}
	if (HAS(dm_integrity_c, ahash_req_pool) ||
	    HAS(dm_integrity_c, internal_ahash))
		ADD(ic, dm_integrity_c, ahash_req_pool, POOL_INTEGRITY_HASH);
	ADD_BUFIO(ic, dm_integrity_c, bufio, POOL_METADATA_BUFFER);
}

#endif
