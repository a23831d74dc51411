/* SPDX-License-Identifier: GPL-2.0-only */
/* Loop devices on files that have no name. */
#ifndef MEMTOP_BENCH_LOOP_H
#define MEMTOP_BENCH_LOOP_H

#include <stdint.h>

#define LOOP_PATH_ROOM 32

/*
 * Creates a loop device of @bytes on a sparse file in the file system of
 * @directory; its path is in @path. File and loop device exist as long as the
 * loop device is open, so nothing is left behind however the process ends.
 * Returns its descriptor or -errno, already reported.
 */
int loop_open(const char *directory, uint64_t bytes, char path[LOOP_PATH_ROOM]);

#endif
