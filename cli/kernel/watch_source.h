/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Both sources together, for a machine that may hang: after the start
 * device-mapper is not queried and no file is opened.
 */
#ifndef MEMTOP_KERNEL_WATCH_SOURCE_H
#define MEMTOP_KERNEL_WATCH_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample/doctor_facts.h"

struct loader;
struct pool_source;
struct sample;
struct stock_source;
struct watch_source;

/*
 * Takes @pools, NULL without events, and @stock, NULL if the structures cannot
 * be read; at least one exists, and the watch owns both from now on. @loader,
 * which stays the caller's, loads programs, or this process if it is NULL.
 * Returns 0 or -errno, already reported.
 */
int watch_source_open(struct loader *loader, struct pool_source *pools,
		      struct stock_source *stock, struct watch_source **ret);

/*
 * Reads the kernel. *@same: devices and pools are unchanged since
 * watch_source_fill() last filled them in. Returns 0 or -errno, already
 * reported.
 */
int watch_source_look(struct watch_source *src, bool *same);

/*
 * Fills in @s from the last reading, which was just now. Returns 0 or -errno,
 * already reported.
 */
int watch_source_fill(struct watch_source *src, struct sample *s);

/*
 * If devices and pools are unchanged: fills in the rest of @s, which was filled
 * in last. Links stay unchanged while no task waits, because they are needed
 * only for a wait, except for I/O in flight, which is unknown then.
 */
void watch_source_renew(struct watch_source *src, struct sample *s);

/* See collect.h. */
bool watch_source_wait(struct watch_source *src, uint64_t deadline,
		       uint64_t *since);
bool watch_source_knows_new(const struct watch_source *src);
bool watch_source_has_news(const struct watch_source *src);
void watch_source_stacks(struct watch_source *src, const uint32_t *pids,
			 size_t nr, uint64_t timeout_ns, struct sample *s);

/* See collect.h. */
void watch_source_list_gaps(const struct watch_source *src,
			    struct doctor_gaps *to);
enum doctor_root watch_source_root(const struct watch_source *src);

/* Frees, including the two sources; safe on NULL. */
void watch_source_close(struct watch_source *src);

#endif
