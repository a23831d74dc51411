/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pools from the tracepoints of the kernel series: BPF programs keep maps of
 * what exists, this reads the maps.
 */
#ifndef MEMTOP_KERNEL_POOL_SOURCE_H
#define MEMTOP_KERNEL_POOL_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/collect_wish.h"

struct pool_source;
struct sample;

/* As collector_open(); -ENOENT, unsaid: the kernel has no such events. */
int pool_source_open(const struct collect_wish *wish, struct pool_source **ret);

/* Says so. Returns -EOPNOTSUPP. */
int pool_source_say_missing(void);

/*
 * From now on, pools that are named count as seen in this pass. The caller
 * then makes the kernel name those that exist (dm_source_read()).
 */
void pool_source_begin_pass(struct pool_source *src);

/*
 * Whether, before the first sample, a pool was used that had not been named yet: its
 * level may be older than that. It helps to have the pools named again.
 */
bool pool_source_missed_use(const struct pool_source *src);

/*
 * Adds to @s, whose devices are filled in and sorted by number, the pools that
 * this pass named or that came since, and the losses. Pools of tables that are
 * on their way out, or of devices that are not in @s, are left out. Returns 0
 * or -errno, the reason already said.
 */
int pool_source_read(struct pool_source *src, struct sample *s);

/*
 * The same in a watch, after one pass at the start: what is in the maps is there.
 */
int pool_source_read_kept(struct pool_source *src, struct sample *s);

/*
 * Whether nothing has happened since the last of these readings: what it has added
 * is what there is.
 */
bool pool_source_is_same(const struct pool_source *src);

/*
 * A descriptor that can be read when there are news of waits, only in a watch;
 * it is the source's.
 */
int pool_source_news_fd(const struct pool_source *src);

/*
 * Takes the news that there are. Returns whether there were any, and in @since
 * when the oldest of the waits began that they tell of.
 */
bool pool_source_take_news(struct pool_source *src, uint64_t *since);

/* Detaches and frees; fine on NULL. */
void pool_source_close(struct pool_source *src);

#endif
