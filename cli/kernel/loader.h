/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that loads programs for one that has dropped its privileges: when there
 * are more devices than there was room for, or when other modules have come.
 *
 * It keeps the capabilities that loading needs and nothing else. All it takes is
 * a wish of fixed size; all it does is to load that program and to send back
 * its descriptors. It opens no file.
 */
#ifndef MEMTOP_KERNEL_LOADER_H
#define MEMTOP_KERNEL_LOADER_H

#include <stdbool.h>

struct kernel_types;
struct loader;
struct program;
struct program_refusal;
struct program_wish;

/*
 * Starts it, with the privileges of now; @locked: its memory stays locked, like
 * ours. Returns 0 or -errno, the reason already said.
 */
int loader_start(bool locked, struct loader **ret);

/*
 * Loads a program: here, with @types, if @loader is NULL. Returns as program_load(),
 * and @why; -ETIMEDOUT, -EPIPE if the process does not answer, or has ended.
 */
int loader_load(struct loader *loader, const struct program_wish *wish,
		const struct kernel_types *types, struct program *ret,
		struct program_refusal *why);

/* Ends the process; fine on NULL. */
void loader_stop(struct loader *loader);

#endif
