/* SPDX-License-Identifier: GPL-2.0-only */
/* The user's choice for the list: devices, order, and folds. */
#ifndef MEMTOP_TOP_TOP_SHAPE_H
#define MEMTOP_TOP_TOP_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields/fields.h"
#include "sample/sample.h"

#define TOP_INPUT_ROOM 256

/* How the display of a device differs from the default. */
struct top_fold {
	struct sample_devno dev;
	uint64_t number; /* of the struct delta_device that has dev */
	bool pools; /* its pools are shown */
	bool closed; /* the devices below it in the tree are hidden */
};

struct top_shape {
	struct field_order order;
	bool tree;
	char filter[TOP_INPUT_ROOM]; /* a glob or part of names */
	struct top_fold *folds; /* owned */
	size_t nr_folds;
};

/* The folds of device @dev, as long as it has this @number. */
struct top_fold top_shape_fold(const struct top_shape *shape,
			       struct sample_devno dev, uint64_t number);

/* The same for changes, until the next call. */
struct top_fold *top_shape_need_fold(struct top_shape *shape,
				     struct sample_devno dev, uint64_t number);

void top_shape_release(struct top_shape *shape);

#endif
