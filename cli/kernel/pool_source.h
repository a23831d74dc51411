/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pools from the tracepoints of the kernel series: BPF programs maintain maps
 * of existing objects, this reads the maps.
 */
#ifndef MEMTOP_KERNEL_POOL_SOURCE_H
#define MEMTOP_KERNEL_POOL_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/collect_params.h"

struct pool_source;
struct sample;

/* As collector_open(); -ENOENT, not reported: the kernel has no such events. */
int pool_source_open(const struct collect_params *params,
		     struct pool_source **ret);

/* Reports that. Returns -EOPNOTSUPP. */
int pool_source_say_missing(void);

/*
 * From now on, pools that are named belong to this pass. The caller then makes
 * the kernel name the existing ones (dm_source_read()).
 */
void pool_source_begin_pass(struct pool_source *src);

/*
 * Whether, before the first sample, a pool was used that had not been named
 * yet: its level may be older than that. Naming the pools again helps.
 */
bool pool_source_missed_use(const struct pool_source *src);

/*
 * Adds pools to @s, whose devices are complete and sorted by number: those that
 * this pass named or that were created since; and the losses. Left out are
 * pools of tables that are being destroyed, or of devices that are not in @s.
 * Returns 0 or -errno, already reported.
 */
int pool_source_read(struct pool_source *src, struct sample *s);

/*
 * The same in a watch, after one pass at the start: everything in the maps
 * exists.
 */
int pool_source_read_kept(struct pool_source *src, struct sample *s);

/*
 * Whether nothing has happened since the last reading, so that its result is
 * still current.
 */
bool pool_source_is_same(const struct pool_source *src);

/*
 * A descriptor that is readable when there are news of waits, only in a watch;
 * owned by the source.
 */
int pool_source_news_fd(const struct pool_source *src);

/*
 * Reads the news. Returns whether there were any, and in @since the beginning
 * of the oldest wait in them.
 */
bool pool_source_take_news(struct pool_source *src, uint64_t *since);

/* Detaches and frees; safe on NULL. */
void pool_source_close(struct pool_source *src);

#endif
