/* SPDX-License-Identifier: GPL-2.0-only */
/* Targets of dm-crypt. */
#ifndef MEMTOP_STOCK_CRYPT_H
#define MEMTOP_STOCK_CRYPT_H

#include "stock/clients.h"

static __always_inline void add_crypt(void *private)
{
	struct crypt_config *cc = private;

	if (LACKS_TYPE(crypt_config)) {
		UNREAD(crypt_config);
		return;
	}
	ADD_BIO_SET(cc, crypt_config, bs, SET_ROLES(CRYPT), 1);
	ADD(cc, crypt_config, page_pool, POOL_CRYPT_PAGE);
	ADD(cc, crypt_config, req_pool, POOL_CRYPT_REQUEST);
	ADD(cc, crypt_config, tag_pool, POOL_CRYPT_TAG);
}

#endif
