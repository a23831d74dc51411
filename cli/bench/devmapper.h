/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libdevmapper, which creates and removes snapshots together with udev, loaded on
 * demand. A report does without it: with its dependencies it would double the
 * cost of the program's start.
 */
#ifndef MEMTOP_BENCH_DEVMAPPER_H
#define MEMTOP_BENCH_DEVMAPPER_H

#include <libdevmapper.h>

#include "system/library.h"

/* clang-format off */
#define DEVMAPPER_FUNCTIONS(use)  \
	use(dm_task_create)       \
	use(dm_task_destroy)      \
	use(dm_task_run)          \
	use(dm_task_get_errno)    \
	use(dm_task_get_names)    \
	use(dm_task_set_name)     \
	use(dm_task_set_add_node) \
	use(dm_task_set_cookie)   \
	use(dm_task_add_target)   \
	use(dm_task_retry_remove) \
	use(dm_task_update_nodes) \
	use(dm_udev_wait)
/* clang-format on */

struct devmapper_library {
	DEVMAPPER_FUNCTIONS(LIBRARY_MEMBER)
};

/* Returns 0, or -ELIBACC, already reported. The library stays loaded. */
int devmapper_library_load(struct devmapper_library *ret);

/* Why @task failed: -errno, -EIO if the kernel did not refuse it. */
int devmapper_error(const struct devmapper_library *lib, struct dm_task *task);

#endif
