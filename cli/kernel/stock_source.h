/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices and pools of any kernel with BTF: a BPF program walks over
 * device-mapper's structures, without querying it.
 */
#ifndef MEMTOP_KERNEL_STOCK_SOURCE_H
#define MEMTOP_KERNEL_STOCK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/doctor_facts.h"

struct kernel_types;
struct links_table;
struct loader;
struct stock_source;
struct sample;

/*
 * As collector_open(); programs are loaded by @loader, or here if it is NULL. Then the
 * kernel's types are kept for the programs that are loaded next, until
 * stock_source_opened().
 */
int stock_source_open(struct loader *loader, struct stock_source **ret);

/*
 * Begins to count waits, which needs privileges; as long as the types are kept. If that
 * fails, which is reported as a warning, they stay unknown. There is room for @pools and
 * @tasks; 0: enough for all that can be expected.
 */
void stock_source_count_waits(struct stock_source *src, size_t pools,
			      size_t tasks);

/* NULL: there are none. */
const struct kernel_types *stock_source_types(const struct stock_source *src);

/* Frees the types, which are megabytes; the kernel relocates programs from now on. */
void stock_source_opened(struct stock_source *src);

/*
 * Reads the kernel; while device-mapper is not loaded there are no devices.
 * *@same: nothing has changed since stock_source_fill() last filled in a
 * sample, whose devices and pools are current. Returns 0 or -errno, already
 * reported.
 */
int stock_source_look(struct stock_source *src, bool *same);

/*
 * Fills in @s's devices, pools and losses from the last reading, which was just
 * now, and reads again if that was not enough. Returns as it does.
 */
int stock_source_fill(struct stock_source *src, struct sample *s);

/*
 * Copies the live tables that the last reading has found, by address, at most
 * @room of them, to @ret. Returns how many there are.
 */
size_t stock_source_live_tables(const struct stock_source *src,
				struct links_table *ret, size_t room);

/*
 * Changes with the program, which is another one after modules were loaded or
 * unloaded.
 */
uint64_t stock_source_generation(const struct stock_source *src);

/* Adds the members that the kernel lacks; after the first reading. */
void stock_source_list_gaps(const struct stock_source *src,
			    struct doctor_gaps *to);

/* How the last reading found the devices. */
enum doctor_root stock_source_root(const struct stock_source *src);

/* Frees; safe on NULL. */
void stock_source_close(struct stock_source *src);

#endif
