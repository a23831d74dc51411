/* SPDX-License-Identifier: GPL-2.0-only */
/* Resolves the paths and numbers that name devices on the command line. */
#ifndef MEMTOP_STREAM_DEVICE_PATH_H
#define MEMTOP_STREAM_DEVICE_PATH_H

#include "model/device_arg.h"

/*
 * Finds the block devices that @word, if it is a path or a number, means on
 * this machine: at the path, those that are on its file, or the one of its file
 * system. Opens no device, and calls only statx() without sync on file systems,
 * and only if the table of mounts is not enough. @root is put before each path:
 * "", or a made-up tree. The caller frees ret->devs.
 */
void device_path_resolve(const char *root, const char *word,
			 struct device_arg *ret);

#endif
