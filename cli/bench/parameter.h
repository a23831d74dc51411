/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dm_mod's reserved_bio_based_ios, changed only while a table is loaded, and
 * the state file that records this. Only one bench runs at a time.
 */
#ifndef MEMTOP_BENCH_PARAMETER_H
#define MEMTOP_BENCH_PARAMETER_H

#include "bench/state.h"

struct parameter {
	int lock; /* descriptor */
	struct bench_state state; /* the file's contents */
};

/*
 * Takes the lock. If a bench was killed, @left has the contents of its state
 * file and @was_left is true: the parameter has been restored, its devices and
 * files remain. Returns 0 or -errno, already reported: -EBUSY another bench
 * runs, -EACCES the parameter cannot be written.
 */
int parameter_open(struct parameter *ret, struct bench_state *left,
		   bool *was_left);

/* Notes that there will be devices, and files in @directory. */
int parameter_note(struct parameter *p, const char *directory);

/* Sets it; call parameter_put_back() right after the table is loaded. */
int parameter_set(struct parameter *p, uint64_t value);

/*
 * Restores the old value, unless it was changed meanwhile, which is reported.
 */
int parameter_put_back(struct parameter *p);

/* Releases the lock and removes the file: nothing is left to be restored. */
void parameter_close(struct parameter *p);

#endif
