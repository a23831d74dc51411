/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where samples come from. Only this directory talks to libbpf,
 * libdevmapper and sysfs.
 */
#ifndef MEMTOP_COLLECT_H
#define MEMTOP_COLLECT_H

struct sample;
struct collector;

/* What a collector is for. */
enum collect_span {
	COLLECT_ONCE, /* one sample: how things are */
	COLLECT_ON, /* many: also what happens between them, from now on */
};

/*
 * Attaches to the best source this kernel and these rights allow.
 * COLLECT_ONCE costs less, and leaves counts of what happened unknown.
 *
 * Returns 0 and a collector that the caller owns, or -errno with the reason
 * already said through msg.h: -EPERM a right is missing, -EOPNOTSUPP this
 * kernel lacks what is needed, anything else a failure.
 */
int collector_open(enum collect_span span, struct collector **ret);

/*
 * Fills @ret, which the caller releases with sample_release(). Returns 0 or
 * -errno, the reason already said.
 */
int collector_read(struct collector *c, struct sample *ret);

/* Detaches and frees; fine on NULL. */
void collector_close(struct collector *c);

#endif
