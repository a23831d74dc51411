/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where samples come from. Only this directory talks to libbpf,
 * libdevmapper and sysfs.
 */
#ifndef MEMTOP_COLLECT_H
#define MEMTOP_COLLECT_H

struct sample;
struct collector;

/*
 * Attaches to the best source this kernel and these rights allow.
 *
 * Returns 0 and a collector that the caller owns, or -errno with the reason
 * already said through msg.h: -EPERM a right is missing, -EOPNOTSUPP this
 * kernel lacks what is needed, anything else a failure.
 */
int collector_open(struct collector **ret);

/*
 * Fills @ret, which the caller releases with sample_release(). Returns 0 or
 * -errno, the reason already said.
 */
int collector_read(struct collector *c, struct sample *ret);

/* Detaches and frees; fine on NULL. */
void collector_close(struct collector *c);

#endif
