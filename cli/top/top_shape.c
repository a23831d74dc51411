// SPDX-License-Identifier: GPL-2.0-only
#include "top/top_shape.h"

#include <stdlib.h>

#include "base/alloc.h"

/*
 * Device numbers are reused: a new device does not inherit the folds of an old
 * one.
 */
static struct top_fold *find_fold(const struct top_shape *shape,
				  struct sample_devno dev)
{
	for (size_t i = 0; i < shape->nr_folds; i++) {
		if (sample_compare_devno(shape->folds[i].dev, dev) == 0)
			return &shape->folds[i];
	}
	return NULL;
}

struct top_fold top_shape_fold(const struct top_shape *shape,
			       struct sample_devno dev, uint64_t number)
{
	const struct top_fold *fold = find_fold(shape, dev);

	return fold && fold->number == number ? *fold :
						(struct top_fold){ .dev = dev };
}

struct top_fold *top_shape_need_fold(struct top_shape *shape,
				     struct sample_devno dev, uint64_t number)
{
	struct top_fold *fold = find_fold(shape, dev);

	if (!fold) {
		shape->folds = xgrow(shape->folds, shape->nr_folds,
				     sizeof(*shape->folds));
		fold = &shape->folds[shape->nr_folds++];
		*fold = (struct top_fold){ .dev = dev };
	}
	if (fold->number != number)
		*fold = (struct top_fold){ .dev = dev, .number = number };
	return fold;
}

void top_shape_release(struct top_shape *shape)
{
	free(shape->folds);
	*shape = (struct top_shape){ 0 };
}
