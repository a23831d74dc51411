/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The source of samples. Only this directory uses libbpf, device-mapper
 * and sysfs.
 */
#ifndef MEMTOP_KERNEL_COLLECT_H
#define MEMTOP_KERNEL_COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/collect_params.h"
#include "sample/doctor_facts.h"

struct sample;
struct collector;

/*
 * Opens the requested collector.
 *
 * Returns 0 and a collector that the caller owns, or -errno, already reported
 * through msg.h: -EPERM a privilege is missing, -EOPNOTSUPP this kernel lacks a
 * required feature, anything else a failure.
 */
int collector_open(const struct collect_params *params, struct collector **ret);

/*
 * Fills @ret, which the caller releases with sample_release(). Returns 0 or
 * -errno, already reported; -EAGAIN: devices or modules are changing, and a
 * later attempt can succeed.
 */
int collector_read(struct collector *c, struct sample *ret);

/*
 * The same for a caller that takes one sample after another into @s, which is
 * initially zeroed and not changed otherwise. *@same: devices and pools are
 * unchanged, and at the same addresses; only time and losses are new, and in a
 * watch the I/O in flight below devices, which is unknown while no task waits.
 * After an error @s is unchanged.
 */
int collector_renew(struct collector *c, struct sample *s, bool *same);

/*
 * For COLLECT_WATCH: sleeps until @deadline (stop_clock()), until a signal
 * requests an end, or until the kernel has news, which are only a hint to read
 * again. Returns true if the news are about waits, with the beginning of the
 * oldest (CLOCK_BOOTTIME, ns) in @since, or false. Without a source of news, as
 * on an unpatched kernel, it sleeps.
 */
bool collector_wait(struct collector *c, uint64_t deadline, uint64_t *since);

/*
 * For COLLECT_WATCH: whether devices that are created later are detected. They
 * are not with the events alone, without the walk over the kernel's structures.
 */
bool collector_knows_new(const struct collector *c);

/* Whether collector_wait() ends when a task begins to wait. */
bool collector_has_news(const struct collector *c);

/*
 * For COLLECT_WATCH: adds the current kernel stacks of the tasks @pids to @s,
 * as far as the kernel returns them within @timeout_ns: on a machine without
 * memory it may be impossible.
 */
void collector_read_stacks(struct collector *c, const uint32_t *pids, size_t nr,
			   uint64_t timeout_ns, struct sample *s);

/*
 * Adds the members that the kernel lacks and source stock reads, after the
 * first sample; in a watch also those for links and stacks.
 */
void collector_list_gaps(const struct collector *c, struct doctor_gaps *to);

/* How source stock found the devices. */
enum doctor_root collector_root(const struct collector *c);

/* Detaches and frees; safe on NULL. */
void collector_close(struct collector *c);

#endif
