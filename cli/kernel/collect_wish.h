/* SPDX-License-Identifier: GPL-2.0-only */
/* What is wanted of a collector; see collect.h. */
#ifndef MEMTOP_KERNEL_COLLECT_WISH_H
#define MEMTOP_KERNEL_COLLECT_WISH_H

#include <stdbool.h>
#include <stddef.h>

/* What a collector is for. */
enum collect_span {
	COLLECT_ONCE, /* one sample: how things are */
	COLLECT_ON, /* many: also what happens between them, from now on */
	/*
	 * The same on a machine that may be stuck: once it is open, reading asks
	 * device-mapper nothing and opens no file. Links are known.
	 */
	COLLECT_WATCH,
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
	/*
	 * Privileges will be dropped while it is open: a process of its own keeps
	 * what it takes to load programs again, and its memory locked if @locked.
	 */
	bool keeps_loading;
	bool locked;
	struct collect_room room;
};

#endif
