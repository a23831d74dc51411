// SPDX-License-Identifier: GPL-2.0-only
#include "bench/devmapper.h"

#include <errno.h>

int devmapper_library_load(struct devmapper_library *ret)
{
	const struct library library = {
		.file = "libdevmapper.so.1.02",
		.other_file = "libdevmapper.so.1.02.1", /* Debian */
		.purpose = "make devices",
		.hint = "it is in the package libdevmapper1.02.1",
	};

	DEVMAPPER_FUNCTIONS(LIBRARY_LOOK_UP)
	return 0;
}

int devmapper_error(const struct devmapper_library *lib, struct dm_task *task)
{
	int err = lib->dm_task_get_errno(task);

	return err ? -err : -EIO;
}
