/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What makes verity devices, loaded by who does. libcryptsetup brings libcrypto with
 * it: 1.6 MB that a watch would keep locked in memory, and never use.
 */
#ifndef MEMTOP_BENCH_CRYPT_H
#define MEMTOP_BENCH_CRYPT_H

#include <libcryptsetup.h>

#include "system/library.h"

/* clang-format off */
#define CRYPT_FUNCTIONS(use)              \
	use(crypt_init)                   \
	use(crypt_init_data_device)       \
	use(crypt_format)                 \
	use(crypt_load)                   \
	use(crypt_volume_key_get)         \
	use(crypt_activate_by_volume_key) \
	use(crypt_free)
/* clang-format on */

struct crypt_library {
	CRYPT_FUNCTIONS(LIBRARY_MEMBER)
};

/* 0, or -ELIBACC, already said. It stays loaded. */
int crypt_library_load(struct crypt_library *ret);

#endif
