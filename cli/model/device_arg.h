/* SPDX-License-Identifier: GPL-2.0-only */
/* Words with which users name devices, and their meaning. */
#ifndef MEMTOP_MODEL_DEVICE_ARG_H
#define MEMTOP_MODEL_DEVICE_ARG_H

#include <stdbool.h>
#include <stddef.h>

#include "sample/sample.h"

/*
 * A word, with the devices that it means on this machine; for a recording only
 * the text counts.
 */
struct device_arg {
	const char *word; /* a name, a number, a UUID, a path or a glob */
	/* The block device at that path or with that number, or on that file. */
	struct sample_devno *devs; /* owned */
	size_t nr_devs;
	/* The device of the file system that the path is on. */
	struct sample_devno holder;
	bool holder_known;
	int err; /* of resolving the path: -errno, or 0 */
};

struct device_args {
	struct device_arg *args; /* owned */
	size_t nr;
};

/*
 * Whether two names are the same; bytes can be written as \xNN, as the tool and
 * libdevmapper show some.
 */
bool device_name_is(const char *a, const char *b);

/* Whether @name matches the shell pattern @glob, in which bytes can be \xNN. */
bool device_name_matches(const char *name, const char *glob);

void device_args_release(struct device_args *args);

/*
 * How well @arg names the device @dev, of which @device has details if it is
 * not NULL: the smaller the better, DEVICE_ARG_NONE for not at all. An argument
 * means the devices that it names best.
 */
#define DEVICE_ARG_NONE 100U
unsigned int device_arg_rank(const struct device_arg *arg,
			     struct sample_devno dev,
			     const struct sample_device *device);

#endif
