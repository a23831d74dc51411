/* SPDX-License-Identifier: GPL-2.0-only */
/* Loop devices on files that have no name. */
#ifndef MEMTOP_BENCH_LOOP_H
#define MEMTOP_BENCH_LOOP_H

#include <stdint.h>

#define LOOP_PATH_ROOM 32

/*
 * Makes a loop device of @bytes, all holes, on the file system of @directory; its
 * path is in @path. File and loop device are there as long as somebody has the
 * latter open: so nothing is left, however we end. Returns a descriptor of it or
 * -errno, said already.
 */
int loop_open(const char *directory, uint64_t bytes, char path[LOOP_PATH_ROOM]);

#endif
