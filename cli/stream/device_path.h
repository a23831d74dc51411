/* SPDX-License-Identifier: GPL-2.0-only */
/* Paths that somebody names a device by. */
#ifndef MEMTOP_STREAM_DEVICE_PATH_H
#define MEMTOP_STREAM_DEVICE_PATH_H

#include "model/device_arg.h"

/*
 * Finds the block devices that @word, if it is a path or a number, means on this
 * machine: at the path, those that are on its file, or the one that its file system
 * is on. Opens no device, and asks no file system but by statx() without sync, as
 * far as the table of mounts does not say it. @root stands before each path that
 * is looked at: "", or a tree that is made up. The caller frees ret->devs.
 */
void device_path_resolve(const char *root, const char *word,
			 struct device_arg *ret);

#endif
