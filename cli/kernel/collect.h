/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where samples come from. Only this directory talks to libbpf,
 * libdevmapper and sysfs.
 */
#ifndef MEMTOP_KERNEL_COLLECT_H
#define MEMTOP_KERNEL_COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/collect_wish.h"
#include "sample/doctor_facts.h"

struct sample;
struct collector;

/*
 * Makes ready what is wanted.
 *
 * Returns 0 and a collector that the caller owns, or -errno with the reason
 * already said through msg.h: -EPERM a right is missing, -EOPNOTSUPP this
 * kernel lacks what is needed, anything else a failure.
 */
int collector_open(const struct collect_wish *wish, struct collector **ret);

/*
 * Fills @ret, which the caller releases with sample_release(). Returns 0 or
 * -errno, the reason already said; -EAGAIN: devices or modules are changing, and a
 * later attempt can succeed.
 */
int collector_read(struct collector *c, struct sample *ret);

/*
 * The same for who takes one sample after the other into @s, which is zeroed at
 * first and changed by nobody else. *@same: devices and pools are as they were, and
 * where they were; only time and losses are of now, and in a watch what is on its
 * way below devices: unknown as long as nobody waits. After an error @s stays as it
 * was.
 */
int collector_renew(struct collector *c, struct sample *s, bool *same);

/*
 * For COLLECT_WATCH: sleeps until @deadline (stop_clock()), until a signal wants
 * an end, or until the kernel has news, which is only a hint to read again.
 * Returns true and in @since when the oldest of the waits began (CLOCK_BOOTTIME,
 * ns) if the news is of waits, false if there is none. Where nobody tells news,
 * as an unpatched kernel, it sleeps.
 */
bool collector_wait(struct collector *c, uint64_t deadline, uint64_t *since);

/*
 * For COLLECT_WATCH: whether devices that come later get to be known. They don't
 * where there are events, but no look at the kernel's structures.
 */
bool collector_knows_new(const struct collector *c);

/* Whether collector_wait() ends when somebody begins to wait. */
bool collector_has_news(const struct collector *c);

/*
 * For COLLECT_WATCH: adds to @s the kernel stacks of the tasks @pids as they are
 * now, as far as they can be had within @timeout_ns: on a machine without memory
 * it may be impossible.
 */
void collector_read_stacks(struct collector *c, const uint32_t *pids, size_t nr,
			   uint64_t timeout_ns, struct sample *s);

/*
 * Adds what the kernel lacks of what source stock reads, after the first sample;
 * in a watch also of links and stacks.
 */
void collector_list_gaps(const struct collector *c, struct doctor_gaps *to);

/* By which way source stock found the devices. */
enum doctor_root collector_root(const struct collector *c);

/* Detaches and frees; fine on NULL. */
void collector_close(struct collector *c);

#endif
