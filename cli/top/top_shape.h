/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a person wants the list: which devices, in which order, and what of them is
 * unfolded.
 */
#ifndef MEMTOP_TOP_TOP_SHAPE_H
#define MEMTOP_TOP_TOP_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields/fields.h"
#include "sample/sample.h"

#define TOP_INPUT_ROOM 256

/* What of a device is not shown as it is at first. */
struct top_fold {
	struct sample_devno dev;
	uint64_t number; /* of the struct delta_device that has dev */
	bool pools; /* are shown */
	bool closed; /* what is below it in the tree is not */
};

struct top_shape {
	struct field_order order;
	bool tree;
	char filter[TOP_INPUT_ROOM]; /* of names */
	struct top_fold *folds; /* owned */
	size_t nr_folds;
};

/* What is open and closed of device @dev, as long as that has this @number. */
struct top_fold top_shape_fold(const struct top_shape *shape,
			       struct sample_devno dev, uint64_t number);

/* The same to be changed, until the next call. */
struct top_fold *top_shape_need_fold(struct top_shape *shape,
				     struct sample_devno dev, uint64_t number);

void top_shape_release(struct top_shape *shape);

#endif
