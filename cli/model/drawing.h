/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices of a selection and those below as a graph, with the cycles of
 * deadlocks: their tasks, pools and devices. Independent of the format that it is
 * printed in.
 */
#ifndef MEMTOP_MODEL_DRAWING_H
#define MEMTOP_MODEL_DRAWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "sample/sample.h"

struct findings;

enum drawing_kind {
	DRAWING_DEVICE,
	DRAWING_TASK, /* of a deadlock */
	DRAWING_POOL, /* of a deadlock */
};

struct drawing_node {
	enum drawing_kind kind;
	bool red; /* part of a deadlock */
	/* device: */
	struct sample_devno dev;
	const struct sample_device *device; /* NULL: not a mapped device */
	const struct sample_block *block; /* its file and mounts; NULL: unknown */
	const struct snap_entry *entries; /* its tables, live first */
	size_t nr_entries;
	/* task: */
	uint32_t pid; /* 0: an interrupt, or not known */
	const char *comm;
	/* pool: */
	const struct sample_pool *pool;
};

enum drawing_edge_kind {
	DRAWING_ON, /* a device is on another */
	DRAWING_WAITS, /* a task waits for a pool */
	DRAWING_HELD, /* a pool's element is held by a task */
	DRAWING_NEEDS, /* the task's I/O needs sectors of a device */
	DRAWING_WORKED_ON, /* a task works on these sectors of the device */
};

struct drawing_edge {
	size_t from; /* places of nodes */
	size_t to;
	enum drawing_edge_kind kind; /* all but the first kind are red */
	bool dev_known; /* held: on behalf of which device */
	struct sample_devno dev;
	uint64_t sector; /* needs, worked on: in 512-byte sectors */
	uint64_t sectors;
};

struct drawing {
	struct drawing_node *nodes; /* owned; devices first */
	size_t nr_nodes;
	struct drawing_edge *edges; /* owned */
	size_t nr_edges;
	size_t nr_left_out; /* deadlocks beyond DRAWING_MAX_CYCLES */
	size_t nr_stray; /* pools of the selection that belong to no device */
};

/* Limits: a larger drawing is not readable, and costs more. */
#define DRAWING_MAX_CYCLES 16
#define DRAWING_MAX_STEPS 64

/*
 * Draws the devices of @sel and all below, and the cycles in @findings. @ret refers
 * to all three; call drawing_release() later.
 */
void drawing_make(const struct snapshot *snap, const struct snap_selection *sel,
		  const struct findings *findings, struct drawing *ret);
void drawing_release(struct drawing *drawing);

#endif
