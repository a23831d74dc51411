// SPDX-License-Identifier: GPL-2.0-only
#include "bench/crypt.h"

#include <errno.h>

int crypt_library_load(struct crypt_library *ret)
{
	const struct library library = {
		.file = "libcryptsetup.so.12",
		.purpose = "make verity devices",
		.hint = "it is in the package libcryptsetup12",
	};

	CRYPT_FUNCTIONS(LIBRARY_LOOK_UP)
	return 0;
}
