/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where samples come from. Only this directory talks to libbpf,
 * libdevmapper and sysfs.
 */
#ifndef MEMTOP_COLLECT_H
#define MEMTOP_COLLECT_H

#include <stdbool.h>
#include <stddef.h>

struct sample;
struct collector;

/* What a collector is for. */
enum collect_span {
	COLLECT_ONCE, /* one sample: how things are */
	COLLECT_ON, /* many: also what happens between them, from now on */
};

/*
 * For how much there is room; what does not fit is counted as lost. 0: for as
 * much as there can be expected to be. Tests make it small.
 */
struct collect_room {
	size_t pools;
	size_t tables;
	size_t waits; /* tasks that wait at the same time */
	size_t ops; /* blocks in repair at the same time */
	size_t elements; /* taken of reserves at the same time */
};

/* Which of the ways to know what pools there are. */
enum collect_source {
	COLLECT_BEST, /* that this kernel and these rights allow */
	COLLECT_TRACEPOINTS, /* events of the kernel series */
	COLLECT_STOCK, /* a look at the structures of any kernel */
};

/* What is wanted of it; what is not costs nothing. */
struct collect_wish {
	enum collect_source source;
	enum collect_span span; /* once: counts of what happened stay unknown */
	bool lower; /* devices below; else there seem to be none */
	struct collect_room room;
};

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
 * -errno, the reason already said.
 */
int collector_read(struct collector *c, struct sample *ret);

/* Detaches and frees; fine on NULL. */
void collector_close(struct collector *c);

#endif
