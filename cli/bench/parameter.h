/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dm_mod's reserved_bio_based_ios, lent for as long as it takes to load a
 * table, and the file that says so meanwhile. One bench at a time.
 */
#ifndef MEMTOP_BENCH_PARAMETER_H
#define MEMTOP_BENCH_PARAMETER_H

#include "bench/state.h"

struct parameter {
	int lock; /* descriptor */
	struct bench_state state; /* as the file has it */
};

/*
 * Takes the lock. If a bench was killed, what its state file says is in
 * @left, and @was_left true: its parameter is put back already, its devices
 * and files are not removed. Returns 0 or -errno, the reason already said:
 * -EBUSY another one runs, -EACCES the parameter can't be written.
 */
int parameter_open(struct parameter *ret, struct bench_state *left,
		   bool *was_left);

/* Notes that there will be devices, and files in @directory. */
int parameter_note(struct parameter *p, const char *directory);

/* Sets it; parameter_put_back() is due at once after the table is loaded. */
int parameter_set(struct parameter *p, uint64_t value);

/*
 * Puts back what it was, unless somebody else has written it meanwhile, which
 * is said.
 */
int parameter_put_back(struct parameter *p);

/* Gives up the lock and the file: nothing is left to be put right. */
void parameter_close(struct parameter *p);

#endif
