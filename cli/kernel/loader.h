/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that loads programs for one that has dropped its privileges: when
 * there are more devices than the maps have room for, or when other modules
 * were loaded.
 *
 * It keeps only the capabilities for loading. Its only input is a request of
 * fixed size; it loads that program and sends back its descriptors. It opens no
 * file.
 */
#ifndef MEMTOP_KERNEL_LOADER_H
#define MEMTOP_KERNEL_LOADER_H

#include <stdbool.h>

struct kernel_types;
struct loader;
struct program;
struct program_refusal;
struct program_params;

/*
 * Starts it, with the current privileges; @locked: its memory stays locked,
 * like ours. Returns 0 or -errno, already reported.
 */
int loader_start(bool locked, struct loader **ret);

/*
 * Loads a program: here, with @types, if @loader is NULL. Returns as program_load(),
 * and @why; -ETIMEDOUT, -EPIPE if the process does not answer, or has ended.
 */
int loader_load(struct loader *loader, const struct program_params *params,
		const struct kernel_types *types, struct program *ret,
		struct program_refusal *why);

/* Ends the process; safe on NULL. */
void loader_stop(struct loader *loader);

#endif
