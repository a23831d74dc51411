// SPDX-License-Identifier: GPL-2.0-only
#include "bench/blkid.h"

#include <errno.h>

int blkid_library_load(struct blkid_library *ret)
{
	const struct library library = {
		.file = "libblkid.so.1",
		.purpose = "check that a device is empty",
		.hint = "it is in the package libblkid1; --overwrite does not check",
	};

	BLKID_FUNCTIONS(LIBRARY_LOOK_UP)
	return 0;
}
