/* SPDX-License-Identifier: GPL-2.0-only */
/* The requirements of a collector; see collect.h. */
#ifndef MEMTOP_KERNEL_COLLECT_PARAMS_H
#define MEMTOP_KERNEL_COLLECT_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "sample/source_choice.h"

struct sample_devno;

/* The purpose of a collector. */
enum collect_span {
	COLLECT_ONCE, /* one sample: the current state */
	COLLECT_ON, /* many: also the events between them, from now on */
	/*
	 * The same on a machine that may hang: once it is open, reading does
	 * not query device-mapper and opens no file. Links are known.
	 */
	COLLECT_WATCH,
};

/*
 * Sizes of maps; objects that do not fit are counted as lost. 0: enough for all
 * that can be expected. Tests use small ones.
 */
struct collect_room {
	size_t pools;
	size_t tables;
	size_t waits; /* tasks that wait at the same time */
	size_t ops; /* blocks in repair at the same time */
	size_t elements; /* taken from reserves at the same time */
	size_t histograms; /* pools that have had a wait */
};

/* The requested data; other data costs nothing. */
struct collect_params {
	enum source_choice source;
	enum collect_span span; /* once: counts of events stay unknown */
	/*
	 * COLLECT_WATCH for one sample only: it could not show events between samples,
	 * so it does not attach to functions of the kernel.
	 */
	bool single;
	bool lower; /* devices below; otherwise there seem to be none */
	/*
	 * With lower: also their files and mounts. Only this opens files between
	 * samples of COLLECT_WATCH, if devices or mounts have changed.
	 */
	bool blocks;
	/* Block devices whose stacks are wanted as well; the caller's. */
	const struct sample_devno *also;
	size_t nr_also;
	/*
	 * Privileges will be dropped while it is open: a separate process keeps
	 * those for loading programs again, and its memory locked if @locked.
	 */
	bool keeps_loading;
	bool locked;
	struct collect_room room;
};

#endif
