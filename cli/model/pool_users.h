/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices that use a pool without being listed with it. The kernel names the
 * device of a pool when it is created; a shared pool has no device, or one.
 * Other users are found by the repairs whose tasks wait for an element, or hold
 * one.
 */
#ifndef MEMTOP_MODEL_POOL_USERS_H
#define MEMTOP_MODEL_POOL_USERS_H

#include <stddef.h>

#include "sample/sample.h"

struct pool_user {
	const struct sample_pool *pool; /* an entry of it */
	struct sample_devno dev;
	/* The tasks of the entry that work for this device. */
	const struct sample_task **waiters; /* of struct pool_users */
	size_t nr_waiters;
	const struct sample_task **holders; /* of struct pool_users */
	size_t nr_holders;
};

struct pool_users {
	struct pool_user *all; /* owned; by pool, then by device, each once */
	size_t nr;
	const struct sample_task **tasks; /* owned; of all users */
};

/* Fills @ret, which refers to @s. */
void pool_users_find(const struct sample *s, struct pool_users *ret);
void pool_users_release(struct pool_users *users);

#endif
