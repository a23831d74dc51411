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

/* Where a path is. */
struct file_place {
	bool dev_known;
	struct sample_devno
		dev; /* of its file system; of a block device: itself */
	char type[SAMPLE_FS_LEN]; /* of its file system; "": unknown */
};

/*
 * Finds the block device with the file system of @path. The path is looked up in another
 * process, which is left behind if that hangs; then the text of the path counts, with
 * a warning. Returns 0, or -errno if there is no such path.
 */
int device_path_place(const char *path, struct file_place *ret);

#endif
