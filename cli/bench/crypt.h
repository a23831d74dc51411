/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libcryptsetup, which creates verity devices, loaded on demand. It needs
 * libcrypto: 1.6 MB that a watch would lock in memory and never use.
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

/* Returns 0, or -ELIBACC, already reported. The library stays loaded. */
int crypt_library_load(struct crypt_library *ret);

#endif
