/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts and lengths of the waits for elements of mempools on any kernel: programs at
 * the functions in which a task goes to sleep on a wait queue, and wakes up.
 */
#ifndef MEMTOP_KERNEL_WAIT_SOURCE_H
#define MEMTOP_KERNEL_WAIT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct doctor_gaps;
struct kernel_types;
struct sample;
struct sample_losses;
struct stock_ids;
struct wait_source;

/*
 * Attaches, with room for the queues of @pools and for @tasks that have waited (0: the
 * usual number); @types: the kernel's, or NULL. If that fails, which is reported as a
 * warning, the counts stay unknown.
 */
struct wait_source *wait_source_open(size_t pools, size_t tasks,
				     const struct kernel_types *types);

/*
 * Fills in the counts of @s's pools and the beginnings of their waits. From now on it
 * watches the pools of @ids, and no others.
 */
void wait_source_fill(struct wait_source *src, const struct stock_ids *ids,
		      struct sample *s);

/* Whether wait_source_fill() would fill in the same as last time. */
bool wait_source_is_same(const struct wait_source *src);

/* Adds why the counts are unknown, if they are. */
void wait_source_list_gaps(const struct wait_source *src,
			   struct doctor_gaps *to);

/* Detaches and frees; safe on NULL. */
void wait_source_close(struct wait_source *src);

#endif
